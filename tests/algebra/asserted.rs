//! Assertions: who breaks them, from which day on, against every actor, action, target and day.

use std::collections::BTreeSet;

use bailiwick::algebra::Algebra;
use bailiwick::check::asserting::{Breach, Breaker, breaches};
use bailiwick::check::{bw307, bw605};
use bailiwick::lower::rights::Asserted;

use super::ask::{algebra, compile_with};
use super::board::{Board, Case, Memory, Place, Row, Seat, decided};
use super::counted::told;
use super::roles::held_by;
use super::told::silent;
use super::trial::{Trial, count, on_dense_policies, opened};
use super::world::{Led, Spot};
use crate::oracle::eval::{inside, is_among, own_grants, speaks_of};
use crate::oracle::generate::actions;
use crate::oracle::many::{assertions, nevers};
use crate::oracle::policy::{
    ActionPath, Actor, Admin, Assertion, Except, Policy, Question, Scope, Signature, Subject, Subjects,
};
use crate::oracle::print::print;
use crate::oracle::truth::Truth;

#[test]
fn an_assertion_is_broken_by_exactly_those_for_whom_some_case_breaks_it() {
    let dressed = |policy: Policy, lines: &[Vec<u8>]| {
        let policy = silent(&policy);
        Policy { assertions: assertions(&policy, lines), ..policy }
    };
    on_dense_policies("assertions", 20, dressed, |trial| {
        let at = trial.day(&mut trial.dice());
        let speaks_of_roles = trial.policy.assertions.iter().any(|a| !roles_of(a).is_empty());
        let asked = Asked::new(trial, at, speaks_of_roles)?;
        let outcome = compile_with(&print(trial.policy, 0), &["BW605"], at);
        let told = outcome.findings.iter().filter(|f| f.code == bw605::CODE).filter_map(|f| f.span());
        let told: BTreeSet<u32> = told.map(|span| span.start).collect();
        for row in &trial.compiled.rights().asserted {
            let Asserted::Rule(index) = row.what else { return Err("a promise that nobody made".into()) };
            let assertion = &trial.policy.assertions[index];
            let Some(expected) = asked.expected(assertion)? else { continue };
            count(&trial.tally.compared, 1);
            let algebra = &mut algebra(trial.compiled);
            let found = trial.known(breaches(algebra, row, assertion.always, at))?;
            let said: Vec<(Breaker, i32)> = found.iter().map(|b| (b.who, b.day)).collect();
            if said != expected {
                return Err(format!("{assertion:?} from {at} on\nis broken by {expected:?}, and it says {said:?}"));
            }
            let declared = trial.compiled.model().assertions[index].span;
            if told.contains(&declared.start) == expected.is_empty() {
                return Err(format!("broken by {expected:?}, and the finding says otherwise: {assertion:?}"));
            }
            for breach in &found {
                asked.confirm(algebra, assertion, breach)?;
            }
        }
        Ok(())
    });
}

#[test]
fn a_role_is_told_to_break_its_never_where_some_case_breaks_it() {
    let dressed = |policy: Policy, lines: &[Vec<u8>]| {
        let mut policy = opened(silent(&policy));
        for (role, never) in nevers(&policy, lines) {
            policy.roles[role].nevers.push(never);
        }
        policy
    };
    on_dense_policies("nevers", 20, dressed, |trial| {
        let at = trial.day(&mut trial.dice());
        let asked = Asked::new(trial, at, true)?;
        let found = told(trial.policy, "BW307", at)?;
        let found: BTreeSet<u32> =
            found.iter().filter(|f| f.code == bw307::CODE).filter_map(|f| f.span()).map(|span| span.start).collect();
        for role in &trial.policy.roles {
            let id = trial.names.role(&role.name)?;
            let model = trial.compiled.model();
            let mut declared: Vec<(u32, usize)> =
                model.roles[id.index()].nevers.iter().enumerate().map(|(i, never)| (never.span.start, i)).collect();
            // As they are written.
            declared.sort_unstable();
            for (never, (start, index)) in role.nevers.iter().zip(declared) {
                let Some(expected) = asked.first(&about(&role.name, never), Of::Role(&role.name))? else { continue };
                count(&trial.tally.compared, 1);
                if found.contains(&start) != expected.is_some() {
                    return Err(format!("{}: {never:?} broken from {expected:?} on, and it says not", role.name));
                }
                let what = Asserted::Never(id, index);
                let row = trial.compiled.rights().asserted.iter().find(|row| row.what == what).ok_or("no promise")?;
                let broken = trial.known(breaches(&mut algebra(trial.compiled), row, false, at))?;
                if broken.first().map(|b| b.day) != expected || broken.len() > 1 {
                    return Err(format!("{}: {never:?} broken from {expected:?} on, and not {broken:?}", role.name));
                }
            }
        }
        Ok(())
    });
}

/// What a role never does, as an assertion about the role.
fn about(role: &str, never: &Except) -> Assertion {
    let subjects = Subjects { items: vec![Subject::Role(role.into())], except: vec![] };
    Assertion { always: false, subjects, actions: never.actions.clone(), on: never.on.clone() }
}

const fn role_of(subject: &Subject) -> Option<&String> {
    if let Subject::Role(role) = subject { Some(role) } else { None }
}

/// The roles of which an assertion speaks, by name.
fn roles_of(assertion: &Assertion) -> BTreeSet<&String> {
    let except: BTreeSet<&String> = assertion.subjects.except.iter().filter_map(role_of).collect();
    assertion.subjects.items.iter().filter_map(role_of).filter(|role| !except.contains(role)).collect()
}

/// What is answered about a case, by its number.
type Answer<'l> = dyn Fn(usize, &Case) -> Result<bool, String> + 'l;

/// Of whom an assertion is asked.
#[derive(Clone, Copy)]
enum Of<'n> {
    /// Those of a seat.
    Seat(usize),
    /// Whoever could hold a role, by the role's own grants.
    Role(&'n str),
}

/// The cases of a policy, for its assertions.
struct Asked<'t, 'a> {
    trial: &'t Trial<'a>,
    board: Board<'t, 'a>,
    at: i32,
    /// All that assertions are about.
    scopes: Vec<Scope>,
    inside: Memory,
}

impl<'t, 'a> Asked<'t, 'a> {
    fn new(trial: &'t Trial<'a>, at: i32, with_roles: bool) -> Result<Self, String> {
        let board = Board::new(trial, trial.policy, at, with_roles)?;
        let mut scopes: Vec<Scope> = vec![];
        let nevers = trial.policy.roles.iter().flat_map(|r| &r.nevers).map(|n| &n.on);
        for scope in trial.policy.assertions.iter().map(|a| &a.on).chain(nevers).flatten() {
            if !scopes.contains(scope) {
                scopes.push(scope.clone());
            }
        }
        Ok(Self { trial, board, at, scopes, inside: Memory::default() })
    }

    /// The first day of a breach for each that has any: accounts by name, everybody else, roles by name. None where there is too much
    /// to ask.
    fn expected(&self, assertion: &Assertion) -> Result<Option<Vec<(Breaker, i32)>>, String> {
        let mut found = vec![];
        for seat in self.board.people() {
            let breaker = match &self.board.seats[seat] {
                Seat::Account(name) => Breaker::Account(self.trial.names.account(name)?),
                _ => Breaker::Anybody,
            };
            let Some(day) = self.first(assertion, Of::Seat(seat))? else { return Ok(None) };
            found.extend(day.map(|day| (breaker, day)));
        }
        for role in roles_of(assertion) {
            let Some(day) = self.first(assertion, Of::Role(role))? else { return Ok(None) };
            let breaker = Breaker::Role(self.trial.names.role(role)?);
            found.extend(day.map(|day| (breaker, day)));
        }
        Ok(Some(found))
    }

    /// Whether the assertion speaks of an action.
    fn speaks_of(&self, assertion: &Assertion, action: &ActionPath) -> bool {
        let actor = self.trial.named(0);
        let question = Question { actor, action: action.clone(), entity: None, user: None, day: self.at };
        speaks_of(self.trial.policy, &question, &assertion.actions, assertion.on.as_ref())
    }

    /// The first day on which some case breaks the assertion; the outer none where there is too much to ask.
    fn first(&self, assertion: &Assertion, of: Of<'_>) -> Result<Option<Option<i32>>, String> {
        let spoken = self.board.actions.iter().enumerate().filter(|(_, a)| self.speaks_of(assertion, a));
        let spoken: Vec<(usize, Signature)> = spoken.map(|(i, a)| (i, self.trial.world.signature(a))).collect();
        let seats: Vec<usize> = match of {
            Of::Seat(seat) => vec![seat],
            Of::Role(_) => self.board.holders().collect(),
        };
        let members = Memory::default();
        for day in self.board.days.iter().copied() {
            for (action, signature) in spoken.iter().copied() {
                for seat in seats.iter().copied().filter(|seat| self.acts(*seat, day)) {
                    for kind in 0..Board::kinds(signature) {
                        let place = (seat, signature, kind);
                        match self.breaks(assertion, &members, of, place, (action, day))? {
                            None => return Ok(None),
                            Some(true) => return Ok(Some(Some(day))),
                            Some(false) => {}
                        }
                    }
                }
            }
        }
        Ok(Some(None))
    }

    /// Whether who sits there may do anything on a day.
    fn acts(&self, seat: usize, day: i32) -> bool {
        let Seat::Account(name) = &self.board.seats[seat] else { return true };
        self.trial.policy.admins.iter().any(|a| a.name == *name && acts(a, day))
    }

    /// Whether some case of a place breaks the assertion; none where there are too many.
    fn breaks(
        &self,
        assertion: &Assertion,
        members: &Memory,
        of: Of<'_>,
        place: Place,
        (action, day): (usize, i32),
    ) -> Result<Option<bool>, String> {
        let Some(cases) = self.board.cases(place) else { return Ok(None) };
        self.board.tried(cases.len());
        let member = self.members(assertion, members, place, (action, day));
        let number = assertion.on.as_ref().and_then(|on| self.scopes.iter().position(|s| s == on));
        let there = number.map(|n| self.board.inside((&self.inside, n), &self.scopes[n], place, (action, day)));
        let has: Box<Answer<'_>> = match of {
            Of::Seat(_) => Box::new(self.board.allowed(place, (action, None), day)),
            Of::Role(role) => Box::new(self.board.granted(place, (action, role), day)),
        };
        for (at, case) in cases.iter().enumerate() {
            let spoken_of = matches!(of, Of::Role(_)) || member(at, case)?;
            if spoken_of
                && there.as_ref().map_or(Ok(true), |there| there(at, case))?
                && has(at, case)? != assertion.always
            {
                return Ok(Some(true));
            }
        }
        Ok(Some(false))
    }

    /// Whether the assertion speaks of the actors; unless it asks who the target is, it is asked once of each.
    fn members(
        &self,
        assertion: &Assertion,
        members: &Memory,
        place: Place,
        (action, day): (usize, i32),
    ) -> impl Fn(usize, &Case) -> Result<bool, String> {
        let (seat, signature, kind) = place;
        let (mut items, except) = (assertion.subjects.items.iter(), &assertion.subjects.except);
        let by_target = items.any(|s| *s == Subject::Myself) || except.contains(&Subject::Myself);
        let number = self.board.number(day);
        let row: Row = match by_target {
            true => members.row([seat, signature as usize, kind, number, 1, 0], self.board.size(place)),
            false => members.row([seat, 0, 0, number, 0, 0], self.trial.world.actors.len().max(1)),
        };
        let subjects = assertion.subjects.clone();
        move |at, case| {
            row.is(if by_target { at } else { case.number }, || {
                self.board.ask(seat, case, (&self.board.actions[action], day), |question| {
                    decided(is_among(self.trial.policy, question, &subjects), question)
                })
            })
        }
    }

    /// That the example of a breach is one.
    fn confirm(&self, algebra: &Algebra<'_>, assertion: &Assertion, breach: &Breach) -> Result<(), String> {
        let trial = self.trial;
        let (spot, led, _) = trial.names.told(&breach.witness);
        let path = actions(trial.policy).into_iter().find(|a| trial.names.action(a) == Ok(breach.action));
        let action = path.ok_or("an action that there is not")?;
        let breaks = match breach.who {
            Breaker::Role(role) => {
                let name = &algebra.model.roles[role.index()].name;
                let facts = trial.names.actor_of(&breach.witness)?;
                role_breaks(trial, assertion, (name, facts), (&action, &spot, &led), breach.day)
            }
            who => {
                let actor = match who {
                    Breaker::Account(account) => {
                        Actor::Named(algebra.model.accounts[account.index()].block.to_string())
                    }
                    _ => Actor::Unnamed(trial.names.actor_of(&breach.witness)?),
                };
                let question = trial.world.question(&actor, &action, &spot, &led, breach.day);
                let allowed = trial.confirmed(&question)?;
                let acting = |name: &String| trial.policy.admins.iter().any(|a| a.name == *name && acts(a, breach.day));
                let acting = if let Actor::Named(name) = &actor { acting(name) } else { true };
                let among = is_among(trial.policy, &question, &assertion.subjects) == Truth::True;
                let there = is_there(trial.policy, &question, assertion.on.as_ref());
                acting && among && there && allowed != assertion.always
            }
        };
        if breaks { Ok(()) } else { Err(format!("an example that is none: {}", breach.witness.text)) }
    }
}

/// Whether an account may do anything on a day.
fn acts(admin: &Admin, day: i32) -> bool {
    let (from, until) = (admin.valid.from, admin.valid.until);
    !admin.inactive && from.is_none_or(|d| d <= day) && until.is_none_or(|d| day <= d)
}

/// Whether a case of somebody who holds a role breaks an assertion about it.
fn role_breaks(
    trial: &Trial<'_>,
    assertion: &Assertion,
    (role, facts): (&str, crate::oracle::policy::Facts),
    (action, spot, led): (&ActionPath, &Spot, &Led),
    day: i32,
) -> bool {
    let holder = held_by(trial.policy, facts);
    let question = super::roles::put(trial, &holder, action, (spot, led), day);
    let there = is_there(&holder.policy, &question, assertion.on.as_ref());
    there && (own_grants(&holder.policy, &question, role) == Truth::True) != assertion.always
}

fn is_there(policy: &Policy, question: &Question, scope: Option<&Scope>) -> bool {
    scope.is_none_or(|scope| inside(policy, question, scope) == Truth::True)
}
