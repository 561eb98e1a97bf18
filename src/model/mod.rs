//! The resolved policy: names have become ids, sets of actions are sets, scopes are predicates.
//!
//! The arenas are in the order of their names (tiers in the order written, labels and units in the order of a walk), so the ids are
//! the same however the files were cut and shuffled.

pub mod forest;
pub mod id;
mod people;
mod policy;
mod role;
mod rules;
pub mod units;

pub use forest::{Forest, Tree};
pub use people::{Account, Assignment, FactValue, On};
pub use policy::{
    Action, ActionSet, Attribute, AttributeType, Feature, Group, Model, Platform, Relation, Resource, Signature, Tier,
};
pub use role::{Allow, Except, Extends, Gate, HolderLimit, Role};
pub use rules::{
    Assertion, Automatic, Exception, Forbid, LintLevel, Lints, Quota, QuotaItem, Separate, Side, Subject, Subjects,
    Test, TestActor, TestFacts, TestLine, TestTarget, Transfer,
};
