//! What is counted: seats of a quota and holders of a role, day by day, against the numbers that the findings tell.

use bailiwick::diagnostic::Finding;

use super::ask::compile_with;
use super::trial::{Trial, count, on_small_policies};
use crate::oracle::eval::is_among;
use crate::oracle::generate::FIRST_DAY;
use crate::oracle::policy::{
    Actor, Admin, Period, Policy, Question, Quota, QuotaItem, Role, Subject, Subjects, UserItem,
};
use crate::oracle::print::print;
use crate::oracle::truth::Truth;

/// After this day nothing begins or ends.
const LAST_DAY: i32 = FIRST_DAY + 8;

#[test]
fn seats_and_holders_are_as_many_as_they_are_day_by_day() {
    on_small_policies("counts", 60, |trial| {
        let at = trial.day(&mut trial.dice());
        for quota in &trial.policy.quotas {
            seats(trial, quota, at)?;
        }
        for index in 0..trial.policy.roles.len() {
            for most in [0, 1] {
                holders(trial, index, most, at)?;
            }
        }
        Ok(())
    });
}

/// The quota allows nobody, so the finding tells how many there are at most.
fn seats(trial: &Trial<'_>, quota: &Quota, at: i32) -> Result<(), String> {
    let subject = |item: &QuotaItem| match item {
        QuotaItem::Tier(tier) => Subject::Tier(tier.clone()),
        QuotaItem::Role(role) => Subject::Holders(role.clone()),
        QuotaItem::Unit(unit) => Subject::UsersIn(UserItem::Unit(unit.clone())),
    };
    let subjects = Subjects { items: quota.of.iter().map(subject).collect(), except: vec![] };
    if !trial.affords(trial.policy.admins.len()) {
        return Ok(());
    }
    count(&trial.tally.compared, 1);
    // "`counting all` counts every account, inactive and expired ones too": as if nothing began or ended.
    let timeless = Policy { admins: trial.policy.admins.iter().map(always).collect(), ..trial.policy.clone() };
    let policy = if quota.all { &timeless } else { trial.policy };
    let most = (at..=LAST_DAY).map(|day| matching(trial, policy, &subjects, day)).max().unwrap_or(0);
    let alone = Policy { assertions: vec![], quotas: vec![quota.clone()], separations: vec![], ..trial.policy.clone() };
    let found = told(&alone, "BW701", at)?;
    let said = found.iter().find(|f| f.message.contains(" used of 0 for ")).map_or(Ok(0), first_number)?;
    if said == most { Ok(()) } else { Err(format!("{quota:?} from {at} on: {most}, and it says {said}")) }
}

/// The account, active on every day, with all that it was ever given.
fn always(admin: &Admin) -> Admin {
    let mut admin = Admin { valid: Period::default(), inactive: false, ..admin.clone() };
    admin.assignments.iter_mut().for_each(|given| given.period = Period::default());
    admin.allows.iter_mut().for_each(|line| line.period = Period::default());
    admin
}

/// How many accounts are among the subjects on a day, active and within their dates.
fn matching(trial: &Trial<'_>, policy: &Policy, subjects: &Subjects, day: i32) -> usize {
    let within = |admin: &&Admin| {
        let (from, until) = (admin.valid.from, admin.valid.until);
        !admin.inactive && from.is_none_or(|d| d <= day) && until.is_none_or(|d| day <= d)
    };
    let among = |admin: &&Admin| {
        let actor = Actor::Named(admin.name.clone());
        let action = trial.actions(&mut trial.dice())[0].clone();
        let question = Question { actor, action, entity: None, user: None, day };
        is_among(policy, &question, subjects) == Truth::True
    };
    policy.admins.iter().filter(within).filter(among).count()
}

/// `holders at most N`: the finding is about the first day with more.
fn holders(trial: &Trial<'_>, index: usize, most: usize, at: i32) -> Result<(), String> {
    let mut alone = Policy { assertions: vec![], quotas: vec![], separations: vec![], ..trial.policy.clone() };
    let role: &mut Role = &mut alone.roles[index];
    // Of the super role, and of one that is presented, it is another question.
    if role.superuser || role.by_claim || !trial.affords(trial.policy.admins.len()) {
        return Ok(());
    }
    role.at_most = u32::try_from(most).ok();
    count(&trial.tally.compared, 1);
    let subjects = Subjects { items: vec![Subject::Holders(role.name.clone())], except: vec![] };
    let name = format!("the role `{}` has ", role.name);
    let first = (at..=LAST_DAY).map(|day| matching(trial, trial.policy, &subjects, day)).find(|count| *count > most);
    let found = told(&alone, "BW201", at)?;
    let said = found.iter().find(|f| f.message.starts_with(&name)).map(|f| {
        let rest = f.message.trim_start_matches(&name).split(' ').next().unwrap_or_default();
        rest.parse::<usize>().map_err(|_| format!("no number in: {}", f.message))
    });
    let said = said.transpose()?;
    if said == first { Ok(()) } else { Err(format!("{name}{first:?} holders from {at} on, and it says {said:?}")) }
}

#[test]
fn holders_in_each_unit_are_as_many_as_they_are_day_by_day() {
    on_small_policies("units", 60, |trial| {
        let at = trial.day(&mut trial.dice());
        for index in 0..trial.policy.roles.len() {
            for most in [0, 1] {
                in_units(trial, index, most, at)?;
            }
        }
        Ok(())
    });
}

/// `holders at most N per unit`: in each unit with too many, the finding is about the first day of that. Who is in a unit below is not
/// counted.
fn in_units(trial: &Trial<'_>, index: usize, most: usize, at: i32) -> Result<(), String> {
    let mut alone = Policy { assertions: vec![], quotas: vec![], separations: vec![], ..trial.policy.clone() };
    let role: &mut Role = &mut alone.roles[index];
    if role.superuser || role.by_claim || !trial.affords(trial.policy.admins.len() * trial.policy.units.len()) {
        return Ok(());
    }
    role.at_most = u32::try_from(most).ok();
    let name = role.name.clone();
    let mut expected = vec![];
    for unit in &trial.policy.units {
        count(&trial.tally.compared, 1);
        let here = trial.policy.admins.iter().filter(|a| a.unit.as_ref() == Some(&unit.name)).cloned().collect();
        let here = Policy { admins: here, ..trial.policy.clone() };
        let subjects = Subjects { items: vec![Subject::Holders(name.clone())], except: vec![] };
        let first = (at..=LAST_DAY).map(|day| matching(trial, &here, &subjects, day)).find(|count| *count > most);
        expected.extend(first.map(|count| (unit.name.clone(), count)));
    }
    let text =
        print(&alone, 0).replace(&format!("holders at most {most}"), &format!("holders at most {most} per unit"));
    let mut said = vec![];
    for finding in told_of(&text, "BW201", at)? {
        let Some(rest) = finding.message.strip_prefix(&format!("the role `{name}` has ")) else { continue };
        let unit = rest.split('`').nth(1).ok_or("no unit")?.to_owned();
        let count = rest.split(' ').next().unwrap_or_default().parse::<usize>();
        said.push((unit, count.map_err(|_| format!("no number in: {}", finding.message))?));
    }
    said.sort();
    expected.sort();
    if said == expected { Ok(()) } else { Err(format!("{name} from {at} on: {expected:?}, and it says {said:?}")) }
}

/// What a policy is told by one check alone.
pub(crate) fn told(policy: &Policy, code: &str, at: i32) -> Result<Vec<Finding>, String> {
    told_of(&print(policy, 0), code, at)
}

fn told_of(text: &str, code: &str, at: i32) -> Result<Vec<Finding>, String> {
    let outcome = compile_with(text, &[code], at);
    match outcome.findings.iter().find(|f| f.code.to_string() != code) {
        Some(other) => Err(format!("{} {}", other.code, other.message)),
        None => Ok(outcome.findings),
    }
}

fn first_number(finding: &Finding) -> Result<usize, String> {
    let first = finding.message.split(' ').next().unwrap_or_default();
    first.parse().map_err(|_| format!("no number in: {}", finding.message))
}
