//! casbin: administrators in roles, in domains.
//!
//! Neither modelling has casbin look for the groups above a target's: the caller knows them and passes them.
//!
//! The idiomatic one has a rule for each permission of a role, and the groups as domains. The expert's has no rules at all, so that the
//! matcher runs once: permissions are leaves of the roles' graph, and somebody's fences are nodes above their roles, so that one search of the
//! graph answers whether the permission can be reached from the fence. A search from a node that does not exist would go through
//! all nodes; a domain that does not exist costs next to nothing, so each fence has a domain as well, which is asked for first.

use std::collections::HashMap;

use bailiwick_benchmarks::model::{Assignment, Model};
use bailiwick_benchmarks::write::{action, login, role, unit};
use casbin::rhai::Dynamic;
use casbin::{CoreApi as _, DefaultModel, Enforcer, MemoryAdapter, MgmtApi as _};

use crate::Result;
use crate::engine::{Engine, Names, each, upwards};

/// Levels of groups, and everywhere.
const PLACES: usize = 5;

const EVERYWHERE: &str = "everywhere";

const LEAVES: &str = r#"
[request_definition]
r = k0, k1, k2, k3, k4, act
[policy_definition]
p = sub
[role_definition]
g = _, _
g2 = _, _, _
[policy_effect]
e = some(where (p.eft == allow))
[matchers]
m = g2("a", "b", r.k0) && g(r.k0, r.act) || g2("a", "b", r.k1) && g(r.k1, r.act) || g2("a", "b", r.k2) && g(r.k2, r.act) || g2("a", "b", r.k3) && g(r.k3, r.act) || g2("a", "b", r.k4) && g(r.k4, r.act)
"#;

const RULES: &str = r#"
[request_definition]
r = sub, d0, d1, d2, d3, d4, act
[policy_definition]
p = role, act
[role_definition]
g = _, _, _
[policy_effect]
e = some(where (p.eft == allow))
[matchers]
m = r.act == p.act && (g(r.sub, p.role, r.d0) || g(r.sub, p.role, r.d1) || g(r.sub, p.role, r.d2) || g(r.sub, p.role, r.d3) || g(r.sub, p.role, r.d4))
"#;

/// Permissions as leaves.
pub(crate) struct Leaves(Casbin);

/// A rule for each permission of a role.
pub(crate) struct Rules(Casbin);

struct Casbin {
    enforcer: Enforcer,
    /// What the caller knows: each group, those above it, and everywhere.
    places: HashMap<String, Vec<String>>,
}

impl Casbin {
    fn new(model: &Model, definition: &str) -> Result<Self> {
        let enforcer = pollster::block_on(async {
            let definition = DefaultModel::from_str(definition).await?;
            Enforcer::new(definition, MemoryAdapter::default()).await
        })?;
        let places = each(model.groups.len()).map(|group| {
            let all = std::iter::once(EVERYWHERE.to_owned()).chain(upwards(model, group).map(unit));
            (unit(group), all.collect())
        });
        Ok(Self { enforcer, places: places.collect() })
    }

    /// All places that a question is about, through a function; nowhere for those that are missing.
    fn places(&self, group: &str, as_asked: impl Fn(&str) -> String) -> impl Iterator<Item = Dynamic> {
        let all = self.places.get(group).map_or(&[][..], Vec::as_slice);
        let all: Vec<Dynamic> = all.iter().map(|place| as_asked(place).into()).collect();
        let missing = PLACES.saturating_sub(all.len());
        all.into_iter().chain(std::iter::repeat_n(Dynamic::from(String::new()), missing))
    }

    fn allows(&self, asked: &[Dynamic]) -> Result<bool> {
        Ok(self.enforcer.enforce(asked.to_vec())?)
    }
}

/// The groups for which an assignment counts.
fn fences(one: &Assignment) -> Vec<String> {
    if one.groups.is_empty() {
        vec![EVERYWHERE.to_owned()]
    } else {
        one.groups.iter().map(|group| unit(*group)).collect()
    }
}

fn fenced(login: &str, place: &str) -> String {
    format!("{login}@{place}")
}

impl Engine for Leaves {
    type Asked = Vec<Dynamic>;

    fn new(model: &Model) -> Result<Self> {
        let casbin = Casbin::new(model, LEAVES)?;
        let manager = casbin.enforcer.get_role_manager();
        let mut links = manager.write();
        for (number, of) in each(model.roles.len()).zip(&model.roles) {
            for lower in &of.extends {
                links.add_link(&role(number), &role(*lower), None);
            }
            for permission in &of.own {
                links.add_link(&role(number), &action(*permission), None);
            }
        }
        for (number, assignments) in each(model.admins.len()).zip(&model.admins) {
            for one in assignments {
                for place in fences(one) {
                    let fence = fenced(&login(number), &place);
                    links.add_link("a", "b", Some(&fence));
                    links.add_link(&fence, &role(one.role), None);
                }
            }
        }
        drop(links);
        Ok(Self(casbin))
    }

    fn prepare(&self, names: &Names<'_>) -> Result<Vec<Dynamic>> {
        let places = self.0.places(names.group, |place| fenced(names.login, place));
        Ok(places.chain([names.permission.to_owned().into()]).collect())
    }

    fn allows(&mut self, asked: &Vec<Dynamic>) -> Result<bool> {
        self.0.allows(asked)
    }
}

impl Engine for Rules {
    type Asked = Vec<Dynamic>;

    fn new(model: &Model) -> Result<Self> {
        let mut casbin = Casbin::new(model, RULES)?;
        let rules = each(model.roles.len()).zip(model.effective()).flat_map(|(number, permissions)| {
            permissions.into_iter().map(move |permission| vec![role(number), action(permission)])
        });
        let rules = rules.collect();
        pollster::block_on(casbin.enforcer.add_policies(rules))?;
        let manager = casbin.enforcer.get_role_manager();
        let mut links = manager.write();
        for (number, assignments) in each(model.admins.len()).zip(&model.admins) {
            for one in assignments {
                for place in fences(one) {
                    links.add_link(&login(number), &role(one.role), Some(&place));
                }
            }
        }
        drop(links);
        Ok(Self(casbin))
    }

    fn prepare(&self, names: &Names<'_>) -> Result<Vec<Dynamic>> {
        let words = std::iter::once(names.login.to_owned().into()).chain(self.0.places(names.group, str::to_owned));
        Ok(words.chain([names.permission.to_owned().into()]).collect())
    }

    fn allows(&mut self, asked: &Vec<Dynamic>) -> Result<bool> {
        self.0.allows(asked)
    }
}
