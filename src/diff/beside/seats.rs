//! Seats: what each quota counts before and after, its limit, and what is paid beyond a `soft` one.
//!
//! Accounts are counted as the checks of quotas count them: active ones on the days from the day of the comparison on on which there are
//! the most of them, or all. A quota of the new policy is the one of the old that counts the same.

use std::collections::BTreeSet;

use super::Found;
use crate::check::holding::stretch_text;
use crate::check::{Context, bw701};
use crate::diff::change::{Beside, Risk, What};
use crate::diff::transition::{Seen, Transition};
use crate::lower::rights::role_tiers;
use crate::model::{Quota, QuotaItem};
use crate::text::count;

/// What a side says of one quota.
struct Counted<'m> {
    quota: &'m Quota,
    /// What is counted, in words.
    what: String,
    /// The same, by the names of the new policy.
    key: Vec<String>,
    /// The logins that count.
    logins: BTreeSet<String>,
    /// On which days, where these are not all.
    when: String,
}

/// Every quota of either policy of which something differs.
pub(super) fn seats(transition: &Transition<'_>, found: &mut Found) {
    if transition.old.model().quotas.is_empty() && transition.new.model().quotas.is_empty() {
        return;
    }
    let at = transition.at;
    let (Some(old), Some(new)) = (transition.old.context(at), transition.new.context(at)) else { return };
    let new_name = |item: &QuotaItem| match item {
        QuotaItem::Role(role) => match transition.role_after(*role) {
            Some(role) => bw701::item_text(new.model, &QuotaItem::Role(role)),
            None => bw701::item_text(old.model, item),
        },
        item => bw701::item_text(old.model, item),
    };
    let mut before = counted(&old, &new_name);
    let after = counted(&new, &|item| bw701::item_text(new.model, item));
    let mut pairs: Vec<(Option<Counted<'_>>, Option<Counted<'_>>)> = vec![];
    for now in after {
        let alike = |exact: bool| {
            move |then: &Counted<'_>, now: &Counted<'_>| {
                then.key == now.key && (!exact || then.quota.counting_all == now.quota.counting_all)
            }
        };
        let place = before.iter().position(|then| alike(true)(then, &now));
        let place = place.or_else(|| before.iter().position(|then| alike(false)(then, &now)));
        pairs.push((place.map(|place| before.remove(place)), Some(now)));
    }
    pairs.extend(before.into_iter().map(|then| (Some(then), None)));
    for (then, now) in &pairs {
        found.beside.extend(told(transition, then.as_ref(), now.as_ref()));
    }
}

fn counted<'m>(context: &Context<'m>, name: &dyn Fn(&QuotaItem) -> String) -> Vec<Counted<'m>> {
    let model = context.model;
    let tiers = role_tiers(model, &context.most.rows);
    let one = |quota: &'m Quota| {
        let (days, holders) = bw701::used(context, &tiers, quota);
        let from = days.filter(|days| days.from > context.at);
        let mut key: Vec<String> = quota.of.iter().map(name).collect();
        key.sort();
        let items: Vec<String> = quota.of.iter().map(|item| bw701::item_text(model, item)).collect();
        Counted {
            quota,
            what: items.join(", "),
            key,
            logins: holders.iter().map(|id| model.accounts[id.index()].login.to_string()).collect(),
            when: from.map_or_else(String::new, |days| format!(" {}", stretch_text(days, context.at))),
        }
    };
    model.quotas.iter().map(one).collect()
}

fn told(transition: &Transition<'_>, then: Option<&Counted<'_>>, now: Option<&Counted<'_>>) -> Option<Beside> {
    let of = |it: &Counted<'_>| format!("{} of {}", it.logins.len(), count(it.quota.most as usize, "seat", "seats"));
    let text = match (then, now) {
        (Some(then), Some(now)) => {
            let same = then.logins.len() == now.logins.len() && then.quota.most == now.quota.most;
            if same && terms(then.quota) == terms(now.quota) {
                return None;
            }
            let limit = match then.quota.most.cmp(&now.quota.most) {
                std::cmp::Ordering::Less => "; the limit is raised",
                std::cmp::Ordering::Greater => "; the limit is lowered",
                std::cmp::Ordering::Equal => "",
            };
            let before = format!("{} of {}", then.logins.len(), then.quota.most);
            let change =
                if same { format!("{} as before", of(now)) } else { format!("{} instead of {before}", of(now)) };
            let terms = if terms(then.quota) == terms(now.quota) { "" } else { "; other terms" };
            format!("{}: {change}{}{limit}{terms}{}", now.what, now.when, priced(Some(then), Some(now)))
        }
        (None, Some(now)) => {
            format!("{}: {}{}; there was no limit{}", now.what, of(now), now.when, priced(None, Some(now)))
        }
        (Some(then), None) => {
            format!("{}: no limit any more, instead of {}{}", then.what, of(then), priced(Some(then), None))
        }
        (None, None) => return None,
    };
    let [before, after] = [then, now].map(|it| it.map_or(0, cost));
    let over = |it: Option<&Counted<'_>>| it.is_some_and(|it| beyond(it) > 0);
    let risk = if after > before || over(now) && !over(then) { Risk::Medium } else { Risk::Low };
    Some(Beside { what: What::Seats, text, risk, causes: causes(transition, then, now) })
}

/// How it is counted and billed.
fn terms(quota: &Quota) -> (bool, bool, &Option<(u64, String)>) {
    (quota.counting_all, quota.soft, &quota.price)
}

fn beyond(it: &Counted<'_>) -> u64 {
    (it.logins.len() as u64).saturating_sub(u64::from(it.quota.most))
}

/// What the excess costs, in hundredths.
fn cost(it: &Counted<'_>) -> u64 {
    let price = it.quota.price.as_ref().filter(|_| it.quota.soft);
    price.map_or(0, |(cents, _)| cents.saturating_mul(beyond(it)))
}

/// What the seats beyond the limit come to, before and after.
fn priced(then: Option<&Counted<'_>>, now: Option<&Counted<'_>>) -> String {
    let (before, after) = (then.map_or(0, beyond), now.map_or(0, beyond));
    if before == 0 && after == 0 {
        return String::new();
    }
    let number = |n: u64| if n == 0 { "none".to_owned() } else { n.to_string() };
    let mut text = match before == after {
        true => format!("; {after} beyond the limit as before"),
        false => format!("; {} beyond the limit instead of {}", number(after), number(before)),
    };
    let money = |it: Option<&Counted<'_>>| {
        it.map_or_else(
            || "nothing".to_owned(),
            |it| match (cost(it), &it.quota.price) {
                (0, _) | (_, None) => "nothing".to_owned(),
                (cents, Some((_, currency))) => format!("{}.{:02} {currency}", cents / 100, cents % 100),
            },
        )
    };
    let (paid, pays) = (money(then), money(now));
    if paid != pays {
        text += &format!(", for {pays} instead of {paid}");
    } else if pays != "nothing" {
        text += &format!(", for {pays}");
    }
    text
}

/// The edits of the quota; of accounts that came or went; and of roles and rules by which they count.
fn causes(transition: &Transition<'_>, then: Option<&Counted<'_>>, now: Option<&Counted<'_>>) -> Vec<usize> {
    let none = BTreeSet::new();
    let (before, after) = (then.map_or(&none, |it| &it.logins), now.map_or(&none, |it| &it.logins));
    let moved: BTreeSet<&str> = before.symmetric_difference(after).map(String::as_str).collect();
    let roles: BTreeSet<&str> =
        [&transition.old, &transition.new].into_iter().flat_map(|side| roles_of(side, &moved)).collect();
    let spans: Vec<_> = [then, now].into_iter().flatten().map(|it| it.quota.span).collect();
    let of_quota = |edit: &crate::diff::change::Edit| {
        let sides = [&edit.before, &edit.after];
        edit.spot.noun == "quota"
            && sides.into_iter().flatten().any(|said| said.span.is_some_and(|s| spans.contains(&s)))
    };
    let mut found = vec![];
    for (index, edit) in transition.edits.iter().enumerate() {
        let spot = &edit.spot;
        let concerns = match spot.noun {
            "quota" => of_quota(edit),
            "admin" => edit.is_access() && moved.contains(spot.name.as_str()),
            "role" => edit.is_access() && roles.contains(spot.name.as_str()),
            "automatic rule" => roles.contains(spot.key.as_str()),
            "unit" | "tier" => !moved.is_empty() && edit.is_access(),
            _ => false,
        };
        if concerns {
            found.push(index);
        }
    }
    found.sort_by_key(|index| transition.edits[*index].spot.noun != "quota");
    found
}

/// The roles that these accounts were given or hold by a rule.
fn roles_of<'t>(side: &'t Seen<'_>, logins: &BTreeSet<&str>) -> Vec<&'t str> {
    let model = side.model();
    let mut all = vec![];
    for login in logins {
        let Some(account) = side.account_by_login(login) else { continue };
        let given = model.accounts[account.index()].assignments.iter().map(|given| given.role.index());
        all.extend(given);
        let rows = side.rights().into_iter().flat_map(|rights| &rights.accounts[account.index()].assignments);
        all.extend(rows.map(|row| row.row.0 as usize).filter(|role| *role < model.roles.len()));
    }
    all.into_iter().map(|role| model.roles[role].name.as_str()).collect()
}
