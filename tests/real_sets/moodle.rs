//! Moodle's capabilities and default roles as a policy.
//!
//! A capability `mod/quiz:view` of the context level `module` is the action `view` of the resource `mod/quiz at module`. What is
//! meaningful in the system context alone is site-wide, what belongs to a user is done to users, and everything else to entities:
//! categories, courses, modules and blocks. A default role is a role: what it is allowed it allows, what it prevents it excepts, and
//! what it prohibits is forbidden to its holders. A capability that takes its permissions from another is implied by that one. Which
//! role may assign which is `assigns`; which may override, switch to or see which is an action on a resource for each role.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::{self, Write as _};
use std::path::Path;

use bailiwick::source::SourceMap;
use bailiwick::syntax::print::{path_word, word};
use serde::Deserialize;

use crate::corpus;

/// The set.
pub(crate) struct Moodle {
    /// The capabilities, by name.
    pub(crate) capabilities: BTreeMap<String, Capability>,
    /// What the default roles may do.
    pub(crate) permissions: Vec<Permission>,
    /// Which role may do what with which.
    pub(crate) role_allows: Vec<RoleAllow>,
    /// Where a role may be assigned.
    pub(crate) levels: Vec<Level>,
}

/// A capability.
#[derive(Deserialize)]
pub(crate) struct Capability {
    /// Its name.
    #[serde(rename = "capability")]
    pub(crate) name: String,
    /// The part of Moodle that declares it.
    pub(crate) component: String,
    captype: String,
    /// The narrowest context in which it means something.
    pub(crate) contextlevel: String,
    /// What it may be abused for.
    pub(crate) risks: String,
    /// The capability whose permissions it takes.
    #[serde(rename = "clone_permissions_from")]
    pub(crate) clone_of: String,
}

/// What a role is told of a capability.
#[derive(Deserialize)]
pub(crate) struct Permission {
    /// The capability.
    pub(crate) capability: String,
    /// The role.
    #[serde(rename = "archetype")]
    pub(crate) role: String,
    /// `allow`, `prevent` or `prohibit`.
    pub(crate) permission: String,
}

/// What a role may do with another.
#[derive(Deserialize)]
pub(crate) struct RoleAllow {
    /// `assign`, `override`, `switch` or `view`.
    pub(crate) kind: String,
    /// Who may.
    pub(crate) role: String,
    /// With whom.
    pub(crate) target_role: String,
}

/// A context level at which a role may be assigned.
#[derive(Deserialize)]
pub(crate) struct Level {
    role: String,
    contextlevel: String,
}

/// How a capability that takes another's permissions is written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Clones {
    /// With its own permissions, as if it took none.
    Ignored,
    /// By what it takes, where that exists in another component.
    Implied,
    /// As upstream writes it, whether that exists or not: by a reference of the one that takes.
    Referred,
}

/// Where accounts hold their roles.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Held {
    /// Everywhere.
    Everywhere,
    /// A role that cannot be assigned in the system context, in a course.
    WhereAssignable,
}

/// The accounts that hold two roles: login and roles.
pub(crate) const PAIRS: [(&str, [&str; 2]); 2] =
    [("user+guest", ["user", "guest"]), ("student+user", ["student", "user"])];

impl Capability {
    /// The path of its action.
    pub(crate) fn path(&self) -> String {
        format!("{}.{}", word(&self.resource()), path_word(self.action()))
    }

    fn resource(&self) -> String {
        let (resource, _) = self.name.split_once(':').unwrap_or((&self.name, ""));
        format!("{resource} at {}", self.contextlevel)
    }

    fn action(&self) -> &str {
        self.name.split_once(':').map_or("", |(_, action)| action)
    }

    fn kind(&self) -> &'static str {
        if self.captype == "read" { "view" } else { "write" }
    }

    /// What its action is done to, as a resource says it.
    fn on(&self) -> &'static str {
        match self.contextlevel.as_str() {
            "system" => "",
            "user" => " on user",
            _ => " on entity",
        }
    }
}

impl RoleAllow {
    /// The path of its action.
    pub(crate) fn path(&self) -> String {
        match self.kind.as_str() {
            "assign" => format!("assign.{}", path_word(&self.target_role)),
            kind => format!("{}.{}", word(&role_resource(&self.target_role)), path_word(kind)),
        }
    }
}

/// The resource of what may be done with a role.
fn role_resource(role: &str) -> String {
    format!("role {role}")
}

impl Moodle {
    /// The set in this folder.
    pub(crate) fn read(folder: &Path) -> Self {
        let capabilities: Vec<Capability> = corpus::rows(folder, "capabilities.csv");
        Self {
            capabilities: capabilities.into_iter().map(|c| (c.name.clone(), c)).collect(),
            permissions: corpus::rows(folder, "archetype_permissions.csv"),
            role_allows: corpus::rows(folder, "role_allows.csv"),
            levels: corpus::rows(folder, "assignable_contextlevels.csv"),
        }
    }

    /// The roles.
    pub(crate) fn roles(&self) -> BTreeSet<&str> {
        self.permissions.iter().map(|p| p.role.as_str()).collect()
    }

    /// The capability whose permissions another takes, when that exists in another component.
    pub(crate) fn source(&self, capability: &Capability) -> Option<&Capability> {
        self.capabilities.get(&capability.clone_of).filter(|source| source.component != capability.component)
    }

    /// Whether a role can be assigned in the system context, or is held there by itself, as `user` and `guest` are.
    pub(crate) fn is_systemwide(&self, role: &str) -> bool {
        let mut levels = self.levels.iter().filter(|l| l.role == role).peekable();
        levels.peek().is_none() || levels.any(|l| l.contextlevel == "system")
    }

    /// The policy.
    pub(crate) fn sources(&self, clones: Clones, held: Held) -> SourceMap {
        SourceMap::single("moodle.bw", &self.policy(clones, held).expect("text"))
    }

    fn policy(&self, clones: Clones, held: Held) -> Result<String, fmt::Error> {
        let mut text = "platform moodle \"Moodle\" { super none }\nresponsible \"Owner of the site\"\n".to_owned();
        // Upstream lets managers assign roles that have what managers have not.
        text += "lint BW501 warning\n";
        text += "unit site { category { course { activity } } }\n";
        self.resources(&mut text, clones)?;
        for role in self.roles() {
            self.role(&mut text, role, clones)?;
        }
        for (role, capability) in self.told("prohibit", clones) {
            writeln!(text, "forbid {} for holders of {}", capability.path(), word(role))?;
        }
        let risky = self.capabilities.values().filter(|c| c.risks.split('|').any(|risk| risk == "xss"));
        let risky: Vec<String> = risky.map(Capability::path).collect();
        writeln!(text, "never role student can {}", risky.join(", "))?;
        for role in self.roles() {
            let everywhere = held == Held::Everywhere || self.is_systemwide(role);
            let fence = if everywhere { "" } else { " on entities in unit course" };
            writeln!(text, "admin {0} {{ role {0}{fence} }}", word(role))?;
        }
        for (login, roles) in PAIRS.iter().filter(|_| held == Held::Everywhere) {
            writeln!(text, "admin {} {{ role {} }}", word(login), roles.map(word).join(", "))?;
        }
        Ok(text)
    }

    fn resources(&self, text: &mut String, clones: Clones) -> fmt::Result {
        let mut resources = BTreeMap::<String, Vec<&Capability>>::new();
        for capability in self.capabilities.values() {
            resources.entry(capability.resource()).or_default().push(capability);
        }
        for (resource, capabilities) in &resources {
            writeln!(text, "resource {}{} {{", word(resource), capabilities[0].on())?;
            for capability in capabilities {
                let (kind, action) = (capability.kind(), path_word(capability.action()));
                writeln!(text, "  {kind} {action}{}", self.clause(capability, clones))?;
            }
            writeln!(text, "}}")?;
        }
        for role in self.roles() {
            writeln!(
                text,
                "resource {} on entity {{ view view; write override, switch }}",
                word(&role_resource(role))
            )?;
        }
        Ok(())
    }

    /// What stands behind an action about those that take its permissions, or whose it takes.
    fn clause(&self, capability: &Capability, clones: Clones) -> String {
        let paths: Vec<String> = match clones {
            Clones::Implied => {
                let takers = self.capabilities.values();
                takers
                    .filter(|c| self.source(c).is_some_and(|s| s.name == capability.name))
                    .map(Capability::path)
                    .collect()
            }
            Clones::Referred if !capability.clone_of.is_empty() => vec![self.reference(&capability.clone_of)],
            _ => vec![],
        };
        match (paths.is_empty(), clones) {
            (true, _) => String::new(),
            (_, Clones::Referred) => format!(" needs {}", paths.join(", ")),
            _ => format!(" implies {}", paths.join(", ")),
        }
    }

    /// The path of a capability, whether it exists or not.
    fn reference(&self, name: &str) -> String {
        let unknown = || {
            let (resource, action) = name.split_once(':').unwrap_or((name, ""));
            format!("{}.{}", word(resource), path_word(action))
        };
        self.capabilities.get(name).map_or_else(unknown, Capability::path)
    }

    fn role(&self, text: &mut String, role: &str, clones: Clones) -> fmt::Result {
        writeln!(text, "role {} {{", word(role))?;
        for permission in self.permissions.iter().filter(|p| p.role == role) {
            let capability = &self.capabilities[&permission.capability];
            let taken = clones == Clones::Implied && self.source(capability).is_some();
            match permission.permission.as_str() {
                "allow" if !taken => writeln!(text, "  allow {}", capability.path())?,
                "prevent" if !taken => writeln!(text, "  except {}", capability.path())?,
                _ => {}
            }
        }
        for allow in self.role_allows.iter().filter(|a| a.role == role) {
            match allow.kind.as_str() {
                "assign" => writeln!(text, "  assigns {}", word(&allow.target_role))?,
                _ => writeln!(text, "  allow {}", allow.path())?,
            }
        }
        writeln!(text, "}}")
    }

    /// The roles that are told something of a capability, or of the one whose permissions it takes: an implication carries rights
    /// along and no prohibitions, so these are written for each.
    fn told(&self, what: &str, clones: Clones) -> Vec<(&str, &Capability)> {
        let mut told = vec![];
        for capability in self.capabilities.values() {
            let source = self.source(capability).filter(|_| clones == Clones::Implied);
            let name = &source.unwrap_or(capability).name;
            let permissions = self.permissions.iter().filter(|p| p.permission == what && p.capability == *name);
            told.extend(permissions.map(|p| (p.role.as_str(), capability)));
        }
        told
    }
}
