//! # BW605 an assertion that does not hold
//!
//! ## What
//! `never W can A on S`: somebody of W may do an action of A to a target in S, on some day from now on. `always W can A on S`: somebody of W
//! may not do some action of A to some target in S. The finding names who, and gives an example. Inactive accounts are nobody here;
//! `everyone` includes accounts that the policy does not name, with every set of roles that a token may present. In a set of actions,
//! those that do not use a part that S restricts are left out.
//!
//! ## Why
//! An assertion is the sentence that was agreed, checked against all rules together on every change.
//!
//! ## Example
//! ```bw
//! never everyone except holders of owner can plans.change
//! ```
//!
//! ## How to fix
//! Take away the right at the line shown (or fence it, or `forbid` it); where the sentence has become wrong, change the sentence.

use super::asserting::{Breach, Breaker};
use super::{Context, bw009};
use crate::diagnostic::{Code, Finding, Findings, Severity};
use crate::lower::rights::Asserted;
use crate::model::{Assertion, Model};
use crate::text::quoted_list;

/// Its code.
pub const CODE: Code = Code("BW605");

/// Looks at every assertion.
pub fn run(context: &Context<'_>, findings: &mut Findings) {
    if context.model.incomplete {
        return;
    }
    for (number, row) in context.rights.asserted.iter().enumerate() {
        let Asserted::Rule(index) = row.what else { continue };
        let assertion = &context.model.assertions[index];
        match context.breaches(number) {
            Ok(found) if found.is_empty() => {}
            Ok(found) => findings.push(broken(context, assertion, found)),
            Err(_) => findings.push(bw009::undecided(CODE, "this assertion holds", assertion.span)),
        }
    }
}

fn broken(context: &Context<'_>, assertion: &Assertion, found: &[Breach]) -> Finding {
    let model = context.model;
    let first = &found[0];
    let (who, action) = (who(model, first), &model.actions[first.action.index()].path);
    let can = if assertion.always { "may not do" } else { "may do" };
    let mut finding = Finding::new(CODE, Severity::Error, format!("{who} {can} `{action}`: the assertion does not hold"))
        .at(assertion.span, if assertion.always { "always, says this" } else { "never, says this" });
    if let Some(source) = first.source {
        finding = finding.at(context.rights.origins[source.0 as usize].span, "given here");
    }
    if first.witness.text != "the whole site" {
        finding = finding.note(format!("for example on {}", first.witness.text));
    }
    if first.day > context.at {
        finding = finding.note(format!("from {} on", crate::dates::date_text(first.day)));
    }
    if found.len() > 1 {
        finding = finding.note(format!("so it is for {}", others(model, &found[1..])));
    }
    finding.help(if assertion.always {
        "give what is missing, or change the assertion"
    } else {
        "take the right away or forbid it, or change the assertion"
    })
}

/// For whom an assertion does not hold, in words.
#[must_use]
pub fn who(model: &Model, breach: &Breach) -> String {
    match breach.who {
        Breaker::Account(account) => format!("`{}`", model.accounts[account.index()].block),
        Breaker::Role(role) => format!("whoever holds the role `{}`", model.roles[role.index()].name),
        Breaker::Anybody => breach.witness.actor_text.clone().unwrap_or_else(|| "somebody".to_owned()),
    }
}

/// The accounts by name, then whoever else.
fn others(model: &Model, rest: &[Breach]) -> String {
    let accounts = rest.iter().filter_map(|b| match b.who {
        Breaker::Account(account) => Some(model.accounts[account.index()].block.as_str()),
        _ => None,
    });
    let named = quoted_list(accounts, "and");
    let unnamed = rest.iter().filter(|b| !matches!(b.who, Breaker::Account(_))).map(|b| who(model, b));
    (!named.is_empty()).then_some(named).into_iter().chain(unnamed).collect::<Vec<_>>().join("; ")
}
