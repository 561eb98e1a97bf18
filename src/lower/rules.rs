//! Prohibitions and automatic rules.

use super::Lowering;
use super::rights::{AutomaticRow, Fence, FenceId, ForbidRow, Rect, RowId};
use crate::region::{Nodes, Scope};

impl Lowering<'_> {
    /// The automatic rules, in the order of their texts.
    pub(super) fn automatic_rows(&mut self) -> Vec<AutomaticRow> {
        let model = self.model;
        let mut rows = vec![];
        for rule in &model.automatic {
            let users = self.node(&rule.users);
            let fence = self.fence(&[&rule.on]);
            let row = RowId(rule.role.0);
            let origin = self.origins.add(rule.text.clone(), rule.span);
            rows.push(AutomaticRow { users, row, fence, origin });
        }
        rows
    }

    /// The prohibitions, in the order of their texts.
    pub(super) fn forbid_rows(&mut self) -> Vec<ForbidRow> {
        let model = self.model;
        let mut rows = vec![];
        for forbid in &model.forbids {
            let (actions, rect) = self.forbidden(&forbid.actions.members, &forbid.on);
            let actors = self.node(&forbid.subjects);
            let unless = self.node(&forbid.unless);
            let never = actions.is_empty() || actors == Nodes::FALSE || unless == Nodes::TRUE;
            if never || rect.entities == Nodes::FALSE || rect.users == Nodes::FALSE {
                continue;
            }
            let origin = self.origins.add(forbid.text.clone(), forbid.span);
            rows.push(ForbidRow { actions, rect, actors, unless, origin });
        }
        rows.dedup();
        rows
    }

    /// The fence of several scopes at once; interned.
    pub(super) fn fence(&mut self, scopes: &[&Scope]) -> FenceId {
        let entities: Vec<_> = scopes.iter().map(|s| self.part(s.entities.as_ref())).collect();
        let users: Vec<_> = scopes.iter().map(|s| self.part(s.users.as_ref())).collect();
        let rect = Rect { entities: self.nodes.and(entities), users: self.nodes.and(users) };
        self.intern_fence(Fence { rect, restricted: scopes.iter().any(|s| s.is_restricted()) })
    }

    pub(super) fn intern_fence(&mut self, fence: Fence) -> FenceId {
        let next = FenceId(u32::try_from(self.fences.len()).unwrap_or(u32::MAX));
        let id = *self.fence_ids.entry(fence).or_insert(next);
        if id == next {
            self.fences.push(fence);
        }
        id
    }
}
