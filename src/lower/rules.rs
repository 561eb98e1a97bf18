//! Prohibitions and automatic rules.

use std::hash::BuildHasher as _;

use rustc_hash::FxBuildHasher;

use super::Lowering;
use super::rights::{AutomaticRow, Fence, FenceId, ForbidRow, Rect, RowId};
use crate::model::On;
use crate::model::id::UnitId;
use crate::model::units::MOST_UNITS;
use crate::region::{NodeId, Nodes, Scope, Test};

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

    /// The fence of a scope of its own and of the one on an assignment; interned.
    pub(super) fn given_fence(&mut self, own: Option<&Scope>, on: &On) -> FenceId {
        let On::Units { users, units } = on else {
            let on = on.scope();
            return match own {
                Some(own) => self.fence(&[own, &*on]),
                None => self.fence(&[&*on]),
            };
        };
        let mut tests = [Nodes::FALSE; MOST_UNITS];
        for (test, unit) in tests.iter_mut().zip(units.as_slice()) {
            *test = self.unit(*unit);
        }
        let within = self.nodes.or(tests);
        let mut rect = match users {
            true => Rect { users: within, ..Rect::ALL },
            false => Rect { entities: within, ..Rect::ALL },
        };
        if let Some(own) = own {
            let (entities, users) = (self.part(own.entities.as_ref()), self.part(own.users.as_ref()));
            rect = Rect {
                entities: self.nodes.and([entities, rect.entities]),
                users: self.nodes.and([users, rect.users]),
            };
        }
        self.intern_fence(Fence { rect, restricted: true })
    }

    /// The predicate of a unit, which millions of fences ask for.
    fn unit(&mut self, unit: UnitId) -> NodeId {
        if let Some(known) = self.units[unit.index()] {
            return known;
        }
        let node = self.nodes.test(Test::Unit(unit));
        self.units[unit.index()] = Some(node);
        node
    }

    /// The fence of several scopes at once; interned.
    pub(super) fn fence(&mut self, scopes: &[&Scope]) -> FenceId {
        let entities: Vec<_> = scopes.iter().map(|s| self.part(s.entities.as_ref())).collect();
        let users: Vec<_> = scopes.iter().map(|s| self.part(s.users.as_ref())).collect();
        let rect = Rect { entities: self.nodes.and(entities), users: self.nodes.and(users) };
        self.intern_fence(Fence { rect, restricted: scopes.iter().any(|s| s.is_restricted()) })
    }

    pub(super) fn intern_fence(&mut self, fence: Fence) -> FenceId {
        if fence.restricted && fence.rect.users == Nodes::TRUE {
            return self.entity_fence(fence);
        }
        let hash = FxBuildHasher.hash_one(fence);
        let fences = &self.fences;
        if let Some(id) = self.fence_ids.find(hash, |id| fences[id.0 as usize] == fence) {
            return *id;
        }
        let id = FenceId(u32::try_from(fences.len()).unwrap_or(u32::MAX));
        self.fence_ids.insert_unique(hash, id, |id| FxBuildHasher.hash_one(fences[id.0 as usize]));
        self.fences.push(fence);
        id
    }

    /// A restricted fence on entities alone: it is known by its predicate.
    fn entity_fence(&mut self, fence: Fence) -> FenceId {
        let node = fence.rect.entities.0 as usize;
        if node >= self.entity_fences.len() {
            self.entity_fences.resize(node + 1, FenceId::NONE);
        }
        let known = &mut self.entity_fences[node];
        if *known == FenceId::NONE {
            *known = FenceId(u32::try_from(self.fences.len()).unwrap_or(u32::MAX));
            self.fences.push(fence);
        }
        *known
    }
}
