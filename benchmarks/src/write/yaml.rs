//! The YAML form.

use std::fmt::{Result, Write as _};

use super::{EACH, People, action, assignment, list, login, role, unit};
use crate::model::{LAYERS, Model};

/// The policy.
#[must_use]
pub fn yaml(model: &Model, people: People) -> String {
    let mut text = String::new();
    // Writing to a string cannot fail.
    let _ = write(&mut text, model, people);
    text
}

fn write(text: &mut String, model: &Model, people: People) -> Result {
    writeln!(text, "platform: {{ name: synthetic, super: none }}\nresources:")?;
    for resource in 0..model.size.permissions.div_ceil(EACH) {
        let last = model.size.permissions.min((resource + 1) * EACH);
        let names = list((resource * EACH..last).map(|p| action(p)[6..].to_owned()));
        writeln!(text, "  p{resource:04}: {{ on: entity, view: [{names}] }}")?;
    }
    writeln!(text, "units:")?;
    for (number, group) in (0..).zip(&model.groups) {
        let mut depth = 1;
        let mut parent = group.parent;
        while let Some(above) = parent.filter(|_| depth <= LAYERS) {
            (depth, parent) = (depth + 1, model.groups[above as usize].parent);
        }
        writeln!(text, "{:1$}{2}:", "", 2 * depth as usize, unit(number))?;
    }
    writeln!(text, "roles:")?;
    for (number, of) in (0..).zip(&model.roles) {
        writeln!(text, "  {}:", role(number))?;
        if !of.extends.is_empty() {
            writeln!(text, "    extends: {}", list(of.extends.iter().map(|r| role(*r))))?;
        }
        writeln!(text, "    allow: {}", list(of.own.iter().map(|p| action(*p))))?;
    }
    if people == People::Table {
        return writeln!(text, "people: [people.csv]");
    }
    writeln!(text, "admins:")?;
    for (number, assignments) in (0..).zip(&model.admins) {
        writeln!(text, "  {}:\n    roles:", login(number))?;
        for one in assignments {
            writeln!(text, "      - {}", assignment(one))?;
        }
    }
    Ok(())
}
