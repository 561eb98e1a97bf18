//! The algebra of rights: regions as functions of facts, compared exactly.
//!
//! A region is a boolean combination of tests, and here a decision diagram over them ([`diagram`]). What can be true at once (an
//! account is in one unit, an attribute has one value) is another diagram, made by construction ([`cells`]); their conjunction is empty
//! exactly when no target exists. Predicates become diagrams as somebody sees them: an account of the policy, somebody unnamed, the
//! holder of a role ([`lens`]). From them come the rights of each ([`reach`]), and a [`witness`] for everything that is refuted.
//!
//! A question that needs more nodes than [`diagram::MOST_NODES`] has the answer [`TooManyCases`]: unknown.

pub mod cells;
pub mod change;
pub mod diagram;
pub mod facts;
pub mod ground;
pub mod guise;
pub mod lasting;
pub mod lens;
mod people;
pub mod potential;
pub mod reach;
pub mod witness;

use rustc_hash::FxHashMap;

use crate::lower::rights::Rights;
use crate::model::Model;
use crate::model::id::{AccountId, AttributeId};
use crate::region::Test;
use diagram::Var;
pub use diagram::{Diagram, Diagrams, Exact, TooManyCases};
use facts::{Fact, Facts, Subject};
pub use facts::{Lane, Party};
pub use ground::Made;
pub use lasting::Turns;
pub use lens::{Actor, EntityPart, Lens, Target};
use people::is_given;
pub use witness::Witness;

/// The rights of a policy as regions, and what is known of them so far.
#[derive(Debug)]
pub struct Algebra<'a> {
    /// The policy.
    pub model: &'a Model,
    /// Its rights.
    pub rights: &'a Rights,
    diagrams: Diagrams,
    facts: Facts,
    traits: Vec<lens::Traits>,
    translated: lens::Translated,
    /// What can be, whatever accounts there are.
    standing: ground::Standing,
    /// The combinations of facts that exist, where accounts decide it.
    possible: FxHashMap<Question, Diagram>,
    /// The parts of regions that can be, likewise.
    parts: FxHashMap<(Diagram, View), Diagram>,
    /// Whether there is any such part, where that alone was asked.
    empty: FxHashMap<(Diagram, View), bool>,
    people: people::Known,
    forbids: Vec<Vec<u32>>,
    endings: Vec<i32>,
    lasting: lasting::Lasting,
    guises: Vec<guise::Guise>,
    guise_numbers: FxHashMap<guise::Guise, u32>,
    powers: potential::powers::Powers,
}

/// What the facts that are possible depend on.
#[derive(Debug, PartialEq, Eq, Hash)]
struct Question {
    support: diagram::Support,
    actor: Actor,
    target: Target,
    day: i32,
    without: Vec<AccountId>,
}

/// All of a point of view that decides what is possible.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct View {
    actor: Actor,
    target: Target,
    day: i32,
}

/// Who asks, as far as its own facts are free: of an account everything is known, but for what was freed.
const fn free_actor(actor: Actor) -> Actor {
    match actor {
        Actor::Guise(guise::GuiseId { account: None, .. }) | Actor::Anybody => Actor::Anybody,
        _ => Actor::Holder,
    }
}

/// Who the target is, as far as its own facts are free.
const fn free_target(target: Target) -> Target {
    match target {
        Target::Stranger | Target::Named | Target::Anyone => target,
        // Its facts are known, or the actor's.
        Target::Exactly(_) | Target::Changed(_) | Target::Met(_) | Target::Myself => Target::Myself,
    }
}

impl<'a> Algebra<'a> {
    /// The algebra of these rights.
    #[must_use]
    pub fn new(model: &'a Model, rights: &'a Rights) -> Self {
        Self::with(model, rights, Made::default())
    }

    /// The same with what some other algebra made.
    #[must_use]
    pub fn with(model: &'a Model, rights: &'a Rights, made: Made) -> Self {
        let facts = Facts::new(model, rights);
        let (diagrams, standing) = made.on_ground_of(model, &facts);
        let mut forbids = vec![vec![]; model.actions.len()];
        for (row, forbid) in (0..).zip(&rights.forbids) {
            for action in &forbid.actions {
                forbids[action.index()].push(row);
            }
        }
        Self {
            model,
            rights,
            diagrams,
            facts,
            traits: lens::Traits::of_all(&rights.nodes),
            translated: lens::Translated::default(),
            standing,
            possible: FxHashMap::default(),
            parts: FxHashMap::default(),
            empty: FxHashMap::default(),
            people: people::Known::default(),
            forbids,
            endings: endings(rights),
            lasting: lasting::Lasting::of(model, rights),
            guises: vec![],
            guise_numbers: FxHashMap::default(),
            powers: potential::powers::Powers::of(model, rights),
        }
    }

    /// Begins a question of its own: the limit counts anew.
    pub const fn begin(&mut self) {
        self.diagrams.begin();
    }

    /// How many nodes all questions so far have made.
    #[must_use]
    pub fn size(&self) -> usize {
        self.diagrams.len()
    }

    /// Both.
    ///
    /// # Errors
    /// When there are too many cases.
    pub fn and(&mut self, a: Diagram, b: Diagram) -> Exact<Diagram> {
        self.diagrams.and(a, b)
    }

    /// Either.
    ///
    /// # Errors
    /// When there are too many cases.
    pub fn or(&mut self, a: Diagram, b: Diagram) -> Exact<Diagram> {
        self.diagrams.or(a, b)
    }

    /// The first and not the second.
    ///
    /// # Errors
    /// When there are too many cases.
    pub fn minus(&mut self, a: Diagram, b: Diagram) -> Exact<Diagram> {
        self.diagrams.minus(a, b)
    }

    /// Who of the policy asks matters where the target may be one of its accounts, as nobody is another one; when, where it is.
    fn view(&self, lens: Lens) -> View {
        let named = lens.target == Target::Named;
        let account = lens.actor.account().filter(|_| named || lens.target == Target::Anyone).map(Actor::Account);
        View {
            actor: account.unwrap_or_else(|| free_actor(lens.actor)),
            target: free_target(lens.target),
            day: if named { self.lasting.turn(lens.day) } else { 0 },
        }
    }

    /// The part of a region that can be: the cells of it that exist. It is nothing exactly when the region is empty.
    ///
    /// # Errors
    /// When there are too many cases.
    pub fn possible(&mut self, region: Diagram, lens: Lens) -> Exact<Diagram> {
        self.possible_without(region, lens, &[])
    }

    /// The same, where these accounts, too, are not the target (with [`Target::Named`]).
    ///
    /// # Errors
    /// When there are too many cases.
    pub fn possible_without(&mut self, region: Diagram, lens: Lens, without: &[AccountId]) -> Exact<Diagram> {
        if region == Diagram::FALSE {
            return Ok(region);
        }
        let view = self.view(lens);
        // Somebody whom the policy does not name is none of these.
        let all = without.is_empty() || lens.target != Target::Named;
        let key = (region, view);
        if all && let Some(known) = self.standing.parts.get(&key).or_else(|| self.parts.get(&key)) {
            return Ok(*known);
        }
        let support = self.diagrams.support_of(region)?;
        let cells = self.cells(support, lens, without)?;
        let part = self.diagrams.and(region, cells)?;
        if all {
            let stands = self.stands(support, view.target);
            let parts = if stands { &mut self.standing.parts } else { &mut self.parts };
            parts.insert(key, part);
        }
        Ok(part)
    }

    /// Whether a region is empty.
    ///
    /// # Errors
    /// When there are too many cases.
    pub fn is_empty(&mut self, region: Diagram, lens: Lens) -> Exact<bool> {
        self.is_empty_without(region, lens, &[])
    }

    /// The same, where these accounts, too, are not the target (with [`Target::Named`]). The part that can be is not made for it.
    fn is_empty_without(&mut self, region: Diagram, lens: Lens, without: &[AccountId]) -> Exact<bool> {
        if region == Diagram::FALSE {
            return Ok(true);
        }
        let view = self.view(lens);
        let all = without.is_empty() || lens.target != Target::Named;
        let key = (region, view);
        if all {
            let empty = self.standing.empty.get(&key).or_else(|| self.empty.get(&key)).copied();
            let part = || self.standing.parts.get(&key).or_else(|| self.parts.get(&key)).map(|p| *p == Diagram::FALSE);
            if let Some(known) = empty.or_else(part) {
                return Ok(known);
            }
        }
        let support = self.diagrams.support_of(region)?;
        let cells = self.cells(support, lens, without)?;
        let found = !self.diagrams.meet(region, cells);
        if all {
            let stands = self.stands(support, view.target);
            let empty = if stands { &mut self.standing.empty } else { &mut self.empty };
            empty.insert(key, found);
        }
        Ok(found)
    }

    /// The combinations of these facts that exist.
    fn cells(&mut self, support: diagram::Support, lens: Lens, without: &[AccountId]) -> Exact<Diagram> {
        let question = self.question(support, lens, without);
        let stands = self.stands(support, question.target);
        let known = if stands { &self.standing.possible } else { &self.possible };
        if let Some(known) = known.get(&question) {
            return Ok(*known);
        }
        let support = &self.diagrams.vars(support).to_vec();
        let (actor, entity, user) =
            (self.asked(support, Party::Actor), self.asked(support, Party::Entity), self.asked(support, Party::User));
        let mut cells = self.free(&entity, false, false)?;
        // Whoever asks has a login.
        let actors =
            if question.actor == Actor::Anybody { self.free(&actor, true, true)? } else { self.holder(&actor)? };
        cells = self.diagrams.and(cells, actors)?;
        for party in [Party::Freed, Party::Aim, Party::Giver] {
            let changed = self.asked(support, party);
            let changed = self.free(&changed, false, true)?;
            cells = self.diagrams.and(cells, changed)?;
        }
        let users = match question.target {
            Target::Stranger => self.free(&user, true, false)?,
            Target::Anyone => self.anyone(&user, &question.without)?,
            Target::Named => self.named(&user, &question)?,
            Target::Exactly(_) | Target::Changed(_) | Target::Myself | Target::Met(_) => Diagram::TRUE,
        };
        cells = self.diagrams.and(cells, users)?;
        if matches!(question.target, Target::Stranger | Target::Anyone) {
            cells = self.apart(cells, &actor, &user)?;
        }
        let known = if stands { &mut self.standing.possible } else { &mut self.possible };
        known.insert(question, cells);
        Ok(cells)
    }

    /// Where the function can be true with some facts that whoever gave a role may have had.
    fn whoever_gave(&mut self, f: Diagram) -> Exact<Diagram> {
        let support = self.diagrams.support_of(f)?;
        let theirs = self.asked(self.diagrams.vars(support), Party::Giver);
        let cells = self.free(&theirs, false, true)?;
        let possible = self.diagrams.and(f, cells)?;
        let facts = &self.facts;
        self.diagrams.exists(possible, &|v| facts.get(v).party == Party::Giver)
    }

    fn question(&self, support: diagram::Support, lens: Lens, without: &[AccountId]) -> Question {
        let named = lens.target == Target::Named;
        let mut without = if named { without.to_vec() } else { vec![] };
        // Whoever there could be has another login than the actor.
        let login = |v: &Var| self.facts.get(*v).subject == Subject::Attribute(AttributeId::LOGIN);
        if let Some(account) = lens.actor.account()
            && (named || lens.target == Target::Anyone && self.diagrams.vars(support).iter().any(login))
        {
            without.push(account);
        }
        without.sort_unstable();
        without.dedup();
        let dated = named && self.diagrams.vars(support).iter().any(|v| is_given(self.facts.get(*v)));
        let (actor, target) = (free_actor(lens.actor), free_target(lens.target));
        Question { support, actor, target, day: if dated { self.lasting.turn(lens.day) } else { 0 }, without }
    }

    /// Of somebody whom the policy does not name, no login is one that it names.
    fn free(&mut self, facts: &[(Var, Fact)], unnamed: bool, must_have_login: bool) -> Exact<Diagram> {
        let model = self.model;
        self.free_but(facts, &|login| unnamed && is_named(model, login), must_have_login)
    }

    /// The same, where some logins are taken.
    fn free_but(
        &mut self,
        facts: &[(Var, Fact)],
        taken: &impl Fn(&str) -> bool,
        must_have_login: bool,
    ) -> Exact<Diagram> {
        let facts: Vec<(Var, &Fact)> = facts.iter().map(|(v, f)| (*v, f)).collect();
        cells::free(self.model, (&mut self.diagrams, &mut self.standing.units), &facts, taken, must_have_login)
    }

    /// Two accounts have two logins: where one is known by a test, the other's is not the same.
    fn apart(&mut self, mut cells: Diagram, actor: &[(Var, Fact)], user: &[(Var, Fact)]) -> Exact<Diagram> {
        let logins = |f: &Fact| matches!(f.test, Test::Is(AttributeId::LOGIN, _));
        for (one, fact) in actor.iter().filter(|(_, f)| logins(f)) {
            for (other, _) in user.iter().filter(|(_, f)| f.test == fact.test) {
                let (one, other) = (self.diagrams.var(*one)?, self.diagrams.var(*other)?);
                let both = self.diagrams.and(one, other)?;
                cells = self.diagrams.minus(cells, both)?;
            }
        }
        Ok(cells)
    }

    /// What is possible for anybody that there could be, but for these accounts. What the accounts of today are does not count, only
    /// what can be true at once: whom the policy gives something has a login.
    fn anyone(&mut self, facts: &[(Var, Fact)], without: &[AccountId]) -> Exact<Diagram> {
        let model = self.model;
        let taken = |login: &str| without.iter().any(|account| model.accounts[account.index()].login.as_str() == login);
        let mut cells = self.free_but(facts, &taken, false)?;
        let by_claim =
            |test: &Test| matches!(test, Test::Given(role) if self.model.roles[role.index()].by_claim.is_some());
        let given: Vec<Var> =
            facts.iter().filter(|(_, f)| is_given(f) && !by_claim(&f.test)).map(|(v, _)| *v).collect();
        for (login, _) in facts.iter().filter(|(_, f)| f.test == Test::Set(AttributeId::LOGIN)) {
            for given in &given {
                let (login, given) = (self.diagrams.var(*login)?, self.diagrams.var(*given)?);
                let without = self.diagrams.minus(given, login)?;
                cells = self.diagrams.minus(cells, without)?;
            }
        }
        Ok(cells)
    }

    /// What is possible for whoever holds a role: for somebody whom the policy does not name; and for each account that it names, whose
    /// facts are the policy's, but whatever it was given.
    fn holder(&mut self, facts: &[(Var, Fact)]) -> Exact<Diagram> {
        let unnamed = self.free(facts, true, true)?;
        if !facts.iter().any(|(_, f)| f.subject == Subject::Attribute(AttributeId::LOGIN)) {
            return Ok(unnamed);
        }
        let own = |f: &Fact| !is_given(f) && !matches!(f.subject, Subject::Relation(_));
        let vars: Vec<Var> = facts.iter().filter(|(_, f)| own(f)).map(|(v, _)| *v).collect();
        let named = self.some_account(&vars, 0, &[])?;
        self.diagrams.or(unnamed, named)
    }

    /// The combinations that are true of some account of the policy.
    fn named(&mut self, facts: &[(Var, Fact)], question: &Question) -> Exact<Diagram> {
        // What the platform tells of an account is free.
        let vars: Vec<Var> =
            facts.iter().filter(|(_, f)| !matches!(f.subject, Subject::Relation(_))).map(|(v, _)| *v).collect();
        self.some_account(&vars, question.day, &question.without)
    }
}

/// The days on which an account stops to hold, as a target, something that a predicate asks for.
fn endings(rights: &Rights) -> Vec<i32> {
    let asked = people::asked_given(rights);
    let given = rights.accounts.iter().flat_map(|a| a.given().iter()).filter(|g| asked.contains(&g.what));
    let mut endings: Vec<i32> = given.filter_map(|g| g.days.until.checked_add(1)).collect();
    endings.sort_unstable();
    endings.dedup();
    endings
}

/// Whether the policy names this folded login.
fn is_named(model: &Model, login: &str) -> bool {
    model.accounts.binary_search_by(|a| a.login.as_str().cmp(login)).is_ok()
}
