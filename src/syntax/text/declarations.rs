//! From a parsed piece of a file to its declarations, with what stands before each.

use super::grammar::{Node, Parts, Rule};
use super::reader::Reader;
use crate::syntax::ast::{Decl, DeclKind};

impl Reader<'_> {
    /// A declaration with its `ignore` lines; `before` is the text since the last one, with the documentation.
    pub(super) fn decl(&mut self, node: Node<'_>, docs: impl Fn(usize) -> Option<String>) -> Option<Decl> {
        let mut ignores = Vec::new();
        for part in Parts::of(node) {
            if part.as_rule() == Rule::ignore {
                ignores.extend(self.ignore(part));
                continue;
            }
            let span = self.span(&part);
            let doc = docs(span.start as usize);
            let kind = self.decl_kind(part)?;
            return Some(Decl { doc, ignores, kind, span });
        }
        None
    }

    fn decl_kind(&mut self, node: Node<'_>) -> Option<DeclKind> {
        Some(match node.as_rule() {
            Rule::admin => DeclKind::Admin(Box::new(self.admin(node)?)),
            Rule::role | Rule::profile => DeclKind::Role(self.role(node)?),
            Rule::platform => DeclKind::Platform(self.platform(node)?),
            Rule::feature => DeclKind::Feature(self.feature(node)?),
            Rule::tier => DeclKind::Tier(self.tier(node)?),
            Rule::resource => DeclKind::Resource(self.resource(node)?),
            Rule::attribute => DeclKind::Attribute(self.attribute(node)?),
            Rule::label => DeclKind::Label(self.tree_in(node)?),
            Rule::unit => DeclKind::Unit(self.tree_in(node)?),
            Rule::relation => DeclKind::Relation(self.relation(node)?),
            Rule::group => DeclKind::Group(self.group(node)?),
            Rule::automatic => DeclKind::Automatic(self.automatic(node)?),
            Rule::forbid => DeclKind::Forbid(self.forbid(node)?),
            Rule::people => DeclKind::People(self.people(node)?),
            Rule::responsible => DeclKind::Responsible(self.name_in(node)?),
            Rule::exception => DeclKind::Exception(self.exception(node)?),
            Rule::transfer => DeclKind::Transfer(self.transfer(node)?),
            Rule::quota => DeclKind::Quota(self.quota(node)?),
            Rule::separate => DeclKind::Separate(self.separate(node)?),
            Rule::assertion => DeclKind::Assertion(self.assertion(node)?),
            Rule::lint => DeclKind::Lint(self.lint(node)?),
            Rule::test => DeclKind::Test(self.test(node)?),
            _ => return None,
        })
    }
}

/// The documentation in the text between two declarations: its `///` lines, without those that end the line of the first.
pub(super) fn documentation(between: &str, begins_file: bool) -> Option<String> {
    if !between.contains("///") {
        return None;
    }
    let lines: Vec<&str> = between
        .split('\n')
        .skip(usize::from(!begins_file))
        .filter_map(|line| line.trim().strip_prefix("///"))
        .filter(|line| !line.starts_with('/'))
        .map(|line| line.strip_prefix(' ').unwrap_or(line))
        .collect();
    if lines.is_empty() { None } else { Some(lines.join("\n")) }
}
