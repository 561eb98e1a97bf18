//! Predicates to nodes: groups and `holders of` are expanded, each once.

use super::Lowering;
use crate::model::Model;
use crate::model::id::{GroupId, RoleId, TierId};
use crate::region::{NodeId, Nodes, Pred, Test};

/// The nodes of groups and of `holders of`, once they are known.
#[derive(Debug)]
pub(super) struct Predicates {
    groups: Vec<Option<NodeId>>,
    holds: Vec<Option<NodeId>>,
    /// The tier of each role, for `tier T` as a subject; filled when the roles' rows stand.
    pub(super) role_tiers: Vec<Option<TierId>>,
}

impl Predicates {
    pub(super) fn new(model: &Model) -> Self {
        Self {
            groups: vec![None; model.groups.len()],
            holds: vec![None; model.roles.len()],
            role_tiers: vec![None; model.roles.len()],
        }
    }
}

impl Lowering<'_> {
    /// The node of a predicate. Recursion follows the nesting of conditions and the graph of groups, which has no cycle.
    pub(super) fn node(&mut self, pred: &Pred) -> NodeId {
        match pred {
            Pred::True => Nodes::TRUE,
            Pred::False => Nodes::FALSE,
            Pred::Not(inner) => {
                let inner = self.node(inner);
                self.nodes.not(inner)
            }
            Pred::And(all) => {
                let all: Vec<NodeId> = all.iter().map(|p| self.node(p)).collect();
                self.nodes.and(all)
            }
            Pred::Or(any) => {
                let any: Vec<NodeId> = any.iter().map(|p| self.node(p)).collect();
                self.nodes.or(any)
            }
            Pred::Test(Test::Group(group)) => self.group(*group),
            Pred::Test(Test::Holds(role)) => self.holds(*role),
            Pred::Test(Test::OfTier(tier)) => self.of_tier(*tier),
            Pred::Test(test) => self.nodes.test(test.clone()),
        }
    }

    /// The node of a part of a scope; everything where the part is not restricted.
    pub(super) fn part(&mut self, pred: Option<&Pred>) -> NodeId {
        pred.map_or(Nodes::TRUE, |p| self.node(p))
    }

    fn group(&mut self, group: GroupId) -> NodeId {
        if let Some(known) = self.predicates.groups[group.index()] {
            return known;
        }
        let model = self.model;
        let node = self.node(&model.groups[group.index()].pred);
        self.predicates.groups[group.index()] = Some(node);
        node
    }

    /// Holds R: was given it, or is in a group that holds it by rule.
    pub(super) fn holds(&mut self, role: RoleId) -> NodeId {
        if let Some(known) = self.predicates.holds[role.index()] {
            return known;
        }
        let model = self.model;
        let mut any = vec![self.nodes.test(Test::Given(role))];
        for rule in model.automatic.iter().filter(|a| a.role == role) {
            any.push(self.node(&rule.users));
        }
        let node = self.nodes.or(any);
        self.predicates.holds[role.index()] = Some(node);
        node
    }

    /// Has something of this tier, and nothing of a higher one.
    fn of_tier(&mut self, tier: TierId) -> NodeId {
        let here = self.has_tier(|t| t == tier);
        let above = self.has_tier(|t| t > tier);
        let not_above = self.nodes.not(above);
        self.nodes.and([here, not_above])
    }

    fn has_tier(&mut self, wanted: impl Fn(TierId) -> bool) -> NodeId {
        let roles: Vec<RoleId> = (0..self.model.roles.len())
            .filter(|r| self.predicates.role_tiers[*r].is_some_and(&wanted))
            .map(RoleId::new)
            .collect();
        let mut any: Vec<NodeId> = roles.into_iter().map(|r| self.holds(r)).collect();
        let tiers = (0..self.model.tiers.len()).map(TierId::new).filter(|t| wanted(*t));
        any.extend(tiers.map(|t| self.nodes.test(Test::DirectTier(t))).collect::<Vec<_>>());
        self.nodes.or(any)
    }
}
