//! Roles of the plainest shape in a table of people, read by hand: `operator on entities in unit helsinki, in unit oulu`.
//!
//! A table may have millions of rows, hardly two of them alike. What is not quite plain is left to the grammar, which alone decides
//! what is right and says what is wrong; a test holds the two against each other.

use rustc_hash::FxHashMap;

use super::Resolver;
use super::forests::Grove;
use super::names::Namespace;
use crate::lower::rights::Days;
use crate::model::id::{RoleId, UnitId};
use crate::model::units::Units;
use crate::model::{Assignment, On};
use crate::source::{SourceId, Span};
use crate::syntax::ast::{self, EntityItem, Items, Name, Path, Set, UserItem};
use crate::syntax::text::plain_word;

/// Names of few characters by one number each: what a million rows look up.
#[derive(Debug, Default)]
pub(super) struct Short {
    roles: ShortNames,
    units: ShortNames,
}

/// Most names have eight bytes at most, and half of the room then.
#[derive(Debug, Default)]
struct ShortNames {
    shortest: FxHashMap<u64, u32>,
    short: FxHashMap<u128, u32>,
}

impl Short {
    /// The roles and the units that have a name of their own.
    pub(super) fn new(roles: &Namespace, units: &Grove) -> Self {
        let roles = (0_u32..).zip(roles.names()).map(|(id, name)| (name, id));
        let units = units.names().filter_map(|name| Some((name, units.only(name)?)));
        Self { roles: ShortNames::of(roles), units: ShortNames::of(units) }
    }
}

impl ShortNames {
    fn of<'n>(names: impl Iterator<Item = (&'n str, u32)>) -> Self {
        let mut all = Self::default();
        for (name, id) in names {
            if let Some(name) = eight(name) {
                all.shortest.insert(name, id);
            } else if let Some(name) = packed(name) {
                all.short.insert(name, id);
            }
        }
        all
    }

    fn get(&self, name: &str, long: impl FnOnce() -> Option<u32>) -> Option<u32> {
        match eight(name) {
            Some(name) => self.shortest.get(&name).copied(),
            None => packed(name).map_or_else(long, |name| self.short.get(&name).copied()),
        }
    }
}

/// A name of at most eight bytes, none of them zero, as a number.
fn eight(name: &str) -> Option<u64> {
    let fits = name.len() <= 8 && !name.as_bytes().contains(&0);
    fits.then(|| name.bytes().fold(0, |number, byte| number << 8 | u64::from(byte)))
}

/// A name of at most fifteen bytes and its length as a number.
fn packed(name: &str) -> Option<u128> {
    let mut bytes = [0; 16];
    let (length, characters) = bytes.split_first_mut()?;
    *length = u8::try_from(name.len()).ok()?;
    characters.get_mut(..name.len())?.copy_from_slice(name.as_bytes());
    Some(u128::from_le_bytes(bytes))
}

impl Resolver<'_> {
    /// The assignment that a text says which begins at this byte of a source, if it is a plain one: a role, and few units, each by its
    /// own name, in the spacing of the canonical text.
    pub(super) fn plain_role(&self, text: &str, (source, at): (SourceId, usize)) -> Option<Assignment> {
        let (name, rest) = plain_word(text)?;
        let role = RoleId(self.short.roles.get(name, || self.roles.get(name))?);
        let on = match rest {
            "" => On::Everywhere,
            rest => self.plain_units(rest)?,
        };
        let span = Span::new(source, at, at + name.len());
        let profile = self.model.roles.get(role.index())?.profile;
        (!profile).then_some(Assignment { role, on, days: Days::ALWAYS, said: None, span })
    }

    /// The same from the tree, where its text is the canonical one of a plain assignment.
    pub(super) fn plain_given(&self, given: &ast::Assignment) -> Option<Assignment> {
        let ast::Assignment { role, on, period, reason } = given;
        let id = RoleId(self.roles.get(plain(role)?)?);
        let limited = period.from.is_some() || period.until.is_some() || reason.is_some();
        if limited || self.model.roles.get(id.index())?.profile {
            return None;
        }
        let on = match on.as_deref() {
            None => On::Everywhere,
            Some(ast::Scope { users: None, entities: Some(set), .. }) => {
                self.plain_set(set, false, |item| match item {
                    EntityItem::InUnit(path) => Some(path),
                    _ => None,
                })?
            }
            Some(ast::Scope { users: Some(set), entities: None, .. }) => {
                self.plain_set(set, true, |item| match item {
                    UserItem::Named(path) => Some(path),
                    _ => None,
                })?
            }
            Some(_) => return None,
        };
        Some(Assignment { role: id, on, days: Days::ALWAYS, said: None, span: role.span })
    }

    fn plain_set<T>(&self, set: &Set<T>, users: bool, path: impl Fn(&T) -> Option<&Path>) -> Option<On> {
        let Items::Listed(items) = &set.items else { return None };
        if !set.except.is_empty() {
            return None;
        }
        let mut units = Units::NONE;
        for item in items {
            let [name] = path(&item.node)?.names.as_slice() else { return None };
            units = units.with(self.plain_unit(plain(name)?, users)?)?;
        }
        Some(On::Units { users, units })
    }

    /// The unit of this name, if nothing else can be meant.
    fn plain_unit(&self, name: &str, users: bool) -> Option<UnitId> {
        let shared = users && (self.groups.get(name).is_some() || self.relations.get(name).is_some());
        if shared { None } else { self.short.units.get(name, || self.units.only(name)).map(UnitId) }
    }

    fn plain_units(&self, text: &str) -> Option<On> {
        let (users, mut rest) = match text.strip_prefix(" on entities in unit ") {
            Some(rest) => (false, rest),
            None => (true, text.strip_prefix(" on users in ")?),
        };
        let between = if users { ", " } else { ", in unit " };
        let mut units = Units::NONE;
        loop {
            let (name, behind) = plain_word(rest)?;
            units = units.with(self.plain_unit(name, users)?)?;
            if behind.is_empty() {
                return Some(On::Units { users, units });
            }
            rest = behind.strip_prefix(between)?;
        }
    }
}

/// A name that is written as it is.
fn plain(name: &Name) -> Option<&str> {
    plain_word(&name.node).filter(|(_, rest)| rest.is_empty()).map(|(word, _)| word)
}

#[cfg(test)]
mod tests {
    use crate::diagnostic::Findings;
    use crate::model::{Assignment, Model};
    use crate::source::{Source, SourceMap};
    use crate::{resolve, syntax};

    const NAMES: &str = "resource books on entity, user { view list }
unit acme { north { oulu }, south }
unit other { deep { oulu } }
relation manages on user, entity
group finns = email ends with \".fi\"
role clerk { allow books.list }
profile chief { allow books.list }
admins from \"people.csv\"
";

    /// The policy, with this assignment in a block, in a row, and in a block with a day; and what stands at the places of the first two.
    fn resolved(given: &str) -> Result<(Model, [String; 2]), String> {
        let text = format!("{NAMES}admin a {{ role {given} }}\nadmin c {{ role {given} until 2030-01-01 }}\n");
        let table = format!("login,roles\nbo,\" {given} \"\n");
        let sources = SourceMap::new(vec![Source::new("p.bw", text), Source::people("people.csv", table)]);
        let mut findings = Findings::new();
        let files = syntax::parse(&sources, &mut findings);
        let model = resolve::resolve(&files, &sources, &mut findings);
        if !findings.is_empty() || model.accounts.len() != 3 {
            return Err(format!("{given}: {findings:?}"));
        }
        let places = [0, 1].map(|account: usize| sources.text(of(&model, account).span).to_owned());
        Ok((model, places))
    }

    fn of(model: &Model, account: usize) -> &Assignment {
        &model.accounts[account].assignments[0]
    }

    #[test]
    fn what_is_read_by_hand_is_what_the_grammar_reads() -> Result<(), String> {
        for (given, canonical, plain) in [
            ("clerk", "clerk", true),
            ("clerk on users in north", "clerk on users in north", true),
            ("clerk on users in north, south, acme", "clerk on users in north, south, acme", true),
            ("clerk on entities in unit south, in unit north", "clerk on entities in unit south, in unit north", true),
            ("clerk on entities in unit south, in unit south", "clerk on entities in unit south, in unit south", true),
            ("clerk on users in finns", "clerk on users in finns", false),
            ("clerk on users in manages", "clerk on users in manages", false),
            ("clerk on users in north, finns", "clerk on users in north, finns", false),
            ("clerk on entities manages", "clerk on entities manages", false),
            ("clerk on users in acme.north", "clerk on users in acme.north", false),
            ("clerk on users in north, south, acme, other", "clerk on users in north, south, acme, other", false),
            ("clerk on users in north except oulu.deep", "", false),
            (
                "clerk on users in north and entities in unit south",
                "clerk on users in north and entities in unit south",
                false,
            ),
            ("chief", "chief", false),
        ] {
            let Ok((model, places)) = resolved(given) else {
                assert_eq!(canonical, "", "{given}");
                continue;
            };
            assert_eq!(places, [given.split(' ').next().unwrap_or(""); 2], "{given}");
            for account in 0..2 {
                let one = of(&model, account);
                assert_eq!(one.text(&model), format!("role {canonical}"), "{given}");
                assert_eq!(one.on.scope(), of(&model, 2).on.scope(), "{given}");
                assert_eq!((one.role, one.said.is_none()), (of(&model, 2).role, plain), "{given}");
            }
        }
        Ok(())
    }

    #[test]
    fn other_spacing_means_the_same() -> Result<(), String> {
        let (model, _) = resolved("clerk  on  users in north,south")?;
        let [block, row] = [0, 1].map(|account| of(&model, account));
        assert_eq!(block.text(&model), "role clerk on users in north, south");
        assert_eq!((row.text(&model), row.on.scope()), (block.text(&model), block.on.scope()));
        Ok(())
    }

    #[test]
    fn assignments_stand_in_the_order_of_their_texts() {
        let roles: String =
            ["a", "ab", "a-b", "a_b", "a1", "b"].map(|r| format!("role {r} {{ allow books.list }}\n")).concat();
        let given =
            "role ab; role a on users in south; role b; role a; role a1; role a on users in north; role a_b; role a-b";
        let text = NAMES.replace("admins from \"people.csv\"\n", "")
            + &roles
            + "admin a { "
            + given
            + "; role b until 2030-01-01 }";
        let sources = SourceMap::single("p.bw", &text);
        let mut findings = Findings::new();
        let files = syntax::parse(&sources, &mut findings);
        let model = resolve::resolve(&files, &sources, &mut findings);
        assert!(findings.is_empty(), "{findings:?}");
        let texts: Vec<_> = model.accounts[0].assignments.iter().map(|a| a.text(&model).into_owned()).collect();
        assert_eq!(texts.len(), 9);
        assert!(texts.is_sorted(), "{texts:?}");
    }
}
