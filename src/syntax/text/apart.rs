//! Plain admins that are set apart: they are known to be right, and no tree of them is kept.
//!
//! A policy may name a million accounts, whose trees would be ten times as large as their text. Of an admin that is set apart only
//! the place is kept; whoever needs it reads it once more, by hand. What has a `login` of its own is not set apart, so that who
//! puts accounts in order finds each by the name of its block.

use std::ops::Range;

use super::plain::{self, plain_word};
use super::reader::Origin;
use crate::source::{SourceId, Span};
use crate::syntax::ast::{Admin, AdminItem};

/// The plain admins of a source that were set apart, in order.
#[derive(Debug, Clone, Default)]
pub struct Crowd {
    /// The source; none has another number where there are no admins.
    source: u32,
    /// The bytes of each.
    places: Vec<(u32, u32)>,
}

impl Crowd {
    pub(super) fn new(source: SourceId) -> Self {
        Self { source: source.0, places: vec![] }
    }

    /// Sets an admin apart that [`is_apart`].
    pub(super) fn push(&mut self, range: &Range<usize>) {
        let clip = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        self.places.push((clip(range.start), clip(range.end)));
    }

    /// The source.
    #[must_use]
    pub const fn source(&self) -> SourceId {
        SourceId(self.source)
    }

    /// How many there are.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.places.len()
    }

    /// Whether there are none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// The place of each.
    pub fn spans(&self) -> impl Iterator<Item = Span> {
        let source = self.source();
        self.places.iter().map(move |(start, end)| Span { source, start: *start, end: *end })
    }

    /// The place of the one within which a place lies.
    #[must_use]
    pub fn around(&self, place: Span) -> Option<Span> {
        let behind = self.places.partition_point(|(start, _)| *start <= place.start);
        let (start, end) = *self.places.get(behind.checked_sub(1)?)?;
        let source = self.source();
        (place.source == source && place.end <= end).then_some(Span { source, start, end })
    }
}

/// The admin that was set apart, of a place and the text there.
#[must_use]
pub fn admin_apart(text: &str, place: Span) -> Option<Admin> {
    plain::admin(text, Origin::at(place.source, place.range().start))
}

/// Whether an admin with this tree may be set apart.
pub(super) fn is_apart(admin: &Admin) -> bool {
    !admin.body.iter().any(|item| matches!(item.node, AdminItem::Login(_)))
}

/// An admin with roles alone, each written as in a table of people: what nearly all of a crowd are.
#[derive(Debug, Clone, Copy)]
pub struct Brief<'t> {
    /// The name.
    pub name: &'t str,
    /// What stands between its brackets.
    body: &'t str,
}

impl<'t> Brief<'t> {
    /// The admin of this text, if it may be one: its roles are still to be looked at.
    #[must_use]
    pub fn of(text: &'t str) -> Option<Self> {
        let (name, rest) = plain_word(text.strip_prefix("admin ")?)?;
        Some(Self { name, body: rest.strip_prefix(" {")?.strip_suffix('}')? })
    }

    /// What stands behind the word `role` in each of its statements; none for one that is another.
    pub fn roles(self) -> impl Iterator<Item = Option<&'t str>> {
        let blanks = [' ', '\t', '\r'];
        let statements = self.body.split(['\n', ';']).map(move |statement| statement.trim_matches(blanks));
        statements.filter(|statement| !statement.is_empty()).map(|statement| statement.strip_prefix("role "))
    }
}

/// Whether a text is that of an admin with roles alone, each on nothing or on few things by their own names.
pub(super) fn is_brief(text: &str) -> bool {
    Brief::of(text).is_some_and(|brief| brief.roles().all(|role| role.is_some_and(is_plain_role)))
}

fn is_plain_role(text: &str) -> bool {
    let Some((_, rest)) = plain_word(text) else { return false };
    if rest.is_empty() {
        return true;
    }
    let listed = rest.strip_prefix(" on entities in unit ").map(|list| (list, ", in unit "));
    let Some((mut list, between)) = listed.or_else(|| Some((rest.strip_prefix(" on users in ")?, ", "))) else {
        return false;
    };
    loop {
        match plain_word(list) {
            Some((_, "")) => return true,
            Some((_, rest)) => match rest.strip_prefix(between) {
                Some(rest) => list = rest,
                None => return false,
            },
            None => return false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_brief_is_plain() {
        for (text, brief) in [
            ("admin a { role b }", true),
            ("admin a {\n  role b on users in c, d\n\r\n  role e; role f on entities in unit g, in unit h\n}", true),
            ("admin a {}", true),
            ("admin a { }", true),
            ("admin a \"A\" { role b }", false),
            ("admin  a { role b }", false),
            ("admin a { role b, c }", false),
            ("admin a { role  b }", false),
            ("admin a { role b on users in c,d }", false),
            ("admin a { role b on users in c.d }", false),
            ("admin a { role b on entities in unit c, d }", false),
            ("admin a { role b until 2030-01-01 }", false),
            ("admin a { role on }", false),
            ("admin a { role b // c\n}", false),
            ("admin a { email a@b.example }", false),
            ("admin role { role b }", false),
        ] {
            assert_eq!(is_brief(text), brief, "{text}");
            let read = plain::admin(text, Origin::at(SourceId(0), 0));
            assert!(!brief || read.is_some_and(|admin| is_apart(&admin)), "{text}");
        }
    }

    #[test]
    fn a_place_lies_within_one_admin() {
        let mut crowd = Crowd::new(SourceId(1));
        [3..9, 10..20].iter().for_each(|range| crowd.push(range));
        let around = |source, start, end| crowd.around(Span::new(SourceId(source), start, end)).map(|s| s.range());
        assert_eq!((around(1, 3, 9), around(1, 12, 14)), (Some(3..9), Some(10..20)));
        for (source, start, end) in [(1, 2, 4), (1, 8, 11), (1, 9, 10), (1, 20, 21), (0, 4, 5)] {
            assert_eq!(around(source, start, end), None);
        }
    }
}
