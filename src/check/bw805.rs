//! # BW805 an assertion that holds only for the features as written
//!
//! ## What
//! A `never` or `always` holds for the features as they are written, but not when some of them are turned: a `never` is broken by turning
//! features on, an `always` by turning them off. The finding names features that break it together; where a single one is enough, it
//! names one. Of more than 64 settings the search looks at 64: then some feature that is named may not be needed.
//!
//! ## Why
//! Features are turned without a look at the rules. Who reads the assertion takes it for a promise.
//!
//! ## Example
//! ```bw
//! feature exports off
//! role analyst { allow reports.export when exports }
//! never holders of analyst can reports.export
//! ```
//!
//! ## How to fix
//! Forbid it, or fence the right that comes with the feature; where the sentence is meant for these features alone, say so beside an
//! `ignore BW805`.

use super::asserting::{Breach, breaches};
use super::bw605::who;
use super::{Context, bw009};
use crate::algebra::{Algebra, Exact};
use crate::diagnostic::{Code, Finding, Findings, Severity};
use crate::lower::rights::Asserted;
use crate::lower::{Switches, lower_beside};
use crate::model::Assertion;
use crate::model::id::FeatureId;
use crate::text::quoted_list;

/// Its code.
pub const CODE: Code = Code("BW805");

/// How many settings of the features are looked at to name few of them.
const MOST_SETTINGS: usize = 64;

/// Looks at every assertion that holds as written.
pub fn run(context: &Context<'_>, findings: &mut Findings) {
    if context.model.incomplete {
        return;
    }
    let holds = |row: &usize| !matches!(context.breaches(*row), Ok(found) if !found.is_empty());
    let rules = (0..context.rights.asserted.len()).filter(|row| rule(context, *row).is_some());
    let rules: Vec<usize> = rules.filter(holds).collect();
    let all = broken_by_all(context, &rules);
    let mut left = MOST_SETTINGS;
    for (row, all) in rules.into_iter().zip(all) {
        let Some(assertion) = rule(context, row) else { continue };
        let known = context.breaches(row).as_ref().map_err(|e| *e);
        let found = known.and(all).and_then(|breach| match breach {
            Some(breach) => fewest(context, row, assertion.always, breach, &mut left).map(Some),
            None => Ok(None),
        });
        match found {
            Ok(Some((turned, breach))) => findings.push(broken(context, assertion, &turned, &breach)),
            Ok(None) => {}
            Err(_) => findings.push(bw009::undecided(CODE, "this assertion holds for other features", assertion.span)),
        }
    }
}

/// The assertion of a row, where it is one of the policy's own and some feature could break it.
fn rule<'c>(context: &Context<'c>, row: usize) -> Option<&'c Assertion> {
    let Asserted::Rule(index) = context.rights.asserted[row].what else { return None };
    let assertion = &context.model.assertions[index];
    (!features(context, !assertion.always).is_empty()).then_some(assertion)
}

/// The first breach of each of these assertions with all features turned against it. A feature that is on only adds rights: where
/// turning all of them breaks nothing, no setting does.
fn broken_by_all(context: &Context<'_>, rules: &[usize]) -> Vec<Exact<Option<Breach>>> {
    let is_always = |row: &usize| rule(context, *row).is_some_and(|a| a.always);
    let off = rules.iter().any(is_always).then(|| {
        let all: Vec<(FeatureId, bool)> = features(context, false).into_iter().map(|f| (f, false)).collect();
        lower_beside(context.model, &Switches::as_written(context.model).with(&all), context.most)
    });
    let mut least = off.as_ref().map(|off| Algebra::new(context.model, off));
    let first = |row: &usize| {
        let found = match least.as_mut().filter(|_| is_always(row)) {
            Some(least) => {
                least.begin();
                breaches(least, &least.rights.asserted[*row], true, context.at)
            }
            // With all of them on, the rights are the most that there are.
            None => breaches(&mut context.algebra_of_most(), &context.most.asserted[*row], false, context.at),
        };
        found.map(|found| found.into_iter().next())
    };
    rules.iter().map(first).collect()
}

/// The features that can be turned so.
fn features(context: &Context<'_>, on: bool) -> Vec<FeatureId> {
    let features = context.model.features.iter().enumerate();
    features.filter(|(_, f)| f.on != on).map(|(i, _)| FeatureId::new(i)).collect()
}

/// Few features that, turned, break an assertion that all of them break.
fn fewest(
    context: &Context<'_>,
    row: usize,
    always: bool,
    mut breach: Breach,
    left: &mut usize,
) -> Exact<(Vec<FeatureId>, Breach)> {
    let mut turned = features(context, !always);
    for feature in turned.clone() {
        if turned.len() > 1
            && take_one(left)
            && let Some(found) = broken_by(context, row, always, &[feature])?
        {
            return Ok((vec![feature], found));
        }
    }
    for feature in turned.clone() {
        let fewer: Vec<FeatureId> = turned.iter().copied().filter(|f| *f != feature).collect();
        if !fewer.is_empty()
            && take_one(left)
            && let Some(found) = broken_by(context, row, always, &fewer)?
        {
            (turned, breach) = (fewer, found);
        }
    }
    Ok((turned, breach))
}

const fn take_one(left: &mut usize) -> bool {
    let some = *left > 0;
    *left = left.saturating_sub(1);
    some
}

/// The first breach where these features are turned.
fn broken_by(context: &Context<'_>, row: usize, always: bool, turned: &[FeatureId]) -> Exact<Option<Breach>> {
    let changes: Vec<(FeatureId, bool)> = turned.iter().map(|f| (*f, !always)).collect();
    let switches = Switches::as_written(context.model).with(&changes);
    let rights = lower_beside(context.model, &switches, context.most);
    let mut algebra = Algebra::new(context.model, &rights);
    Ok(breaches(&mut algebra, &rights.asserted[row], always, context.at)?.into_iter().next())
}

fn broken(context: &Context<'_>, assertion: &Assertion, turned: &[FeatureId], breach: &Breach) -> Finding {
    let model = context.model;
    let (who, action) = (who(model, breach), &model.actions[breach.action.index()].path);
    let can = if assertion.always { "may not do" } else { "may do" };
    let state = if assertion.always { "off" } else { "on" };
    let names = quoted_list(turned.iter().map(|f| model.features[f.index()].name.as_str()), "and");
    let message = format!("with {names} {state}, {who} {can} `{action}`: the assertion holds only for the features as written");
    let mut finding = Finding::new(CODE, Severity::Warning, message)
        .at(assertion.span, if assertion.always { "always, says this" } else { "never, says this" });
    for feature in turned {
        finding = finding.at(model.features[feature.index()].span, format!("not so when this is {state}"));
    }
    if breach.witness.text != "the whole site" {
        finding = finding.note(format!("for example on {}", breach.witness.text));
    }
    if breach.day > context.at {
        finding = finding.note(format!("from {} on", crate::dates::date_text(breach.day)));
    }
    finding.help(if assertion.always {
        "give the right without the feature too, or silence this where only these features are meant"
    } else {
        "forbid or fence what the feature brings, or silence this where only these features are meant"
    })
}
