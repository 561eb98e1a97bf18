//! What each role gives: `Grants(r)` of the semantics, rectangle by rectangle.

use fixedbitset::FixedBitSet;

use super::Lowering;
use super::rights::{ExceptRows, Fence, Grant, OriginId, Rect, Row};
use crate::model::id::{ActionId, RoleId, TierId};
use crate::model::{Allow, Except, Gate, Role, Signature};
use crate::region::{NodeId, Nodes, Scope};
use crate::syntax::print::head_word;

/// A scope as nodes, with what is restricted in writing.
#[derive(Debug, Clone, Copy)]
struct Bound {
    rect: Rect,
    entities: bool,
    users: bool,
}

impl Bound {
    const fn is_restricted(self) -> bool {
        self.entities || self.users
    }

    /// Whether an action of this signature uses every part that is restricted.
    const fn is_used_by(self, signature: Signature) -> bool {
        (!self.entities || signature.uses_entities()) && (!self.users || signature.uses_users())
    }
}

impl Lowering<'_> {
    /// The rows of all roles, parents before children.
    pub(super) fn role_rows(&mut self) {
        self.rows_of(0..self.model.roles.len());
    }

    /// The rows of these roles, and of those that they extend; the others are empty.
    pub(super) fn rows_of(&mut self, roles: impl Iterator<Item = usize>) {
        let count = self.model.roles.len();
        self.rows = (0..count).map(|r| Row { role: Some(RoleId::new(r)), grants: vec![] }).collect();
        let mut done = vec![false; count];
        for role in roles {
            self.role_row(role, &mut done);
        }
    }

    /// Recursion follows `extends`, which has no cycle; a chain is walked on a stack of its own.
    fn role_row(&mut self, start: usize, done: &mut [bool]) {
        let model = self.model;
        let mut stack = vec![start];
        while let Some(role) = stack.last().copied() {
            let waiting: Vec<usize> =
                model.roles[role].extends.iter().map(|e| e.role.index()).filter(|r| !done[*r]).collect();
            if done[role] || waiting.is_empty() {
                stack.pop();
                if !std::mem::replace(&mut done[role], true) {
                    self.rows[role].grants = self.grants_of(RoleId::new(role), &model.roles[role]);
                }
            } else {
                stack.extend(waiting);
            }
        }
    }

    fn grants_of(&mut self, id: RoleId, role: &Role) -> Vec<Grant> {
        if !self.features_on(&role.when) {
            return vec![];
        }
        let fence = self.bound(role.scope.as_ref().map(|s| &s.node));
        let gate = self.gate(&role.when);
        let mut grants = vec![];
        for allow in &role.allows {
            let word = if role.profile { "profile" } else { "role" };
            let origin = self.origins.add(format!("{word} {}: {}", head_word(&role.name), allow.text), allow.span);
            self.allow_grants(allow, fence, origin, &mut grants);
        }
        for extends in &role.extends {
            let on = self.bound(Some(&extends.on));
            let inherited = self.rows[extends.role.index()].grants.clone();
            grants.extend(inherited.into_iter().filter_map(|g| {
                let g = self.fenced(g, on)?;
                let g = self.fenced(g, fence)?;
                let g = self.carrying(g, on);
                Some(self.carrying(g, fence))
            }));
        }
        if !role.excepts.is_empty() {
            let rows = self.except_rows(id, role, &grants);
            self.excepts.push(rows);
        }
        for except in &role.excepts {
            grants = self.without(grants, except);
        }
        for grant in &mut grants {
            grant.gate = self.nodes.and([grant.gate, gate]);
        }
        self.settle(grants)
    }

    /// Sorted, and each right only once.
    fn settle(&self, mut grants: Vec<Grant>) -> Vec<Grant> {
        let text = |id: OriginId| self.origins.said(id);
        grants.retain(|g| g.rect.entities != Nodes::FALSE && g.rect.users != Nodes::FALSE && g.gate != Nodes::FALSE);
        for grant in &mut grants {
            grant.holes.sort_unstable();
            grant.holes.dedup();
        }
        grants.sort_by(|a, b| {
            let key = |g: &Grant| (g.action, g.rect, g.gate, g.days, g.handed_on);
            key(a).cmp(&key(b)).then_with(|| a.holes.cmp(&b.holes)).then_with(|| text(a.origin).cmp(text(b.origin)))
        });
        grants.dedup_by(|b, a| {
            (a.action, a.rect, a.gate, a.days) == (b.action, b.rect, b.gate, b.days)
                && a.holes == b.holes
                && a.handed_on == b.handed_on
        });
        grants
    }

    /// What one `allow` gives, with all that its actions imply.
    fn allow_grants(&mut self, allow: &Allow, fence: Bound, origin: OriginId, grants: &mut Vec<Grant>) {
        if !self.features_on(&allow.when) || allow.days.is_empty() {
            return;
        }
        let on = self.bound(Some(&allow.on));
        let gate = self.gate(&allow.when);
        for action in implied(self.model, &allow.actions.members) {
            if !self.is_available(action) {
                continue;
            }
            let (days, handed_on) = (allow.days, Fence::OPEN);
            let grant = Grant { action, rect: Rect::ALL, holes: vec![], gate, days, origin, handed_on };
            if let Some(grant) = self.fenced(grant, on).and_then(|g| self.fenced(g, fence)) {
                grants.push(self.carrying(grant, fence));
            }
        }
    }

    /// The rights of an account by itself: its direct allows.
    pub(super) fn direct_grants(&mut self, holder: &str, allows: &[Allow]) -> Vec<Grant> {
        let open = self.bound(None);
        let mut grants = vec![];
        for allow in allows {
            let origin = self.origins.add(format!("admin {holder}: {}", allow.text), allow.span);
            self.allow_grants(allow, open, origin, &mut grants);
        }
        self.settle(grants)
    }

    /// Whether the features of the action's resource are on.
    fn is_available(&self, action: ActionId) -> bool {
        let resource = self.model.actions[action.index()].resource;
        resource.is_none_or(|r| self.model.resources[r.index()].when.iter().all(|f| self.switches.is_on(*f)))
    }

    fn features_on(&self, gates: &[Gate]) -> bool {
        gates.iter().all(|g| match g {
            Gate::Feature(feature, _) => self.switches.is_on(*feature),
            Gate::ActorIn(..) => true,
        })
    }

    /// The conditions on the actor among these gates.
    fn gate(&mut self, gates: &[Gate]) -> NodeId {
        let mut all = vec![];
        for gate in gates {
            if let Gate::ActorIn(pred, _) = gate {
                all.push(self.node(pred));
            }
        }
        self.nodes.and(all)
    }

    fn bound(&mut self, scope: Option<&Scope>) -> Bound {
        let (entities, users) = scope.map_or((None, None), |s| (s.entities.as_ref(), s.users.as_ref()));
        Bound {
            rect: Rect { entities: self.part(entities), users: self.part(users) },
            entities: entities.is_some(),
            users: users.is_some(),
        }
    }

    /// The grant behind a fence; none where a site-wide action meets a restriction.
    fn fenced(&mut self, mut grant: Grant, fence: Bound) -> Option<Grant> {
        let signature = self.model.actions[grant.action.index()].signature;
        if signature == Signature::Site && fence.is_restricted() {
            return None;
        }
        if signature.uses_entities() {
            grant.rect.entities = self.nodes.and([grant.rect.entities, fence.rect.entities]);
        }
        if signature.uses_users() {
            grant.rect.users = self.nodes.and([grant.rect.users, fence.rect.users]);
        }
        Some(grant)
    }

    /// The grant, whose gifts carry this fence, if it is one to give a role.
    fn carrying(&mut self, mut grant: Grant, fence: Bound) -> Grant {
        if self.model.actions[grant.action.index()].assigns.is_some() {
            let carried = &mut grant.handed_on;
            carried.rect.entities = self.nodes.and([carried.rect.entities, fence.rect.entities]);
            carried.rect.users = self.nodes.and([carried.rect.users, fence.rect.users]);
            carried.restricted |= fence.is_restricted();
        }
        grant
    }

    /// What the `except`s of a role name, of these grants.
    fn except_rows(&mut self, role: RoleId, declared: &Role, grants: &[Grant]) -> ExceptRows {
        let mut any = FixedBitSet::with_capacity(self.model.actions.len());
        let mut lines = vec![];
        for except in &declared.excepts {
            let on = self.bound(Some(&except.on));
            let hit = self.hit(&except.actions.members, on);
            any.union_with(&hit);
            lines.push((hit.ones().map(ActionId::new).collect(), on.rect));
        }
        let mut before: Vec<Grant> = grants.iter().filter(|g| any.contains(g.action.index())).cloned().collect();
        before.sort_by_key(|g| g.action);
        ExceptRows { role, before, lines }
    }

    /// The grants without what an `except` takes away.
    fn without(&mut self, grants: Vec<Grant>, except: &Except) -> Vec<Grant> {
        let on = self.bound(Some(&except.on));
        let hit = self.hit(&except.actions.members, on);
        grants
            .into_iter()
            .filter_map(|grant| if hit.contains(grant.action.index()) { self.cut(grant, on) } else { Some(grant) })
            .collect()
    }

    /// The grant minus a rectangle.
    fn cut(&mut self, mut grant: Grant, out: Bound) -> Option<Grant> {
        match (out.entities, out.users) {
            (false, false) => return None,
            (true, false) => {
                let keep = self.nodes.not(out.rect.entities);
                grant.rect.entities = self.nodes.and([grant.rect.entities, keep]);
            }
            (false, true) => {
                let keep = self.nodes.not(out.rect.users);
                grant.rect.users = self.nodes.and([grant.rect.users, keep]);
            }
            (true, true) => grant.holes.push(out.rect),
        }
        Some(grant)
    }

    /// The actions that a line takes away: its members that use every part it restricts, and what implies one of them.
    fn hit(&self, members: &FixedBitSet, on: Bound) -> FixedBitSet {
        let uses = |action: usize| on.is_used_by(self.model.actions[action].signature);
        let mut hit = FixedBitSet::with_capacity(self.model.actions.len());
        for member in members.ones().filter(|m| uses(*m)) {
            hit.union_with(&self.model.actions[member].implied_by);
        }
        let unused: Vec<usize> = hit.ones().filter(|a| !uses(*a)).collect();
        for action in unused {
            hit.set(action, false);
        }
        hit
    }

    /// The actions that an assertion speaks of and where: its members that use every part it restricts.
    pub(super) fn asserted_on(&mut self, members: &FixedBitSet, on: &Scope) -> (Vec<ActionId>, Rect) {
        let on = self.bound(Some(on));
        let uses = |a: &ActionId| on.is_used_by(self.model.actions[a.index()].signature);
        (members.ones().map(ActionId::new).filter(uses).collect(), on.rect)
    }

    /// The actions that a `forbid` takes away and where, both parts as nodes.
    pub(super) fn forbidden(&mut self, members: &FixedBitSet, on: &Scope) -> (Vec<ActionId>, Rect) {
        let on = self.bound(Some(on));
        let hit = self.hit(members, on);
        (hit.ones().map(ActionId::new).collect(), on.rect)
    }
}

/// All that these actions imply, themselves included.
pub(super) fn implied(model: &crate::model::Model, members: &FixedBitSet) -> Vec<ActionId> {
    let mut all = FixedBitSet::with_capacity(model.actions.len());
    for member in members.ones() {
        all.union_with(&model.actions[member].implies);
    }
    all.ones().map(ActionId::new).collect()
}

/// The lowest tier that covers all of these actions.
pub(crate) fn lowest_tier(
    model: &crate::model::Model,
    actions: impl Iterator<Item = ActionId> + Clone,
) -> Option<TierId> {
    let covers = |tier: &crate::model::Tier| actions.clone().all(|a| tier.covers.contains(a.index()));
    model.tiers.iter().position(covers).map(TierId::new)
}
