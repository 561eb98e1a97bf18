//! The answers of the compiler and of the walk, side by side.

use std::cell::Cell;
use std::collections::HashSet;
use std::fmt;

use bailiwick::algebra::potential::{Gain, How as Means, Step};
use bailiwick::algebra::{Algebra, Witness};
use bailiwick::diagnostic::{Severities, Severity};
use bailiwick::model::id::{AccountId, ActionId, RoleId};
use bailiwick::model::{LintLevel, Model, TestFacts};
use bailiwick::source::SourceMap;
use bailiwick::{Compiled, Options, Outcome, check};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use super::generate::tiny_policies;
use super::rights::{Gift, Somebody, region_of};
use super::spots::{Spot, Who, World, all_claims, all_facts};
use super::tiny::{ACCOUNTS, Tiny, UNITS};
use super::walk::{How, State, more, own_rights, steps, walk};

/// Nothing here begins or ends.
const DAY: i32 = 20_000;

/// What was tried.
#[derive(Debug, Default)]
struct Tally {
    policies: Cell<usize>,
    /// Accounts that were asked about.
    compared: Cell<usize>,
    /// Of these, those that can come to more.
    gains: Cell<usize>,
    /// Steps of their chains that were taken one after the other.
    steps: Cell<usize>,
    /// Roles that somebody may give, that were asked about.
    gifts: Cell<usize>,
    /// Of these, those that have more than their giver.
    amplified: Cell<usize>,
    /// States that were walked through.
    states: Cell<usize>,
    /// Accounts with too many states.
    left_out: Cell<usize>,
    /// Chains of which the compiler is not certain, and rightly.
    doubtful: Cell<usize>,
    /// Answers that are unknown to the compiler.
    unknown: Cell<usize>,
}

pub(crate) fn count(cell: &Cell<usize>, more: usize) {
    cell.set(cell.get() + more);
}

#[derive(Clone)]
pub(crate) struct Shown(pub(crate) Tiny);

impl fmt::Debug for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.text())
    }
}

fn compile(text: &str) -> Result<Compiled, String> {
    let outcome = compile_with(text, &[]);
    let errors = outcome.findings.iter().filter(|f| f.severity == Severity::Error);
    let shown: Vec<_> = errors.map(|f| format!("{} {} {:?}", f.code, f.message, f.span())).collect();
    outcome.compiled.ok_or_else(|| shown.join("\n"))
}

/// What comes of a policy where only these codes are reported.
pub(crate) fn compile_with(text: &str, codes: &[&str]) -> Outcome {
    let others = check::CHECKS.iter().map(|c| c.code.to_string()).filter(|c| !codes.contains(&c.as_str()));
    let levels = others.map(|code| (code, LintLevel::Off)).collect();
    let severities = Severities { levels, ..Severities::default() };
    let options = Options { severities, at: Some(DAY), ..Options::default() };
    bailiwick::compile(&SourceMap::single("policy.bw", text), &options)
}

#[test]
fn an_account_can_come_to_more_where_some_chain_of_steps_leads_there() {
    let tally = Tally::default();
    let begun = std::time::Instant::now();
    let long = std::env::var("BAILIWICK_CASES").ok().and_then(|n| n.parse().ok());
    let config =
        Config { cases: long.unwrap_or(200), failure_persistence: None, max_shrink_iters: 4_000, ..Config::default() };
    let mut runner = if long.is_some() { TestRunner::new(config) } else { deterministic(config) };
    let outcome = runner.run(&tiny_policies().prop_map(Shown), |shown| {
        count(&tally.policies, 1);
        compare(&shown.0, &tally).map_err(TestCaseError::fail)
    });
    println!("potential: {tally:?} in {:.1} s", begun.elapsed().as_secs_f32());
    if let Err(error) = outcome {
        panic!("{error}");
    }
    let (compared, unknown, left_out) = (tally.compared.get(), tally.unknown.get(), tally.left_out.get());
    assert!(tally.doubtful.get() * 100 < compared, "{} doubted of {compared}", tally.doubtful.get());
    assert!(tally.gains.get() * 10 > compared && tally.steps.get() > tally.gains.get(), "hardly any chains");
    assert!(
        unknown * 20 < compared && left_out * 10 < compared,
        "{unknown} unknown, {left_out} left out of {compared}"
    );
}

pub(crate) fn deterministic(config: Config) -> TestRunner {
    let rng = proptest::test_runner::TestRng::deterministic_rng(config.rng_algorithm);
    TestRunner::new_with_rng(config, rng)
}

fn compare(tiny: &Tiny, tally: &Tally) -> Result<(), String> {
    let compiled = compile(&tiny.text())?;
    let mut algebra = Algebra::new(compiled.model(), compiled.rights());
    let named: Vec<_> = (0..tiny.accounts.len()).map(|i| Somebody::named(tiny, i).person(tiny)).collect();
    let mut world = World::new(tiny, &named);
    for account in (0..tiny.accounts.len()).filter(|i| !tiny.accounts[*i].inactive) {
        let names = Names { tiny, model: compiled.model() };
        gains(&mut world, &mut algebra, names, account, tally).map_err(|e| format!("{}: {e}", ACCOUNTS[account]))?;
        for role in 0..tiny.roles.len() {
            gifts(&mut world, &mut algebra, names, account, role, tally)
                .map_err(|e| format!("{} gives r{role}: {e}", ACCOUNTS[account]))?;
        }
    }
    Ok(())
}

/// How many steps each account's chain has, where there is one; all of them hold, but for those that are doubted, and rightly.
pub(crate) fn chains(tiny: &Tiny) -> Result<Vec<Option<usize>>, String> {
    let compiled = compile(&tiny.text())?;
    let mut algebra = Algebra::new(compiled.model(), compiled.rights());
    let names = Names { tiny, model: compiled.model() };
    let named: Vec<_> = (0..tiny.accounts.len()).map(|i| Somebody::named(tiny, i).person(tiny)).collect();
    let mut world = World::new(tiny, &named);
    let mut all = vec![];
    for (account, name) in ACCOUNTS.iter().enumerate().take(tiny.accounts.len()) {
        algebra.begin();
        let found = algebra.gain(names.account(account)?, DAY).map_err(|_| "unknown")?;
        if let Some(gain) = &found {
            let holds = if gain.certain {
                follow(&mut world, names, account, gain)
            } else if walk(&mut world, account).is_some_and(|found| found.gains) {
                Err("a chain exists, and this one is doubted".into())
            } else {
                Ok(())
            };
            holds.map_err(|e| format!("{name}: {e}; {gain:?}"))?;
        }
        all.push(found.map(|gain| gain.chain.len()));
    }
    Ok(all)
}

fn gains(
    world: &mut World<'_>,
    algebra: &mut Algebra<'_>,
    names: Names<'_>,
    account: usize,
    tally: &Tally,
) -> Result<(), String> {
    let Some(expected) = walk(world, account) else {
        count(&tally.left_out, 1);
        return Ok(());
    };
    count(&tally.compared, 1);
    count(&tally.states, expected.states);
    algebra.begin();
    let found = match algebra.gain(names.account(account)?, DAY) {
        Err(_) => {
            println!("unknown: {}\n{}", ACCOUNTS[account], world.tiny.text());
            count(&tally.unknown, 1);
            return Ok(());
        }
        Ok(found) => found,
    };
    match (&found, expected.gains) {
        (None, false) => Ok(()),
        (None, true) => Err("there is a chain, and none is found".into()),
        (Some(gain), false) if !gain.certain => {
            count(&tally.doubtful, 1);
            Ok(())
        }
        (Some(gain), _) if !gain.certain => Err(format!("a chain exists, and this one is doubted: {gain:?}")),
        (Some(gain), _) => {
            count(&tally.gains, 1);
            count(&tally.steps, gain.chain.len());
            follow(world, names, account, gain)
                .map_err(|e| format!("{e}; a chain exists: {}; {:?}", expected.gains, gain))
        }
    }
}

/// Takes the steps of a chain one after the other, with whatever facts can be chosen, and uses the right at its end.
fn follow(world: &mut World<'_>, names: Names<'_>, account: usize, gain: &Gain) -> Result<(), String> {
    let tiny = world.tiny;
    let mut states = HashSet::from([State::first(tiny, account)]);
    for (number, step) in gain.chain.iter().enumerate() {
        let (by, on, action) = (names.who(step.by)?, names.who(step.on)?, names.action(step.action)?);
        let how = names.how(step)?;
        let next = states.iter().flat_map(|state| {
            let actors = state.actors().into_iter().filter(|a| a.who == by);
            actors.flat_map(|by| steps(tiny, state, by, action, how, on)).collect::<Vec<_>>()
        });
        states = next.collect();
        if states.is_empty() {
            return Err(format!("step {} cannot be taken", number + 1));
        }
    }
    let own = own_rights(world, account);
    let (who, action) = (names.who(gain.who)?, names.action(gain.action)?);
    for state in &states {
        for one in state.actors().into_iter().filter(|a| a.who == who) {
            let more = more(world, &own, account, one, action);
            let list = world.list(tiny.actions[action].on);
            if more.ones().any(|i| names.is_told(&gain.witness, &list[i])) {
                return Ok(());
            }
        }
    }
    Err("the right is not had at the end".into())
}

/// "Grants(r, S and s) within Eff(u)", for the fences s on each way of u to the right to give it.
fn gifts(
    world: &mut World<'_>,
    algebra: &mut Algebra<'_>,
    names: Names<'_>,
    account: usize,
    role: usize,
    tally: &Tally,
) -> Result<(), String> {
    let tiny = world.tiny;
    let own = own_rights(world, account);
    let giver = Somebody::named(tiny, account);
    for power in 0..tiny.actions.len() {
        let declared = &tiny.actions[power];
        if declared.assigns != Some(role) && (!declared.roles || tiny.roles[role].ungrantable) {
            continue;
        }
        let mut carried = vec![];
        for way in giver.ways(tiny, power) {
            let mut reached = region_of(world, &giver, power, std::slice::from_ref(&way));
            reached.minus(&world.account(declared.on, account).clone());
            if !reached.is_empty() {
                carried.push(if declared.roles { vec![] } else { way.handed_on });
            }
        }
        algebra.begin();
        let (id, power_id) = (names.account(account)?, names.action_id(power)?);
        let reaches = algebra.reaches_others(id, power_id, DAY).map_err(|_| "unknown reach")?;
        if reaches == carried.is_empty() {
            return Err(format!("reaches others: {reaches}"));
        }
        if !reaches {
            continue;
        }
        let expected = amplifies(world, &own, account, role, &carried);
        count(&tally.gifts, 1);
        count(&tally.amplified, usize::from(expected));
        let found = algebra.amplifies(id, power_id, names.role(role)?, DAY).map_err(|_| "unknown gift")?;
        if found.is_some() != expected {
            return Err(format!("by {}: amplifies {expected}, found {found:?}", declared.path()));
        }
    }
    Ok(())
}

/// Whether somebody who gets the role, and whom the policy does not name, would have by it what the giver has not.
fn amplifies(
    world: &mut World<'_>,
    own: &[super::spots::Spots],
    account: usize,
    role: usize,
    carried: &[Vec<super::rights::Fence>],
) -> bool {
    let tiny = world.tiny;
    let all = all_facts(tiny.dims).into_iter();
    let all: Vec<Somebody> =
        all.flat_map(|f| all_claims(tiny).into_iter().map(move |c| Somebody::stranger(f, c))).collect();
    for fences in carried {
        for holder in &all {
            let holder = holder.with(&Gift { role, fences: fences.clone() });
            for (action, own) in own.iter().enumerate() {
                let mut ways = vec![];
                holder.of_role(tiny, role, action, fences, &mut ways);
                let mut more = region_of(world, &holder, action, &ways);
                more.minus(own);
                more.minus(&world.account(tiny.actions[action].on, account).clone());
                if !more.is_empty() {
                    return true;
                }
            }
        }
    }
    false
}

/// The policy's names and the compiler's ids.
#[derive(Clone, Copy)]
struct Names<'a> {
    tiny: &'a Tiny,
    model: &'a Model,
}

impl Names<'_> {
    fn account(self, index: usize) -> Result<AccountId, String> {
        let at = self.model.accounts.iter().position(|a| a.block == ACCOUNTS[index]);
        at.map(AccountId::new).ok_or_else(|| format!("no account {index}"))
    }

    fn role(self, index: usize) -> Result<RoleId, String> {
        let at = self.model.roles.iter().position(|r| r.name == format!("r{index}"));
        at.map(RoleId::new).ok_or_else(|| format!("no role {index}"))
    }

    fn action_id(self, index: usize) -> Result<ActionId, String> {
        let path = self.tiny.actions[index].path();
        let at = self.model.actions.iter().position(|a| a.path == path);
        at.map(ActionId::new).ok_or_else(|| format!("no action {path}"))
    }

    fn action(self, id: ActionId) -> Result<usize, String> {
        let path = &self.model.actions[id.index()].path;
        self.tiny.actions.iter().position(|a| a.path() == *path).ok_or_else(|| format!("no action {path}"))
    }

    fn who(self, who: Option<AccountId>) -> Result<Who, String> {
        let Some(account) = who else { return Ok(Who::Stranger) };
        let block = &self.model.accounts[account.index()].block;
        ACCOUNTS.iter().position(|a| a == block).map(Who::Named).ok_or_else(|| format!("no account {block}"))
    }

    fn how(self, step: &Step) -> Result<How, String> {
        Ok(match &step.how {
            Means::Become => How::Become,
            Means::Free(_) => How::Facts,
            Means::Unscope => How::Unscope,
            Means::Give(role) => {
                let name = &self.model.roles[role.index()].name;
                let at = (0..self.tiny.roles.len()).find(|i| *name == format!("r{i}"));
                How::Give(at.ok_or_else(|| format!("no role {name}"))?)
            }
        })
    }

    /// Whether this is the target that a witness tells of.
    fn is_told(self, witness: &Witness, spot: &Spot) -> bool {
        let target = &witness.target;
        let user = target.user.as_ref().or(target.account.as_ref());
        match (spot, user, &target.entity) {
            (Spot::Site, None, None) => true,
            (Spot::Entity(facts), None, Some(told)) => self.unit(told) == facts.unit && self.label(told) == facts.label,
            (Spot::Person(person), Some(told), None) => match person.who {
                Some(Who::Named(i)) => told.login.as_deref() == Some(ACCOUNTS[i]),
                _ if told.login.as_ref().is_some_and(|l| ACCOUNTS.contains(&l.as_str())) => false,
                _ => {
                    let roles = told.roles.iter().flatten().all(|r| {
                        let name = &self.model.roles[r.index()].name;
                        (0..8).any(|i| *name == format!("r{i}") && person.held & (1 << i) != 0)
                    });
                    let facts = person.facts;
                    roles
                        && self.unit(told) == facts.unit
                        && self.label(told) == facts.label
                        && self.country(told) == facts.country
                }
            },
            _ => false,
        }
    }

    fn unit(self, told: &TestFacts) -> u8 {
        let name = told.unit.map_or("", |u| self.model.units.nodes[u.index()].name.as_str());
        u8::try_from(UNITS.iter().position(|u| *u == name).unwrap_or(9)).unwrap_or(9)
    }

    fn label(self, told: &TestFacts) -> bool {
        told.labels.iter().flatten().next().is_some()
    }

    fn country(self, told: &TestFacts) -> u8 {
        let id = self.model.attribute("country");
        let value = told.attributes.iter().find(|(a, _)| Some(*a) == id).and_then(|(_, v)| v.as_ref());
        match value {
            Some(bailiwick::region::Value::Closed(v)) => u8::try_from(*v + 1).unwrap_or(9),
            _ => 0,
        }
    }
}
