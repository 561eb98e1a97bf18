//! Odoo's groups: the compiled table gives exactly what is known of them.

use std::collections::{BTreeMap, BTreeSet};

use bailiwick::Compiled;
use bailiwick_table::ActionId;
use serde_json::{Value, json};

use crate::asked::{Asked, compiled};
use crate::odoo::{ACTIONS, Odoo, Without, membership, module_of, path};
use crate::{corpus, expected, fingerprint};

/// What is in the expected numbers and not in the data.
const LEFT_OUT: [(&str, &str); 2] = [
    ("modules", "counts all modules that were looked through; the data names those that declare something"),
    ("record_rules_not_modelled", "counts what the data leaves out"),
];

/// A compiled reading of the set.
struct Reading<'s> {
    set: &'s Odoo,
    asked: Asked<'s>,
    /// The action of a model that each action of the table is, as `model.action`.
    actions: BTreeMap<ActionId, String>,
}

impl<'s> Reading<'s> {
    fn of(set: &'s Odoo, compiled: &'s Compiled) -> Self {
        let asked = Asked::of(compiled);
        let all = set.models().into_iter().flat_map(|model| ACTIONS.map(|action| (model, action)));
        let actions = all.map(|(model, action)| (asked.action(&path(model, action)), format!("{model}.{action}")));
        let actions = actions.collect();
        Self { set, asked, actions }
    }

    /// What a group gives, of the actions of models.
    fn gives(&self, group: &str) -> Vec<&str> {
        let listed = self.asked.listed(self.asked.role(group));
        listed.iter().filter_map(|action| self.actions.get(action)).map(String::as_str).collect()
    }

    /// Group and action of everything that groups give.
    fn pairs(&self) -> Vec<[&str; 2]> {
        let of_group = |group: &'s str| self.gives(group).into_iter().map(move |action| [group, action]);
        self.groups().flat_map(of_group).collect()
    }

    fn groups(&self) -> impl Iterator<Item = &'s str> {
        self.set.groups.iter().map(|g| g.id.as_str())
    }

    /// The groups that somebody in a group is in.
    fn closure(&self, group: &str) -> BTreeSet<&'s str> {
        let account = self.asked.account(group);
        self.groups().filter(|other| self.asked.may(account, self.asked.action(&membership(other)))).collect()
    }

    /// Whether a group implies another that implies it again.
    fn is_in_a_cycle(&self, group: &str) -> bool {
        self.closure(group).into_iter().any(|other| other != group && self.closure(other).contains(group))
    }

    /// How many different actions of models an account may do.
    fn of_account(&self, login: &str) -> usize {
        let account = self.asked.account(login);
        self.actions.keys().filter(|action| self.asked.may(account, **action)).count()
    }
}

/// The numbers that follow from what the table allows.
fn effective(reading: &Reading<'_>, direct: &Reading<'_>, groups: &[String]) -> Value {
    let (pairs, hash) = fingerprint::of(reading.pairs());
    let (direct_pairs, direct_hash) = fingerprint::of(direct.pairs());
    let given: BTreeSet<&str> = reading.groups().flat_map(|g| reading.gives(g)).collect();
    let nothing: BTreeSet<&str> = reading.groups().filter(|g| reading.gives(g).is_empty()).collect();
    json!({
        "direct_pairs": direct_pairs,
        "direct_sha256": direct_hash,
        "effective_pairs": pairs,
        "effective_sha256": hash,
        // Nothing is given to everybody, so the same numbers stand in both places.
        "effective_incl_global_pairs": pairs,
        "effective_incl_global_sha256": hash,
        "per_group_effective": expected::each(groups, |group| reading.of_account(group)),
        "admin_user_effective": reading.of_account("base.user_admin"),
        "closure_pairs_excl_self": reading.groups().map(|g| reading.closure(g).len() - 1).sum::<usize>(),
        "cycles": reading.groups().filter(|g| reading.is_in_a_cycle(g)).collect::<Vec<_>>(),
        "permissions": reading.actions.len(),
        "permissions_granted_somewhere": given.len(),
        "groups_without_any_effective": nothing,
    })
}

/// The numbers that describe what upstream wrote: of the compiled policy where they are in it, else of the rows as read.
fn written(set: &Odoo, compiled: &Compiled) -> Value {
    let asked = Asked::of(compiled);
    let model = compiled.model();
    let bridges = set.edges_of_others().count();
    let groups = model.roles.len() - bridges;
    let edges: usize = model.roles.iter().map(|r| r.extends.len()).sum();
    let admin = asked.table.account_of(asked.account("base.user_admin")).expect("an account");
    let everybody = || set.access.iter().filter(|row| row.group.is_empty());
    let named: BTreeSet<&str> = set.access.iter().map(|row| row.group.as_str()).filter(|g| !g.is_empty()).collect();
    let declared: BTreeSet<&str> = set.groups.iter().map(|g| g.id.as_str()).collect();
    // A bridge stands in for one edge and is no group of its own.
    json!({
        "groups": groups,
        "groups_incl_referenced_only": named.union(&declared).count(),
        "dangling_groups_in_acl": named.difference(&declared).map(|g| ((*g).to_owned(), 1.into())).collect::<serde_json::Map<_, _>>(),
        "implied_edges": edges - bridges,
        "cross_module_edges": bridges,
        "max_depth_edges": declared.iter().map(|group| depth(set, group)).max(),
        "roots_with_multiple_parents": model.roles.iter().filter(|r| r.extends.len() > 1).count(),
        "admin_direct_groups": admin.given().count(),
        "models": model.resources.len() - 1,
        "acl_rows": set.access.len(),
        "acl_rows_all_zero": set.access.iter().filter(|row| row.allowed().is_empty()).count(),
        "acl_rows_no_group": everybody().count(),
        "global_permissions": everybody().map(|row| row.allowed().len()).sum::<usize>(),
    })
}

/// How many edges the longest way from a group on has; there is no cycle, or nothing would have been compiled.
fn depth(set: &Odoo, group: &str) -> usize {
    let edges = set.edges.iter().filter(|edge| edge.group == group);
    edges.map(|edge| 1 + depth(set, &edge.implies_group)).max().unwrap_or(0)
}

#[test]
fn the_table_gives_what_the_groups_do() {
    let Some(folder) = corpus::folder("odoo") else { return };
    let set = Odoo::read(&folder);
    let whole = compiled(&set.sources(&Without::default()));
    let alone = compiled(&set.sources(&Without { edges: true, ..Without::default() }));
    let reading = Reading::of(&set, &whole);
    let mut numbers = effective(&reading, &Reading::of(&set, &alone), &expected::named(&folder, "per_group_effective"));
    let Value::Object(more) = written(&set, &whole) else { panic!("no map") };
    numbers.as_object_mut().expect("a map").extend(more);
    expected::agree(&folder, numbers, &LEFT_OUT);

    expected::probe(&folder, |probe| {
        let (model, action) = probe.permission.split_once('#').expect("a model and an action");
        reading.asked.may(reading.asked.account(&probe.subject), reading.asked.action(&path(model, action)))
    });
    for group in reading.groups() {
        let decided = reading.asked.decided(reading.asked.account(group));
        assert_eq!(reading.asked.listed(reading.asked.role(group)), decided, "{group}: rows and decisions");
    }
}

/// What groups give without a module, from the rows alone.
fn without_module<'s>(set: &'s Odoo, module: &str) -> BTreeSet<[String; 2]> {
    let here = |m: &str| m != module;
    let there: BTreeSet<&str> = set.groups.iter().filter(|g| here(module_of(&g.id))).map(|g| g.id.as_str()).collect();
    let mut pairs = BTreeSet::new();
    for group in &there {
        let (mut reached, mut next) = (BTreeSet::<&'s str>::new(), vec![*group]);
        while let Some(group) = next.pop() {
            if there.contains(group) && reached.insert(group) {
                let edges = set.edges.iter().filter(|e| e.group == group && here(&e.declared_by_module));
                next.extend(edges.map(|e| e.implies_group.as_str()));
            }
        }
        let rows = set.access.iter().filter(|row| reached.contains(row.group.as_str()) && here(&row.module));
        for row in rows.filter(|row| !row.model.starts_with(&format!("{module}."))) {
            pairs.extend(
                row.allowed().into_iter().map(|action| [(*group).to_owned(), format!("{}.{action}", row.model)]),
            );
        }
    }
    pairs
}

#[test]
fn a_module_takes_with_it_what_it_declares() {
    let Some(folder) = corpus::folder("odoo") else { return };
    let set = Odoo::read(&folder);
    let all = without_module(&set, "no such module").len();
    for module in ["sale", "account", "hr_timesheet"] {
        let policy = compiled(&set.sources(&Without { module: Some(module), ..Without::default() }));
        let reading = Reading::of(&set, &policy);
        let given: BTreeSet<[String; 2]> = reading.pairs().into_iter().map(|pair| pair.map(str::to_owned)).collect();
        assert!(given.len() < all, "without `{module}` something is gone");
        assert_eq!(given, without_module(&set, module), "without `{module}`");
    }
}
