//! Targets in words, as the language's tests write them.

use bailiwick_table::{AttributeId, LabelId, RelationId, Table, Truth};

use super::facts::{Owned, OwnedTarget, Told};
use crate::region::Value;
use crate::syntax::print::{quoted, word};

/// `entity { id "x" } and user { country fi }`; nothing for the whole site.
pub(super) fn target<D: AsRef<[u8]>>(table: &Table<D>, target: &OwnedTarget) -> String {
    let parts = [("entity", &target.entity), ("user", &target.user), ("account", &target.account)];
    let shown = parts.into_iter().filter_map(|(name, party)| {
        party.as_ref().map(|party| {
            let facts = facts(table, party);
            if facts.is_empty() { format!("{name} {{}}") } else { format!("{name} {{ {} }}", facts.join("; ")) }
        })
    });
    shown.collect::<Vec<_>>().join(" and ")
}

fn facts<D: AsRef<[u8]>>(table: &Table<D>, party: &Owned) -> Vec<String> {
    let mut facts = vec![];
    if let Told::Known(login) = &party.login {
        facts.push(format!("login {}", quoted(login)));
    }
    for (id, told) in &party.attributes {
        if let Told::Known(Some(value)) = told {
            facts.push(attribute(table, *id, value));
        }
    }
    if let Told::Known(unit) = party.unit {
        facts.push(format!("unit {}", table.unit_path(unit).unwrap_or("?")));
    }
    let borne = |label: &LabelId| table.label_path(*label).map(str::to_owned);
    facts.extend(list("labels", &party.labels, borne));
    let relation = |id: &RelationId| table.relation_of(*id).map(|r| word(r.name).into_owned());
    facts.extend(list("relations", &party.relations, relation));
    let role = |id: &bailiwick_table::RoleId| table.role_of(*id).map(|r| word(r.name).into_owned());
    facts.extend(list("roles", &party.roles, role));
    facts
}

fn attribute<D: AsRef<[u8]>>(table: &Table<D>, id: AttributeId, value: &Value) -> String {
    let name = table.attribute_of(id).map_or("?", |(name, _)| name);
    let value = match value {
        Value::Closed(choice) => word(table.value_text(id, *choice).unwrap_or("?")).into_owned(),
        Value::Text(text) => quoted(text),
        Value::Number(number) => number.to_string(),
    };
    format!("{} {value}", word(name))
}

/// `labels fi, mandatory`: those that are true; nothing where there is none.
fn list<T>(name: &str, marks: &[(T, Truth)], text: impl Fn(&T) -> Option<String>) -> Option<String> {
    let shown: Vec<String> = marks.iter().filter(|(_, t)| *t == Truth::True).filter_map(|(id, _)| text(id)).collect();
    (!shown.is_empty()).then(|| format!("{name} {}", shown.join(", ")))
}
