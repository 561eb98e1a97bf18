//! The accounts of a policy in classes: those of which every fact that a predicate may ask for is the same.

use std::rc::Rc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::diagram::{Diagram, Exact, Var};
use super::facts::{Fact, Lane, Party, Subject};
use super::{Algebra, cells};
use crate::lower::facts::Mode;
use crate::lower::rights::{GivenWhat, Rights};
use crate::model::id::AccountId;
use crate::region::{Node, Test};

/// The accounts by the facts that are true of them, as far as they are asked for.
pub(super) type People = FxHashMap<Vec<Var>, Alike>;

/// Accounts of which the same is true.
#[derive(Debug)]
pub(super) struct Alike {
    /// How many they are.
    pub(super) count: usize,
    /// Their classes, by number.
    pub(super) classes: Vec<usize>,
}

/// What is known of the accounts so far.
#[derive(Debug, Default)]
pub(super) struct Known {
    /// The classes on a day, in the order of the first of each; each in order.
    classes: FxHashMap<i32, Rc<Vec<Vec<AccountId>>>>,
    people: FxHashMap<(Vec<Var>, i32), Rc<People>>,
    /// The combinations of facts that are true of some account.
    somebody: FxHashMap<(Vec<Var>, i32), Diagram>,
}

/// All that tells accounts apart as targets on a day: the unit, the labels, what was given, the tests of attributes that are passed.
type Facts = (Option<u32>, Vec<u32>, Vec<GivenWhat>, Vec<Var>);

impl Algebra<'_> {
    /// The accounts by which of these facts are true of them; here and below, what is true on a day is true from the turn before on.
    pub(super) fn people(&mut self, vars: &[Var], day: i32) -> Rc<People> {
        let day = self.lasting.turn(day);
        let key = (vars.to_vec(), day);
        if let Some(known) = self.people.people.get(&key) {
            return Rc::clone(known);
        }
        let mut people = People::default();
        for (number, class) in self.classes(day).iter().enumerate() {
            let alike = people.entry(self.truths(vars, class[0], day)).or_insert(Alike { count: 0, classes: vec![] });
            alike.count += class.len();
            alike.classes.push(number);
        }
        let people = Rc::new(people);
        self.people.people.insert(key, Rc::clone(&people));
        people
    }

    /// The combinations of these facts that are true of some account other than these.
    ///
    /// # Errors
    /// When the question has used up its nodes.
    pub(super) fn some_account(&mut self, vars: &[Var], day: i32, without: &[AccountId]) -> Exact<Diagram> {
        let day = self.lasting.turn(day);
        let people = self.people(vars, day);
        let mut gone: FxHashMap<Vec<Var>, usize> = FxHashMap::default();
        for account in without {
            *gone.entry(self.truths(vars, *account, day)).or_default() += 1;
        }
        gone.retain(|truths, gone| people.get(truths).is_some_and(|alike| alike.count <= *gone));
        let key = (vars.to_vec(), day);
        if let Some(known) = self.people.somebody.get(&key).filter(|_| gone.is_empty()) {
            return Ok(*known);
        }
        let cells = people.keys().filter(|truths| !gone.contains_key(*truths)).cloned().collect();
        let found = cells::one_of(&mut self.diagrams, vars, cells)?;
        if gone.is_empty() {
            self.people.somebody.insert(key, found);
        }
        Ok(found)
    }

    /// The accounts in classes, as targets on a day; none is empty.
    pub(super) fn classes(&mut self, day: i32) -> Rc<Vec<Vec<AccountId>>> {
        let day = self.lasting.turn(day);
        if let Some(known) = self.people.classes.get(&day) {
            return Rc::clone(known);
        }
        let given = asked_given(self.rights);
        let attributes = self
            .facts
            .of(|f| f.party == Party::User && f.lane == Lane::First && matches!(f.subject, Subject::Attribute(_)));
        let mut numbers: FxHashMap<Facts, usize> = FxHashMap::default();
        let mut classes: Vec<Vec<AccountId>> = vec![];
        for account in (0..self.model.accounts.len()).map(AccountId::new) {
            let facts = self.facts_of(account, day, &given, &attributes);
            let number = *numbers.entry(facts).or_insert(classes.len());
            if number == classes.len() {
                classes.push(vec![]);
            }
            classes[number].push(account);
        }
        let classes = Rc::new(classes);
        self.people.classes.insert(day, Rc::clone(&classes));
        classes
    }

    fn facts_of(&self, account: AccountId, day: i32, asked: &FxHashSet<GivenWhat>, attributes: &[Var]) -> Facts {
        let declared = &self.model.accounts[account.index()];
        let own = self.rights.accounts[account.index()].given();
        let mut given: Vec<GivenWhat> =
            own.iter().filter(|g| day <= g.days.until && asked.contains(&g.what)).map(|g| g.what).collect();
        given.sort_unstable();
        given.dedup();
        let mut labels: Vec<u32> = declared.labels.iter().map(|l| l.0).collect();
        labels.sort_unstable();
        labels.dedup();
        (declared.unit.as_ref().map(|u| u.node.0), labels, given, self.truths(attributes, account, day))
    }

    /// Which of these facts are true of an account, as a target.
    pub(super) fn truths(&self, vars: &[Var], account: AccountId, day: i32) -> Vec<Var> {
        let known = self.known(account, Mode::Target, day);
        vars.iter().copied().filter(|v| known.test(&self.facts.get(*v).test)).collect()
    }
}

/// What was given as far as a predicate asks for it.
pub(super) fn asked_given(rights: &Rights) -> FxHashSet<GivenWhat> {
    rights.nodes.list().iter().filter_map(asked_for).collect()
}

const fn asked_for(node: &Node) -> Option<GivenWhat> {
    match node {
        Node::Test(Test::Given(role)) => Some(GivenWhat::Role(*role)),
        Node::Test(Test::DirectTier(tier)) => Some(GivenWhat::DirectTier(*tier)),
        _ => None,
    }
}

/// Whether it is a matter of what was given.
pub(super) const fn is_given(fact: &Fact) -> bool {
    matches!(fact.subject, Subject::Role(_) | Subject::Tier(_))
}
