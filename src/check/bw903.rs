//! # BW903 what has no end, has ended, or ends soon
//!
//! ## What
//! An `exception` has no `until` (an error). An account, a role or profile that it was given, an `allow` or an exception has ended before
//! today and is still written down (a warning), or ends within the next 30 days (a note). An account past its own days is told once,
//! and inactive accounts are not told that something ends soon.
//!
//! ## Why
//! Exceptions are agreed for a time: one without an end becomes the rule. What has ended gives nothing, and hides among the lines that
//! do. What ends soon should end on purpose.
//!
//! ## Example
//! ```bw
//! exception "helpdesk" for holders of operator may change personal reason "agreed"      // until when?
//! admin pat { role operator until 2020-12-31 }
//! ```
//!
//! ## How to fix
//! Write `until`. Delete what has ended, or give it a new end.

use super::Context;
use super::crowd::Crowd;
use crate::dates::date_text;
use crate::diagnostic::{Code, Finding, Findings, Severity};
use crate::lower::rights::Days;
use crate::model::{Account, Allow, Exception, Model};
use crate::source::Span;
use crate::text::count;

/// Its code.
pub const CODE: Code = Code("BW903");
/// How many days before its end something is told of.
const SOON: i32 = 30;

/// Where a last day stands towards today.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum End {
    Past,
    Soon,
}

/// Looks at everything that has days.
pub fn run(context: &Context<'_>, findings: &mut Findings) {
    let model = context.model;
    for exception in &model.exceptions {
        exceptional(exception, context.at, findings);
    }
    for role in &model.roles {
        for allow in &role.allows {
            grant(&format!("a grant of the role `{}`", role.name), allow, context.at, findings);
        }
    }
    let (mut accounts, mut roles) = (Crowd::new(model), Crowd::new(model));
    for account in &model.accounts {
        let own = end(account.valid, context.at).filter(|end| account.active || *end == End::Past);
        if let Some(end) = own {
            accounts.tell(account, end, || of_account(account, end, context.at));
        }
        if own == Some(End::Past) {
            continue;
        }
        for given in account.assignments.iter().filter(|g| g.days.until < account.valid.until) {
            let end = end(given.days, context.at).filter(|end| account.active || *end == End::Past);
            if let Some(end) = end {
                let key = (given.role, end);
                roles.tell(account, key, || of_role(model, account, given, end, context.at));
            }
        }
        for allow in account.allows.iter().filter(|a| account.active || a.days.until < context.at) {
            grant(&format!("a right of `{}`", account.block), allow, context.at, findings);
        }
    }
    accounts.finish(findings);
    roles.finish(findings);
}

fn end(days: Days, at: i32) -> Option<End> {
    if days.is_empty() || days.until == i32::MAX {
        None
    } else if days.until < at {
        Some(End::Past)
    } else {
        (days.until <= at.saturating_add(SOON)).then_some(End::Soon)
    }
}

fn exceptional(exception: &Exception, at: i32, findings: &mut Findings) {
    let name = &exception.name;
    if exception.days.until == i32::MAX {
        findings.push(
            Finding::new(CODE, Severity::Error, format!("the exception `{name}` has no end"))
                .at(exception.span, "from now on, for ever")
                .help("write `until` and the day on which it is to be agreed again"),
        );
    } else if let Some(end) = end(exception.days, at) {
        findings.push(told(format!("the exception `{name}`"), end, exception.days, at, exception.span));
    }
}

fn grant(what: &str, allow: &Allow, at: i32, findings: &mut Findings) {
    if let Some(end) = end(allow.days, at) {
        findings.push(told(what.to_owned(), end, allow.days, at, allow.span));
    }
}

fn of_account(account: &Account, end: End, at: i32) -> Finding {
    let text = if end == End::Past { "accounts have ended" } else { "accounts end within 30 days" };
    told(format!("the account `{}`", account.block), end, account.valid, at, account.span).alike(&account.block, text)
}

fn of_role(model: &Model, account: &Account, given: &crate::model::Assignment, end: End, at: i32) -> Finding {
    let role = &model.roles[given.role.index()].name;
    let text = match end {
        End::Past => format!("assignments of `{role}` have ended"),
        End::Soon => format!("assignments of `{role}` end within 30 days"),
    };
    told(format!("the role `{role}` of `{}`", account.block), end, given.days, at, given.span).alike(&account.block, text)
}

fn told(what: String, end: End, days: Days, at: i32, span: Span) -> Finding {
    let day = date_text(days.until);
    match end {
        End::Past => Finding::new(CODE, Severity::Warning, format!("{what} ended on {day}"))
            .at(span, "gives nothing any more")
            .help("delete it, or give it a new end"),
        End::Soon => {
            let left = usize::try_from(days.until.saturating_sub(at)).unwrap_or(0);
            let left = if left == 0 { "today".to_owned() } else { format!("in {}", count(left, "day", "days")) };
            Finding::new(CODE, Severity::Note, format!("{what} ends on {day}, {left}"))
                .at(span, "ends soon")
                .help("nothing to do if that is meant; otherwise give it a new end in time")
        }
    }
}
