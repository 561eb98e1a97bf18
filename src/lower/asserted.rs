//! What must hold: `never` and `always`, and the `never` of a role.

use super::Lowering;
use super::rights::{Asserted, AssertedRow};
use crate::model::id::{AttributeId, RoleId};
use crate::model::{Subject, Subjects};
use crate::region::{NodeId, Nodes, Pred, Test, Value};
use crate::source::Spanned;

impl Lowering<'_> {
    /// The assertions in the order of the model, then what the roles assert of themselves.
    pub(super) fn asserted_rows(&mut self) -> Vec<AssertedRow> {
        let model = self.model;
        let mut rows = vec![];
        for (index, assertion) in model.assertions.iter().enumerate() {
            let (actions, rect) = self.asserted_on(&assertion.actions.members, &assertion.on);
            let (actors, roles) = self.subjects(&assertion.subjects);
            rows.push(AssertedRow { what: Asserted::Rule(index), actions, rect, actors, roles });
        }
        for (role, declared) in model.roles.iter().enumerate() {
            let role = RoleId::new(role);
            for (index, never) in declared.nevers.iter().enumerate() {
                let (actions, rect) = self.asserted_on(&never.actions.members, &never.on);
                let what = Asserted::Never(role, index);
                rows.push(AssertedRow { what, actions, rect, actors: Nodes::FALSE, roles: vec![role] });
            }
        }
        rows
    }

    /// Whom a set of subjects names: as a predicate on the actor, and the roles whose own grants are meant.
    fn subjects(&mut self, subjects: &Subjects) -> (NodeId, Vec<RoleId>) {
        let (named, roles) = self.parts(&subjects.items);
        let (out, left_out) = self.parts(&subjects.except);
        let keep = self.nodes.not(out);
        let roles = roles.into_iter().filter(|r| !left_out.contains(r)).collect();
        (self.nodes.and([named, keep]), roles)
    }

    fn parts(&mut self, items: &[Spanned<Subject>]) -> (NodeId, Vec<RoleId>) {
        let mut any = vec![];
        let mut roles = vec![];
        for item in items {
            let node = match &item.node {
                Subject::Holders(role) => self.holds(*role),
                Subject::Users(pred) => self.node(pred),
                Subject::Account(account) => {
                    let login = self.model.accounts[account.index()].login.to_string();
                    self.nodes.test(Test::Is(AttributeId::LOGIN, Value::Text(login)))
                }
                Subject::Tier(tier) => self.node(&Pred::Test(Test::OfTier(*tier))),
                Subject::Myself => self.nodes.test(Test::Myself),
                Subject::Everyone => Nodes::TRUE,
                Subject::Role(role) => {
                    roles.push(*role);
                    continue;
                }
            };
            any.push(node);
        }
        roles.sort_unstable();
        roles.dedup();
        (self.nodes.or(any), roles)
    }
}
