//! The cases of a small policy laid out once, and what was answered about each: many declarations are held against the same answers.

use std::cell::{Cell, OnceCell, RefCell};
use std::collections::{BTreeSet, HashMap};
use std::rc::Rc;

use super::regions::everybody;
use super::roles::{Holder, holders, put};
use super::trial::{Trial, count};
use super::world::{Kind, Led, Spot, is_somebody_else};
use crate::oracle::eval::{allow, allow_by, inside, own_grants};
use crate::oracle::generate::actions;
use crate::oracle::policy::{ActionPath, Actor, Period, Policy, Question, Scope, Signature};
use crate::oracle::truth::Truth;

/// Answers to one question, by case.
#[derive(Clone)]
pub(crate) struct Row(Rc<[Cell<Option<bool>>]>);

impl Row {
    /// The answer for a case, asked for once.
    pub(crate) fn is(&self, at: usize, ask: impl FnOnce() -> Result<bool, String>) -> Result<bool, String> {
        if let Some(known) = self.0[at].get() {
            return Ok(known);
        }
        let answer = ask()?;
        self.0[at].set(Some(answer));
        Ok(answer)
    }
}

/// Answers to many questions.
#[derive(Default)]
pub(crate) struct Memory(RefCell<HashMap<[usize; 6], Row>>);

impl Memory {
    /// What is known of these cases.
    pub(crate) fn row(&self, key: [usize; 6], cases: usize) -> Row {
        let fresh = || Row(std::iter::repeat_n(Cell::new(None), cases).collect());
        self.0.borrow_mut().entry(key).or_insert_with(fresh).clone()
    }
}

/// Who is asked for: an account, all whom the policy does not name, or one who could hold a role.
pub(crate) enum Seat {
    Account(String),
    Anybody(Vec<Actor>),
    Holder(Box<Holder>),
}

/// A case of a seat.
pub(crate) struct Case {
    pub(crate) actor: Actor,
    /// Which of the seat's actors it is.
    pub(crate) number: usize,
    pub(crate) spot: Spot,
    pub(crate) led: Led,
    /// The questions about it, by the parts that an action uses: entity, user.
    questions: [OnceCell<RefCell<Question>>; 4],
}

/// Where cases are: of whom, of which signature, of which kind of target.
pub(crate) type Place = (usize, Signature, usize);

/// The cases of a place; none where there are too many.
type Laid = Option<Rc<Vec<Case>>>;

/// The cases and answers of one policy.
pub(crate) struct Board<'t, 'a> {
    pub(crate) trial: &'t Trial<'a>,
    /// Whose rights are asked for; it may have fewer rules than the one by which cases are told apart.
    pub(crate) policy: &'t Policy,
    /// Accounts by name, everybody else, then who could hold a role.
    pub(crate) seats: Vec<Seat>,
    pub(crate) actions: Vec<ActionPath>,
    pub(crate) days: Vec<i32>,
    cases: RefCell<HashMap<[usize; 3], Laid>>,
    allowed: Memory,
    granted: Memory,
}

impl<'t, 'a> Board<'t, 'a> {
    /// Without those who could hold a role, unless they are asked for.
    pub(crate) fn new(trial: &'t Trial<'a>, policy: &'t Policy, at: i32, with_holders: bool) -> Result<Self, String> {
        let mut seats: Vec<Seat> = everybody(trial)?
            .into_iter()
            .map(|who| match &who.actors[0] {
                Actor::Named(name) => Seat::Account(name.clone()),
                Actor::Unnamed(_) => Seat::Anybody(who.actors),
            })
            .collect();
        // Accounts by name, then everybody else.
        seats.rotate_left(1);
        if with_holders {
            seats.extend(holders(trial).into_iter().map(|holder| Seat::Holder(Box::new(holder))));
        }
        let (cases, allowed, granted) = Default::default();
        let days = days(policy, at);
        Ok(Self { trial, policy, seats, actions: actions(policy), days, cases, allowed, granted })
    }

    /// The seats of accounts, and that of everybody else.
    pub(crate) fn people(&self) -> std::ops::RangeInclusive<usize> {
        0..=self.trial.policy.admins.len()
    }

    /// The seats of those who could hold a role.
    pub(crate) fn holders(&self) -> std::ops::Range<usize> {
        self.trial.policy.admins.len() + 1..self.seats.len()
    }

    /// How many kinds of targets there are.
    pub(crate) const fn kinds(signature: Signature) -> usize {
        if signature.uses_users() { 3 } else { 1 }
    }

    /// The cases of a place: strangers, other accounts of the policy, the actor itself. None where there are too many to try them all.
    pub(crate) fn cases(&self, (seat, signature, kind): Place) -> Laid {
        let key = [seat, signature as usize, kind];
        if let Some(known) = self.cases.borrow().get(&key) {
            return known.clone();
        }
        let (actors, own) = match &self.seats[seat] {
            Seat::Account(name) => (vec![Actor::Named(name.clone())], None),
            Seat::Anybody(actors) => (actors.clone(), None),
            Seat::Holder(holder) => (vec![Actor::Unnamed(holder.facts.clone())], holder.account.as_ref()),
        };
        let laid = self.laid_out(&actors, own, signature, kind).map(Rc::new);
        self.cases.borrow_mut().insert(key, laid.clone());
        laid
    }

    /// `own` is the account of the policy that the actor is looked at as.
    fn laid_out(&self, actors: &[Actor], own: Option<&String>, signature: Signature, kind: usize) -> Option<Vec<Case>> {
        let world = &self.trial.world;
        let leads = world.leads(signature);
        let mut all = vec![];
        for (number, actor) in actors.iter().enumerate() {
            let mut spots = world.spots(signature, &kind_of(actor, own, kind));
            if let (Actor::Unnamed(facts), 0) = (actor, kind) {
                spots.retain(|spot| is_somebody_else(facts, spot));
            }
            if !self.trial.may_try(spots.len() * leads.len()) {
                return None;
            }
            for (spot, led) in spots.iter().flat_map(|s| leads.iter().map(move |l| (s, l))) {
                let (mut spot, mut led) = (spot.clone(), led.clone());
                if signature == Signature::Account {
                    // One account stands in both parts at once.
                    (spot.entity, led.entity) = (spot.user.clone(), led.user.clone());
                }
                all.push(Case { actor: actor.clone(), number, spot, led, questions: Default::default() });
            }
        }
        Some(all)
    }

    /// The policy in which a seat acts.
    pub(crate) fn policy_of(&self, seat: usize) -> &Policy {
        if let Seat::Holder(holder) = &self.seats[seat] { &holder.policy } else { self.policy }
    }

    /// Asks a question about a case, with the parts that the action uses.
    pub(crate) fn ask<T>(
        &self,
        seat: usize,
        case: &Case,
        (action, day): (&ActionPath, i32),
        answer: impl Fn(&Question) -> T,
    ) -> T {
        let signature = self.trial.world.signature(action);
        let entity = matches!(signature, Signature::Entity | Signature::EntityAndUser);
        let shape = 2 * usize::from(entity) + usize::from(signature.uses_users());
        let question = case.questions[shape].get_or_init(|| {
            let (spot, led) = (part(self.trial, action, &case.spot), &case.led);
            RefCell::new(match &self.seats[seat] {
                Seat::Holder(holder) => put(self.trial, holder, action, (&spot, led), day),
                _ => self.trial.world.question(&case.actor, action, &spot, led, day),
            })
        });
        {
            let mut question = question.borrow_mut();
            question.day = day;
            question.action.clone_from(action);
        }
        answer(&question.borrow())
    }

    /// Answers on what is allowed at a place on a day; `only_by` is a role by which alone it counts.
    pub(crate) fn allowed(
        &self,
        place: Place,
        (action, only_by): (usize, Option<&str>),
        day: i32,
    ) -> impl Fn(usize, &Case) -> Result<bool, String> {
        let (seat, signature, kind) = place;
        let role = only_by.map_or(0, |name| 1 + self.role(name));
        let key = [seat, signature as usize, kind, action, role, self.number(day)];
        let row = self.allowed.row(key, self.size(place));
        move |at, case| {
            row.is(at, || {
                self.ask(seat, case, (&self.actions[action], day), |question| {
                    let answer = match only_by {
                        Some(role) => allow_by(self.policy, question, role),
                        None => allow(self.policy, question),
                    };
                    decided(answer, question)
                })
            })
        }
    }

    /// Answers on the own grants of a role, at the place of one who could hold it.
    pub(crate) fn granted(
        &self,
        place: Place,
        (action, role): (usize, &str),
        day: i32,
    ) -> impl Fn(usize, &Case) -> Result<bool, String> {
        let (seat, signature, kind) = place;
        let key = [seat, signature as usize, kind, action, self.role(role), self.number(day)];
        let row = self.granted.row(key, self.size(place));
        move |at, case| {
            row.is(at, || {
                self.ask(seat, case, (&self.actions[action], day), |question| {
                    decided(own_grants(self.policy_of(seat), question, role), question)
                })
            })
        }
    }

    /// Answers on whether targets are in a scope, which are kept in a memory under a number.
    pub(crate) fn inside(
        &self,
        (memory, number): (&Memory, usize),
        scope: &Scope,
        place: Place,
        (action, day): (usize, i32),
    ) -> impl Fn(usize, &Case) -> Result<bool, String> {
        let (seat, signature, kind) = place;
        let row = memory.row([seat, signature as usize, kind, number, 0, self.number(day)], self.size(place));
        move |at, case| {
            row.is(at, || {
                self.ask(seat, case, (&self.actions[action], day), |question| {
                    decided(inside(self.policy_of(seat), question, scope), question)
                })
            })
        }
    }

    /// The number of cases at a place.
    pub(crate) fn size(&self, place: Place) -> usize {
        self.cases(place).map_or(0, |cases| cases.len())
    }

    fn role(&self, name: &str) -> usize {
        self.policy.roles.iter().position(|r| r.name == name).unwrap_or(usize::MAX)
    }

    /// The number of one of the days.
    pub(crate) fn number(&self, day: i32) -> usize {
        self.days.iter().position(|d| *d == day).unwrap_or(usize::MAX)
    }

    /// Says that so many cases were looked at.
    pub(crate) fn tried(&self, cases: usize) {
        count(&self.trial.tally.points, cases);
    }
}

/// The kinds of targets of an actor.
fn kind_of(actor: &Actor, own: Option<&String>, kind: usize) -> Kind {
    match (kind, actor) {
        (0, _) => Kind::Stranger,
        (1, Actor::Named(name)) => Kind::Named(vec![name.clone()]),
        (1, Actor::Unnamed(_)) => Kind::Named(own.into_iter().cloned().collect()),
        (_, Actor::Named(name)) => Kind::Exactly(name.clone()),
        (_, Actor::Unnamed(facts)) => Kind::Myself(facts.clone()),
    }
}

/// What an action uses of a target.
pub(crate) fn part(trial: &Trial<'_>, action: &ActionPath, spot: &Spot) -> Spot {
    let signature = trial.world.signature(action);
    let entity = matches!(signature, Signature::Entity | Signature::EntityAndUser);
    Spot { entity: spot.entity.clone().filter(|_| entity), user: spot.user.clone().filter(|_| signature.uses_users()) }
}

/// An answer that must be known: everything is told.
pub(crate) fn decided(answer: Truth, question: &Question) -> Result<bool, String> {
    match answer {
        Truth::True => Ok(true),
        Truth::False => Ok(false),
        Truth::Unknown => Err(format!("the interpreter does not know: {question:?}")),
    }
}

/// The days from one on, that day and those on which something begins or has ended: between them nothing changes.
pub(crate) fn days(policy: &Policy, at: i32) -> Vec<i32> {
    let lines = policy.roles.iter().flat_map(|r| &r.allows).chain(policy.admins.iter().flat_map(|a| &a.allows));
    let given = policy.admins.iter().flat_map(|a| a.assignments.iter().map(|g| g.period).chain([a.valid]));
    let turns = |period: Period| period.from.into_iter().chain(period.until.map(|day| day + 1));
    let all: BTreeSet<i32> =
        lines.map(|line| line.period).chain(given).flat_map(turns).filter(|day| *day > at).collect();
    std::iter::once(at).chain(all).collect()
}
