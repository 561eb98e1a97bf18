//! # BWT10 a new account has a login that rules still name
//!
//! ## What
//! An account is new, or another person (another `id`, or another name and e-mail address) has taken a login over; and rules that stood
//! in the old policy name this login: a condition `login is` or `login in`, a `forbid ... unless admin`, an assertion or an exception.
//!
//! ## Why
//! The rule was written for somebody who is gone. Whoever gets the login now, gets what was meant for that person.
//!
//! ## Example
//! ```bw
//! group auditors = login is "nina"
//! admin nina "Nina Berg" { role reader }      // the former `nina` has left; this one is somebody else
//! ```
//!
//! ## How to fix
//! Take the login out of the rules, or give the new account another one. If it is the same person again, no more is to be done.

use rustc_hash::FxHashMap;

use crate::diagnostic::{Code, Finding, Findings, Severity};
use crate::diff::transition::{Seen, Transition};
use crate::diff::view::tests;
use crate::model::id::AttributeId;
use crate::model::{Account, Gate, Model, Subject};
use crate::region::{Pred, Scope, Test, Value};
use crate::source::Span;

/// Its code.
pub const CODE: Code = Code("BWT10");

/// Looks at every login that changes its person.
pub fn run(transition: &Transition<'_>, findings: &mut Findings) {
    let (before, after) = (named(&transition.old), named(&transition.new));
    if before.is_empty() || after.is_empty() {
        return;
    }
    for (id, account) in transition.new.accounts() {
        let former = transition.account_before(id).map(|id| &transition.old.model().accounts[id.index()]);
        let other = former.is_none_or(|former| is_another(former, account));
        let test = Test::Is(AttributeId::LOGIN, Value::Text(account.login.to_string()));
        let still = if before.contains_key(&test) { after.get(&test) } else { None };
        if let Some(span) = still.filter(|_| other) {
            findings.push(reused(account, former.is_some(), *span));
        }
    }
}

/// Whether two accounts of one login are two people, as far as they are described.
fn is_another(before: &Account, after: &Account) -> bool {
    let differ = |a: Option<&String>, b: Option<&String>| matches!((a, b), (Some(a), Some(b)) if a != b);
    let text = |it: &Account| (it.id.as_ref().map(|id| id.node.clone()), it.email.as_ref().map(|e| e.node.clone()));
    let ((id, email), (new_id, new_email)) = (text(before), text(after));
    if id.is_some() && id == new_id {
        return false;
    }
    differ(id.as_ref(), new_id.as_ref())
        || (differ(before.name.as_ref(), after.name.as_ref()) && differ(email.as_ref(), new_email.as_ref()))
}

/// What the rules of a policy ask of logins, each with a place.
fn named(seen: &Seen<'_>) -> FxHashMap<Test, Span> {
    let model = seen.model();
    let mut all = FxHashMap::default();
    for group in &model.groups {
        add(&mut all, &group.pred, group.span);
    }
    for rule in &model.automatic {
        add(&mut all, &rule.users, rule.span);
        add_scope(&mut all, &rule.on, rule.span);
    }
    for forbid in &model.forbids {
        add(&mut all, &forbid.subjects, forbid.span);
        add(&mut all, &forbid.unless, forbid.span);
        add_scope(&mut all, &forbid.on, forbid.span);
    }
    for role in &model.roles {
        let gates = role.when.iter().map(|gate| (gate, role.span));
        let lines = role.allows.iter().flat_map(|allow| allow.when.iter().map(|gate| (gate, allow.span)));
        for (gate, span) in gates.chain(lines) {
            if let Gate::ActorIn(pred, _) = gate {
                add(&mut all, pred, span);
            }
        }
    }
    of_subjects(model, &mut all);
    all
}

/// Exceptions and assertions name accounts as such.
fn of_subjects(model: &Model, all: &mut FxHashMap<Test, Span>) {
    let exceptions = model.exceptions.iter().map(|it| (&it.subjects, it.span));
    let assertions = model.assertions.iter().map(|it| (&it.subjects, it.span));
    for (subjects, span) in exceptions.chain(assertions) {
        for item in &subjects.items {
            match &item.node {
                Subject::Account(account) => {
                    let login = model.accounts[account.index()].login.to_string();
                    all.entry(Test::Is(AttributeId::LOGIN, Value::Text(login))).or_insert(span);
                }
                Subject::Users(pred) => add(all, pred, span),
                _ => {}
            }
        }
    }
}

fn add_scope(all: &mut FxHashMap<Test, Span>, scope: &Scope, span: Span) {
    scope.users.iter().chain(&scope.entities).for_each(|pred| add(all, pred, span));
}

fn add(all: &mut FxHashMap<Test, Span>, pred: &Pred, span: Span) {
    tests(pred, &mut |test| {
        // Beginnings and ends are for many: only a whole login is somebody's.
        if matches!(test, Test::Is(AttributeId::LOGIN, _)) {
            all.entry(test.clone()).or_insert(span);
        }
    });
}

fn reused(account: &Account, taken_over: bool, rule: Span) -> Finding {
    let login = &account.login;
    let what = if taken_over { "another person has taken over the login" } else { "a new account has the login" };
    Finding::new(CODE, Severity::Warning, format!("{what} `{login}`, which rules of the old policy name"))
        .at(account.span, "somebody else than was meant")
        .at(rule, "names the login still")
        .help("take the login out of the rule, or give the new account another one")
}
