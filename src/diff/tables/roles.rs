//! What roles give by themselves on both sides, and who has them.

use std::collections::BTreeSet;

use bailiwick_table::{RoleId, Shown};

use super::compare::{Comparison, Difference, Pair};
use super::facts::Party;
use super::joint::When;
use super::people::Person;
use super::rights::Ways;
use super::rows::{CellId, Rect, RowNumber, Way};
use super::say::{Regions, Speaker};
use super::shapes::Shape;
use super::view::Lens;
use crate::algebra::diagram::{Diagram, Exact};
use crate::lower::rights::Days;

/// Everything.
const ALL: Rect = Rect { entities: Shape::TRUE, users: Shape::TRUE };

impl Comparison<'_> {
    /// The row of a role on a side that has it.
    fn row_of_role(&mut self, when: When, role: u32) -> Option<RowNumber> {
        let rights = &mut self.rights;
        let own = rights.view.joint.roles.own(when, role)?;
        let row = rights.view.joint.table(when).row_of(RoleId(own));
        Some(rights.rows.of(when, row))
    }

    /// The actions of which a role by itself has other grants than before, with both its cells.
    pub fn changed_cells(&mut self, role: u32) -> Vec<(u32, [Option<CellId>; 2])> {
        let rows = When::BOTH.map(|when| self.row_of_role(when, role));
        let rights = &self.rights;
        let actions: Vec<u32> = match rows {
            [Some(old), Some(new)] => rights.rows.changed([old, new]).to_vec(),
            [Some(only), None] | [None, Some(only)] => rights.row(only).iter().map(|(action, _)| *action).collect(),
            [None, None] => vec![],
        };
        let cells = |action: u32| rows.map(|row| row.and_then(|row| rights.rows.find(row, action)));
        actions.into_iter().map(|action| (action, cells(action))).collect()
    }

    /// The ways of an account on a side, each with the role that it is by.
    pub fn held(&mut self, pair: &Pair, when: When) -> Vec<(Option<u32>, Way)> {
        let Some(id) = pair.ids[when.index()] else { return vec![] };
        let rights = &mut self.rights;
        let joint = &rights.view.joint;
        let table = joint.table(when);
        let all: Vec<_> = table.ways(id).collect();
        all.iter()
            .map(|way| {
                let role = table.role_of_row(way.row).map(|role| joint.roles.joint(when, role.0));
                (role, rights.rows.way(joint, &mut rights.view.shapes, when, way))
            })
            .collect()
    }

    /// What differs between two cells of an action, by themselves: behind no fence, whatever is forbidden.
    ///
    /// # Errors
    /// When there are too many cases.
    pub fn of_cells(&mut self, action: u32, cells: [Option<CellId>; 2]) -> Exact<Vec<Difference>> {
        let ways: [Ways; 2] = cells.map(|cell| cell.map(|cell| (cell, ALL, Days::ALWAYS)).into_iter().collect());
        let days = self.days_of_cells(&ways);
        let all = self.over_time(
            action,
            &days,
            |this, lens: Lens<'_>| {
                let mut given = Diagram::FALSE;
                for way in &ways[lens.when.index()] {
                    let more = this.rights.by_way(action, *way, lens)?;
                    given = this.rights.view.diagrams.or(given, more)?;
                }
                Ok(given)
            },
            None,
        )?;
        Ok(all.into_iter().filter(|d| d.target == super::view::Target::Stranger).collect())
    }

    /// Whether a region depends on who asks.
    ///
    /// # Errors
    /// When there are too many cases.
    pub fn asks_actor(&self, region: Diagram) -> Exact<bool> {
        let view = &self.rights.view;
        Ok(view.diagrams.support(region)?.into_iter().any(|var| view.facts.get(var).party == Party::Actor))
    }

    /// A region of nobody in particular, in words.
    ///
    /// # Errors
    /// When there are too many cases.
    pub fn said_of_anybody(&mut self, regions: Regions, day: i32) -> Exact<String> {
        self.conditions_of(regions, Speaker { people: None, day })
    }

    /// On what a role gives an action on a side, in the table's words; nothing for everything.
    #[must_use]
    pub fn role_words(&self, when: When, role: u32, action: u32) -> String {
        let joint = &self.rights.view.joint;
        let table = joint.table(when);
        let Some(own) = joint.roles.own(when, role) else { return String::new() };
        let mut all: BTreeSet<String> = BTreeSet::new();
        for right in table.role_rights(RoleId(own)) {
            if joint.action_names.joint(when, right.action.0) != action {
                continue;
            }
            let part = |noun: &str, pred: &bailiwick_table::Pred<'_>| match pred.shown() {
                Shown::All => None,
                _ => Some(super::say::on(noun, &pred.to_string())),
            };
            let parts = [part("entities", &right.entities), part("users", &right.users)];
            let mut words = parts.into_iter().flatten().collect::<Vec<_>>().join(" and ");
            if !matches!(right.gate.shown(), Shown::All) {
                words = format!(
                    "{} when the actor is in: {}",
                    if words.is_empty() { "everything" } else { &words },
                    right.gate
                );
            }
            all.insert(words);
        }
        if all.contains("") {
            return String::new();
        }
        all.iter().map(|words| format!("on {words}")).collect::<Vec<_>>().join(" or ")
    }

    /// The accounts that hold the super role on either side, as both sides know them.
    pub fn supers(&mut self) -> Vec<[Person; 2]> {
        if let Some(known) = &self.supers {
            return known.clone();
        }
        let joint = &self.rights.view.joint;
        let mut ids: Vec<(When, bailiwick_table::AccountId)> = vec![];
        for when in When::BOTH {
            let table = joint.table(when);
            let is_super = |given: bailiwick_table::Given| match given {
                bailiwick_table::Given::Role(role) => table.role_of(role).is_some_and(|r| r.superuser),
                bailiwick_table::Given::DirectTier(_) => false,
            };
            if !table.roles().any(|role| is_super(bailiwick_table::Given::Role(role))) {
                continue;
            }
            let holds = |id: &bailiwick_table::AccountId| {
                table.account_of(*id).is_some_and(|a| a.given().any(|(given, _)| is_super(given)))
            };
            ids.extend(table.accounts().filter(holds).map(|id| (when, id)));
        }
        let mut found: Vec<[Person; 2]> = vec![];
        for (when, id) in ids {
            let login = joint.table(when).account_of(id).map_or("", |a| a.login());
            if found.iter().any(|known| known[0].login == login) {
                continue;
            }
            let other = super::compare::account_of(joint.table(when.other()), login);
            let pair = if when == When::Before { [Some(id), other] } else { [other, Some(id)] };
            found.push(super::accounts::people(joint, pair));
        }
        self.supers = Some(found.clone());
        found
    }

    /// The highest tier that one of these accounts is of after the change and was below before, and whether it is the last.
    #[must_use]
    pub fn risen(&self, logins: &[String]) -> Option<(String, bool)> {
        let joint = &self.rights.view.joint;
        let [old, new] = [joint.table(When::Before), joint.table(When::After)];
        new.tiers().next()?;
        let name = |table: &super::joint::Bytes<'_>, login: &str| {
            let account = super::compare::account_of(table, login).and_then(|id| table.account_of(id));
            account.and_then(|a| a.tier()).and_then(|tier| table.tier_name(tier).map(str::to_owned))
        };
        let place = |tier: &str| new.tiers().position(|t| new.tier_name(t) == Some(tier));
        let risen = logins.iter().filter_map(|login| {
            let after = name(new, login)?;
            let before = name(old, login).and_then(|tier| place(&tier));
            let at = place(&after)?;
            (before.is_none_or(|before| before < at)).then_some((at, after))
        });
        let (at, tier) = risen.max()?;
        Some((tier, at + 1 == new.tiers().count()))
    }

    /// The names of the roles by which somebody whom neither policy names could have an action.
    #[must_use]
    pub fn claiming(&self, action: u32) -> Vec<String> {
        let joint = &self.rights.view.joint;
        let mut names = BTreeSet::new();
        for when in When::BOTH {
            let table = joint.table(when);
            let of_claims = table.roles().filter(|r| table.role_of(*r).is_some_and(|r| r.by_claim));
            let of_rules = table.rules().filter_map(|rule| table.role_of_row(rule.row));
            for role in of_claims.chain(of_rules) {
                let gives =
                    table.grants(table.row_of(role)).any(|g| joint.action_names.joint(when, g.action.0) == action);
                if gives {
                    names.insert(joint.roles.name(joint.roles.joint(when, role.0)).to_owned());
                }
            }
        }
        names.into_iter().collect()
    }
}
