//! # BW104 a publisher without a name
//!
//! ## What
//! An account is given an action that is `signed`, and has no name, so what it publishes is signed `Administrator` (a note). It is a
//! warning where another publisher signs in the same way: then nobody can tell the two apart. Active accounts count, with what they are
//! given today or later. An action that a `forbid` without a scope takes from the account, by the roles and logins that it names, is not
//! counted, nor is a site-wide one behind a fence. Features are as written.
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
use super::certain::{Holders, Way};
use super::crowd::Crowd;
use crate::diagnostic::{Code, Finding, Findings, Severity};
use crate::lower::rights::{AccountRights, Row, RowId};
use crate::model::id::{ActionId, RoleId};
use crate::model::{Account, Model, Signature};

/// Its code.
pub const CODE: Code = Code("BW104");

/// Looks for those who publish.
pub fn run(context: &Context<'_>, findings: &mut Findings) {
    let model = context.model;
    let signed: Vec<ActionId> =
        (0..model.actions.len()).map(ActionId::new).filter(|a| model.actions[a.index()].signed).collect();
    if model.incomplete || signed.is_empty() {
        return;
    }
    let some = |row: &Row| row.grants.iter().map(|g| g.action).filter(|a| signed.contains(a)).collect();
    let rows: Vec<Vec<ActionId>> = context.rights.rows.iter().map(some).collect();
    let holders = Holders::new(context);
    let accounts = model.accounts.iter().zip(&context.rights.accounts);
    let publishers: Vec<(&Account, ActionId)> = accounts
        .filter_map(|(account, rights)| Some((account, published(context, &holders, (account, rights), &rows)?)))
        .collect();
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

/// A signed action that the account is given, today or later, and that no `forbid` certainly takes from it.
fn published(
    context: &Context<'_>,
    holders: &Holders<'_, '_>,
    (account, rights): (&Account, &AccountRights),
    rows: &[Vec<ActionId>],
) -> Option<ActionId> {
    let model = context.model;
    let mut found = rights.assignments.iter().filter(|a| a.days.until >= context.at).filter_map(|held| {
        let RowId(row) = held.row;
        let fenced = context.rights.fences[held.fence.0 as usize].restricted;
        let role = ((row as usize) < model.roles.len()).then_some(RoleId(row));
        let way = Way { account: Some(account), role, days: held.days };
        let open = |action: &ActionId| {
            let action = &model.actions[action.index()];
            let mut about = model.forbids.iter().filter(|f| !f.actions.members.is_disjoint(&action.implies));
            let never = fenced && action.signature == Signature::Site;
            !never && !about.any(|forbid| holders.binds(forbid, way))
        };
        rows[row as usize].iter().copied().find(open)
    });
    found.next()
}

fn finding(model: &Model, account: &Account, action: ActionId, other: Option<&Account>) -> Finding {
    let (name, action) = (&account.block, &model.actions[action.index()]);
let help = "write the person's name behind the name of the block, or in the column `name` of the table";
    let Some(other) = other else {
        return Finding::new(CODE, Severity::Note, format!("`{name}` has no name, so what it publishes is signed `{NOBODY}`"))
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
