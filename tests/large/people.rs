//! Administrators, each with a few roles, in an office.

use std::fmt::{self, Write as _};

use super::roles::{kind, name};
use super::{COUNTRIES, Dice, GROUPS, Size, UNITS, label, office};

pub(super) fn write(text: &mut String, dice: &mut Dice, size: Size) -> fmt::Result {
    writeln!(
        text,
        "\nadmin root \"Example Root\" {{\n  email   root@acme.example\n  phone   +44 1632 960000\n  unit    acme\n  role    owner\n}}"
    )?;
    for number in 0..size.admins {
        admin(text, dice, size, number)?;
    }
    Ok(())
}

fn admin(text: &mut String, dice: &mut Dice, size: Size, number: usize) -> fmt::Result {
    let place = dice.roll(UNITS.0 * UNITS.1);
    writeln!(text, "admin person_{number} \"Example Person {number}\" {{")?;
    writeln!(text, "  email   person_{number}@acme.example; phone +44 1632 {:06}", 960_001 + number)?;
    writeln!(text, "  unit    {}; country {}", office(place), dice.pick(&COUNTRIES))?;
    if number.is_multiple_of(3) {
        writeln!(text, "  department \"team {}\"", dice.roll(9))?;
    }
    // Every role is held by somebody.
    let first = number % size.roles;
    let second = dice.roll(size.roles);
    for role in [first, second] {
        match kind(role) {
            2 if role == first => writeln!(text, "  profile {}", name(role))?,
            2 => {}
            0 if role == second => writeln!(text, "  role    {}{}", name(role), limits(dice, place))?,
            _ if role == first || kind(role) == 0 => writeln!(text, "  role    {}", name(role))?,
            _ => {}
        }
    }
    if number % 40 == 17 {
        writeln!(text, "  valid   from 2026-01-01 until 2028-12-31")?;
    }
    writeln!(text, "}}")
}

/// A fence or a date on an assignment, in half of the cases.
fn limits(dice: &mut Dice, place: usize) -> String {
    match dice.roll(8) {
        0 => format!(" on entities labelled {}", label(dice.roll(36))),
        1 => format!(" on entities in unit region_{}", place % UNITS.0),
        2 => format!(" on users in group_{}", dice.roll(GROUPS / 6) * 6),
        3 => format!(" until 2027-{:02}-28", 1 + dice.roll(12)),
        _ => String::new(),
    }
}
