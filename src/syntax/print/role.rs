//! Roles and profiles.

use std::fmt;

use super::line::when;
use super::name::{quoted, word, word_in_head};
use super::{block, list, names};
use crate::syntax::ast::{ReadOnly, Role, RoleItem, Text};

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (title, labels) = match self.labels.split_first() {
            Some((first, rest)) if first.language.is_none() => (Some(first), rest),
            _ => (None, self.labels.as_slice()),
        };
        head(f, self, title)?;
        let labels = labels.iter().map(Text::to_string);
        let body = self.body.iter().map(|item| item.node.to_string());
        block(f, &labels.chain(body).collect::<Vec<_>>())
    }
}

fn head(f: &mut fmt::Formatter<'_>, role: &Role, title: Option<&Text>) -> fmt::Result {
    if role.superuser.is_some() {
        f.write_str("super ")?;
    }
    let keyword = if role.profile { "profile" } else { "role" };
    write!(f, "{keyword} {}", word_in_head(&role.name.node))?;
    if let Some(title) = title {
        write!(f, " {}", quoted(&title.text.node))?;
    }
    let flags = [(role.ungrantable, "ungrantable"), (role.by_claim, "by claim"), (role.spare, "spare")];
    for (_, flag) in flags.iter().filter(|(set, _)| set.is_some()) {
        write!(f, " {flag}")?;
    }
    if let Some(tier) = &role.tier {
        write!(f, " tier {}", word(&tier.node))?;
    }
    if let Some(read_only) = &role.read_only {
        write!(f, " {read_only}")?;
    }
    if !role.needs.is_empty() {
        f.write_str(" needs role ")?;
        names(f, &role.needs)?;
    }
    when(f, &role.when)
}

impl fmt::Display for ReadOnly {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("read only")?;
        if self.except.is_empty() {
            return Ok(());
        }
        f.write_str(" except ")?;
        list(f, &self.except, |f, item| item.node.fmt(f))
    }
}

impl fmt::Display for Text {
    /// A `label` line.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("label ")?;
        if let Some(language) = &self.language {
            write!(f, "{} ", word(&language.node))?;
        }
        f.write_str(&quoted(&self.text.node))
    }
}

impl fmt::Display for RoleItem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Scope(scope) => write!(f, "scope {scope}"),
            Self::Extends(extends) => extends.fmt(f),
            Self::Allow(allow) => allow.fmt(f),
            Self::Except(except) => write!(f, "except {except}"),
            Self::Assigns(assigns) => assigns.fmt(f),
            Self::Never(never) => write!(f, "never {never}"),
            Self::Holders(holders) => holders.fmt(f),
            Self::Primary => f.write_str("primary"),
        }
    }
}
