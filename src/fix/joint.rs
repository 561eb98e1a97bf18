//! The rights of two versions of a policy side by side, in the ids of the first, so that one algebra can compare them.

use crate::lower::rights::{Assignment, Fence, FenceId, Grant, Rights, Row, RowId};
use crate::lower::rights::{AutomaticRow, ForbidRow, Rect};
use crate::model::id::LabelId;
use crate::region::{Node, NodeId, Nodes, Test};

/// Both.
#[derive(Debug)]
pub(super) struct Joint {
    /// The first version's; its rows, fences and prohibitions are followed by the second's.
    pub(super) rights: Rights,
    /// The first row of the second version.
    rows: u32,
    /// The first prohibition of the second version.
    pub(super) forbids: usize,
    nodes: Vec<NodeId>,
    fences: Vec<FenceId>,
}

impl Joint {
    /// Puts the second behind the first; `labels` says which label of the first each one of the second is. None where one is missing.
    pub(super) fn new(before: &Rights, after: &Rights, labels: &[LabelId]) -> Option<Self> {
        let mut rights = before.clone();
        let nodes = carried(&mut rights.nodes, &after.nodes, labels)?;
        let mut joint = Self {
            rows: u32::try_from(before.rows.len()).ok()?,
            forbids: before.forbids.len(),
            rights,
            nodes,
            fences: vec![],
        };
        for fence in &after.fences {
            let fence = joint.fence(*fence);
            joint.fences.push(FenceId(u32::try_from(joint.rights.fences.len()).ok()?));
            joint.rights.fences.push(fence);
        }
        for row in &after.rows {
            let grants = row.grants.iter().map(|grant| joint.grant(grant)).collect();
            joint.rights.rows.push(Row { role: row.role, grants });
        }
        for forbid in &after.forbids {
            let (rect, actors, unless) =
                (joint.rect(forbid.rect), joint.node(forbid.actors), joint.node(forbid.unless));
            joint.rights.forbids.push(ForbidRow { rect, actors, unless, ..forbid.clone() });
        }
        Some(joint)
    }

    /// A predicate of the second version.
    pub(super) fn node(&self, node: NodeId) -> NodeId {
        self.nodes.get(node.0 as usize).copied().unwrap_or(Nodes::FALSE)
    }

    fn rect(&self, rect: Rect) -> Rect {
        Rect { entities: self.node(rect.entities), users: self.node(rect.users) }
    }

    fn fence(&self, fence: Fence) -> Fence {
        Fence { rect: self.rect(fence.rect), ..fence }
    }

    fn grant(&self, grant: &Grant) -> Grant {
        let mut holes: Vec<Rect> = grant.holes.iter().map(|hole| self.rect(*hole)).collect();
        holes.sort_unstable();
        Grant {
            rect: self.rect(grant.rect),
            holes,
            gate: self.node(grant.gate),
            handed_on: self.fence(grant.handed_on),
            ..grant.clone()
        }
    }

    /// A way to rights of the second version.
    pub(super) fn way(&self, way: &Assignment) -> Assignment {
        let fence = |id: FenceId| self.fences.get(id.0 as usize).copied().unwrap_or(id);
        Assignment { row: self.row(way.row), fence: fence(way.fence), alone: fence(way.alone), ..*way }
    }

    /// A row of the second version.
    pub(super) const fn row(&self, row: RowId) -> RowId {
        RowId(row.0 + self.rows)
    }

    /// What an automatic rule of the second version says: who, which role's row, behind which fence.
    pub(super) fn automatic(&self, rule: &AutomaticRow) -> (NodeId, RowId, Fence) {
        let fence = self.fences.get(rule.fence.0 as usize).map_or(Fence::OPEN, |f| self.rights.fences[f.0 as usize]);
        (self.node(rule.users), rule.row, fence)
    }
}

/// The nodes of one arena in another, by their ids.
fn carried(into: &mut Nodes, from: &Nodes, labels: &[LabelId]) -> Option<Vec<NodeId>> {
    let mut ids: Vec<NodeId> = Vec::with_capacity(from.list().len());
    for node in from.list() {
        // A node's children stand before it.
        let of = |id: &NodeId| ids[id.0 as usize];
        let id = match node {
            Node::True => Nodes::TRUE,
            Node::False => Nodes::FALSE,
            Node::Test(Test::Label(label)) => into.test(Test::Label(*labels.get(label.index())?)),
            Node::Test(test) => into.test(test.clone()),
            Node::Not(inner) => into.not(of(inner)),
            Node::And(all) => into.and(all.iter().map(of).collect::<Vec<_>>()),
            Node::Or(all) => into.or(all.iter().map(of).collect::<Vec<_>>()),
        };
        ids.push(id);
    }
    Some(ids)
}
