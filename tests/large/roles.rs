//! Roles: plain ones of one module, composed ones, profiles, and administrators of units.

use std::fmt::{self, Write as _};

use super::{Dice, GROUPS, MODULES, On, PARTS, Size, label, office, resource};

/// How many parts of a module are not the whole site's.
const SCOPED: usize = PARTS.len() - 1;

/// Of ten roles: six are plain, two composed, one a profile, one a unit's administrator.
pub(super) fn kind(number: usize) -> usize {
    [0, 0, 1, 0, 0, 2, 0, 1, 0, 3][number % 10]
}

/// A role's name.
pub(super) fn name(number: usize) -> String {
    let what = ["worker", "desk", "profile", "head"][kind(number)];
    format!("{what}_{number}")
}

pub(super) fn write(text: &mut String, dice: &mut Dice, size: Size) -> fmt::Result {
    writeln!(text, "super role owner \"Owner\" ungrantable {{\n  allow   *\n  assigns *\n}}")?;
    writeln!(
        text,
        "role learner \"Learner\" by claim {{\n  allow   courses_items.list, courses_items.open on entities in own unit\n}}\n"
    )?;
    for number in 0..size.roles {
        match kind(number) {
            0 => plain(text, dice, number)?,
            1 => composed(text, dice, number)?,
            2 => profile(text, dice, number)?,
            _ => head(text, dice, number)?,
        }
    }
    Ok(())
}

/// Lines of one module, fenced here and there.
fn plain(text: &mut String, dice: &mut Dice, number: usize) -> fmt::Result {
    let module = number % MODULES.len();
    let gate = if number % 25 == 4 { format!(" when {}_plus", MODULES[module]) } else { String::new() };
    writeln!(text, "/// Works with {}, the {number}th way.", MODULES[module])?;
    writeln!(text, "role {} \"Worker {number}\"{gate} {{", name(number))?;
    if number % 7 == 3 {
        writeln!(text, "  scope   entities labelled {}", free_label(dice))?;
    }
    let first = dice.roll(SCOPED);
    for part in (0..1 + number % 3).map(|n| (first + n) % SCOPED) {
        lines(text, dice, (module, part))?;
    }
    writeln!(text, "}}")
}

fn lines(text: &mut String, dice: &mut Dice, (module, part): (usize, usize)) -> fmt::Result {
    let (resource, on) = (resource(module, part), PARTS[part].1);
    writeln!(text, "  allow   {resource}.list, {resource}.open{}", fence(dice, on))?;
    match dice.roll(4) {
        0 => writeln!(text, "  allow   {resource}.edit{}", fence(dice, on)),
        1 => writeln!(text, "  allow   {resource}.create, {resource}.edit{}", fence(dice, on)),
        2 => writeln!(text, "  allow   {resource}.export"),
        _ => Ok(()),
    }
}

/// Whom or what a line is about; half of the lines are about everything. Nothing here depends on one place or on one's own relations,
/// so that heads of units can give these roles.
fn fence(dice: &mut Dice, on: On) -> String {
    let users = |dice: &mut Dice| match dice.roll(2) {
        0 => "users in own unit".to_owned(),
        _ => format!("users in {}", team(dice)),
    };
    let entities = |dice: &mut Dice| match dice.roll(2) {
        0 => "entities in own unit".to_owned(),
        _ => format!("entities labelled {}", free_label(dice)),
    };
    match (on, dice.roll(2)) {
        (On::Site, _) | (_, 0) => String::new(),
        (On::Entity, _) => format!(" on {}", entities(dice)),
        (On::User, _) => format!(" on {}", users(dice)),
        (On::Both, _) => format!(" on {} and {}", users(dice), entities(dice)),
    }
}

/// A label that no prohibition is about.
fn free_label(dice: &mut Dice) -> String {
    label(MODULES.len() + dice.roll(36 - MODULES.len()))
}

/// A group by department.
fn team(dice: &mut Dice) -> String {
    format!("group_{}", dice.roll(GROUPS / 6) * 6 + 3)
}

/// What two plain roles give, without some of it.
fn composed(text: &mut String, dice: &mut Dice, number: usize) -> fmt::Result {
    let (a, b) = (plain_below(dice, number), plain_below(dice, number));
    let (module, part) = (a % MODULES.len(), dice.roll(3));
    let place = match dice.roll(3) {
        0 => String::new(),
        1 => format!(" on entities in unit {}", office(dice.roll(72))),
        _ => " on entities editor_of".to_owned(),
    };
    writeln!(text, "role {} \"Desk {number}\" {{", name(number))?;
    writeln!(text, "  extends {}", name(a))?;
    if a != b {
        writeln!(text, "  extends {} on entities in own unit", name(b))?;
    }
    writeln!(text, "  allow   {0}.list, {0}.open, {0}.edit{place}", resource(module, part))?;
    writeln!(text, "  allow   {0}.list, {0}.open on users in manages", resource(module, 3))?;
    writeln!(text, "  except  {}.edit on entities labelled {}", resource(module, part), label(module))?;
    writeln!(text, "  never   site, become accounts\n}}")
}

fn profile(text: &mut String, dice: &mut Dice, number: usize) -> fmt::Result {
    let (a, module) = (plain_below(dice, number), dice.roll(MODULES.len()));
    writeln!(text, "profile {} \"Profile {number}\" tier editor {{", name(number))?;
    writeln!(text, "  extends {}", name(a))?;
    writeln!(text, "  allow   view {}", resource(module, 0))?;
    writeln!(text, "  allow   {}.publish on entities in own unit", resource(module, 1))?;
    writeln!(text, "  allow   {}", resource(module, SCOPED))?;
    writeln!(text, "}}")
}

/// Administers a unit: has some roles there and gives them to its people.
fn head(text: &mut String, dice: &mut Dice, number: usize) -> fmt::Result {
    let roles: Vec<String> = (0..3).map(|_| name(plain_below(dice, number))).collect();
    let mut roles: Vec<&str> = roles.iter().map(String::as_str).collect();
    roles.sort_unstable();
    roles.dedup();
    writeln!(text, "role {} \"Head {number}\" tier admin {{", name(number))?;
    writeln!(text, "  scope   users in own unit and entities in own unit")?;
    for role in &roles {
        writeln!(text, "  extends {role}")?;
    }
    writeln!(text, "  allow   view accounts\n  allow   courses_items.list, courses_items.open")?;
    writeln!(text, "  allow   accounts.create, accounts.edit on users in learners")?;
    if number % 20 == 9 {
        writeln!(text, "  allow   accounts.reset_password on users in learners")?;
    }
    for role in &roles {
        writeln!(text, "  assigns {role} on users in learners")?;
    }
    writeln!(text, "  holders at most 40 per unit\n}}")
}

/// A plain role before this one, of the same hundred.
pub(super) fn plain_below(dice: &mut Dice, number: usize) -> usize {
    let start = number / 100 * 100;
    let below = start + dice.roll((number - start).max(1));
    (start..=below).rev().find(|n| kind(*n) == 0).unwrap_or(start)
}
