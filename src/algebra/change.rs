//! What a target could become when somebody changes facts of it.

use super::Algebra;
use super::diagram::{Diagram, Exact, Var};
use super::facts::{Party, Subject, subject};
use crate::lower::facts::Mode;
use crate::model::id::AccountId;
use crate::region::{Node, NodeId, Test};

impl Algebra<'_> {
    /// The targets that come into a region when facts of these subjects are changed, to values that there can be. What they are before
    /// does not matter.
    ///
    /// # Errors
    /// When there are too many cases.
    pub fn after_change(&mut self, mut region: Diagram, party: Party, changed: &[Subject]) -> Exact<Diagram> {
        for subject in changed {
            let support = self.diagrams.support_of(region)?;
            let support = self.diagrams.vars(support);
            let theirs: Vec<_> =
                self.asked(support, party).into_iter().filter(|(_, f)| f.subject == *subject).collect();
            let cells = self.free(&theirs, false, false)?;
            let vars: Vec<Var> = theirs.iter().map(|(v, _)| *v).collect();
            region = self.and(region, cells)?;
            region = self.diagrams.exists(region, &|v| vars.binary_search(&v).is_ok())?;
        }
        Ok(region)
    }

    /// What is left when relations are forgotten: those to the state before a change need not be those to the state after.
    ///
    /// # Errors
    /// When there are too many cases.
    pub fn whatever_leads(&mut self, region: Diagram) -> Exact<Diagram> {
        let facts = &self.facts;
        self.diagrams.exists(region, &|v| matches!(facts.get(v).subject, Subject::Relation(_)))
    }

    /// The facts that an action changes, as far as predicates ask for them.
    #[must_use]
    pub fn changed_by(&self, action: crate::model::id::ActionId) -> Vec<Subject> {
        let words = &self.model.actions[action.index()].changes;
        let mut subjects: Vec<Subject> = words.iter().filter_map(|w| self.subject_named(w)).collect();
        subjects.sort_unstable();
        subjects.dedup();
        subjects
    }

    /// The tests that a predicate asks.
    #[must_use]
    pub fn tests_of(&self, node: NodeId) -> Vec<&Test> {
        let mut tests = vec![];
        let mut open = vec![node];
        let mut seen = rustc_hash::FxHashSet::default();
        while let Some(at) = open.pop() {
            if !seen.insert(at) {
                continue;
            }
            match self.rights.nodes.get(at) {
                Node::True | Node::False => {}
                Node::Test(test) => tests.push(test),
                Node::Not(inner) => open.push(*inner),
                Node::And(all) | Node::Or(all) => open.extend(all),
            }
        }
        tests
    }

    /// Whether a predicate asks for a fact of one of these subjects.
    #[must_use]
    pub fn asks_for(&self, node: NodeId, subjects: &[Subject]) -> bool {
        self.tests_of(node).into_iter().any(|t| subjects.contains(&subject(t)))
    }

    /// Whether all that a predicate asks of an account is on this day the same when it acts as when something is done to it.
    #[must_use]
    pub fn is_same_as_actor(&self, node: NodeId, account: AccountId, day: i32) -> bool {
        let (acting, target) = (self.known(account, Mode::Actor, day), self.known(account, Mode::Target, day));
        self.tests_of(node).into_iter().all(|t| acting.test(t) == target.test(t))
    }
}
