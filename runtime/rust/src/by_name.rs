//! Actions, units and labels by name, at once: for callers to whom every question comes as text.
//!
//! A table finds a unit by looking at all of them, which is right for handles that are looked up once and kept. This index takes a few
//! milliseconds and some kilobytes for thousands of names, and a look-up is one hash and one comparison.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::vec::Vec;

use crate::id::{ActionId, LabelId, UnitId};
use crate::layout::{NONE, section};
use crate::login::{hash, home};
use crate::raw::Raw;
use crate::table::Table;

/// An index of a table's names. It belongs to one table; of another it finds less than there is, but nothing wrong.
///
/// ```
/// use bailiwick_table::{Names, Table};
///
/// # let bytes = include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/office.table"));
/// # fn names(bytes: &[u8]) -> Option<()> {
/// let table = Table::from_bytes(bytes).ok()?;
/// let names = Names::new(&table); // once, beside the table
/// assert_eq!(names.action(&table, "reports.open"), table.action("reports.open"));
/// assert_eq!(names.unit(&table, "export"), table.unit("sales.export"));
/// # Some(()) }
/// # assert!(names(bytes).is_some());
/// ```
#[derive(Debug, Clone)]
pub struct Names {
    actions: Slots,
    labels: Slots,
    units: Slots,
}

impl Names {
    /// The index of a table's names.
    #[must_use]
    pub fn new<D: AsRef<[u8]>>(table: &Table<D>) -> Self {
        let raw = table.raw();
        let actions = paths(raw, section::ACTIONS).map(|(number, path)| (path, number)).collect();
        Self {
            actions: Slots::new(actions),
            labels: Slots::new(endings(raw, section::LABELS)),
            units: Slots::new(endings(raw, section::UNITS)),
        }
    }

    /// The action with this path; the same as [`Table::action`].
    #[must_use]
    #[inline]
    pub fn action<D: AsRef<[u8]>>(&self, table: &Table<D>, path: &str) -> Option<ActionId> {
        self.actions.find(table.raw(), section::ACTIONS, path).map(ActionId)
    }

    /// The label with this path, or with a path that alone ends so; the same as [`Table::label`].
    #[must_use]
    #[inline]
    pub fn label<D: AsRef<[u8]>>(&self, table: &Table<D>, path: &str) -> Option<LabelId> {
        self.labels.find(table.raw(), section::LABELS, path).map(LabelId)
    }

    /// The unit with this path, or with a path that alone ends so; the same as [`Table::unit`].
    #[must_use]
    #[inline]
    pub fn unit<D: AsRef<[u8]>>(&self, table: &Table<D>, path: &str) -> Option<UnitId> {
        self.units.find(table.raw(), section::UNITS, path).map(UnitId)
    }
}

/// The paths of a section whose records begin with one, with their numbers.
fn paths(raw: Raw<'_>, section: usize) -> impl Iterator<Item = (u32, &str)> {
    (0..raw.count(section)).map(move |number| (number, raw.string(path(raw, section, number))))
}

/// The first word of a record.
#[inline]
fn path(raw: Raw<'_>, section: usize, number: u32) -> u32 {
    let words = section::SIZES.get(section).map_or(1, |bytes| bytes / 4) as u32;
    raw.word(section, number.wrapping_mul(words))
}

/// What a forest's nodes can be called: their paths, and endings behind a dot that are no path and end one path only.
fn endings(raw: Raw<'_>, section: usize) -> Vec<(&str, u32)> {
    let whole: HashMap<&str, u32> = paths(raw, section).map(|(number, path)| (path, number)).collect();
    // None for an ending of several paths.
    let mut parts: HashMap<&str, Option<u32>> = HashMap::new();
    for (number, path) in paths(raw, section) {
        for ending in path.match_indices('.').filter_map(|(dot, _)| path.get(dot + 1..)).filter(|part| !part.is_empty())
        {
            match parts.entry(ending) {
                Entry::Vacant(place) => {
                    place.insert(Some(number));
                }
                Entry::Occupied(mut place) => {
                    place.insert(None);
                }
            }
        }
    }
    let alone = parts.into_iter().filter_map(|(part, number)| Some((part, number?)));
    let mut all: Vec<(&str, u32)> = alone.filter(|(part, _)| !whole.contains_key(part)).collect();
    all.extend(whole);
    all
}

/// Open addressing: hash, number and the name's length in bytes; half of the slots are empty.
#[derive(Debug, Clone)]
struct Slots(Vec<[u32; 3]>);

const EMPTY: [u32; 3] = [0, NONE, 0];

impl Slots {
    /// Of names that are all different.
    fn new(names: Vec<(&str, u32)>) -> Self {
        let count = names.len() * 2 + 1;
        let mut slots = std::vec![EMPTY; count];
        for (name, number) in names {
            let hash = hash(name.as_bytes());
            let mut at = first(hash, count);
            while let Some(slot) = slots.get_mut(at) {
                if *slot == EMPTY {
                    *slot = [hash, number, u32::try_from(name.len()).unwrap_or(NONE)];
                    break;
                }
                at = if at + 1 == count { 0 } else { at + 1 };
            }
        }
        Self(slots)
    }

    /// The number of what has this name, in a section whose records begin with a path.
    #[inline]
    fn find(&self, raw: Raw<'_>, section: usize, name: &str) -> Option<u32> {
        let hash = hash(name.as_bytes());
        let mut at = first(hash, self.0.len());
        // Ends: half of the slots are empty.
        loop {
            let slot = self.0.get(at)?;
            if *slot == EMPTY {
                return None;
            }
            let [seen, number, length] = *slot;
            if seen == hash && length as usize == name.len() {
                let path = raw.string_bytes(path(raw, section, number));
                if number < raw.count(section) && is_called(path, name.as_bytes()) {
                    return Some(number);
                }
            }
            at = if at + 1 >= self.0.len() { 0 } else { at + 1 };
        }
    }
}

/// The slot where a hash belongs.
#[inline]
fn first(hash: u32, count: usize) -> usize {
    home(hash, u32::try_from(count).unwrap_or(u32::MAX)) as usize
}

/// Whether a name is a path, or an ending of it behind a dot.
#[inline]
fn is_called(path: &[u8], name: &[u8]) -> bool {
    matches!(path.strip_suffix(name), Some([] | [.., b'.']))
}

#[cfg(test)]
mod tests {
    use std::string::String;

    use super::*;

    #[test]
    fn finds_what_the_table_finds() {
        let bytes: &[u8] = include_bytes!("../tests/data/office.table");
        let table = Table::from_bytes(bytes).expect("a table");
        let names = Names::new(&table);
        let mut asked: Vec<String> = ["", ".", "x", "export", "sales.", ".export"].map(String::from).to_vec();
        let raw = table.raw();
        let all = paths(raw, section::ACTIONS).chain(paths(raw, section::UNITS));
        for (_, path) in all.chain(paths(raw, section::LABELS)) {
            asked.extend((0..=path.len()).filter_map(|from| path.get(from..)).map(String::from));
            asked.push(path.to_uppercase());
        }
        let mut found = 0;
        for name in &asked {
            assert_eq!(names.action(&table, name), table.action(name), "{name}");
            assert_eq!(names.unit(&table, name), table.unit(name), "{name}");
            assert_eq!(names.label(&table, name), table.label(name), "{name}");
            found += usize::from(table.unit(name).is_some());
        }
        assert!(found > 3, "{found} of {}", asked.len());
    }

    #[test]
    fn a_name_is_a_path_or_ends_it_behind_a_dot() {
        assert!(is_called(b"a.x", b"x") && is_called(b"a.x", b"a.x"));
        assert!(!is_called(b"ax", b"x") && !is_called(b"x", b"a.x") && !is_called(b"a.", b"x"));
    }
}
