//! Admins of the plainest shape, read by hand.
//!
//! A policy may name a million accounts, nearly all of them alike: a few raw values and a few roles. They are split here without the
//! grammar, some ten times as fast. Whatever is not quite plain - an escape, a comment, a letter beyond ASCII, a word out of place -
//! is left to the grammar, which alone decides what is right and says what is wrong; a test holds the two against each other.

use std::ops::Range;

use super::reader::Origin;
use crate::check::bw007;
use crate::source::{Span, Spanned};
use crate::syntax::ast::{Admin, AdminItem, Assignment, EntityItem, Items, Name, Path, Period, Scope, Set, UserItem};

/// The admin that `text` declares, if it is a plain one.
pub(super) fn admin(text: &str, origin: Origin<'_>) -> Option<Admin> {
    let mut line = Plain { text, at: 0, origin };
    line.keyword("admin")?;
    line.blanks();
    let name = line.name()?;
    line.blanks();
    let title = if line.peek() == b'"' { Some(line.quoted()?) } else { None };
    line.blanks();
    line.sign(b'{')?;
    let lines = memchr::memchr2_iter(b'\n', b';', text.as_bytes()).count();
    let mut body = Vec::with_capacity(lines.saturating_sub(1).max(1));
    while line.next_statement()? {
        line.statement(&mut body)?;
    }
    if line.at == text.len() && each_once(&body) { Some(Admin { name, title, body }) } else { None }
}

/// The word that a text begins with, if it is an identifier of ASCII letters, digits, `_` and `-` and means nothing in the language where
/// an admin is declared; and what stands behind it.
#[must_use]
pub fn plain_word(text: &str) -> Option<(&str, &str)> {
    let length = text.bytes().position(|b| !is_of_word(b)).unwrap_or(text.len());
    let (word, rest) = text.split_at_checked(length)?;
    let begins = word.bytes().next().is_some_and(|b| b.is_ascii_alphabetic() || b == b'_');
    let ends = !word.ends_with('-') && rest.bytes().next().is_none_or(|b| b.is_ascii());
    (begins && ends && length <= bw007::NAME && !is_worded(word)).then_some((word, rest))
}

const fn is_of_word(b: u8) -> bool {
    b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-')
}

/// A place in a text that is read as long as it is plain.
struct Plain<'t> {
    text: &'t str,
    at: usize,
    origin: Origin<'t>,
}

impl<'t> Plain<'t> {
    fn peek(&self) -> u8 {
        self.text.as_bytes().get(self.at).copied().unwrap_or(0)
    }

    fn span(&self, range: &Range<usize>) -> Span {
        self.origin.span(range.start, range.end)
    }

    fn spanned(&self, range: Range<usize>) -> Name {
        Spanned::new(self.text[range.clone()].to_owned(), self.span(&range))
    }

    fn blanks(&mut self) {
        while matches!(self.peek(), b' ' | b'\t' | b'\r') {
            self.at += 1;
        }
    }

    fn sign(&mut self, sign: u8) -> Option<()> {
        (self.peek() == sign).then(|| self.at += 1)
    }

    /// Goes to the next statement, or past the closing brace.
    fn next_statement(&mut self) -> Option<bool> {
        while matches!(self.peek(), b' ' | b'\t' | b'\r' | b'\n' | b';') {
            self.at += 1;
        }
        if self.peek() == b'}' {
            self.at += 1;
            return Some(false);
        }
        Some(true)
    }

    /// An identifier of ASCII letters, digits and `_`, with `-` between them.
    fn word(&mut self) -> Option<Range<usize>> {
        let rest = &self.text.as_bytes()[self.at..];
        let length = rest.iter().position(|b| !(b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-')));
        let length = length.unwrap_or(rest.len());
        let plain = rest.get(length).is_none_or(u8::is_ascii) && length <= bw007::NAME;
        let begins = rest.first().is_some_and(|b| b.is_ascii_alphabetic() || *b == b'_');
        if !plain || !begins || rest[length - 1] == b'-' {
            return None;
        }
        self.at += length;
        Some(self.at - length..self.at)
    }

    fn keyword(&mut self, keyword: &str) -> Option<()> {
        let word = self.word()?;
        (&self.text[word] == keyword).then_some(())
    }

    /// A name that is no word of the language, wherever that stands.
    fn name(&mut self) -> Option<Name> {
        let word = self.word()?;
        (!is_worded(&self.text[word.clone()])).then(|| self.spanned(word))
    }

    /// A text in quotes without escapes.
    fn quoted(&mut self) -> Option<Name> {
        self.sign(b'"')?;
        let rest = &self.text.as_bytes()[self.at..];
        let length = rest.iter().position(|b| *b == b'"' || *b == b'\\' || !is_plain(*b))?;
        if rest[length] != b'"' || length > bw007::NAME {
            return None;
        }
        let inside = self.at..self.at + length;
        self.at += length + 1;
        Some(Spanned::new(self.text[inside.clone()].to_owned(), self.span(&(inside.start - 1..inside.end + 1))))
    }

    fn path(&mut self) -> Option<Path> {
        let mut names = vec![self.name()?];
        while self.peek() == b'.' {
            self.at += 1;
            names.push(self.name()?);
        }
        let span = names[0].span.to(names[names.len() - 1].span);
        Some(Path { names, span })
    }

    /// Items with commas between them, all in one line.
    fn list<T>(&mut self, item: fn(&mut Self) -> Option<T>) -> Option<Vec<T>> {
        let rest = &self.text.as_bytes()[self.at..];
        let statement = memchr::memchr3(b'\n', b';', b'}', rest).map_or(rest, |end| &rest[..end]);
        let mut items = Vec::with_capacity(1 + memchr::memchr_iter(b',', statement).count());
        items.push(item(self)?);
        loop {
            let end = self.at;
            self.blanks();
            if self.sign(b',').is_none() {
                self.at = end;
                return Some(items);
            }
            self.blanks();
            items.push(item(self)?);
        }
    }

    /// A statement up to its last token, and what ends it.
    fn statement(&mut self, body: &mut Vec<Spanned<AdminItem>>) -> Option<()> {
        let start = self.at;
        let word = self.word()?;
        let text = &self.text[word.clone()];
        if text == "inactive" {
            return self.ended(start, AdminItem::Inactive, body);
        }
        self.blanks();
        let item = match text {
            "role" | "profile" => return self.roles(start, text == "profile", body),
            "unit" => AdminItem::Unit(self.path()?),
            "labels" => AdminItem::Labels(self.list(Self::path)?),
            "login" => AdminItem::Login(self.value()?),
            "email" => AdminItem::Email(self.value()?),
            "phone" => AdminItem::Phone(self.value()?),
            "id" => AdminItem::Id(self.value()?),
            "photo" => AdminItem::Photo(self.value()?),
            other if is_worded(other) => return None,
            _ => AdminItem::Attribute { name: self.spanned(word), value: self.value()? },
        };
        self.ended(start, item, body)
    }

    /// Takes an item whose statement ends here.
    fn ended(&mut self, start: usize, item: AdminItem, body: &mut Vec<Spanned<AdminItem>>) -> Option<()> {
        let span = self.span(&(start..self.at));
        body.push(Spanned::new(item, span));
        self.blanks();
        matches!(self.peek(), b';' | b'\n' | b'}').then_some(())
    }

    /// A raw value, or one in quotes.
    fn value(&mut self) -> Option<Name> {
        if self.peek() == b'"' {
            return self.quoted();
        }
        let rest = &self.text.as_bytes()[self.at..];
        let length = rest.iter().position(|b| matches!(b, b';' | b'}' | b'\n') || !is_plain(*b))?;
        let value = self.text[self.at..self.at + length].trim_end_matches([' ', '\t', '\r']);
        let stopped = matches!(rest[length], b';' | b'}' | b'\n' | b'\r');
        if value.is_empty() || !stopped || value.len() > bw007::NAME || value.contains("//") {
            return None;
        }
        let range = self.at..self.at + value.len();
        self.at = range.end;
        Some(self.spanned(range))
    }

    /// `in unit c`.
    fn in_unit(&mut self) -> Option<Spanned<EntityItem>> {
        let start = self.at;
        self.keyword("in")?;
        self.blanks();
        self.keyword("unit")?;
        self.blanks();
        let item = EntityItem::InUnit(self.path()?);
        Some(Spanned::new(item, self.span(&(start..self.at))))
    }

    /// `role a, b on users in c, d`.
    fn roles(&mut self, start: usize, profile: bool, body: &mut Vec<Spanned<AdminItem>>) -> Option<()> {
        let roles = self.list(Self::name)?;
        let end = self.at;
        self.blanks();
        let on = if self.peek() == b'o' { Some(Box::new(self.on()?)) } else { None };
        if on.is_none() {
            self.at = end;
        }
        let span = self.span(&(start..self.at));
        let mut on = on;
        let last = roles.len() - 1;
        for (number, role) in roles.into_iter().enumerate() {
            let on = if number == last { on.take() } else { on.clone() };
            let given = Assignment { role, on, period: Period::default(), reason: None };
            let item = if profile { AdminItem::Profile(given) } else { AdminItem::Role(given) };
            body.push(Spanned::new(item, span));
        }
        self.blanks();
        matches!(self.peek(), b';' | b'\n' | b'}').then_some(())
    }

    /// `on users in c, d`, with groups, units and relations alone, or `on entities in unit c, in unit d`.
    fn on(&mut self) -> Option<Scope> {
        self.keyword("on")?;
        self.blanks();
        let start = self.at;
        let word = self.word()?;
        self.blanks();
        let first = self.at;
        if &self.text[word.clone()] == "entities" {
            let items = Items::Listed(self.list(Self::in_unit)?);
            let entities = Set { items, except: vec![], span: self.span(&(first..self.at)) };
            return Some(Scope { users: None, entities: Some(entities), span: self.span(&(start..self.at)) });
        }
        if &self.text[word] != "users" {
            return None;
        }
        self.keyword("in")?;
        self.blanks();
        let first = self.at;
        let paths = self.list(Self::path)?;
        let items = paths.into_iter().map(|path| {
            let span = path.span;
            Spanned::new(UserItem::Named(path), span)
        });
        let items = Items::Listed(items.collect());
        let users = Set { items, except: vec![], span: self.span(&(first..self.at)) };
        Some(Scope { users: Some(users), entities: None, span: self.span(&(start..self.at)) })
    }
}

/// Whether a byte is ASCII and can be seen, or is a blank.
fn is_plain(b: u8) -> bool {
    matches!(b, b' '..=b'~' | b'\t')
}

/// Whether a word means something somewhere in an admin: then the grammar decides what.
fn is_worded(word: &str) -> bool {
    // Of millions of names most have a digit, or are longer than any of these.
    if word.len() > "inactive".len() || !word.bytes().all(|b| b.is_ascii_lowercase()) {
        return false;
    }
    matches!(
        word,
        "and"
            | "or"
            | "not"
            | "is"
            | "in"
            | "own"
            | "self"
            | "except"
            | "on"
            | "view"
            | "write"
            | "destroy"
            | "become"
            | "assign"
            | "when"
            | "unless"
            | "until"
            | "from"
            | "reason"
            | "holders"
            | "users"
            | "entities"
            | "scope"
            | "allow"
            | "valid"
            | "role"
            | "profile"
            | "unit"
            | "labels"
            | "inactive"
    )
}

/// Whether nothing is said twice that may be said once; the grammar's reader says what is.
fn each_once(body: &[Spanned<AdminItem>]) -> bool {
    const FEW: usize = 32;
    let mut words = body.iter().filter_map(|item| super::people::single(&item.node));
    let mut seen: [&str; FEW] = [""; FEW];
    for place in &mut seen {
        *place = match words.next() {
            Some(word) => word,
            None => break,
        };
    }
    let used = seen.iter().take_while(|word| !word.is_empty()).count();
    let twice = (1..used).any(|i| seen[..i].contains(&seen[i]));
    !twice && words.next().is_none()
}

#[cfg(test)]
mod tests {
    use pest::Parser as _;
    use proptest::prelude::*;

    use super::super::grammar::{Grammar, Parts, Rule};
    use super::super::reader::Reader;
    use super::*;
    use crate::diagnostic::Findings;
    use crate::source::SourceId;
    use crate::syntax::ast::DeclKind;

    /// What the grammar makes of a text: one sound admin, or nothing.
    fn by_grammar(text: &str) -> Option<Admin> {
        let mut findings = Findings::new();
        let mut reader = Reader::new(Origin::at(SourceId(0), 0), &mut findings);
        let decls = Grammar::parse(Rule::chunk, text).ok()?.flat_map(Parts::of);
        let mut decls: Vec<_> = decls.filter(|part| part.as_rule() == Rule::decl).collect();
        let decl = reader.decl(decls.pop()?, |_| None)?;
        match decl.kind {
            DeclKind::Admin(admin) if !reader.broken && decls.is_empty() => Some(*admin),
            _ => None,
        }
    }

    fn by_hand(text: &str) -> Option<Admin> {
        admin(text, Origin::at(SourceId(0), 0))
    }

    #[test]
    fn a_plain_admin_is_read_by_hand() {
        for text in [
            "admin a { role b }",
            "admin a-1 \"A, B\" {\r\n  login a.b // x\n}",
            "admin a {\n\temail a@b.c ;; phone  \"+1 2\"\n  unit n.h\n labels fi, m\n profile p\n inactive\n country fi \n}",
            "admin a { role b, c on users in g, n.h; role d }",
            "admin a {\n role b on entities in unit g, in  unit n.h\n role d on  entities in unit g ;role e}",
        ] {
            let plain = !text.contains("//");
            assert_eq!(by_hand(text).is_some(), plain, "{text}");
            assert!(by_grammar(text).is_some(), "{text}");
        }
    }

    #[test]
    fn what_is_not_plain_is_left_to_the_grammar() {
        for text in [
            "admin a { role b until 2026-01-01 }",
            "admin a { role b on entities in unit c and users in d }",
            "admin a { role b on entities in own unit }",
            "admin a { role b\n  on users in g }",
            "admin a { role b on users in g except h }",
            "admin a { role b on users in holders of c }",
            "admin a { email \"a\\n\" }",
            "admin a { country ä }",
            "admin a { x b } y",
            "admin a { x b; x c }",
            "admin on { role b }",
            "admin a { allow b }",
            "admin a { role b,\n c }",
        ] {
            assert!(by_hand(text).is_none(), "{text}");
        }
    }

    fn statements() -> impl Strategy<Value = String> {
        let token = prop::sample::select(vec![
            "role", "profile", "unit", "labels", "inactive", "email", "login", "id", "country", "allow", "a", "b-c",
            "d_1", "on", "users", "in", "self", "until", "reason", "g", "n.h", ",", ".", ";", "\n", "}", "{", "\"",
            "\"x y\"", "//", "\r\n", "\t", "é", "a@b.c", "-", "*", "entities", "except",
        ]);
        prop::collection::vec((token, prop::sample::select(vec![" ", " ", " ", ""])), 0..24)
            .prop_map(|tokens| tokens.iter().flat_map(|(token, blank)| [*token, *blank]).collect())
    }

    fn lines() -> impl Strategy<Value = String> {
        let line = prop::sample::select(vec![
            "role a",
            "role a, b",
            "role a on users in g",
            "role a on users in g,h.i",
            "role a on entities in unit g, in unit h.i",
            "role a on entities in unit g, h",
            "role a on entities in",
            "profile p",
            "unit n.h",
            "labels a, b",
            "email a@b.c",
            "phone +1 2 ",
            "id \"x\"",
            "country fi",
            "inactive",
            "login a//b",
            "photo \"a\" b",
            "role",
            "on",
            "until x",
            "role a // c",
            "level -3",
            "role a reason \"r\"",
        ]);
        let end = prop::sample::select(vec!["\n", "; ", "\n  ", " ;\n", "", "\r\n\t"]);
        prop::collection::vec((line, end), 0..6)
            .prop_map(|lines| lines.iter().flat_map(|(line, end)| [*line, *end]).collect())
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(3_000))]

        #[test]
        fn what_is_read_by_hand_is_what_the_grammar_reads(body in prop_oneof![statements(), lines()]) {
            for text in [format!("admin a {{ {body} }}"), format!("admin a \"A\" {{\n{body}\n}}")] {
                if let Some(plain) = by_hand(&text) {
                    prop_assert_eq!(format!("{:?}", Some(plain)), format!("{:?}", by_grammar(&text)), "{}", text);
                }
            }
        }
    }
}
