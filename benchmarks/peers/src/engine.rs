//! What every engine can do, and which there are.

use bailiwick_benchmarks::model::Model;
use bailiwick_benchmarks::questions::Question;
use bailiwick_benchmarks::write::{action, login, unit};

use crate::Result;

/// An engine that holds a model.
pub(crate) trait Engine: Sized {
    /// A question, as far as it can be prepared before it is asked.
    type Asked;

    /// Takes the model in.
    fn new(model: &Model) -> Result<Self>;

    /// Prepares a question that comes as three strings.
    fn prepare(&self, names: &Names<'_>) -> Result<Self::Asked>;

    /// Answers a prepared question.
    fn allows(&mut self, asked: &Self::Asked) -> Result<bool>;
}

/// A question in strings.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Names<'a> {
    pub(crate) login: &'a str,
    pub(crate) permission: &'a str,
    pub(crate) group: &'a str,
}

/// Strings of a question.
#[derive(Debug)]
pub(crate) struct Owned {
    login: String,
    permission: String,
    group: String,
}

impl Owned {
    pub(crate) fn new(question: &Question) -> Self {
        Self { login: login(question.admin), permission: action(question.permission), group: unit(question.group) }
    }

    pub(crate) fn names(&self) -> Names<'_> {
        Names { login: &self.login, permission: &self.permission, group: &self.group }
    }
}

/// An engine, in one modelling.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    RegorusBytecode,
    RegorusInterpreter,
    CedarSlots,
    CedarRoles,
    CasbinLeaves,
    CasbinRules,
}

impl Kind {
    pub(crate) const ALL: [Self; 6] = [
        Self::RegorusBytecode,
        Self::CedarSlots,
        Self::CasbinLeaves,
        Self::RegorusInterpreter,
        Self::CedarRoles,
        Self::CasbinRules,
    ];

    /// As the command line has it.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::RegorusBytecode => "regorus-bytecode",
            Self::RegorusInterpreter => "regorus-interpreter",
            Self::CedarSlots => "cedar-slots",
            Self::CedarRoles => "cedar-roles",
            Self::CasbinLeaves => "casbin-leaves",
            Self::CasbinRules => "casbin-rules",
        }
    }

    /// As tables have it.
    pub(crate) const fn title(self) -> &'static str {
        match self {
            Self::RegorusBytecode => "regorus, bytecode (expert)",
            Self::RegorusInterpreter => "regorus, interpreter (idiomatic)",
            Self::CedarSlots => "Cedar, one policy with four slots (expert)",
            Self::CedarRoles => "Cedar, one policy a role (idiomatic)",
            Self::CasbinLeaves => "casbin, permissions as leaf roles (expert)",
            Self::CasbinRules => "casbin, a rule a permission of a role (idiomatic)",
        }
    }

    /// Whether it is the best modelling that is known for its engine.
    pub(crate) const fn is_expert(self) -> bool {
        matches!(self, Self::RegorusBytecode | Self::CedarSlots | Self::CasbinLeaves)
    }

    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// A group and all groups above it, the group itself first.
pub(crate) fn upwards(model: &Model, group: u32) -> impl Iterator<Item = u32> + '_ {
    std::iter::successors(Some(group), |at| model.groups[*at as usize].parent)
}

/// All numbers up to a count, as the model has them.
pub(crate) fn each(length: usize) -> impl Iterator<Item = u32> {
    0..u32::try_from(length).unwrap_or(u32::MAX)
}
