//! What a property is tried on: a policy, questions about it, and how it is written down.

use std::fmt;

use proptest::collection::vec;
use proptest::prelude::*;

use super::generate::policies;
use super::people::question;
use super::policy::{Actor, Policy, Question};
use super::print::print;

/// One case; shown as the text of its policy.
pub(crate) struct Case {
    pub(crate) policy: Policy,
    /// The seed of the order in which the policy is written down.
    pub(crate) layout: u64,
    /// What a property may choose by.
    pub(crate) bytes: Vec<u8>,
    questions: Vec<Vec<u8>>,
}

impl fmt::Debug for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}\n{}", self.bytes, print(&self.policy, self.layout))
    }
}

impl Case {
    pub(crate) fn questions(&self) -> impl Iterator<Item = Question> + '_ {
        self.questions.iter().filter_map(|seed| question(&self.policy, seed))
    }

    /// The questions, put to a certain admin.
    pub(crate) fn questions_to(&self, name: &str) -> Vec<Question> {
        self.questions().map(|q| Question { actor: Actor::Named(name.into()), ..q }).collect()
    }
}

/// Random cases with so many questions.
pub(crate) fn cases(questions: usize) -> impl Strategy<Value = Case> {
    let questions = vec(vec(any::<u8>(), 56), questions);
    (policies(), any::<u64>(), vec(any::<u8>(), 24), questions).prop_map(|(policy, layout, bytes, questions)| Case {
        policy,
        layout,
        bytes,
        questions,
    })
}
