//! # BW305 a role within another one
//!
//! ## What
//! Everything that a role gives, another one gives as well, on the same targets, under the same conditions and on the same days; or both
//! give the same. This is so with the features as written and with every feature on. Left out are roles that give nothing, roles that
//! give every action everywhere, and two of which one extends the other. Where a role is within a second and the second within a third,
//! the third is not named. Of an account's profiles there is but one, so that the greater ones are meant to contain the lesser: two
//! profiles are named only when they give the same. A role that is within more than three others is told once.
//!
//! ## Why
//! It is worth knowing: who holds the greater role needs the lesser one no more, and what was written twice can be written once, with
//! `extends`. Two roles with the same rights may be meant so, where rules ask who holds them.
//!
//! ## Example
//! ```bw
//! role dialer_user  { allow broadcasts.view }
//! role dialer_admin { allow broadcasts.view, broadcasts.create }
//! ```
//!
//! ## How to fix
//! Write `extends dialer_user` in the greater role, or leave it so.

use fixedbitset::FixedBitSet;
use rustc_hash::FxHashMap;

use super::privilege::actions_of;
use super::regions::{WHOEVER, given, starts};
use super::{Context, bw009};
use crate::algebra::reach::grants;
use crate::algebra::{Actor, Algebra, Exact, Lens, Party, Target};
use crate::diagnostic::{Code, Finding, Findings, Severity};
use crate::lower::rights::{Days, Grant, Rect, Rights, Row};
use crate::model::{Model, Signature};
use crate::model::id::{ActionId, RoleId};
use crate::region::{NodeId, Nodes};
use crate::text::quoted_list;

/// Its code.
pub const CODE: Code = Code("BW305");

/// In how many others a role is before they are told together.
const MOST_TOLD: usize = 3;

/// The actions that a role gives, and those of them that it gives everywhere.
struct Summary {
    all: FixedBitSet,
    open: FixedBitSet,
    number: usize,
}

/// The roles that each role is within, by their ids.
type Within = Vec<FixedBitSet>;

/// Compares every two roles: first by their sets of actions, and only where one is within the other by their regions.
pub fn run(context: &Context<'_>, findings: &mut Findings) {
    if context.model.incomplete {
        return;
    }
    let model = context.model;
    let most = summaries(model, context.most);
    let written = summaries(model, context.rights);
    let considered: Vec<usize> = (0..model.roles.len()).filter(|r| is_considered(model, &most[*r])).collect();
    let mut known = [Known::of(model, context.most), Known::of(model, context.rights)];
    let mut within: Within = vec![FixedBitSet::with_capacity(model.roles.len()); model.roles.len()];
    for a in considered.iter().copied() {
        let comparable = |b: &usize| *b != a && model.roles[*b].profile == model.roles[a].profile;
        for b in considered.iter().copied().filter(|b| comparable(b) && most[a].number <= most[*b].number) {
            if !most[a].all.is_subset(&most[b].all) || !written[a].all.is_subset(&written[b].all) {
                continue;
            }
            match is_within(context, [&most[a], &most[b]], [&written[a], &written[b]], (a, b), &mut known) {
                Ok(true) => within[a].insert(b),
                Ok(false) => {}
                Err(_) => {
                    let what = format!("`{}` is within `{}`", model.roles[a].name, model.roles[b].name);
                    findings.push(bw009::undecided(CODE, &what, model.roles[a].span));
                }
            }
        }
    }
    for a in considered {
        let (one, own) = (RoleId::new(a), &model.roles[a]);
        let mut others = nearest(&within, a);
        others.retain(|b| {
            let other = RoleId::new(*b);
            (within[*b].contains(a) || !own.profile) && !model.is_or_extends(one, other) && !model.is_or_extends(other, one)
        });
        if others.len() > MOST_TOLD {
            findings.push(many(model, one, &others));
        } else {
            others.iter().for_each(|b| findings.push(finding(model, one, RoleId::new(*b), within[*b].contains(a))));
        }
    }
}

fn summaries(model: &Model, rights: &Rights) -> Vec<Summary> {
    rights.rows.iter().take(model.roles.len()).map(|row| summary(model, row)).collect()
}

fn summary(model: &Model, row: &Row) -> Summary {
    let all = actions_of(model, row);
    let mut open = FixedBitSet::with_capacity(model.actions.len());
    open.extend(row.grants.iter().filter(|g| is_open(g)).map(|g| g.action.index()));
    Summary { number: all.count_ones(..), all, open }
}

fn is_open(grant: &Grant) -> bool {
    grant.rect == Rect::ALL && grant.holes.is_empty() && grant.gate == Nodes::TRUE && grant.days == Days::ALWAYS
}

/// It gives something, but not everything.
fn is_considered(model: &Model, summary: &Summary) -> bool {
    let missing = |(index, action): (usize, &crate::model::Action)| action.assigns.is_none() && !summary.open.contains(index);
    summary.number > 0 && model.actions.iter().enumerate().any(missing)
}

fn is_within(
    context: &Context<'_>,
    most: [&Summary; 2],
    written: [&Summary; 2],
    pair: (usize, usize),
    [of_most, as_written]: &mut [Known<'_>; 2],
) -> Exact<bool> {
    let at = context.at;
    Ok(covers(|| context.algebra_of_most(), most, pair, at, of_most)?
        && (std::ptr::eq(context.most, context.rights) || covers(|| context.algebra(), written, pair, at, as_written)?))
}

/// What decides which targets a row's grants of an action reach, whatever lines they come from.
type Shape<'g> = (Signature, Vec<(Rect, &'g [Rect], NodeId, Days)>);

/// The shapes of all roles' grants by number, and which lies within which, as far as it was asked for.
#[derive(Default)]
struct Known<'g> {
    numbers: FxHashMap<Shape<'g>, usize>,
    /// Of each role, by its id: the number for each action it gives, in order.
    of_roles: Vec<Vec<(ActionId, usize)>>,
    within: FxHashMap<(usize, usize), bool>,
    parts: Parts,
}

impl<'g> Known<'g> {
    fn of(model: &Model, rights: &'g Rights) -> Self {
        let mut known = Self::default();
        for row in rights.rows.iter().take(model.roles.len()) {
            let all = row.grants.chunk_by(|a, b| a.action == b.action);
            let numbered = all.map(|grants| {
                let action = grants[0].action;
                let parts = grants.iter().map(|g| (g.rect, g.holes.as_slice(), g.gate, g.days)).collect();
                let next = known.numbers.len();
                (action, *known.numbers.entry((model.actions[action.index()].signature, parts)).or_insert(next))
            });
            let numbered = numbered.collect();
            known.of_roles.push(numbered);
        }
        known
    }

    fn number(&self, role: usize, action: ActionId) -> Option<usize> {
        let own = &self.of_roles[role];
        own.binary_search_by_key(&action, |(a, _)| *a).ok().map(|at| own[at].1)
    }
}

/// Whether all that a row gives is in another one. What the other gives everywhere needs no comparison.
fn covers<'a, 'c: 'a>(
    algebra: impl Fn() -> std::cell::RefMut<'a, Algebra<'c>>,
    [inner, outer]: [&Summary; 2],
    (a, b): (usize, usize),
    at: i32,
    known: &mut Known<'_>,
) -> Exact<bool> {
    for action in inner.all.difference(&outer.open).map(ActionId::new) {
        let (Some(one), Some(other)) = (known.number(a, action), known.number(b, action)) else { return Ok(false) };
        if one == other {
            continue;
        }
        let within = match known.within.get(&(one, other)) {
            Some(within) => *within,
            None => {
                let within = is_inside(&mut algebra(), (a, b), action, at, &mut known.parts)?;
                known.within.insert((one, other), within);
                within
            }
        };
        if !within {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Parts of fences that lie within one another or not, as far as it was asked for: (the one, the other, whose, on which target).
type Parts = FxHashMap<(NodeId, NodeId, Party, Target), bool>;

/// Whether one plain grant lies within another one, part by part; none where the parts decide nothing alone. They are few, and grants
/// are put together from them.
fn by_parts(algebra: &mut Algebra<'_>, [one, other]: [&Grant; 2], at: i32, parts: &mut Parts) -> Exact<Option<bool>> {
    let plain = |g: &Grant| g.holes.is_empty() && g.gate == Nodes::TRUE && g.days == Days::ALWAYS;
    let signature = algebra.signature(one.action);
    if !plain(one) || !plain(other) || signature == Signature::Account {
        return Ok(None);
    }
    let entities = (one.rect.entities, other.rect.entities, Party::Entity, signature.uses_entities());
    let users = (one.rect.users, other.rect.users, Party::User, signature.uses_users());
    let mut all = true;
    for (inner, outer, party, used) in [entities, users] {
        for target in WHOEVER {
            if !used || inner == outer || outer == Nodes::TRUE {
                continue;
            }
            let key = (inner, outer, party, target);
            let within = match parts.get(&key) {
                Some(known) => *known,
                None => {
                    let lens = Lens::new(Actor::Holder, target, at);
                    let (inside, around) = (algebra.node(inner, party, lens)?, algebra.node(outer, party, lens)?);
                    let more = algebra.minus(inside, around)?;
                    let within = algebra.is_empty(more, lens)?;
                    parts.insert(key, within);
                    within
                }
            };
            all = all && within;
        }
    }
    // Of a grant with one part, that part decides; of another, something may be missing in the other part, too.
    let single = !(signature.uses_entities() && signature.uses_users());
    Ok((all || single).then_some(all))
}

/// Whether what one role gives of an action lies within what another one gives of it, from a day on.
fn is_inside(
    algebra: &mut Algebra<'_>,
    (a, b): (usize, usize),
    action: ActionId,
    at: i32,
    parts: &mut Parts,
) -> Exact<bool> {
    let rights = algebra.rights;
    let (row, other) = (&rights.rows[a].grants, &rights.rows[b].grants);
    if let ([one], [another]) = (grants(row, action), grants(other, action))
        && let Some(within) = by_parts(algebra, [one, another], at, parts)?
    {
        return Ok(within);
    }
    let both = grants(row, action).iter().chain(grants(other, action));
    for day in starts(both.map(|g| g.days).filter(|d| *d != Days::ALWAYS), at) {
        for target in WHOEVER {
            let lens = Lens::new(Actor::Holder, target, day);
            let (mine, others) = (given(algebra, row, action, lens)?, given(algebra, other, action, lens)?);
            let more = algebra.minus(mine, others)?;
            if !algebra.is_empty(more, lens)? {
                return Ok(false);
            }
        }
    }
    Ok(true)
}

/// The roles that a role is within, without those that follow from the others. Of several with the same rights the first stands for all.
fn nearest(within: &Within, a: usize) -> Vec<usize> {
    let same = |x: usize, y: usize| within[x].contains(y) && within[y].contains(x);
    let first = |x: usize| !within[x].ones().take_while(|y| *y < x).any(|y| same(x, y));
    if !first(a) {
        return within[a].ones().filter(|b| same(a, *b) && first(*b)).collect();
    }
    let greater: Vec<usize> = within[a].ones().filter(|b| !same(a, *b) && first(*b)).collect();
    let follows = |b: &usize| greater.iter().any(|c| c != b && within[*c].contains(*b));
    greater.iter().copied().filter(|b| !follows(b)).collect()
}

fn finding(model: &Model, inner: RoleId, outer: RoleId, same: bool) -> Finding {
    let (inner, outer) = (&model.roles[inner.index()], &model.roles[outer.index()]);
    let message = if same {
        format!("`{}` gives the same as `{}`", inner.name, outer.name)
    } else {
        format!("everything that `{}` gives, `{}` gives too", inner.name, outer.name)
    };
    Finding::new(CODE, Severity::Note, message)
        .at(inner.span, if same { "this" } else { "all of this" })
        .at(outer.span, if same { "and this" } else { "is in here" })
        .help(format!("write `extends {}` there instead of the same lines, or leave it so", inner.name))
}

fn many(model: &Model, inner: RoleId, others: &[usize]) -> Finding {
    let inner = &model.roles[inner.index()];
    let names = quoted_list(others.iter().map(|b| model.roles[*b].name.as_str()), "and");
    Finding::new(CODE, Severity::Note, format!("everything that `{}` gives, {} other roles give too", inner.name, others.len()))
        .at(inner.span, "all of this")
        .note(format!("it is within {names}"))
        .help(format!("write `extends {}` in them instead of the same lines, or leave it so", inner.name))
}
