//! A large policy, the same each time: 500 roles, 1,000 administrators, about 10,000 lines, of everything that real ones have.
//!
//! An organisation of regions and offices; modules that can be switched; roles that extend others, behind fences, with exceptions;
//! unit administrators who give what they have to people of their unit; prohibitions, quotas, separations, assertions and tests.

mod people;
mod roles;
mod rules;

use std::fmt::{self, Write as _};

/// How many of each there are.
#[derive(Clone, Copy)]
pub(crate) struct Size {
    /// Roles and profiles.
    pub(crate) roles: usize,
    /// Accounts.
    pub(crate) admins: usize,
}

/// The size that the figures are about.
pub(crate) const LARGE: Size = Size { roles: 500, admins: 1_000 };

/// Numbers that look random and are the same each time: a congruence modulo 2^64, of which the upper bits are taken.
pub(crate) struct Dice(u64);

impl Dice {
    /// A number below `sides`.
    pub(crate) fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % sides
    }

    /// One of these.
    pub(crate) fn pick<'i, T>(&mut self, items: &'i [T]) -> &'i T {
        &items[self.roll(items.len())]
    }
}

/// What an action of a resource is done to.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum On {
    /// The whole site.
    Site,
    /// An entity.
    Entity,
    /// A user.
    User,
    /// An entity and a user.
    Both,
}

/// The modules: each has five resources.
pub(crate) const MODULES: [&str; 8] =
    ["courses", "shop", "reports", "people", "forum", "library", "calendar", "surveys"];
/// The resources of a module, and what their actions are done to.
pub(crate) const PARTS: [(&str, On); 5] = [
    ("items", On::Entity),
    ("plans", On::Entity),
    ("results", On::Both),
    ("members", On::User),
    ("settings", On::Site),
];
/// The values of the attribute `country`.
pub(crate) const COUNTRIES: [&str; 8] = ["fi", "se", "no", "dk", "pl", "ee", "de", "nl"];
/// Regions, and offices in each of them.
pub(crate) const UNITS: (usize, usize) = (12, 6);
/// Trees of labels, and labels in each of them.
pub(crate) const LABELS: (usize, usize) = (6, 6);
/// Groups of people.
pub(crate) const GROUPS: usize = 60;

/// The policy.
pub(crate) fn policy(size: Size) -> String {
    let mut text = String::new();
    let mut dice = Dice(20_260_601);
    write_all(&mut text, &mut dice, size).expect("text");
    text
}

fn write_all(text: &mut String, dice: &mut Dice, size: Size) -> fmt::Result {
    vocabulary(text)?;
    groups(text, dice)?;
    roles::write(text, dice, size)?;
    people::write(text, dice, size)?;
    rules::write(text, dice, size)
}

/// A resource's name: a part of a module.
pub(crate) fn resource(module: usize, part: usize) -> String {
    format!("{}_{}", MODULES[module], PARTS[part].0)
}

/// An office.
pub(crate) fn office(number: usize) -> String {
    format!("office_{}_{}", number % UNITS.0, number / UNITS.0 % UNITS.1)
}

/// A label.
pub(crate) fn label(number: usize) -> String {
    format!("label_{}_{}", number % LABELS.0, number / LABELS.0 % LABELS.1)
}

fn vocabulary(text: &mut String) -> fmt::Result {
    writeln!(
        text,
        "platform large \"A large platform\"\n\ntier viewer covers view *\ntier editor covers * except accounts, site\ntier admin covers *\n"
    )?;
    for (n, module) in MODULES.iter().enumerate() {
        let state = if n % 4 == 3 { " off" } else { "" };
        writeln!(text, "feature {module}_plus{state} set by owner")?;
    }
    for module in 0..MODULES.len() {
        for (part, (_, on)) in PARTS.iter().enumerate() {
            let on = match on {
                On::Site => "",
                On::Entity => " on entity",
                On::User => " on user",
                On::Both => " on entity, user",
            };
            writeln!(text, "\nresource {}{on} {{", resource(module, part))?;
            writeln!(
                text,
                "  view    list, open\n  view    export needs list\n  write   create, edit\n  write   publish implies edit\n  destroy delete\n}}"
            )?;
        }
    }
    writeln!(
        text,
        "\nresource accounts on account {{\n  view    list, open\n  write   create, edit changes grade\n  destroy disable\n  become  login_as, reset_password\n}}"
    )?;
    writeln!(text, "resource site {{\n  write   configure\n  destroy delete\n}}\n")?;
    writeln!(
        text,
        "attribute country {{ {} }}\nattribute grade number\nattribute department text",
        COUNTRIES.join(", ")
    )?;
    writeln!(text, "relation manages on user\nrelation editor_of on entity\n")?;
    for tree in 0..LABELS.0 {
        let labels: Vec<String> = (0..LABELS.1).map(|n| label(n * LABELS.0 + tree)).collect();
        writeln!(text, "label tree_{tree} {{ {} }}", labels.join(", "))?;
    }
    writeln!(text, "unit acme {{")?;
    for region in 0..UNITS.0 {
        let offices: Vec<String> = (0..UNITS.1).map(|n| office(n * UNITS.0 + region)).collect();
        writeln!(text, "  region_{region} {{ {} }}", offices.join(", "))?;
    }
    writeln!(text, "}}\n")
}

/// Groups of people by what is known of them, some of them by other groups.
fn groups(text: &mut String, dice: &mut Dice) -> fmt::Result {
    for n in 0..GROUPS {
        let (country, other) = (COUNTRIES[n % COUNTRIES.len()], dice.pick(&COUNTRIES));
        let region = dice.roll(UNITS.0);
        let condition = match n % 6 {
            0 => format!("country is {country}"),
            1 => format!("country in ({country}, {other}) and unit region_{region}"),
            2 => format!("unit region_{region} and grade at least {}", 1 + n % 5),
            3 => format!("department is \"team {}\"", n % 9),
            4 => format!("group_{} and not unit {}", n - 4, office(dice.roll(72))),
            _ => format!("group_{} or group_{}", n - 5, n - 3),
        };
        writeln!(text, "group group_{n} = {condition}")?;
    }
    writeln!(text, "group learners = department is \"learning\"\n")
}
