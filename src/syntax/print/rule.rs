//! Rules that stand beside roles and people.

use std::fmt;

use super::line::{because, on};
use super::name::word;
use super::{list, names};
use crate::syntax::ast::{Assertion, Automatic, Forbid, Lint, Price, Quota, QuotaItem, Separate, Side};

impl fmt::Display for Automatic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "users in {} hold ", self.users)?;
        names(f, &self.roles)?;
        on(f, self.on.as_ref())
    }
}

impl fmt::Display for Forbid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "forbid {}", self.actions)?;
        on(f, self.on.as_ref())?;
        if let Some(subjects) = &self.subjects {
            write!(f, " for {subjects}")?;
        }
        if let Some(unless) = &self.unless {
            write!(f, " unless {unless}")?;
        }
        because(f, self.reason.as_ref())
    }
}

impl fmt::Display for Quota {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "quota at most {} ", self.most.node)?;
        list(f, &self.of, |f, item| item.node.fmt(f))?;
        if self.counting_all {
            f.write_str(" counting all")?;
        }
        if self.soft.is_some() {
            f.write_str(" soft")?;
        }
        self.price.as_ref().map_or(Ok(()), |price| write!(f, " price {price}"))
    }
}

impl fmt::Display for QuotaItem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tier(tier) => write!(f, "tier {}", word(&tier.node)),
            Self::Role(role) => write!(f, "role {}", word(&role.node)),
            Self::Unit(unit) => write!(f, "unit {unit}"),
        }
    }
}

impl fmt::Display for Price {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{:02} {}", self.cents / 100, self.cents % 100, word(&self.currency.node))
    }
}

impl fmt::Display for Separate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "separate {} from {}", self.left, self.right)
    }
}

impl fmt::Display for Side {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Actions(actions) => actions.fmt(f),
            Self::Role(role) => write!(f, "role {}", word(&role.node)),
        }
    }
}

impl fmt::Display for Assertion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let keyword = if self.always { "always" } else { "never" };
        write!(f, "{keyword} {} can {}", self.subjects, self.actions)?;
        on(f, self.on.as_ref())
    }
}

impl fmt::Display for Lint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "lint {} {}", word(&self.code.node), word(&self.level.node))
    }
}
