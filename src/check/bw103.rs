//! # BW103 an administrator who cannot recover the account
//!
//! ## What
//! An administrator has neither an e-mail address nor a telephone number (a warning), or one of the two only (a note). An administrator
//! is an active account that holds, today or later, a right of its own or a role that is not `by claim`. Nothing is said of accounts
//! that hold only what any token may present: they are users of the platform, and it knows how to reach them.
//!
//! ## Why
//! Passwords are recovered over these channels. Who has none and forgets the password is locked out, and whoever helps him has no way
//! to make sure that it is he who asks.
//!
//! ## Example
//! ```bw
//! admin pat "Pat Example" { email pat@acme.example; role owner }     // a note: no phone
//! admin kim "Kim Example" { role analyst }                           // a warning
//! ```
//!
//! ## How to fix
//! Write `email` and `phone`. Where the platform has one of the two channels only, write `lint BW103 off`.

use super::Context;
use super::crowd::Crowd;
use crate::diagnostic::{Code, Finding, Findings, Severity};
use crate::lower::rights::{AccountRights, RowId};
use crate::model::{Account, Model};
use crate::source::Spanned;

/// Its code.
pub const CODE: Code = Code("BW103");

/// Looks at every administrator.
pub fn run(context: &Context<'_>, findings: &mut Findings) {
    let model = context.model;
    if model.incomplete {
        return;
    }
    let mut crowd = Crowd::without_fixes(model, CODE);
    for (account, rights) in model.accounts.iter().zip(&context.most.accounts) {
        let channels = (is_written(account.email.as_deref()), is_written(account.phone.as_deref()));
        if channels != (true, true) && administers(model, rights, context.at) {
            crowd.tell(account, channels, || finding(account, channels));
        }
    }
    crowd.finish(findings);
}

fn is_written(channel: Option<&Spanned<String>>) -> bool {
    channel.is_some_and(|text| !text.node.trim().is_empty())
}

/// Whether the account holds, on that day or later, something that no token may present.
fn administers(model: &Model, rights: &AccountRights, at: i32) -> bool {
    let lasting = rights.assignments.iter().filter(|a| a.days.until >= at);
    lasting.map(|a| a.row).any(|RowId(row)| model.roles.get(row as usize).is_none_or(|role| role.by_claim.is_none()))
}

fn finding(account: &Account, (email, phone): (bool, bool)) -> Finding {
    let name = &account.block;
    let (severity, message, text, help) = match (email, phone) {
        (true, _) => (Severity::Note, "has an e-mail address but no phone", "administrators have no phone", "write `phone`"),
        (_, true) => (Severity::Note, "has a phone but no e-mail address", "administrators have no e-mail address", "write `email`"),
        _ => (
            Severity::Warning,
            "has neither an e-mail address nor a phone to recover a password",
            "administrators have neither an e-mail address nor a phone to recover a password",
            "write `email` and `phone`",
        ),
    };
    Finding::new(CODE, severity, format!("the administrator `{name}` {message}"))
        .at(account.span, if email || phone { "one way to recover a password" } else { "no way to recover a password" })
        .help(if severity == Severity::Warning { help.to_owned() } else { format!("{help}, so that there is a second way") })
        .alike(name, text)
}
