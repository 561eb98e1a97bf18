//! # BWT11 a new way to more rights
//!
//! ## What
//! In the new policy an account could come to a right that it does not have, by a chain of steps (acting as others, giving roles,
//! changing facts), and in the old policy it could not; though not a row of its own rights has changed. Such chains are errors by
//! themselves (BW501 to BW510); this says that the change opens one, where no right of the account shows it.
//! Of accounts whose rights change `bailiwick diff` says it among the changes; `--fail-on escalation` stops both.
//!
//! ## Why
//! A change may leave everything that somebody may do as it is, and give more to those whom he may act as. Nothing in a list of rights
//! that were gained would tell.
//!
//! ## Example
//! ```bw
//! resource accounts on account { become login_as }
//! role helper { allow accounts.login_as }
//! admin pat { role helper }
//! admin kim { role clerk; role treasurer }        // `treasurer` is new, and pat may act as kim
//! ```
//!
//! ## How to fix
//! Break the chain where it is cheapest: fence the step, or take whoever has more out of it.

use std::collections::BTreeSet;

use rustc_hash::FxHashSet;

use super::escalation::{doubt, told, who};
use super::{Context, bw009};
use crate::algebra::potential::Gain;
use crate::diagnostic::{Code, Finding, Findings, Severity};
use crate::diff::transition::Transition;
use crate::model::id::AccountId;
use crate::query::account_rows;

/// Its code.
pub const CODE: Code = Code("BWT11");

/// Compares what accounts could come to.
pub fn run(transition: &Transition<'_>, findings: &mut Findings) {
    let Some(new) = transition.new.context(transition.at) else { return };
    let opening = transition.opening();
    for it in opening.gains.iter().filter(|it| it.unchanged) {
        findings.push(opened(&new, it.account, &it.gain));
    }
    for (account, _) in opening.undecided.iter().filter(|(_, unchanged)| *unchanged) {
        findings.push(undecided(&new, *account));
    }
}

/// A right that an account could come to, and could not before.
#[derive(Debug)]
pub(crate) struct Opened {
    pub(crate) account: AccountId,
    pub(crate) gain: Gain,
    /// No row of its own rights has changed.
    pub(crate) unchanged: bool,
}

/// All of them; and the accounts about which something is unknown, each with whether a row of its rights has changed.
#[derive(Debug, Default)]
pub(crate) struct Opening {
    pub(crate) gains: Vec<Opened>,
    pub(crate) undecided: Vec<(AccountId, bool)>,
}

/// What accounts of the new policy could come to, and not in the old one: by account and action.
pub(crate) fn opening(transition: &Transition<'_>) -> Opening {
    let (Some(old), Some(new)) = (transition.old.context(transition.at), transition.new.context(transition.at)) else {
        return Opening::default();
    };
    let found = new.escalation();
    if found.gains.is_empty() && found.undecided.is_empty() {
        return Opening::default();
    }
    let path = |context: &Context<'_>, gain: &Gain| context.model.actions[gain.action.index()].path.clone();
    let known = old.escalation();
    let before: FxHashSet<(String, String)> =
        known.gains.iter().map(|(a, gain, _)| (old.model.accounts[a.index()].login.to_string(), path(&old, gain))).collect();
    let mut opening = Opening::default();
    for (account, gain, _) in &found.gains {
        let former = transition.account_before(*account);
        let login = former.map_or("", |former| old.model.accounts[former.index()].login.as_str());
        if !before.contains(&(login.to_owned(), path(&new, gain))) {
            let unchanged = has_the_same(transition, *account);
            opening.gains.push(Opened { account: *account, gain: gain.clone(), unchanged });
        }
    }
    let undecided = found.undecided.iter().map(|account| (*account, has_the_same(transition, *account)));
    opening.undecided.extend(undecided);
    opening
}

/// The note on an account about which it could not be decided.
pub(crate) fn undecided(new: &Context<'_>, account: AccountId) -> Finding {
    let account = &new.model.accounts[account.index()];
    let what = format!("`{}` has a new way to more rights", account.block);
    bw009::undecided(CODE, &what, account.span)
}

/// Whether an account has the same rights on both sides, row by row, wherever they come from.
fn has_the_same(transition: &Transition<'_>, account: AccountId) -> bool {
    let Some(before) = transition.account_before(account) else { return false };
    let (Some(old), Some(new)) = (transition.old.table(), transition.new.table()) else { return false };
    let rows = |table: &bailiwick_table::Table<Vec<u8>>, id: AccountId| {
        let rows = account_rows(table, bailiwick_table::AccountId(id.0));
        rows.into_iter().map(|row| (row.action, row.effect, row.entities, row.users, row.from, row.until)).collect::<BTreeSet<_>>()
    };
    rows(old, before) == rows(new, account)
}

fn opened(new: &Context<'_>, account: AccountId, gain: &Gain) -> Finding {
    let model = new.model;
    let (account, right) = (&model.accounts[account.index()], &model.actions[gain.action.index()].path);
    let message = format!("`{}` can now come to `{right}`, though none of its own rights has changed", account.block);
    let mut finding = Finding::new(CODE, Severity::Warning, message).at(account.span, "who");
    for (number, step) in gain.chain.iter().enumerate() {
        if let Some(origin) = step.origin {
            finding = finding.at(new.most.origins[origin.0 as usize].span, format!("step {}", number + 1));
        }
    }
    for (number, line) in told(model, new.most, &gain.chain).iter().enumerate() {
        finding = finding.note(format!("{}. {line}", number + 1));
    }
    let end = gain.chain.len() + 1;
    finding = finding.note(format!("{end}. {} may then use `{right}`", who(model, gain.who)));
    if let Some(doubt) = doubt(gain) {
        finding = finding.note(doubt.to_owned());
    }
    finding
        .help("break the chain where it is cheapest: fence a step, or take whoever has more out of it")
}
