//! # BW705 seats of accounts that cannot use them
//!
//! ## What
//! A quota is `counting all`, and some of the accounts that count are inactive, or have ended, or no longer hold what is counted. Whether
//! an active account is used, a policy cannot say.
//!
//! ## Why
//! The seat is paid for, or missing for somebody else, and nobody sits on it.
//!
//! ## Example
//! ```bw
//! quota at most 50 role org_admin counting all
//! admin pat { role org_admin; inactive }
//! ```
//!
//! ## How to fix
//! Take the role away, or delete the account. Write `counting active` if the contract counts active accounts only.

use super::Context;
use super::bw701::{active_matching, item_text, used};
use crate::diagnostic::{Code, Finding, Findings, NAMED, Severity};
use crate::lower::rights::role_tiers;
use crate::model::id::AccountId;
use crate::model::{Model, Quota};
use crate::text::{count, quoted_list};

/// Its code.
pub const CODE: Code = Code("BW705");

/// Looks at quotas that count all accounts.
pub fn run(context: &Context<'_>, findings: &mut Findings) {
    let tiers = role_tiers(context.model, &context.most.rows);
    for quota in context.model.quotas.iter().filter(|q| q.counting_all) {
        let mut in_use: Vec<AccountId> = active_matching(context, &tiers, quota)
            .into_iter()
            .filter(|h| h.days.until >= context.at)
            .map(|h| h.account)
            .collect();
        in_use.sort_unstable();
        in_use.dedup();
        let (_, counted) = used(context, &tiers, quota);
        let idle: Vec<AccountId> = counted.iter().copied().filter(|a| in_use.binary_search(a).is_err()).collect();
        if !idle.is_empty() {
            findings.push(finding(context.model, quota, counted.len(), &idle));
        }
    }
}

fn finding(model: &Model, quota: &Quota, counted: usize, idle: &[AccountId]) -> Finding {
    let what = quota.of.iter().map(|item| item_text(model, item)).collect::<Vec<_>>().join(", ");
    let of = count(counted, "seat", "seats");
    let cannot = match idle.len() {
        1 => "belongs to an account that cannot use it",
        _ => "belong to accounts that cannot use them",
    };
    let message = format!("{} of {of} for {what} {cannot}", idle.len());
    let accounts = idle.iter().map(|id| &model.accounts[id.index()]);
    let names = quoted_list(accounts.clone().map(|a| a.block.as_str()), "and");
    let finding = Finding::new(CODE, Severity::Warning, message)
        .at(quota.span, "inactive and expired accounts count too")
        .note(format!("unused: {names}"))
        .help("take the role away or delete the account; or write `counting active` if the contract says so");
    accounts.take(NAMED).fold(finding, |f, account| {
        f.at(account.span, if account.active { "no longer in use" } else { "inactive" })
    })
}
