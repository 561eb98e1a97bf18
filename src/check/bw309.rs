//! # BW309 a read-only role beside a writing one
//!
//! ## What
//! On some day from today on, an active account holds a role that says `read only` and another role, not `read only` itself, that gives
//! actions of another kind than `view` which the first one does not except. What is given by rule counts too. Rights that an account has
//! by itself are told by BW311.
//!
//! ## Why
//! Rights add up: the account may write, whatever the read-only role promises. Either role may be the mistake.
//!
//! ## Example
//! ```bw
//! role monitor read only { allow view * }
//! role editor { allow courses.edit }
//! admin pat { role monitor; role editor }
//! ```
//!
//! ## How to fix
//! Take one of the roles away. If the account is to see all and to write some, the writing role alone may say so.

use fixedbitset::FixedBitSet;

use super::Context;
use super::crowd::Crowd;
use super::privilege::actions_of_roles;
use crate::diagnostic::{Code, Finding, Findings, Severity};
use crate::lower::rights::{AccountRights, Days};
use crate::model::id::RoleId;
use crate::model::{Account, Model};
use crate::source::Span;
use crate::syntax::ast::Kind;
use crate::text::quoted_list;

/// Its code.
pub const CODE: Code = Code("BW309");

/// Looks at every holder of a read-only role.
pub fn run(context: &Context<'_>, findings: &mut Findings) {
    let model = context.model;
    let readers: Vec<(RoleId, Vec<bool>)> = readers(context);
    if readers.is_empty() {
        return;
    }
    let mut crowd = Crowd::new(model);
    for (account, rights) in model.accounts.iter().zip(&context.most.accounts) {
        for (reader, writes) in &readers {
            let writers = beside(rights, *reader, writes, context.at);
            if !writers.is_empty() {
                crowd.tell(account, *reader, || finding(model, account, *reader, &writers));
            }
        }
    }
    crowd.finish(findings);
}

/// The read-only roles, each with the roles that write what it does not except.
fn readers(context: &Context<'_>) -> Vec<(RoleId, Vec<bool>)> {
    let model = context.model;
    let roles = model.roles.iter().enumerate();
    let readers: Vec<_> = roles.filter_map(|(i, r)| Some((RoleId::new(i), r.read_only.as_ref()?))).collect();
    if readers.is_empty() {
        return vec![];
    }
    let mut given = actions_of_roles(context);
    let views = model.actions.iter().enumerate().filter(|(_, a)| a.kind == Kind::View).map(|(i, _)| i);
    let views: FixedBitSet = views.collect();
    given.iter_mut().for_each(|actions| actions.difference_with(&views));
    let writes = |except: &FixedBitSet| {
        let pairs = model.roles.iter().zip(&given);
        pairs.map(|(role, actions)| role.read_only.is_none() && !actions.is_subset(except)).collect()
    };
    readers.into_iter().map(|(id, except)| (id, writes(&except.members))).collect()
}

/// The writing roles that the account holds on a day on which it holds the read-only one.
fn beside(rights: &AccountRights, reader: RoleId, writes: &[bool], at: i32) -> Vec<RoleId> {
    let held = |wanted: RoleId| rights.assignments.iter().filter(move |a| a.row.0 == wanted.0).map(|a| a.days);
    let mut writers: Vec<RoleId> = vec![];
    for days in held(reader) {
        let overlaps = |other: Days| {
            let both = other.meet(days);
            !both.is_empty() && both.until >= at
        };
        let others = rights.assignments.iter().filter(|a| writes.get(a.row.0 as usize) == Some(&true));
        writers.extend(others.filter(|a| overlaps(a.days)).map(|a| RoleId(a.row.0)));
    }
    writers.sort_unstable();
    writers.dedup();
    writers
}

fn finding(model: &Model, account: &Account, reader: RoleId, writers: &[RoleId]) -> Finding {
    let name = |role: &RoleId| model.roles[role.index()].name.as_str();
    let list = quoted_list(writers.iter().map(name), "and");
    let roles = if writers.len() == 1 { "the role" } else { "the roles" };
    let message =
        format!("`{}` holds the read-only role `{}` and {roles} {list}, which may write", account.block, name(&reader));
    let mut finding =
        Finding::new(CODE, Severity::Warning, message).at(given(model, account, reader), "reads only, by this role");
    for writer in writers.iter().take(3) {
        finding = finding.at(given(model, account, *writer), "and writes, by this one");
    }
    finding
        .help("take one of the roles away: rights add up, so a read-only role limits nothing")
        .alike(&account.block, format!("accounts hold the read-only role `{}` and another that may write", name(&reader)))
}

/// Where a role is given to the account, by name or by rule.
fn given(model: &Model, account: &Account, role: RoleId) -> Span {
    let by_name = account.assignments.iter().find(|a| a.role == role).map(|a| a.span);
    by_name.or_else(|| model.automatic.iter().find(|a| a.role == role).map(|a| a.span)).unwrap_or(account.span)
}
