//! Fences within fences of the same block, and the groups, each by itself: what checks ask about conditions as they are written.

use super::Lowering;
use super::rights::{Nested, Rect};
use crate::model::id::{AccountId, GroupId};
use crate::region::{NodeId, Pred, Scope, Test};
use crate::source::{Span, Spanned};

impl Lowering<'_> {
    /// The predicate of each group.
    pub(super) fn group_nodes(&mut self) -> Vec<NodeId> {
        (0..self.model.groups.len()).map(|g| self.node(&Pred::Test(Test::Group(GroupId::new(g))))).collect()
    }

    /// Every restricted fence within the `scope` of its block.
    pub(super) fn nested(&mut self) -> Vec<Nested> {
        let model = self.model;
        let mut all = vec![];
        for role in &model.roles {
            let lines = role.allows.iter().map(|a| (&a.on, a.span));
            let lines = lines.chain(role.extends.iter().map(|e| (&e.on, e.span)));
            self.within(None, role.scope.as_ref(), lines, &mut all);
        }
        for (index, account) in model.accounts.iter().enumerate() {
            if account.scope.is_none() {
                continue;
            }
            let on: Vec<_> = account.assignments.iter().map(|a| (a.on.scope(), a.span)).collect();
            let lines =
                account.allows.iter().map(|a| (&a.on, a.span)).chain(on.iter().map(|(on, span)| (&**on, *span)));
            self.within(Some(AccountId::new(index)), account.scope.as_deref(), lines, &mut all);
        }
        all
    }

    fn within<'s>(
        &mut self,
        account: Option<AccountId>,
        outer: Option<&Spanned<Scope>>,
        lines: impl Iterator<Item = (&'s Scope, Span)>,
        all: &mut Vec<Nested>,
    ) {
        let Some(outer) = outer.filter(|o| o.node.is_restricted()) else { return };
        for (inner, inner_span) in lines.filter(|(inner, _)| inner.is_restricted()) {
            let (inner, outer_rect) = (self.both_parts(inner), self.both_parts(&outer.node));
            all.push(Nested { account, inner, inner_span, outer: outer_rect, outer_span: outer.span });
        }
    }

    fn both_parts(&mut self, scope: &Scope) -> Rect {
        Rect { entities: self.part(scope.entities.as_ref()), users: self.part(scope.users.as_ref()) }
    }
}
