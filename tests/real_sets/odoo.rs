//! Odoo's groups and model access as a policy.
//!
//! A model is a resource on entities, its records, with the actions `read`, `write`, `create` and `unlink`. A group is a role and what
//! it implies it extends. A module is a feature: what it declares is there when it is. A group that a module adds to another module's
//! group comes by a role of its own, since what depends on a feature is a role or a line and never an `extends`. Whether somebody is
//! in a group, which Odoo's own screens ask, is an action of its own: `groups."sale.group_warning_sale"`.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;

use bailiwick::source::SourceMap;
use bailiwick::syntax::print::{path_word, quoted, word};
use serde::Deserialize;

use crate::corpus;

/// The set.
pub(crate) struct Odoo {
    /// The groups.
    pub(crate) groups: Vec<Group>,
    /// What they imply.
    pub(crate) edges: Vec<Edge>,
    /// What they may do.
    pub(crate) access: Vec<Access>,
    /// Who is in them.
    pub(crate) members: Vec<Member>,
}

/// A group.
#[derive(Deserialize)]
pub(crate) struct Group {
    /// Its identifier.
    #[serde(rename = "group")]
    pub(crate) id: String,
    name: String,
}

/// A group that implies another.
#[derive(Deserialize)]
pub(crate) struct Edge {
    /// Who is in this group
    pub(crate) group: String,
    /// is in this one too,
    pub(crate) implies_group: String,
    /// if this module is there.
    pub(crate) declared_by_module: String,
}

/// What a group may do with the records of a model: 1 where it may.
#[derive(Deserialize)]
pub(crate) struct Access {
    /// The module that declares it.
    pub(crate) module: String,
    /// The model.
    pub(crate) model: String,
    /// The group; empty for everybody.
    pub(crate) group: String,
    read: u8,
    write: u8,
    create: u8,
    unlink: u8,
}

/// An account that is in a group.
#[derive(Deserialize)]
pub(crate) struct Member {
    /// The account.
    pub(crate) user: String,
    /// The group.
    pub(crate) group: String,
}

/// What is left out of the translation, to see what comes of it.
#[derive(Default)]
pub(crate) struct Without<'w> {
    /// Groups imply nothing.
    pub(crate) edges: bool,
    /// This one among the set's edges is left out: the line `extends`, and nothing else.
    pub(crate) edge: Option<usize>,
    /// This module is not there; nor are then the accounts.
    pub(crate) module: Option<&'w str>,
}

/// The user types, of which nobody may have two, not even by what another group implies.
const USER_TYPES: [&str; 3] = ["base.group_user", "base.group_portal", "base.group_public"];

/// The actions of every model.
pub(crate) const ACTIONS: [&str; 4] = ["read", "write", "create", "unlink"];

/// The path of an action.
pub(crate) fn path(model: &str, action: &str) -> String {
    format!("{}.{}", word(model), path_word(action))
}

/// The path of the action that those in a group may do.
pub(crate) fn membership(group: &str) -> String {
    path("groups", group)
}

/// The name of the role by which a module adds what a group implies.
pub(crate) fn bridge(edge: &Edge) -> String {
    format!("{} implies {} with {}", edge.group, edge.implies_group, edge.declared_by_module)
}

/// The module in an identifier. A group's column `module` is not it: for two groups it names one that extends them.
pub(crate) fn module_of(id: &str) -> &str {
    id.split('.').next().unwrap_or(id)
}

impl Access {
    /// What the row lets the group do.
    pub(crate) fn allowed(&self) -> Vec<&'static str> {
        let flags = [self.read, self.write, self.create, self.unlink];
        ACTIONS.into_iter().zip(flags).filter(|(_, flag)| *flag == 1).map(|(action, _)| action).collect()
    }
}

impl Odoo {
    /// The set in this folder.
    pub(crate) fn read(folder: &Path) -> Self {
        Self {
            groups: corpus::rows(folder, "groups.csv"),
            edges: corpus::rows(folder, "implied.csv"),
            access: corpus::rows(folder, "model_access.csv"),
            members: corpus::rows(folder, "user_groups.csv"),
        }
    }

    /// The models.
    pub(crate) fn models(&self) -> BTreeSet<&str> {
        self.access.iter().map(|row| row.model.as_str()).collect()
    }

    /// The edges that another module than the group's own declares.
    pub(crate) fn edges_of_others(&self) -> impl Iterator<Item = &Edge> {
        self.edges.iter().filter(|edge| edge.declared_by_module != module_of(&edge.group))
    }

    /// The policy.
    pub(crate) fn sources(&self, without: &Without<'_>) -> SourceMap {
        SourceMap::single("odoo.bw", &self.policy(without).expect("text"))
    }

    fn policy(&self, without: &Without<'_>) -> Result<String, std::fmt::Error> {
        let mut text =
            "platform odoo \"Odoo 17 Community\" { super none }\nresponsible \"Owner of the database\"\n".to_owned();
        for module in self.modules() {
            let off = if without.module == Some(module) { " off" } else { "" };
            writeln!(text, "feature {}{off}", word(module))?;
        }
        for model in self.models() {
            let module = word(module_of(model));
            writeln!(
                text,
                "resource {} on entity when {module} {{ view read; write write, create; destroy unlink }}",
                word(model)
            )?;
        }
        let groups: Vec<_> = self.groups.iter().map(|g| path_word(&g.id)).collect();
        writeln!(text, "resource groups {{ view {} }}", groups.join(", "))?;
        for edge in self.edges_of_others().filter(|_| !without.edges) {
            let (name, module) = (quoted(&bridge(edge)), word(&edge.declared_by_module));
            writeln!(text, "role {name} when {module} {{ extends {} }}", word(&edge.implies_group))?;
        }
        let mut access = BTreeMap::<&str, Vec<&Access>>::new();
        for row in &self.access {
            access.entry(&row.group).or_default().push(row);
        }
        for group in &self.groups {
            self.role(&mut text, group, access.get(group.id.as_str()).map_or(&[], Vec::as_slice), without)?;
        }
        let [one, other, third] = USER_TYPES.map(membership);
        for (side, from) in [(&one, &other), (&one, &third), (&other, &third)] {
            writeln!(text, "separate {side} from {from}")?;
        }
        if without.module.is_none() {
            self.accounts(&mut text)?;
        }
        Ok(text)
    }

    /// A group as a role; a line is gated by its module where neither the group nor the model is of it already.
    fn role(&self, text: &mut String, group: &Group, access: &[&Access], without: &Without<'_>) -> std::fmt::Result {
        writeln!(text, "role {} {} when {} {{", word(&group.id), quoted(&group.name), word(module_of(&group.id)))?;
        let stays = |index: usize, edge: &Edge| edge.group == group.id && !without.edges && without.edge != Some(index);
        for (_, edge) in self.edges.iter().enumerate().filter(|(index, edge)| stays(*index, edge)) {
            let own = edge.declared_by_module == module_of(&group.id);
            let role = if own { word(&edge.implies_group).into_owned() } else { quoted(&bridge(edge)) };
            writeln!(text, "  extends {role}")?;
        }
        writeln!(text, "  allow {}", membership(&group.id))?;
        for row in access {
            let allowed: Vec<String> = row.allowed().into_iter().map(|action| path(&row.model, action)).collect();
            if allowed.is_empty() {
                writeln!(text, "  // nothing of {}", row.model)?;
                continue;
            }
            let what = if allowed.len() == ACTIONS.len() { word(&row.model).into_owned() } else { allowed.join(", ") };
            let at_home = [module_of(&group.id), module_of(&row.model)].contains(&row.module.as_str());
            let gate = if at_home { String::new() } else { format!(" when {}", word(&row.module)) };
            writeln!(text, "  allow {what}{gate}")?;
        }
        writeln!(text, "}}")
    }

    /// The accounts of the set, and one for each group, of the same name.
    fn accounts(&self, text: &mut String) -> std::fmt::Result {
        let mut accounts = BTreeMap::<&str, Vec<&str>>::new();
        for member in &self.members {
            accounts.entry(&member.user).or_default().push(&member.group);
        }
        accounts.extend(self.groups.iter().map(|g| (g.id.as_str(), vec![g.id.as_str()])));
        for (account, groups) in accounts {
            let roles: Vec<_> = groups.into_iter().map(word).collect();
            writeln!(text, "admin {} {{ role {} }}", word(account), roles.join(", "))?;
        }
        Ok(())
    }

    /// The modules that declare something.
    fn modules(&self) -> BTreeSet<&str> {
        let declare = self.edges.iter().map(|e| &e.declared_by_module);
        let declare = declare.chain(self.access.iter().map(|a| &a.module)).map(String::as_str);
        declare
            .chain(self.access.iter().map(|a| module_of(&a.model)))
            .chain(self.groups.iter().map(|g| module_of(&g.id)))
            .collect()
    }
}
