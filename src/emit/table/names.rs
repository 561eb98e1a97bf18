//! Everything that has a name, in the order of the model's ids.

use bailiwick_table::layout::{NONE, limit, relation, role, section};
use bailiwick_table::{AttributeType as TableType, Kind as TableKind, Signature as TableSignature};
use fixedbitset::FixedBitSet;

use super::{Refused, Writer};
use crate::model::id::RoleId;
use crate::model::{AttributeType, Forest, Model, Signature};
use crate::syntax::ast::Kind;

/// The signature of accounts without a name.
const USUAL_SIGNATURE: &str = "Administrator";

impl<'m> Writer<'m> {
    /// Actions, attributes, forests, relations, roles, tiers, features.
    pub(super) fn names(&mut self) -> Result<(), Refused> {
        let model = self.model;
        Refused::over("actions", model.actions.len(), limit::NAMES)?;
        Refused::over("attributes", model.attributes.len(), limit::ATTRIBUTES)?;
        Refused::over("labels", model.labels.nodes.len(), limit::NAMES)?;
        Refused::over("units", model.units.nodes.len(), limit::NAMES)?;
        Refused::over("relations", model.relations.len(), limit::NAMES)?;
        Refused::over("roles and profiles", model.roles.len(), limit::ROLES)?;
        Refused::over("tiers", model.tiers.len(), limit::TIERS)?;
        self.actions();
        self.attributes()?;
        self.forest(section::LABELS, &model.labels);
        self.forest(section::UNITS, &model.units);
        for relation in &model.relations {
            let users = if relation.on_users { relation::USERS } else { 0 };
            let entities = if relation.on_entities { relation::ENTITIES } else { 0 };
            let name = self.string(&relation.name);
            self.sections.push(section::RELATIONS, &[name, users | entities]);
        }
        self.roles();
        for tier in &model.tiers {
            let name = self.string(&tier.name);
            self.sections.push(section::TIERS, &[name]);
        }
        for feature in &model.features {
            let name = self.string(&feature.name);
            self.sections.push(section::FEATURES, &[name, u32::from(feature.on)]);
        }
        Ok(())
    }

    /// The one record about the table as a whole.
    pub(super) fn meta(&mut self, probes: u32) {
        let platform = self.model.platform.name.as_deref().map_or(NONE, |name| self.string(name));
        let signature = self.string(USUAL_SIGNATURE);
        self.sections.push(section::META, &[platform, signature, probes, 0]);
    }

    fn actions(&mut self) {
        for action in &self.model.actions {
            let path = self.string(&action.path);
            let resource = action.resource.map_or(NONE, |r| self.string(&self.model.resources[r.index()].name));
            let assigns = action.assigns.map_or(NONE, |r| r.0);
            let bits =
                kind(action.kind).number() | signature(action.signature).number() << 8 | u32::from(action.signed) << 16;
            self.sections.push(section::ACTIONS, &[path, resource, assigns, bits]);
        }
    }

    fn attributes(&mut self) -> Result<(), Refused> {
        for attribute in &self.model.attributes {
            let name = self.string(&attribute.name);
            let first = self.sections.next(section::VALUES);
            let ty = match &attribute.ty {
                AttributeType::Closed(values) => {
                    Refused::over("values of one attribute", values.len(), limit::VALUES)?;
                    for value in values {
                        let value = self.string(value);
                        self.sections.push(section::VALUES, &[value]);
                    }
                    TableType::Closed
                }
                AttributeType::Text => TableType::Text,
                AttributeType::Number => TableType::Number,
            };
            let count = self.sections.next(section::VALUES) - first;
            self.sections.push(section::ATTRIBUTES, &[name, ty.number(), first, count]);
        }
        Ok(())
    }

    fn forest(&mut self, section: usize, forest: &'m Forest) {
        for tree in &forest.nodes {
            let path = self.string(&tree.path);
            self.sections.push(section, &[path, tree.end]);
        }
    }

    fn roles(&mut self) {
        let model = self.model;
        let extended = extended(model);
        for (index, (role, extended)) in model.roles.iter().zip(extended).enumerate() {
            let name = self.string(&role.name);
            let flags = [
                (role.profile, role::PROFILE),
                (role.by_claim.is_some(), role::BY_CLAIM),
                (role.superuser, role::SUPER),
                (role.ungrantable, role::UNGRANTABLE),
                (role.primary, role::PRIMARY),
            ];
            let flags = flags.iter().filter(|(set, _)| *set).fold(0, |all, (_, flag)| all | flag);
            let tier = self.rights.role_tiers.get(index).copied().flatten().map_or(NONE, |t| t.0);
            let mut needs: Vec<u32> = role.needs.iter().map(|n| n.node.0).collect();
            needs.sort_unstable();
            needs.dedup();
            let (needs, need_count) = self.list(&needs);
            let (extends, extend_count) = self.list(&extended);
            self.sections.push(section::ROLES, &[name, flags, tier, needs, need_count, extends, extend_count, 0]);
        }
    }

    /// A run of the list of roles.
    fn list(&mut self, roles: &[u32]) -> (u32, u32) {
        let first = self.sections.next(section::ROLE_LIST);
        self.sections.push(section::ROLE_LIST, roles);
        (first, self.sections.next(section::ROLE_LIST) - first)
    }
}

/// All that each role extends, directly or through others, sorted.
fn extended(model: &Model) -> Vec<Vec<u32>> {
    let roles = model.roles.iter().enumerate();
    let lists = roles.map(|(role, declared)| {
        let mut seen = FixedBitSet::with_capacity(model.roles.len());
        let mut stack: Vec<usize> = declared.extends.iter().map(|e| e.role.index()).collect();
        while let Some(parent) = stack.pop() {
            if !seen.put(parent) {
                stack.extend(model.roles[parent].extends.iter().map(|e| e.role.index()));
            }
        }
        seen.set(role, false);
        seen.ones().map(|parent| RoleId::new(parent).0).collect()
    });
    lists.collect()
}

const fn kind(kind: Kind) -> TableKind {
    match kind {
        Kind::View => TableKind::View,
        Kind::Write => TableKind::Write,
        Kind::Destroy => TableKind::Destroy,
        Kind::Become => TableKind::Become,
        Kind::Assign => TableKind::Assign,
    }
}

const fn signature(signature: Signature) -> TableSignature {
    match signature {
        Signature::Site => TableSignature::Site,
        Signature::Entity => TableSignature::Entity,
        Signature::User => TableSignature::User,
        Signature::Both => TableSignature::Both,
        Signature::Account => TableSignature::Account,
    }
}
