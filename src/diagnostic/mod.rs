//! Findings: what the compiler has to say about a policy, and where.
//!
//! A phase *collects* findings and goes on. [`Findings`] puts them in order; [`Severities`] is the one place where what a policy
//! or the command line says about a code changes how grave it is.

mod condense;
mod finding;
mod fingerprint;
mod fix;
pub mod github;
pub mod gitlab;
#[cfg(feature = "cli")]
pub mod human;
pub mod json;
#[cfg(feature = "cli")]
pub mod junit;
pub mod markdown;
mod place;
pub mod sarif;
mod severity;
pub mod tested;
mod words;

pub use condense::{NAMED, condense, join_alike};
pub use finding::{Code, Finding, Findings, Label, Severity};
pub use fingerprint::fingerprints;
pub use fix::{Edit, Fix, Mend, Safety, apart};
pub use severity::Severities;
pub use words::summary;
