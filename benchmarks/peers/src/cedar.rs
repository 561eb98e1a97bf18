//! Cedar: administrators, permissions and groups as entities.
//!
//! The expert's modelling has a single policy: an administrator has up to four attributes, each a role and the groups for which it counts;
//! permissions are actions that belong to roles, groups belong to those above them, and Cedar follows both ways beforehand. The
//! idiomatic one has a policy a role, as its authors recommend: who is in the role may take its actions on what is in their groups.

use std::collections::{HashMap, HashSet};
use std::fmt::Write as _;
use std::str::FromStr as _;

use bailiwick_benchmarks::model::{Assignment, Model};
use bailiwick_benchmarks::write::{action, login, role, unit};
use cedar_policy::{
    Authorizer, Context, Decision, Entities, Entity, EntityId, EntityTypeName, EntityUid, PolicySet, Request,
    RestrictedExpression,
};

use crate::Result;
use crate::engine::{Engine, Names, each};

/// One policy for everybody.
pub(crate) struct Slots(Cedar);

/// One policy a role.
pub(crate) struct Roles(Cedar);

struct Cedar {
    authorizer: Authorizer,
    policies: PolicySet,
    entities: Entities,
    kinds: Kinds,
}

/// The types of entities.
struct Kinds {
    admin: EntityTypeName,
    action: EntityTypeName,
    group: EntityTypeName,
    role: EntityTypeName,
}

/// The group above all groups, for roles that count everywhere.
const EVERYWHERE: &str = "everywhere";

impl Kinds {
    fn new() -> Result<Self> {
        Ok(Self {
            admin: EntityTypeName::from_str("Admin")?,
            action: EntityTypeName::from_str("Action")?,
            group: EntityTypeName::from_str("Group")?,
            role: EntityTypeName::from_str("Role")?,
        })
    }
}

fn uid(kind: &EntityTypeName, name: impl AsRef<str>) -> EntityUid {
    EntityUid::from_type_name_and_id(kind.clone(), EntityId::new(name))
}

impl Cedar {
    fn new(kinds: Kinds, policies: &str, entities: Vec<Entity>) -> Result<Self> {
        let policies = PolicySet::from_str(policies)?;
        let entities = Entities::from_entities(entities, None)?;
        Ok(Self { authorizer: Authorizer::new(), policies, entities, kinds })
    }

    fn prepare(&self, names: &Names<'_>) -> Result<Request> {
        let principal = uid(&self.kinds.admin, names.login);
        let action = uid(&self.kinds.action, names.permission);
        Ok(Request::new(principal, action, uid(&self.kinds.group, names.group), Context::empty(), None)?)
    }

    fn allows(&self, asked: &Request) -> Result<bool> {
        let response = self.authorizer.is_authorized(asked, &self.policies, &self.entities);
        match response.diagnostics().errors().next() {
            Some(error) => Err(error.to_string().into()),
            None => Ok(response.decision() == Decision::Allow),
        }
    }
}

/// Groups, each within the one above.
fn groups(kinds: &Kinds, model: &Model) -> Vec<Entity> {
    let all = each(model.groups.len()).map(|group| {
        let above = model.groups[group as usize].parent.map_or_else(|| EVERYWHERE.to_owned(), unit);
        Entity::new_no_attrs(uid(&kinds.group, unit(group)), HashSet::from([uid(&kinds.group, above)]))
    });
    all.chain([Entity::with_uid(uid(&kinds.group, EVERYWHERE))]).collect()
}

/// The groups for which an assignment counts.
fn fences(kinds: &Kinds, one: &Assignment) -> RestrictedExpression {
    let group = |name: String| RestrictedExpression::new_entity_uid(uid(&kinds.group, name));
    match one.groups.as_slice() {
        [] => RestrictedExpression::new_set([group(EVERYWHERE.to_owned())]),
        groups => RestrictedExpression::new_set(groups.iter().map(|number| group(unit(*number)))),
    }
}

/// A slot is looked at when the one before it is taken.
const SLOTS: &str = "permit(principal, action, resource) when {
    principal has r1 && (action in principal.r1 && resource in principal.g1 ||
    principal has r2 && (action in principal.r2 && resource in principal.g2 ||
    principal has r3 && (action in principal.r3 && resource in principal.g3 ||
    principal has r4 && action in principal.r4 && resource in principal.g4)))
};
";

impl Engine for Slots {
    type Asked = Request;

    fn new(model: &Model) -> Result<Self> {
        let kinds = Kinds::new()?;
        let mut entities = groups(&kinds, model);
        let mut within = vec![HashSet::new(); model.size.permissions as usize];
        for (number, permissions) in model.effective().into_iter().enumerate() {
            let name = uid(&kinds.action, role(u32::try_from(number)?));
            for permission in permissions {
                within[permission as usize].insert(name.clone());
            }
            entities.push(Entity::with_uid(name));
        }
        for (permission, roles) in each(within.len()).zip(within) {
            entities.push(Entity::new_no_attrs(uid(&kinds.action, action(permission)), roles));
        }
        for (number, assignments) in each(model.admins.len()).zip(&model.admins) {
            let mut attributes = HashMap::new();
            for (slot, one) in (1..).zip(assignments) {
                let name = uid(&kinds.action, role(one.role));
                attributes.insert(format!("r{slot}"), RestrictedExpression::new_entity_uid(name));
                attributes.insert(format!("g{slot}"), fences(&kinds, one));
            }
            entities.push(Entity::new(uid(&kinds.admin, login(number)), attributes, HashSet::new())?);
        }
        Cedar::new(kinds, SLOTS, entities).map(Self)
    }

    fn prepare(&self, names: &Names<'_>) -> Result<Request> {
        self.0.prepare(names)
    }

    fn allows(&mut self, asked: &Request) -> Result<bool> {
        self.0.allows(asked)
    }
}

impl Engine for Roles {
    type Asked = Request;

    fn new(model: &Model) -> Result<Self> {
        let kinds = Kinds::new()?;
        let mut entities = groups(&kinds, model);
        let mut policies = String::new();
        for (number, permissions) in each(model.roles.len()).zip(model.effective()) {
            let name = role(number);
            let actions: Vec<String> =
                permissions.into_iter().map(|permission| format!("Action::\"{}\"", action(permission))).collect();
            writeln!(policies, "permit(principal in Role::\"{name}\", action in [{}], resource)", actions.join(", "))?;
            writeln!(policies, "when {{ resource in principal.{name} }};")?;
            entities.push(Entity::with_uid(uid(&kinds.role, name)));
        }
        for (number, assignments) in each(model.admins.len()).zip(&model.admins) {
            let attributes = assignments.iter().map(|one| (role(one.role), fences(&kinds, one))).collect();
            let roles = assignments.iter().map(|one| uid(&kinds.role, role(one.role))).collect();
            entities.push(Entity::new(uid(&kinds.admin, login(number)), attributes, roles)?);
        }
        Cedar::new(kinds, &policies, entities).map(Self)
    }

    fn prepare(&self, names: &Names<'_>) -> Result<Request> {
        self.0.prepare(names)
    }

    fn allows(&mut self, asked: &Request) -> Result<bool> {
        self.0.allows(asked)
    }
}
