//! Where the statements of a declaration begin, for those who lay text out anew: a tree of places, without what they mean.

use std::ops::Range;

use pest::Parser as _;

use super::grammar::{Grammar, Node, Parts, Rule};
use crate::syntax::ast::File;

/// What stands between two braces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::syntax) enum Brace {
    /// Names, with commas between them.
    List,
    /// Statements that begin with a keyword: a role, an admin, a resource.
    Keywords,
    /// The questions of a test.
    Questions,
    /// Other statements.
    Plain,
}

/// The places of a source, each list in the order of the text.
#[derive(Debug, Default)]
pub(in crate::syntax) struct Outline {
    /// Where statements, and the items of lists in braces, begin.
    pub(in crate::syntax) starts: Vec<usize>,
    /// The raw values, which no token of the grammar can be told from.
    pub(in crate::syntax) raws: Vec<Range<usize>>,
    /// The opening braces.
    pub(in crate::syntax) braces: Vec<(usize, Brace)>,
    /// Where `can` and `cannot` stand in questions.
    pub(in crate::syntax) verbs: Vec<usize>,
}

/// The outline of a source that was read as `file`; none where a declaration cannot be read again.
pub(in crate::syntax) fn outline(text: &str, file: &File) -> Option<Outline> {
    let mut outline = Outline::default();
    for decl in &file.decls {
        outline.starts.extend(decl.ignores.iter().map(|ignore| ignore.span.range().start));
        let range = decl.span.range();
        let node = Grammar::parse(Rule::one_decl, text.get(range.clone())?).ok()?.next()?;
        outline.starts.push(range.start);
        let decl = Parts::of(node).find(|part| part.as_rule() == Rule::decl)?;
        Parts::of(decl).for_each(|kind| outline.walk(kind, range.start));
    }
    Some(outline)
}

impl Outline {
    /// Notes the places in a node; the depth of brackets bounds the recursion.
    fn walk(&mut self, node: Node<'_>, base: usize) {
        let rule = node.as_rule();
        let brace = match rule {
            Rule::closed | Rule::tree => Some(Brace::List),
            Rule::resource_body | Rule::role_body | Rule::admin_body => Some(Brace::Keywords),
            Rule::test_body => Some(Brace::Questions),
            Rule::platform_body | Rule::facts => Some(Brace::Plain),
            _ => None,
        };
        for part in Parts::of(node) {
            let span = part.as_span();
            let (start, end) = (base + span.start(), base + span.end());
            match (part.as_rule(), brace) {
                (Rule::brace, Some(brace)) => self.braces.push((start, brace)),
                (Rule::raw, _) => self.raws.push(start..end - blanks_behind(part.as_str())),
                (Rule::kw_can | Rule::kw_cannot, _) if rule == Rule::question => self.verbs.push(start),
                (Rule::close | Rule::name, _) | (Rule::tree, None) => {}
                (_, Some(_)) => self.starts.push(start),
                _ => {}
            }
            self.walk(part, base);
        }
    }
}

/// A raw value may have matched blanks behind it.
fn blanks_behind(text: &str) -> usize {
    text.len() - text.trim_end_matches([' ', '\t', '\r']).len()
}
