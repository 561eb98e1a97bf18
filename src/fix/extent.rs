//! How far a statement or an item reaches, with the signs and the line that go with it.

use std::ops::Range;

use crate::source::{Span, Spanned};
use crate::syntax::ast::{Admin, AdminItem, Assignment, Decl, DeclKind, File, Tree};

/// What is taken away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Extent {
    /// A statement.
    Statement {
        /// All of it.
        span: Span,
        /// Whether it is a declaration, whose documentation goes with it.
        documented: bool,
    },
    /// An item of a list.
    Item(Span),
    /// A label below another one, by its name.
    Node {
        /// Where its name stands.
        name: Span,
        /// Whether there is none below it.
        leaf: bool,
    },
}

const fn plain(span: Span) -> Extent {
    Extent::Statement { span, documented: false }
}

/// The statement or declaration at a place, or whose name stands there; none where taking it away would give something that stands
/// before it to the next one.
pub(super) fn statement(files: &[File], place: Span) -> Option<Extent> {
    let decls = files.iter().filter(|file| file.source == place.source).flat_map(|file| &file.decls);
    for decl in decls {
        if let Some(ignore) = decl.ignores.iter().find(|ignore| ignore.code.span == place) {
            return Some(plain(ignore.span));
        }
        if within(place, decl.span) {
            return in_declaration(decl, place);
        }
    }
    Some(plain(place))
}

/// The same within the declaration around it.
pub(super) fn in_declaration(decl: &Decl, place: Span) -> Option<Extent> {
    let named = matches!(&decl.kind, DeclKind::Label(tree) if tree.name.span == place);
    if named || decl.span == place {
        return decl.ignores.is_empty().then_some(Extent::Statement { span: decl.span, documented: true });
    }
    match &decl.kind {
        DeclKind::Label(tree) => {
            node(tree, place).map(|found| Extent::Node { name: place, leaf: found.children.is_empty() })
        }
        DeclKind::Admin(admin) => match given(admin, place) {
            Some((span, given, number)) => assignment(span, given, number),
            None => Some(plain(place)),
        },
        _ => Some(plain(place)),
    }
}

/// The node whose name stands there; the depth of brackets bounds the recursion.
fn node(tree: &Tree, place: Span) -> Option<&Tree> {
    if tree.name.span == place { Some(tree) } else { tree.children.iter().find_map(|child| node(child, place)) }
}

/// The assignment whose role stands there: its statement, itself, and how many the statement has.
fn given(admin: &Admin, place: Span) -> Option<(Span, &Assignment, usize)> {
    let given = |item: &'_ Spanned<AdminItem>| match &item.node {
        AdminItem::Role(_) | AdminItem::Profile(_) => Some(item.span),
        _ => None,
    };
    let found = admin.body.iter().find_map(|item| match &item.node {
        AdminItem::Role(given) | AdminItem::Profile(given) if given.role.span == place => Some((item.span, given)),
        _ => None,
    });
    let (span, assignment) = found?;
    Some((span, assignment, admin.body.iter().filter_map(given).filter(|other| *other == span).count()))
}

/// The `on ...` of the assignment whose role stands there, alone in its statement.
pub(super) fn fence(files: &[File], place: Span, text: &str) -> Option<Range<usize>> {
    let decls = files.iter().filter(|file| file.source == place.source).flat_map(|file| &file.decls);
    decls.filter(|decl| within(place, decl.span)).find_map(|decl| fence_in(decl, place, text))
}

/// The same in the declaration around it.
pub(super) fn fence_in(decl: &Decl, place: Span, text: &str) -> Option<Range<usize>> {
    let DeclKind::Admin(admin) = &decl.kind else { return None };
    let (_, given, _) = given(admin, place).filter(|(_, _, number)| *number == 1)?;
    let (start, on) = (given.role.span.range().end, given.on.as_ref()?.span.range());
    let between = text.get(start..on.start)?.trim();
    matches!(between, "on" | "").then_some(start..on.end)
}

/// A word of a head, with the blanks before it.
pub(super) fn flag(text: &str, word: Range<usize>) -> Range<usize> {
    text[..word.start].trim_end_matches([' ', '\t']).len()..word.end
}

/// One role of a statement that gives several is an item of a list, unless what stands behind the list belongs to all.
fn assignment(statement: Span, given: &Assignment, roles: usize) -> Option<Extent> {
    let bare =
        given.on.is_none() && given.period.from.is_none() && given.period.until.is_none() && given.reason.is_none();
    match roles {
        1 => Some(plain(statement)),
        _ => bare.then_some(Extent::Item(given.role.span)),
    }
}

fn within(inner: Span, outer: Span) -> bool {
    inner.source == outer.source && outer.start <= inner.start && inner.end <= outer.end
}

/// What goes with a statement of the text form: its line where it has one of its own, else the semicolon that parts it from another.
pub(super) fn in_text(text: &str, statement: Range<usize>, documented: bool) -> Option<Range<usize>> {
    let line = text[..statement.start].rfind('\n').map_or(0, |at| at + 1);
    let alone = text[line..statement.start].trim().is_empty();
    let start = if alone && documented { documentation(text, line) } else { line };
    if start != line && text[..start].lines().next_back().is_some_and(|above| above.trim_start().starts_with("ignore"))
    {
        return None;
    }
    let blanks = |at: usize| text[at..].len() - text[at..].trim_start_matches([' ', '\t']).len();
    let mut end = statement.end + blanks(statement.end);
    let parted = text[end..].starts_with(';');
    if parted {
        end += 1;
        end += blanks(end);
    }
    let rest = text[end..].split('\n').next().unwrap_or("");
    if rest.trim().is_empty() && alone {
        return Some(start..text[end..].find('\n').map_or(text.len(), |at| end + at + 1));
    }
    // A comment stays; but one that would come to document what follows does not stand behind anything.
    if rest.starts_with("///") {
        return None;
    }
    if alone && rest.starts_with("//") {
        return Some(if start == line { statement.start..end } else { start..end });
    }
    if parted && !rest.trim().is_empty() && !rest.starts_with("//") {
        return Some(statement.start..end);
    }
    let before = text[..statement.start].trim_end_matches([' ', '\t']);
    Some(before.strip_suffix(';').unwrap_or(before).len()..statement.end)
}

/// Where the `///` lines above a line begin.
fn documentation(text: &str, line: usize) -> usize {
    let mut start = line;
    while let Some(above) = text[..start].strip_suffix('\n') {
        let begin = above.rfind('\n').map_or(0, |at| at + 1);
        if !above[begin..].trim_start().starts_with("///") {
            break;
        }
        start = begin;
    }
    start
}

/// What goes with an item of a list between commas: the comma behind it, else the one before it; none where there is neither.
pub(super) fn item(text: &str, item: Range<usize>) -> Option<Range<usize>> {
    let behind = text[item.end..].trim_start();
    if let Some(next) = behind.strip_prefix(',') {
        let next = next.trim_start_matches([' ', '\t']);
        return Some(item.start..text.len() - next.len());
    }
    let before = text[..item.start].trim_end().strip_suffix(',')?;
    Some(before.len()..item.end)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The text without the statement that `«` and `»` stand around.
    fn without(marked: &str, documented: bool) -> Option<String> {
        let start = marked.find('«')?;
        let text = marked.replace(['«', '»'], "");
        let end = marked.find('»')? - '«'.len_utf8();
        let mut left = text.clone();
        left.replace_range(in_text(&text, start..end, documented)?, "");
        Some(left)
    }

    #[test]
    fn a_line_of_its_own_goes_as_a_whole() {
        assert_eq!(without("a {\n  «b»\n  c\n}\n", false).as_deref(), Some("a {\n  c\n}\n"));
        assert_eq!(without("a {\r\n  «b»\r\n}\r\n", false).as_deref(), Some("a {\r\n}\r\n"));
        assert_eq!(without("a\n«b»", false).as_deref(), Some("a\n"), "the last line");
        assert_eq!(without("a\n«b» ;\nc", false).as_deref(), Some("a\nc"));
    }

    #[test]
    fn a_part_of_a_line_goes_with_its_semicolon() {
        assert_eq!(without("a { x; «b»; c }", false).as_deref(), Some("a { x; c }"));
        assert_eq!(without("a { x; «b» }", false).as_deref(), Some("a { x }"));
        assert_eq!(without("a { «b»; c }", false).as_deref(), Some("a { c }"));
        assert_eq!(without("a { «b» }", false).as_deref(), Some("a { }"));
        assert_eq!(without("a { x; «b» } // c", false).as_deref(), Some("a { x } // c"));
    }

    #[test]
    fn comments_stay_and_documentation_goes() {
        assert_eq!(without("  «b» // why\nc", false).as_deref(), Some("  // why\nc"));
        assert_eq!(without("  «b» /// why\nc", false), None, "it would document `c`");
        assert_eq!(without("x\n/// of b\n/// too\n«b»\nc", true).as_deref(), Some("x\nc"));
        assert_eq!(without("// x\n«b»\nc", true).as_deref(), Some("// x\nc"));
    }

    #[test]
    fn an_item_goes_with_one_comma() {
        let cut = |text: &str, word: &str| {
            let at = text.find(word)?;
            let mut left = text.to_owned();
            left.replace_range(item(text, at..at + word.len())?, "");
            Some(left)
        };
        assert_eq!(cut("a, bb, c", "bb").as_deref(), Some("a, c"));
        assert_eq!(cut("a, bb on c", "bb").as_deref(), Some("a on c"));
        assert_eq!(cut("a,\n  bb,\n  c", "bb").as_deref(), Some("a,\n  \n  c"));
        assert_eq!(cut("x { bb }", "bb"), None);
    }
}
