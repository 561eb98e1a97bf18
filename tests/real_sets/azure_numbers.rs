//! Azure's roles: the compiled table gives exactly what is known of them.

use std::collections::{BTreeMap, BTreeSet};

use bailiwick::Compiled;
use bailiwick_table::{ActionId, RoleId};
use serde_json::{Value, json};

use crate::asked::{Asked, compiled};
use crate::azure::{Azure, BOTH, Block, Subtraction, block_name, spelling_variants};
use crate::operations::Plane;
use crate::{corpus, expected, fingerprint};

/// The set compiled in one of the three readings.
struct Reading<'s> {
    set: &'s Azure,
    asked: Asked<'s>,
    /// The plane and the name of each action of the table.
    actions: BTreeMap<ActionId, (Plane, &'s str)>,
}

impl<'s> Reading<'s> {
    fn of(set: &'s Azure, compiled: &'s Compiled) -> Self {
        let asked = Asked::of(compiled);
        let operations = set.universe.operations.iter();
        let actions = operations.map(|o| (asked.action(&o.path()), (o.plane, o.name.as_str()))).collect();
        Self { set, asked, actions }
    }

    /// What a role gives, of the operations of the set.
    fn gives(&self, role: RoleId) -> BTreeSet<ActionId> {
        self.asked.listed(role)
    }

    /// Role, plane and operation of everything that a role gives.
    fn triples(&self) -> Vec<[&'s str; 3]> {
        let roles = self.set.roles.iter().map(|r| (r.name.as_str(), self.asked.role(&r.name)));
        let of_role = |(name, role)| {
            self.gives(role).into_iter().map(move |action| {
                let (plane, operation) = self.actions[&action];
                [name, plane.name(), operation]
            })
        };
        roles.flat_map(of_role).collect()
    }

    /// How many operations of the control plane an account may use.
    fn control(&self, login: &str) -> usize {
        self.asked.decided(self.asked.account(login)).iter().filter(|a| self.is_control(a)).count()
    }

    fn is_control(&self, action: &ActionId) -> bool {
        self.actions.get(action).is_some_and(|(plane, _)| *plane == Plane::Control)
    }

    /// The login of the account that holds a role.
    fn holder(&self, role: &str) -> &str {
        &self.set.roles.iter().find(|r| r.name == role).expect("a role").id
    }

    /// How many accounts that hold a single role may use an operation of the control plane.
    fn holders(&self, operation: &str) -> usize {
        let action = self.actions.iter().find(|(_, known)| **known == (Plane::Control, operation));
        let Some((action, _)) = action else { return 0 };
        self.set.roles.iter().filter(|r| self.asked.may(self.asked.account(&r.id), *action)).count()
    }
}

/// The numbers that follow from what the table allows.
fn effective([reading, whole, denied]: [&Reading<'_>; 3], operations: &[String]) -> Value {
    let control = |role: &str| reading.control(reading.holder(role));
    let (triples, hash) = fingerprint::of(reading.triples());
    let (triples_of_whole, hash_of_whole) = fingerprint::of(whole.triples());
    let planes = |plane| reading.actions.values().filter(|(p, _)| *p == plane).count();
    let roles = || reading.set.roles.iter().map(|r| &r.name);
    let gives = |reading: &Reading<'_>, role: &str| reading.gives(reading.asked.role(role));
    json!({
        "Contributor": control("Contributor"),
        "Owner": control("Owner"),
        "Reader": control("Reader"),
        "UserAccessAdministrator": control("User Access Administrator"),
        "contributor_lacks": planes(Plane::Control) - control("Contributor"),
        "contributor_plus_UAA_union": reading.control(BOTH),
        "contributor_plus_UAA_if_notActions_wrongly_treated_as_deny": denied.control(BOTH),
        "control_ops": planes(Plane::Control),
        "data_ops": planes(Plane::Data),
        "effective_triples": triples,
        "triples_sha256": hash,
        "triples_if_not_is_global_per_role": triples_of_whole,
        "sha256_if_global": hash_of_whole,
        "roles_differing_block_vs_global": roles().filter(|r| gives(reading, r) != gives(whole, r)).collect::<Vec<_>>(),
        "roles_with_zero_effective": roles().filter(|r| gives(reading, r).is_empty()).collect::<BTreeSet<_>>(),
        "holders": expected::each(operations, |operation| reading.holders(operation)),
    })
}

/// One of a block's lists of entries.
type List = fn(&Block) -> &Vec<String>;

/// The numbers that describe what upstream wrote: of the compiled policy where they are in it, else of the roles as read.
fn written(set: &Azure, compiled: &Compiled) -> Value {
    let model = &compiled.model().roles;
    let several: Vec<_> = model.iter().filter(|r| r.extends.len() > 1).collect();
    let blocks = || set.roles.iter().flat_map(|r| &r.blocks);
    let lists: [(&str, List); 4] = [
        ("actions", |b| &b.actions),
        ("notActions", |b| &b.not_actions),
        ("dataActions", |b| &b.data_actions),
        ("notDataActions", |b| &b.not_data_actions),
    ];
    let entries = || blocks().flat_map(|b| b.entries().chain(b.not_entries())).map(|(_, entry)| entry);
    let count = |only: fn(&&String) -> bool| {
        let of_list = |list: List| blocks().flat_map(list).filter(only).count();
        lists.iter().map(|(name, list)| ((*name).to_owned(), of_list(*list).into())).collect::<serde_json::Map<_, _>>()
    };
    let patterns: BTreeSet<String> = entries().filter(|e| e.contains('*')).map(str::to_lowercase).collect();
    let some = |has: fn(&Block) -> bool| set.roles.iter().filter(|r| r.blocks.iter().any(has)).count();
    json!({
        "case_variants": spelling_variants(entries()),
        "distinct_wildcard_patterns": patterns.len(),
        "raw_entries": count(|_| true),
        "wildcard_entries": count(|e| e.contains('*')),
        "roles": model.len() - several.iter().map(|r| r.extends.len()).sum::<usize>(),
        "roles_multi_block": several.len(),
        "roles_with_condition": some(|b| b.condition.is_some()),
        "roles_with_not": some(|b| b.not_entries().next().is_some()),
    })
}

#[test]
fn the_table_gives_what_the_roles_do() {
    let Some(folder) = corpus::folder("azure_roles") else { return };
    let set = Azure::read(&folder);
    let [local, whole, denied] =
        [Subtraction::Block, Subtraction::Role, Subtraction::Final].map(|s| compiled(&set.sources(s)));
    let reading = Reading::of(&set, &local);
    let mut numbers = effective(
        [&reading, &Reading::of(&set, &whole), &Reading::of(&set, &denied)],
        &expected::named(&folder, "holders"),
    );
    let Value::Object(more) = written(&set, &local) else { panic!("no map") };
    numbers.as_object_mut().expect("a map").extend(more);
    expected::agree(&folder, numbers, &[]);

    let path = |permission: &str| {
        let (plane, name) = permission.split_once(' ').expect("a plane and an operation");
        let known = reading.actions.iter().find(|(_, (p, n))| p.name() == plane && *n == name);
        *known.unwrap_or_else(|| panic!("no operation `{permission}`")).0
    };
    expected::probe(&folder, |probe| {
        reading.asked.may(reading.asked.account(reading.holder(&probe.subject)), path(&probe.permission))
    });
    // The rows of a role and the decisions for its holder say the same.
    for role in &set.roles {
        assert_eq!(
            reading.gives(reading.asked.role(&role.name)),
            reading.asked.decided(reading.asked.account(&role.id))
        );
        for number in 1..=role.blocks.len() {
            let block = reading.asked.table.role(&block_name(&role.name, number));
            assert_eq!(block.is_some(), role.blocks.len() > 1, "{}", role.name);
        }
    }
}
