//! The lines of a role's or an admin's body, and the clauses they end with.

use std::fmt;

use super::name::{quoted, word};
use super::names;
use super::set::set_of_names;
use crate::source::Spanned;
use crate::syntax::ast::{Allow, Assignment, Assigns, Except, Extends, Gate, Holders, Period, Scope};

impl fmt::Display for Gate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Feature(feature) => f.write_str(&word(&feature.node)),
            Self::ActorIn(group) => write!(f, "actor in {group}"),
        }
    }
}

impl fmt::Display for Period {
    /// `from 2026-01-01 until 2026-12-31`, either half of it, or nothing.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(from) = &self.from {
            write!(f, "from {}", from.node)?;
        }
        if self.from.is_some() && self.until.is_some() {
            f.write_str(" ")?;
        }
        if let Some(until) = &self.until {
            write!(f, "until {}", until.node)?;
        }
        Ok(())
    }
}

/// Writes ` on SCOPE` where there is one.
pub(super) fn on(f: &mut fmt::Formatter<'_>, scope: Option<&Scope>) -> fmt::Result {
    scope.map_or(Ok(()), |scope| write!(f, " on {scope}"))
}

/// Writes ` when GATE and GATE` where there is one.
pub(super) fn when(f: &mut fmt::Formatter<'_>, gates: &[Gate]) -> fmt::Result {
    for (i, gate) in gates.iter().enumerate() {
        write!(f, " {} {gate}", if i == 0 { "when" } else { "and" })?;
    }
    Ok(())
}

/// Writes ` from DAY until DAY` where there is one.
pub(super) fn days(f: &mut fmt::Formatter<'_>, period: &Period) -> fmt::Result {
    if period.from.is_none() && period.until.is_none() { Ok(()) } else { write!(f, " {period}") }
}

/// Writes ` reason "..."` where there is one.
pub(super) fn because(f: &mut fmt::Formatter<'_>, reason: Option<&Spanned<String>>) -> fmt::Result {
    reason.map_or(Ok(()), |reason| write!(f, " reason {}", quoted(&reason.node)))
}

impl fmt::Display for Allow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "allow {}", self.actions)?;
        on(f, self.on.as_ref())?;
        when(f, &self.when)?;
        days(f, &self.period)?;
        because(f, self.reason.as_ref())
    }
}

impl fmt::Display for Except {
    /// The actions and the scope, without the word `except` or `never` before them.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.actions.fmt(f)?;
        on(f, self.on.as_ref())
    }
}

impl fmt::Display for Extends {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("extends ")?;
        names(f, &self.roles)?;
        on(f, self.on.as_ref())
    }
}

impl fmt::Display for Assigns {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("assigns ")?;
        set_of_names(f, &self.roles)?;
        on(f, self.on.as_ref())?;
        when(f, &self.when)?;
        days(f, &self.period)?;
        because(f, self.reason.as_ref())
    }
}

impl fmt::Display for Holders {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("holders")?;
        match (&self.least, &self.most) {
            (Some(least), Some(most)) if least.node == most.node => write!(f, " exactly {}", least.node)?,
            (Some(least), Some(most)) => write!(f, " at least {}, at most {}", least.node, most.node)?,
            (Some(least), None) => write!(f, " at least {}", least.node)?,
            (None, Some(most)) => write!(f, " at most {}", most.node)?,
            (None, None) => {}
        }
        if self.per_unit { f.write_str(" per unit") } else { Ok(()) }
    }
}

impl fmt::Display for Assignment {
    /// The role and what limits it, without the word `role` or `profile` before them.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&word(&self.role.node))?;
        on(f, self.on.as_deref())?;
        days(f, &self.period)?;
        because(f, self.reason.as_ref())
    }
}
