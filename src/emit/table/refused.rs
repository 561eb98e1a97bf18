//! Why no table can be written for a policy: it exceeds a limit of the format.

use std::fmt;

use crate::check::bw007;
use crate::diagnostic::Finding;

/// A limit of the table's format that a policy exceeds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// What there is too much of, such as "roles".
    pub what: String,
    /// How much of it the policy has.
    pub has: u64,
    /// How much a table can have.
    pub most: u64,
}

impl Refused {
    /// An error when there is more than a table can have.
    pub(super) fn over(what: impl Into<String>, has: usize, most: u32) -> Result<(), Self> {
        let (has, most) = (has as u64, u64::from(most));
        if has <= most { Ok(()) } else { Err(Self { what: what.into(), has, most }) }
    }

    /// What there is to say about it.
    #[must_use]
    pub fn finding(&self) -> Finding {
        Finding::fatal(bw007::CODE, self.to_string()).help("split the policy, or say the same with fewer words")
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the policy has {} {}, but a table holds at most {}", self.has, self.what, self.most)
    }
}

impl std::error::Error for Refused {}
