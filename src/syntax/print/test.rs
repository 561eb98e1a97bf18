//! Tests: questions with the answers they must get.

use std::fmt;

use super::name::{quoted, raw, word};
use super::{block, list, names};
use crate::syntax::ast::{Actor, Fact, Facts, Target, Test, TestLine};

impl fmt::Display for Test {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "test {}", quoted(&self.name.node))?;
        if let Some(at) = &self.at {
            write!(f, " at {}", at.node)?;
        }
        if !self.with.is_empty() {
            f.write_str(" with ")?;
            list(f, &self.with, |f, (feature, on)| {
                write!(f, "{} {}", word(&feature.node), if *on { "on" } else { "off" })
            })?;
        }
        block(f, &self.lines.iter().map(TestLine::to_string).collect::<Vec<_>>())
    }
}

impl fmt::Display for TestLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let verb = if self.can { "can" } else { "cannot" };
        write!(f, "{} {verb} {}", self.actor, self.actions)?;
        self.target.as_ref().map_or(Ok(()), |target| write!(f, " on {target}"))
    }
}

impl fmt::Display for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Admin(name) => f.write_str(&word(&name.node)),
            Self::Claims { roles, facts, .. } => {
                f.write_str("as")?;
                if !roles.is_empty() {
                    f.write_str(" ")?;
                    names(f, roles)?;
                }
                if roles.is_empty() || !facts.items.is_empty() { write!(f, " {facts}") } else { Ok(()) }
            }
        }
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts = [("entity", &self.entity), ("user", &self.user), ("account", &self.account)];
        let mut between = "";
        for (word, part) in parts {
            if let Some(facts) = part {
                write!(f, "{between}{word} {facts}")?;
                between = " and ";
            }
        }
        Ok(())
    }
}

impl fmt::Display for Facts {
    /// The facts in braces, without the word before them.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.items.is_empty() {
            return f.write_str("{}");
        }
        for (i, fact) in self.items.iter().enumerate() {
            write!(f, "{} {}", if i == 0 { "{" } else { ";" }, fact.node)?;
        }
        f.write_str(" }")
    }
}

impl fmt::Display for Fact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Login(it) => write!(f, "login {}", raw(&it.node)),
            Self::Id(it) => write!(f, "id {}", raw(&it.node)),
            Self::Unit(unit) => write!(f, "unit {unit}"),
            Self::Labels(labels) => {
                f.write_str("labels ")?;
                list(f, labels, |f, label| label.fmt(f))
            }
            Self::Relations(relations) => {
                f.write_str("relation ")?;
                names(f, relations)
            }
            Self::Roles(roles) => {
                f.write_str("role ")?;
                names(f, roles)
            }
            Self::Attribute { name, value } => write!(f, "{} {}", word(&name.node), raw(&value.node)),
        }
    }
}
