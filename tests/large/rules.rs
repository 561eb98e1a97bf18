//! What is forbidden, limited, kept apart, asserted and asked.

use std::fmt::{self, Write as _};

use super::roles::{kind, name};
use super::{Dice, GROUPS, MODULES, Size, label, office, resource};

pub(super) fn write(text: &mut String, dice: &mut Dice, size: Size) -> fmt::Result {
    writeln!(text, "\nforbid become accounts, accounts.edit on users in holders of owner unless self")?;
    writeln!(text, "forbid site.delete unless holders of owner")?;
    writeln!(text, "forbid assign * on users in self unless holders of owner")?;
    for module in 0..MODULES.len() {
        let (items, results) = (resource(module, 0), resource(module, 2));
        writeln!(
            text,
            "forbid {items}.delete, {items}.edit on entities labelled {} unless holders of owner",
            label(module)
        )?;
        writeln!(text, "forbid {results}.edit on users in self unless holders of owner")?;
    }
    writeln!(
        text,
        "quota at most 900 tier viewer, tier editor counting active\nquota at most 300 tier admin counting active"
    )?;
    for n in (0..size.roles).filter(|n| kind(*n) == 3).take(10) {
        writeln!(text, "quota at most {} role {}", size.admins / 10 + 20, name(n))?;
    }
    for module in 0..MODULES.len() {
        let items = resource(module, 0);
        writeln!(text, "separate {items}.delete from {items}.publish")?;
        writeln!(text, "never everyone except holders of owner can {items}.delete")?;
        writeln!(text, "never users in learners can site.configure")?;
        writeln!(text, "never users in group_{} can accounts.login_as", dice.roll(GROUPS))?;
        writeln!(
            text,
            "always holders of owner can {items}.create, {items}.edit on entities in unit {}",
            office(dice.roll(72))
        )?;
    }
    writeln!(text, "users in group_9 hold learner on entities in own unit")?;
    for n in 0..20 {
        let (person, items) = (dice.roll(size.admins), resource(dice.roll(MODULES.len()), 0));
        writeln!(text, "test \"question {n}\" {{")?;
        writeln!(text, "  person_{person} cannot {items}.delete on entity {{ unit {} }}", office(dice.roll(72)))?;
        writeln!(text, "  root can {items}.delete on entity {{ labels {} }}", label(dice.roll(36)))?;
        writeln!(text, "  as learner {{ unit region_1 }} can courses_items.open on entity {{ unit office_1_1 }}")?;
        writeln!(text, "  as learner cannot courses_items.edit on entity {{}}\n}}")?;
    }
    Ok(())
}
