//! Assertions: who breaks them, from which day on, against every actor, action, target and day.

use bailiwick::check::asserting::{Breach, Breaker, breaches};
use bailiwick::{Compiled, check};

use super::ask::{Names, algebra, compile_with};
use super::regions::{Who, cases, everybody, kinds};
use super::roles::{Holder, holders, put};
use super::told::silent;
use super::trial::{Trial, count, on_open_policies, on_small_policies};
use super::world::{Led, Spot, is_somebody_else};
use crate::oracle::eval::{inside, is_among, own_grants, speaks_of};
use crate::oracle::generate::{FIRST_DAY, actions};
use crate::oracle::policy::{ActionPath, Actor, Assertion, Policy, Question, Scope, Subject, Subjects};
use crate::oracle::print::print;
use crate::oracle::truth::Truth;

/// After this day nothing begins or ends.
const LAST_DAY: i32 = FIRST_DAY + 8;

#[test]
fn an_assertion_is_broken_by_exactly_those_for_whom_some_case_breaks_it() {
    on_small_policies("assertions", 30, |trial| {
        let dice = &mut trial.dice();
        let at = trial.day(dice);
        for assertion in &trial.policy.assertions {
            let alone = Policy { assertions: vec![assertion.clone()], ..silent(trial.policy) };
            let errors = broken(trial, &alone, assertion, at)?;
            let Some(breaks) = errors else { continue };
            let outcome = compile_with(&print(&alone, 0), &["BW605"], at);
            if outcome.findings.iter().any(|f| f.code == check::bw605::CODE) != breaks {
                return Err(format!("broken: {breaks}, and the finding says otherwise"));
            }
        }
        for (_, alone, assertion) in nevers(trial.policy) {
            broken(trial, &alone, &assertion, at)?;
        }
        Ok(())
    });
}

#[test]
fn a_role_is_told_to_break_its_never_where_some_case_breaks_it() {
    on_open_policies("nevers", 60, |trial| {
        let at = trial.day(&mut trial.dice());
        for (role, alone, assertion) in nevers(trial.policy) {
            let asked = Asked { trial, assertion: &assertion, at };
            let Some(expected) = asked.first_of_role(&role)? else { continue };
            count(&trial.tally.compared, 1);
            let found = super::counted::told(&alone, "BW307", at)?;
            if found.is_empty() == expected.is_some() {
                return Err(format!("broken from {expected:?} on, and it says {found:?}"));
            }
        }
        Ok(())
    });
}

/// Every `never` of a role, in a policy with nothing else of the kind, and as an assertion about the role.
fn nevers(policy: &Policy) -> Vec<(String, Policy, Assertion)> {
    let mut all = vec![];
    for (index, role) in policy.roles.iter().enumerate() {
        for never in &role.nevers {
            let mut alone = silent(policy);
            alone.roles[index].nevers = vec![never.clone()];
            let subjects = Subjects { items: vec![Subject::Role(role.name.clone())], except: vec![] };
            let (actions, on) = (never.actions.clone(), never.on.clone());
            all.push((role.name.clone(), alone, Assertion { always: false, subjects, actions, on }));
        }
    }
    all
}

/// Compares who breaks the one assertion of a policy, and since when. Whether anybody does; none where there is too much to ask.
fn broken(trial: &Trial<'_>, alone: &Policy, assertion: &Assertion, at: i32) -> Result<Option<bool>, String> {
    let compiled = super::ask::compile(&print(alone, 0))?;
    let asked = Asked { trial, assertion, at };
    let Some(expected) = asked.expected()? else { return Ok(None) };
    count(&trial.tally.compared, 1);
    let [row] = compiled.rights().asserted.as_slice() else { return Err("one assertion".into()) };
    let found = trial.known(breaches(&mut algebra(&compiled), row, assertion.always, at))?;
    let said: Vec<(Breaker, i32)> = found.iter().map(|b| (b.who, b.day)).collect();
    let expected: Vec<(Breaker, i32)> =
        expected.iter().map(|(who, day)| who.breaker(trial.names).map(|b| (b, *day))).collect::<Result<_, String>>()?;
    if said != expected {
        return Err(format!("{assertion:?} from {at} on\nis broken by {expected:?}, and it says {said:?}"));
    }
    for breach in &found {
        asked.confirm(&compiled, breach)?;
    }
    Ok(Some(!found.is_empty()))
}

/// Who breaks an assertion, in the policy's words.
enum Whoever {
    Account(String),
    Anybody,
    Role(String),
}

impl Whoever {
    fn breaker(&self, names: Names<'_>) -> Result<Breaker, String> {
        Ok(match self {
            Self::Account(name) => Breaker::Account(names.account(name)?),
            Self::Anybody => Breaker::Anybody,
            Self::Role(role) => Breaker::Role(names.role(role)?),
        })
    }
}

/// An assertion, asked of every case.
struct Asked<'t, 'a> {
    trial: &'t Trial<'a>,
    assertion: &'t Assertion,
    at: i32,
}

impl Asked<'_, '_> {
    /// The first day of a breach for each that has any: accounts and roles by name. None where there is too much to ask.
    fn expected(&self) -> Result<Option<Vec<(Whoever, i32)>>, String> {
        let trial = self.trial;
        let mut found = vec![];
        let mut all = everybody(trial)?;
        // Accounts by name, then everybody else.
        all.rotate_left(1);
        for who in &all {
            let whoever = match &who.actors[0] {
                Actor::Named(name) => Whoever::Account(name.clone()),
                Actor::Unnamed(_) => Whoever::Anybody,
            };
            let Some(day) = self.first_of(who)? else { return Ok(None) };
            found.extend(day.map(|day| (whoever, day)));
        }
        let role = |s: &Subject| if let Subject::Role(role) = s { Some(role.clone()) } else { None };
        let mut roles: Vec<String> = self.assertion.subjects.items.iter().filter_map(role).collect();
        roles.retain(|r| !self.assertion.subjects.except.iter().filter_map(role).any(|e| e == *r));
        roles.sort();
        roles.dedup();
        for role in roles {
            let Some(day) = self.first_of_role(&role)? else { return Ok(None) };
            found.extend(day.map(|day| (Whoever::Role(role), day)));
        }
        Ok(Some(found))
    }

    /// Whether the assertion speaks of an action.
    fn speaks_of(&self, action: &ActionPath) -> bool {
        let actor = self.trial.named(0);
        let question = Question { actor, action: action.clone(), entity: None, user: None, day: self.at };
        speaks_of(self.trial.policy, &question, &self.assertion.actions, self.assertion.on.as_ref())
    }

    fn first_of(&self, who: &Who) -> Result<Option<Option<i32>>, String> {
        let trial = self.trial;
        let mut first: Option<i32> = None;
        for action in actions(trial.policy).iter().filter(|a| self.speaks_of(a)) {
            for kind in 0..kinds(trial, action, &who.actors[0]).len() {
                let Some(cases) = cases(trial, who, action, kind) else { return Ok(None) };
                for day in self.at..first.unwrap_or(LAST_DAY) {
                    for (actor, spot, led) in &cases {
                        let question = trial.world.question(actor, action, spot, led, day);
                        if self.breaks(&question)? {
                            first = Some(day);
                            break;
                        }
                    }
                    if first == Some(day) {
                        break;
                    }
                }
            }
        }
        Ok(Some(first))
    }

    fn breaks(&self, question: &Question) -> Result<bool, String> {
        let (trial, assertion) = (self.trial, self.assertion);
        if let Actor::Named(name) = &question.actor {
            let acts = |a: &&crate::oracle::policy::Admin| {
                let (from, until) = (a.valid.from, a.valid.until);
                !a.inactive && from.is_none_or(|d| d <= question.day) && until.is_none_or(|d| question.day <= d)
            };
            if !trial.policy.admins.iter().filter(acts).any(|a| a.name == *name) {
                return Ok(false);
            }
        }
        let among = is_among(trial.policy, question, &assertion.subjects) == Truth::True;
        let there = is_there(trial.policy, question, assertion.on.as_ref());
        Ok(among && there && trial.world.allows(question)? != assertion.always)
    }

    fn first_of_role(&self, role: &str) -> Result<Option<Option<i32>>, String> {
        let trial = self.trial;
        let holders = holders(trial);
        for day in self.at..LAST_DAY {
            for action in actions(trial.policy).iter().filter(|a| self.speaks_of(a)) {
                let signature = trial.world.signature(action);
                let leads = trial.world.leads(signature);
                for holder in &holders {
                    let kinds = kinds(trial, action, &Actor::Unnamed(holder.facts.clone()));
                    for kind in &kinds {
                        let spots = trial.world.spots(signature, kind);
                        if !trial.affords(spots.len() * leads.len()) {
                            return Ok(None);
                        }
                        let itself = matches!(kind, super::world::Kind::Myself(_));
                        for spot in spots.iter().filter(|s| itself || is_somebody_else(&holder.facts, s)) {
                            for led in &leads {
                                if self.role_breaks(holder, role, action, (spot, led), day) {
                                    return Ok(Some(Some(day)));
                                }
                            }
                        }
                    }
                }
            }
        }
        Ok(Some(None))
    }

    fn role_breaks(&self, holder: &Holder, role: &str, action: &ActionPath, on: (&Spot, &Led), day: i32) -> bool {
        let question = put(self.trial, holder, action, on, day);
        let there = is_there(&holder.policy, &question, self.assertion.on.as_ref());
        there && (own_grants(&holder.policy, &question, role) == Truth::True) != self.assertion.always
    }

    /// That the example of a breach is one.
    fn confirm(&self, compiled: &Compiled, breach: &Breach) -> Result<(), String> {
        let trial = self.trial;
        let (spot, led, _) = trial.names.told(&breach.witness);
        let path = actions(trial.policy).into_iter().find(|a| trial.names.action(a) == Ok(breach.action));
        let action = path.ok_or("an action that there is not")?;
        let breaks = match breach.who {
            Breaker::Role(role) => {
                let facts = trial.names.actor_of(&breach.witness)?;
                let holder = super::roles::held_by(trial.policy, facts);
                let role = &compiled.model().roles[role.index()].name;
                self.role_breaks(&holder, role, &action, (&spot, &led), breach.day)
            }
            who => {
                let actor = match who {
                    Breaker::Account(account) => Actor::Named(compiled.model().accounts[account.index()].block.clone()),
                    _ => Actor::Unnamed(trial.names.actor_of(&breach.witness)?),
                };
                let question = trial.world.question(&actor, &action, &spot, &led, breach.day);
                trial.confirmed(&question)?;
                self.breaks(&question)?
            }
        };
        if breaks { Ok(()) } else { Err(format!("an example that is none: {}", breach.witness.text)) }
    }
}

fn is_there(policy: &Policy, question: &Question, scope: Option<&Scope>) -> bool {
    scope.is_none_or(|scope| inside(policy, question, scope) == Truth::True)
}
