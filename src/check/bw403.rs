//! # BW403 a fence that changes nothing, or stands in the wrong place
//!
//! ## What
//! Three things, each worth a note. A fence on an assignment or a line says no more than the `scope` of its block (`assigns` left aside:
//! its `on` says to whom a role may be given, whatever the rights are about). A fence restricts
//! only parts that no action behind it uses, and none of them is site-wide. Or all accounts that hold a role, two at least, hold it behind
//! the same fence, and nobody gets the role by rule or from a token.
//!
//! ## Why
//! A fence without effect reads as if it had one. And the fence that everybody has belongs on the role: the next holder gets it with the
//! role, and is not open on everything until somebody remembers.
//!
//! ## Example
//! ```bw
//! admin aino { role reporter on users in finns }
//! admin bo   { role reporter on users in finns }        // `scope users in finns` in the role says it once
//! ```
//!
//! ## How to fix
//! Take the fence away, or write it in the role.

use std::collections::BTreeSet;

use super::{Context, bw009, bw407};
use crate::diagnostic::{Code, Finding, Findings, Mend, Severity};
use crate::lower::rights::{Assignment, FenceId, Row, RowId};
use crate::model::id::RoleId;
use crate::model::{Model, On, Role, Signature};
use crate::region::{Nodes, Scope};
use crate::source::Span;

/// Its code.
pub const CODE: Code = Code("BW403");

/// Looks at fences within fences, at fences on what does not feel them, and at the holders of each role.
pub fn run(context: &Context<'_>, findings: &mut Findings) {
    if context.model.incomplete {
        return;
    }
    let assigns: BTreeSet<Span> =
        context.model.roles.iter().flat_map(|r| &r.allows).filter(|a| a.assigns).map(|a| a.span).collect();
    let all = context.most.nested.iter().zip(context.nested());
    for (nested, parts) in all.filter(|(n, _)| !assigns.contains(&n.inner_span)) {
        match parts {
            Ok([entities, users]) => {
                let same = |lie: &Option<super::nested::Lie>| lie.as_ref().is_some_and(|l| !l.narrower && l.outside.is_none());
                let restricted = [nested.inner.entities != Nodes::TRUE, nested.inner.users != Nodes::TRUE];
                if (!restricted[0] || same(entities)) && (!restricted[1] || same(users)) {
                    findings.push(
                        no_effect(nested.inner_span, "it says no more than the scope around it")
                            .at(nested.outer_span, "already fenced here")
                            .fix("take this fence away", Mend::Fence(nested.inner_span)),
                    );
                }
            }
            Err(_) => findings.push(bw009::undecided(CODE, "this fence has an effect", nested.inner_span)),
        }
    }
    unused(context, findings);
    shared(context, findings);
}

fn no_effect(at: Span, why: &str) -> Finding {
    Finding::new(CODE, Severity::Note, "this fence has no effect")
        .at(at, why)
        .help("take it away, or write what is meant")
}

fn idle_scope(at: Span, why: &str) -> Finding {
    no_effect(at, why).fix("delete this `scope`", Mend::Statement(at))
}

/// Which parts the actions of some rows use, and whether one of them is site-wide.
#[derive(Debug, Clone, Copy, Default)]
struct Used {
    entities: bool,
    users: bool,
    site: bool,
    any: bool,
}

impl Used {
    fn of(model: &Model, row: &Row) -> Self {
        let mut used = Self::default();
        used.add(model, row);
        used
    }

    /// The parts of both.
    const fn join(&mut self, other: Self) {
        self.entities |= other.entities;
        self.users |= other.users;
        self.site |= other.site;
        self.any |= other.any;
    }

    fn add(&mut self, model: &Model, row: &Row) {
        for grant in &row.grants {
            let signature = model.actions[grant.action.index()].signature;
            self.any = true;
            self.entities |= signature.uses_entities();
            self.users |= signature.uses_users();
            self.site |= signature == Signature::Site;
        }
    }

    /// Whether there could be a restricted scope that fences nothing of it.
    const fn leaves_a_part(self) -> bool {
        self.any && !self.site && !(self.entities && self.users)
    }

    /// Whether a fence of units surely touches something, as nearly every one of millions does.
    const fn feels_units(self, on: &On) -> bool {
        match on {
            On::Units { users: true, .. } => self.users,
            On::Units { users: false, .. } => self.entities,
            On::Everywhere | On::Scope(_) => false,
        }
    }

    /// Whether a restricted scope fences nothing of it.
    const fn is_beside(self, scope: &Scope) -> bool {
        let felt = (scope.entities.is_some() && self.entities) || (scope.users.is_some() && self.users);
        self.any && !self.site && !felt
    }
}

/// Fences in parts that nothing behind them uses.
fn unused(context: &Context<'_>, findings: &mut Findings) {
    let (model, rights) = (context.model, context.most);
    let why = "no action behind it feels what it restricts";
    for (role, row) in model.roles.iter().zip(&rights.rows) {
        let mut used = Used { site: gives_site(context, role), ..Used::default() };
        used.add(model, row);
        let felt = |s: &Scope| !s.is_restricted() || !used.is_beside(s) || is_told(model, row, s);
        let scope = role.scope.as_ref().filter(|s| !felt(&s.node));
        findings.extend(scope.map(|s| idle_scope(s.span, why)).into_iter().collect());
    }
    let used: Vec<Used> = rights.rows.iter().map(|row| Used::of(model, row)).collect();
    for (account, held) in model.accounts.iter().zip(&rights.accounts) {
        let mut all = Used::default();
        let mut told = false;
        for way in &held.assignments {
            let row = &rights.rows[way.row.0 as usize];
            let used = used[way.row.0 as usize];
            all.join(used);
            if account.scope.is_none() && !used.leaves_a_part() {
                continue;
            }
            told |= account.scope.as_ref().is_some_and(|s| is_told(model, row, &s.node));
            let at = rights.origins[way.origin.0 as usize].span;
            let given = account.assignments.iter().find(|a| a.span == at);
            let beside = |on: &Scope| on.is_restricted() && used.is_beside(on) && !is_told(model, row, on);
            if let Some(given) = given.filter(|g| !used.feels_units(&g.on) && beside(&g.on.scope())) {
                findings.push(no_effect(given.span, why).fix("take this fence away", Mend::Fence(given.span)));
            }
        }
        let scope = account.scope.as_ref().filter(|s| s.node.is_restricted() && all.is_beside(&s.node) && !told);
        findings.extend(scope.map(|s| idle_scope(s.span, why)).into_iter().collect());
    }
}

/// Whether it is told already that the fence does not touch what it should.
fn is_told(model: &Model, row: &Row, scope: &Scope) -> bool {
    row.grants.iter().any(|g| bw407::is_unfelt(model, g, scope))
}

/// Whether a site-wide action is among what a role would give without its scope.
fn gives_site(context: &Context<'_>, role: &Role) -> bool {
    let is_site = |action: usize| context.model.actions[action].signature == Signature::Site;
    let own = role.allows.iter().any(|a| a.actions.members.ones().any(is_site));
    let mut extended = role.extends.iter().flat_map(|e| &context.most.rows[e.role.index()].grants);
    own || extended.any(|g| is_site(g.action.index()))
}

/// Roles that all holders have behind the same fence.
fn shared(context: &Context<'_>, findings: &mut Findings) {
    let (model, rights) = (context.model, context.most);
    let mut held: Vec<Held<'_>> = rights.rows.iter().map(|_| Held::default()).collect();
    for way in rights.accounts.iter().flat_map(|a| &a.assignments).filter(|w| w.days.until >= context.at) {
        held[way.row.0 as usize].add(way);
    }
    for (row, ways) in (0..).map(RowId).zip(&held) {
        let Some(role) = rights.rows[row.0 as usize].role else { continue };
        let declared = &model.roles[role.index()];
        let by_name = declared.by_claim.is_none() && rights.automatic.iter().all(|rule| rule.row != row);
        if by_name && ways.count > 1 && is_one_fence(context, ways) {
            findings.push(on_the_role(context, role, ways));
        }
    }
}

/// The ways to a row.
#[derive(Debug, Default)]
struct Held<'a> {
    count: usize,
    /// The first two of them.
    first: [Option<&'a Assignment>; 2],
    /// Whether some stand behind another fence than the first.
    differ: bool,
}

impl<'a> Held<'a> {
    fn add(&mut self, way: &'a Assignment) {
        if let Some(place) = self.first.get_mut(self.count) {
            *place = Some(way);
        }
        self.count += 1;
        self.differ |= self.first[0].is_some_and(|first| first.fence != way.fence);
    }
}

/// Whether all of them stand behind one fence, which touches what they give.
fn is_one_fence(context: &Context<'_>, ways: &Held<'_>) -> bool {
    let Some(first) = ways.first[0] else { return false };
    let fence = context.most.fences[first.fence.0 as usize];
    let mut used = Used::default();
    used.add(context.model, &context.most.rows[first.row.0 as usize]);
    let felt = used.site
        || (used.entities && fence.rect.entities != Nodes::TRUE)
        || (used.users && fence.rect.users != Nodes::TRUE);
    first.fence != FenceId::NONE && fence.restricted && felt && !ways.differ
}

fn on_the_role(context: &Context<'_>, role: RoleId, ways: &Held<'_>) -> Finding {
    let declared = &context.model.roles[role.index()];
    let all = if ways.count == 2 { "both".to_owned() } else { format!("all {}", ways.count) };
    let message = format!("{all} holders of `{}` have it behind the same fence", declared.name);
    let mut finding = Finding::new(CODE, Severity::Note, message).at(declared.span, "its `scope` could say it once");
    for way in ways.first.iter().flatten() {
        finding = finding.at(context.most.origins[way.origin.0 as usize].span, "fenced here, like all others");
    }
    finding.help(format!("write the fence as the `scope` of `{}`: the next holder then gets it with the role", declared.name))
}
