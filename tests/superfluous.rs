//! What the checks say of random policies is true: what they call superfluous is taken away, and the interpreter that the tests trust
//! answers as before.

#[expect(dead_code, reason = "the agreement test uses the rest")]
mod oracle;

use std::collections::BTreeMap;

use bailiwick::Options;
use bailiwick::diagnostic::{Finding, Severities};
use bailiwick::model::LintLevel;
use bailiwick::source::SourceMap;
use proptest::prelude::*;

use oracle::cases::{Case, cases};
use oracle::eval::{allow, effective};
use oracle::policy::{
    Action, ActionItem, ActionPath, Actor, Admin, Allow, Assignment, Facts, Kind, Policy, Question, Resource, Set,
    Signature,
};
use oracle::print::{print, print_in_order};
use oracle::truth::Truth;

/// The day from which on the checks look.
const AT: i32 = 20_878;

proptest! {
    #![proptest_config(oracle::config(150))]

    /// BW304: an account misses nothing without all of the assignments that add nothing.
    #[test]
    fn superfluous_assignments_are_not_missed(case in cases(60)) {
        let mut lean = case.policy.clone();
        for admin in &mut lean.admins {
            let mut told = BTreeMap::<String, usize>::new();
            for finding in found(&case.policy, "BW304") {
                if let [role, name, ..] = names(&finding).as_slice() && *name == admin.name {
                    *told.entry(role.clone()).or_default() += 1;
                }
            }
            // Where a role is held twice, only one of both may be meant.
            let held = |role: &str| admin.assignments.iter().filter(|a| a.role == role).count();
            if told.iter().all(|(role, number)| held(role) == *number) {
                admin.assignments.retain(|a| !told.contains_key(&a.role));
            }
        }
        unchanged(&case.policy, &lean, definite(&case))?;
    }

    /// BW204: nobody misses a line that is always forbidden.
    #[test]
    fn what_is_always_forbidden_is_not_missed(case in cases(60)) {
        // A direct allow counts for the tier of its account, and a line that others inherit may be alive there.
        let mut policy = Policy { tiers: vec![], ..case.policy.clone() };
        policy.roles.iter_mut().for_each(|r| r.extends.clear());
        let mut lean = policy.clone();
        for finding in found(&policy, "BW204") {
            let [holder, path, ..] = &names(&finding)[..] else { continue };
            let alone = |line: &Allow| match line.actions.items.as_deref() {
                Some([ActionItem::One(one)]) => format!("{}.{}", one.resource, one.action) == *path && implies_nothing(&policy, one),
                _ => false,
            };
            let roles = lean.roles.iter_mut().filter(|r| r.name == *holder).map(|r| &mut r.allows);
            let admins = lean.admins.iter_mut().filter(|a| a.name == *holder).map(|a| &mut a.allows);
            for allows in roles.chain(admins) {
                // Of several such lines only one may be meant.
                if allows.iter().filter(|a| alone(a)).count() == 1 {
                    allows.retain(|line| !alone(line));
                }
            }
        }
        unchanged(&policy, &lean, definite(&case))?;
    }

    /// BW305: who holds the greater role instead of the lesser has at least as much.
    #[test]
    fn a_role_within_another_gives_no_more(case in cases(60)) {
        let policy = Policy { forbids: vec![], automatic: vec![], ..case.policy.clone() };
        // A condition on the actor may ask for the very roles that are exchanged here.
        if print(&policy, 0).contains("when actor in") {
            return Ok(());
        }
        for finding in found(&policy, "BW305") {
            let [lesser, greater, ..] = &names(&finding)[..] else { continue };
            let (one, other) = (holding(&policy, lesser), holding(&policy, greater));
            for question in case.questions_to("solo").into_iter().filter(|q| q.day >= AT) {
                let (less, more) = (effective(&one, &question), effective(&other, &question));
                prop_assert!(less != Truth::True || more != Truth::False, "{}: {:?}", finding.message, question);
            }
        }
    }

    /// BW313: without the lines that are without effect everything is as before.
    #[test]
    fn exceptions_in_vain_are_not_missed(case in cases(60)) {
        let mut lean = case.policy.clone();
        let findings = found(&case.policy, "BW313");
        for role in &mut lean.roles {
            let told = findings.iter().filter(|f| f.message.starts_with("this `except`") && names(f)[1] == role.name).count();
            if told == role.excepts.len() {
                role.excepts.clear();
            }
        }
        if findings.iter().filter(|f| f.message.starts_with("this `forbid`")).count() == lean.forbids.len() {
            lean.forbids.clear();
        }
        unchanged(&case.policy, &lean, definite(&case))?;
    }

    /// BW413: it is said of everybody who may give himself a role on the first day.
    #[test]
    fn who_may_give_himself_roles_is_told(case in cases(0)) {
        // Sets of everything would give away what is each role's own.
        let mut lines = case.policy.roles.iter().flat_map(|r| &r.allows).chain(case.policy.admins.iter().flat_map(|a| &a.allows));
        let wide = |item: &ActionItem| matches!(item, ActionItem::All | ActionItem::AllOf(Kind::View));
        let everything = |set: &Set<ActionItem>| set.items.as_ref().is_none_or(|items| items.iter().any(wide));
        if case.policy.roles.iter().any(|r| r.superuser) || lines.any(|l| everything(&l.actions)) {
            return Ok(());
        }
        let policy = with_a_vault(&case.policy);
        let found = found(&policy, "BW413");
        for admin in &policy.admins {
            for role in policy.roles.iter().filter(|r| !r.ungrantable) {
                let told = found.iter().any(|f| {
                    let names = names(f);
                    names.contains(&admin.name) && names.contains(&role.name)
                });
                // More than eight names are not all written.
                let all = found.iter().all(|f| !f.message.contains(" more"));
                let itself = Facts { closed: true, login: Some(oracle::facts::login(admin)), ..Default::default() };
                let question = Question {
                    actor: Actor::Named(admin.name.clone()),
                    action: ActionPath { resource: "assign".into(), action: role.name.clone() },
                    entity: None,
                    user: Some(itself),
                    day: AT,
                };
                let may = allow(&policy, &question) == Truth::True;
                let held = admin.assignments.iter().any(|a| a.role == role.name);
                prop_assert!(!may || told || held || !all, "{} may assign {}", admin.name, role.name);
            }
        }
    }
}

fn implies_nothing(policy: &Policy, path: &ActionPath) -> bool {
    let resource = policy.resources.iter().find(|r| r.name == path.resource);
    let action = resource.and_then(|r| r.actions.iter().find(|a| a.name == path.action));
    action.is_some_and(|a| a.implies.is_empty())
}

/// The policy with a right for each role that no other role gives, so that every one of them is worth having.
fn with_a_vault(policy: &Policy) -> Policy {
    let mut policy = Policy { automatic: vec![], ..policy.clone() };
    let open = |role: &str| Action { name: format!("open_{role}"), kind: Kind::View, implies: vec![] };
    let actions = policy.roles.iter().map(|r| open(&r.name)).collect();
    policy.resources.push(Resource { name: "vault".into(), on: Signature::Entity, when: vec![], actions });
    for role in &mut policy.roles {
        let path = ActionPath { resource: "vault".into(), action: format!("open_{}", role.name) };
        let actions = Set { items: Some(vec![ActionItem::One(path)]), except: vec![] };
        (role.when, role.extends, role.excepts, role.scope) = (vec![], vec![], vec![], None);
        role.allows.push(Allow { actions, on: None, when: vec![], period: Default::default() });
    }
    policy
}

/// The findings of one code, with no other check at work.
fn found(policy: &Policy, code: &str) -> Vec<Finding> {
    let others = bailiwick::check::CHECKS.iter().filter(|c| c.run.is_some() && c.code.0 != code);
    let levels = others.map(|c| (c.code.to_string(), LintLevel::Off)).collect();
    let options =
        Options { at: Some(AT), severities: Severities { levels, ..Severities::default() }, ..Options::default() };
    let outcome = bailiwick::compile(&SourceMap::single("policy.bw", &print_in_order(policy, 0)), &options);
    outcome.findings.into_iter().filter(|f| f.code.0 == code).collect()
}

/// The names in backticks.
fn names(finding: &Finding) -> Vec<String> {
    finding.message.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

/// The questions about days that the checks look at.
fn definite(case: &Case) -> Vec<Question> {
    case.questions().filter(|q| q.day >= AT).collect()
}

/// What is known one way is not known the other way.
fn unchanged(policy: &Policy, lean: &Policy, questions: Vec<Question>) -> Result<(), TestCaseError> {
    for question in questions {
        let (before, after) = (allow(policy, &question), allow(lean, &question));
        let differs = before != after && before != Truth::Unknown && after != Truth::Unknown;
        prop_assert!(!differs, "{:?} and then {:?}: {:?}\n{}", before, after, question, print(lean, 0));
    }
    Ok(())
}

/// The policy with somebody who holds this role and nothing else.
fn holding(policy: &Policy, role: &str) -> Policy {
    let assignments = vec![Assignment { role: role.to_owned(), on: None, period: Default::default() }];
    let first = policy.admins.first().cloned().unwrap_or_default();
    let solo =
        Admin { name: "solo".into(), login: None, assignments, allows: vec![], scope: None, inactive: false, ..first };
    let admins = policy.admins.iter().cloned().chain([Admin { valid: Default::default(), ..solo }]).collect();
    Policy { admins, ..policy.clone() }
}
