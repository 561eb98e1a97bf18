//! # BW702 a quota that is nearly used up
//!
//! ## What
//! At least 90 in 100 of what a quota allows is used, on the day on which most is, and no more than it allows. Who counts is decided as for
//! BW701.
//!
//! ## Why
//! The next account may not fit any more; raising a contract takes longer than hiring somebody.
//!
//! ## Example
//! ```bw
//! quota at most 10 role org_admin               // and nine accounts hold it
//! ```
//!
//! ## How to fix
//! Nothing, if nobody is to come. Otherwise free a seat or raise the limit in time.

use super::Context;
use super::bw701::{item_text, used};
use super::holding::stretch_text;
use crate::diagnostic::{Code, Finding, Findings, Severity};
use crate::lower::rights::role_tiers;
use crate::model::Quota;

/// Its code.
pub const CODE: Code = Code("BW702");

/// Counts every quota.
pub fn run(context: &Context<'_>, findings: &mut Findings) {
    let tiers = role_tiers(context.model, &context.most.rows);
    for quota in &context.model.quotas {
        let (days, holders) = used(context, &tiers, quota);
        let (most, number) = (quota.most as usize, holders.len());
        if number > 0 && number <= most && number.saturating_mul(10) >= most.saturating_mul(9) {
            let when = days.map_or(String::new(), |days| format!(" {}", stretch_text(days, context.at)));
            findings.push(nearly(context, quota, number, &when));
        }
    }
}

fn nearly(context: &Context<'_>, quota: &Quota, number: usize, when: &str) -> Finding {
    let what = quota.of.iter().map(|item| item_text(context.model, item)).collect::<Vec<_>>().join(", ");
    let message = format!("{number} of {} seats are used for {what}{when}", quota.most);
    let left = match quota.most as usize - number {
        0 => "none is left".to_owned(),
        1 => "one is left".to_owned(),
        n => format!("{n} are left"),
    };
    Finding::new(CODE, Severity::Note, message)
        .at(quota.span, left)
        .help("nothing to do if nobody is to come; otherwise free a seat or raise the limit in time")
}
