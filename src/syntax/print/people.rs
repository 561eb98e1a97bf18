//! People: admins, and what is said about requests and transfers.

use std::fmt;

use super::line::{because, days};
use super::name::{quoted, raw, word, word_in_head};
use super::{block, list, names};
use crate::syntax::ast::{Admin, AdminItem, Exception, People, Transfer};

impl fmt::Display for Admin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "admin {}", word_in_head(&self.name.node))?;
        if let Some(title) = &self.title {
            write!(f, " {}", quoted(&title.node))?;
        }
        block(f, &self.body.iter().map(|item| item.node.to_string()).collect::<Vec<_>>())
    }
}

impl fmt::Display for AdminItem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Login(it) => write!(f, "login {}", raw(&it.node)),
            Self::Email(it) => write!(f, "email {}", raw(&it.node)),
            Self::Phone(it) => write!(f, "phone {}", raw(&it.node)),
            Self::Id(it) => write!(f, "id {}", raw(&it.node)),
            Self::Photo(it) => write!(f, "photo {}", raw(&it.node)),
            Self::Unit(unit) => write!(f, "unit {unit}"),
            Self::Labels(labels) => {
                f.write_str("labels ")?;
                list(f, labels, |f, label| label.fmt(f))
            }
            Self::Profile(profile) => write!(f, "profile {profile}"),
            Self::Role(role) => write!(f, "role {role}"),
            Self::Scope(scope) => write!(f, "scope {scope}"),
            Self::Allow(allow) => allow.fmt(f),
            Self::Valid(period) => {
                f.write_str("valid")?;
                days(f, period)
            }
            Self::Inactive => f.write_str("inactive"),
            Self::Attribute { name, value } => write!(f, "{} {}", word(&name.node), raw(&value.node)),
        }
    }
}

impl fmt::Display for People {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "admins from {}", quoted(&self.path.node))
    }
}

impl fmt::Display for Exception {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "exception {} for {} may change ", quoted(&self.name.node), self.subjects)?;
        names(f, &self.changes)?;
        days(f, &self.period)?;
        because(f, self.reason.as_ref())
    }
}

impl fmt::Display for Transfer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [role, from, to] = [&self.role, &self.from, &self.to].map(|name| word(&name.node));
        write!(f, "transfer {role} from {from} to {to}")?;
        because(f, self.reason.as_ref())
    }
}
