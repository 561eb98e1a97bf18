//! # BW104 a publisher without a name
//!
//! ## What
//! An account is given an action that is `signed`, and has no name, so what it publishes is signed `Administrator` (a note). It is a
//! warning where another publisher signs in the same way: then nobody can tell the two apart. Active accounts count, with what they are
//! given today or later; an action that a `forbid` takes from everybody, and a site-wide one behind a fence, is not given.
//!
//! ## Why
//! Readers want to know who wrote to them, and the platform wants to know whom to ask.
//!
//! ## Example
//! ```bw
//! resource messages { write publish signed }
//! role editor { allow messages.publish }
//! admin pat { role editor }                     // without "Pat Example"
//! ```
//!
//! ## How to fix
//! Write the name behind the name of the block: `admin pat "Pat Example"`; in a table of people, fill the column `name`.

use super::Context;
use super::certain::Holders;
use super::crowd::Crowd;
use crate::diagnostic::{Code, Finding, Findings, Severity};
use crate::lower::rights::{AccountRights, Row, RowId};
use crate::model::id::ActionId;
use crate::model::{Account, Model, Signature};

/// Its code.
pub const CODE: Code = Code("BW104");

/// Looks for those who publish.
pub fn run(context: &Context<'_>, findings: &mut Findings) {
    let model = context.model;
    let signed = signed_actions(context);
    if model.incomplete || signed.is_empty() {
        return;
    }
    let some = |row: &Row| row.grants.iter().map(|g| g.action).filter(|a| signed.contains(a)).collect();
    let rows: Vec<Vec<ActionId>> = context.rights.rows.iter().map(some).collect();
    let accounts = model.accounts.iter().zip(&context.rights.accounts);
    let publishers: Vec<(&Account, ActionId)> =
        accounts.filter_map(|(account, rights)| Some((account, published(context, rights, &rows)?))).collect();
    let mut same = publishers.iter().map(|(account, _)| *account).filter(|a| a.signature() == NOBODY);
    let (first, second) = (same.next(), same.next());
    let mut crowd = Crowd::new(model);
    for (account, action) in publishers.iter().filter(|(account, _)| !has_name(account)) {
        let other = [first, second].into_iter().flatten().find(|other| other.login != account.login);
        crowd.tell(account, other.is_some(), || finding(model, account, *action, other));
    }
    crowd.finish(findings);
}

/// What is signed without a name.
const NOBODY: &str = "Administrator";

fn has_name(account: &Account) -> bool {
    account.name.as_deref().is_some_and(|name| !name.trim().is_empty())
}

/// The signed actions that no `forbid` takes from everybody.
fn signed_actions(context: &Context<'_>) -> Vec<ActionId> {
    let model = context.model;
    let signed = (0..model.actions.len()).map(ActionId::new).filter(|a| model.actions[a.index()].signed);
    let signed: Vec<ActionId> = signed.collect();
    if signed.is_empty() {
        return signed;
    }
    let holders = Holders::new(context);
    let open = |action: &ActionId| {
        let implies = &model.actions[action.index()].implies;
        let mut hit = model.forbids.iter().filter(|f| !f.actions.members.is_disjoint(implies));
        !hit.any(|forbid| holders.binds_everybody(forbid))
    };
    signed.into_iter().filter(open).collect()
}

/// A signed action that the account is given, today or later.
fn published(context: &Context<'_>, rights: &AccountRights, rows: &[Vec<ActionId>]) -> Option<ActionId> {
    let lasting = rights.assignments.iter().filter(|a| a.days.until >= context.at);
    lasting
        .filter_map(|a| {
            let RowId(row) = a.row;
            let fenced = context.rights.fences[a.fence.0 as usize].restricted;
            let site = |action: &&ActionId| context.model.actions[action.index()].signature == Signature::Site;
            rows[row as usize].iter().find(|action| !(fenced && site(action))).copied()
        })
        .min()
}

fn finding(model: &Model, account: &Account, action: ActionId, other: Option<&Account>) -> Finding {
    let (name, action) = (&account.block, &model.actions[action.index()]);
let help = "write the person's name behind the name of the block, or in the column `name` of the table";
    let Some(other) = other else {
        return Finding::new(CODE, Severity::Note, format!("`{name}` has no name, so it publishes as `{NOBODY}`"))
            .at(account.span, format!("is given `{}`, which is signed", action.path))
            .help(help)
            .alike(name, format!("publishers have no name and sign as `{NOBODY}`"));
    };
    Finding::new(CODE, Severity::Warning, format!("`{name}` and `{}` both publish as `{NOBODY}`", other.block))
        .at(account.span, format!("has no name, and is given `{}`, which is signed", action.path))
        .at(other.span, "signs in the same way")
        .help(help)
        .alike(name, format!("publishers have no name and all sign as `{NOBODY}`"))
}
