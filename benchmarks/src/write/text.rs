//! The text form.

use std::fmt::{Result, Write as _};

use super::{EACH, People, action, assignment, list, login, role, unit};
use crate::model::Model;

/// The policy.
#[must_use]
pub fn text(model: &Model, people: People) -> String {
    let mut text = String::new();
    // Writing to a string cannot fail.
    let _ = write(&mut text, model, people);
    text
}

fn write(text: &mut String, model: &Model, people: People) -> Result {
    writeln!(text, "platform synthetic {{ super none }}")?;
    for resource in 0..model.size.permissions.div_ceil(EACH) {
        let last = model.size.permissions.min((resource + 1) * EACH);
        let names = list((resource * EACH..last).map(|p| action(p)[6..].to_owned()));
        writeln!(text, "resource p{resource:04} on entity {{ view {names} }}")?;
    }
    let mut above = vec![];
    for (number, group) in (0..).zip(&model.groups) {
        close(text, &mut above, number)?;
        let word = if above.is_empty() { "unit " } else { "" };
        let leaf = group.end == number + 1;
        writeln!(text, "{word}{}{}", unit(number), if leaf { "" } else { " {" })?;
        if !leaf {
            above.push(group.end);
        }
    }
    close(text, &mut above, model.size.groups)?;
    for (number, of) in (0..).zip(&model.roles) {
        writeln!(text, "role {} {{", role(number))?;
        if !of.extends.is_empty() {
            writeln!(text, "  extends {}", list(of.extends.iter().map(|r| role(*r))))?;
        }
        writeln!(text, "  allow {}\n}}", list(of.own.iter().map(|p| action(*p))))?;
    }
    if people == People::Table {
        return writeln!(text, "admins from \"people.csv\"");
    }
    for (number, assignments) in (0..).zip(&model.admins) {
        writeln!(text, "admin {} {{", login(number))?;
        for one in assignments {
            writeln!(text, "  role {}", assignment(one))?;
        }
        writeln!(text, "}}")?;
    }
    Ok(())
}

/// Closes the braces of subtrees that ended before this group.
fn close(text: &mut String, above: &mut Vec<u32>, group: u32) -> Result {
    while above.pop_if(|end| *end == group).is_some() {
        writeln!(text, "}}")?;
    }
    Ok(())
}
