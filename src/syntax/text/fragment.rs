//! Single things as text: what the command line takes, and what the YAML form has in its strings.

use super::grammar::{Node, Parts, Rule};
use super::reader::{Origin, Reader};
use super::slices::MOST_DEEP;
use crate::check::bw005;
use crate::diagnostic::Findings;
use crate::source::{SourceId, Spanned};
use crate::syntax::ast::{
    ActionDecl, ActionSet, Actor, AdminItem, Automatic, Condition, DeclKind, Fact, Gate, Name, Path, ReadOnly,
    RoleItem, Scope, Target, TargetKind, TestLine, Text,
};

/// A target as tests write it: `entity { id "x" } and user { country fi }`.
pub fn parse_target(source: SourceId, text: &str, findings: &mut Findings) -> Option<Target> {
    Fragment::new(Origin::at(source, 0), text, findings).target()
}

/// An actor as tests write it: `aino`, or `as learner { unit oulu }`.
pub fn parse_actor(source: SourceId, text: &str, findings: &mut Findings) -> Option<Actor> {
    Fragment::new(Origin::at(source, 0), text, findings).actor()
}

/// A set of actions: `reports.open, view courses`.
pub fn parse_actions(source: SourceId, text: &str, findings: &mut Findings) -> Option<ActionSet> {
    Fragment::new(Origin::at(source, 0), text, findings).actions()
}

/// A text that says one thing; none where it does not, which leaves a finding.
#[derive(Debug)]
pub struct Fragment<'a> {
    origin: Origin<'a>,
    text: &'a str,
    findings: &'a mut Findings,
}

impl<'a> Fragment<'a> {
    /// The text that stands at `origin`. Words put before it by the caller make [`Origin::shift`] less than zero.
    pub fn new(origin: Origin<'a>, text: &'a str, findings: &'a mut Findings) -> Self {
        Self { origin, text, findings }
    }

    /// Parses by a rule that reads one thing, and reads that.
    fn read<T>(self, one: Rule, read: impl Fn(&mut Reader<'a>, Node<'_>) -> Option<T>) -> Option<T> {
        let mut reader = Reader::new(self.origin, self.findings);
        if let Some(deep) = too_deep(self.text) {
            let finding = bw005::brackets(self.origin.span(deep, deep + 1), MOST_DEEP);
            reader.report(finding);
            return None;
        }
        let node = reader.parse_one(one, self.text)?;
        let inside = Parts::of(node).find(|part| part.as_rule() != Rule::EOI)?;
        let thing = read(&mut reader, inside)?;
        if reader.broken { None } else { Some(thing) }
    }

    /// A target.
    #[must_use]
    pub fn target(self) -> Option<Target> {
        self.read(Rule::one_target, Reader::target)
    }

    /// An actor.
    #[must_use]
    pub fn actor(self) -> Option<Actor> {
        self.read(Rule::one_actor, Reader::actor)
    }

    /// A set of actions.
    #[must_use]
    pub fn actions(self) -> Option<ActionSet> {
        self.read(Rule::one_actions, Reader::actions)
    }

    /// A scope.
    #[must_use]
    pub fn scope(self) -> Option<Scope> {
        self.read(Rule::one_scope, Reader::scope)
    }

    /// A condition.
    #[must_use]
    pub fn condition(self) -> Option<Condition> {
        self.read(Rule::one_condition, Reader::condition)
    }

    /// Names: `learner, manager`.
    #[must_use]
    pub fn names(self) -> Option<Vec<Name>> {
        self.read(Rule::one_names, |reader, node| Some(reader.names(node)))
    }

    /// Paths: `fi, nordics.se`.
    #[must_use]
    pub fn paths(self) -> Option<Vec<Path>> {
        self.read(Rule::one_paths, |reader, node| Some(reader.paths(node)))
    }

    /// The conditions of a line, `when resell and actor in top`.
    #[must_use]
    pub fn gates(self) -> Option<Vec<Gate>> {
        self.read(Rule::one_gates, |reader, node| Some(reader.gates(node)))
    }

    /// What the actions of a resource are done to, `on entity, user`.
    #[must_use]
    pub fn done_to(self) -> Option<Vec<Spanned<TargetKind>>> {
        self.read(Rule::one_done_to, |reader, node| Some(reader.done_to(node)))
    }

    /// The features that a resource exists with, `when ecommerce and resell`.
    #[must_use]
    pub fn features(self) -> Option<Vec<Name>> {
        self.read(Rule::one_features, |reader, node| Some(reader.names(node)))
    }

    /// What a role is held to, `read only except courses.create`.
    #[must_use]
    pub fn read_only(self) -> Option<ReadOnly> {
        self.read(Rule::one_read_only, |reader, node| {
            let span = reader.span(&node);
            Some(reader.read_only(node, span))
        })
    }

    /// Roles by rule, `users in contractors hold learner`.
    #[must_use]
    pub fn automatic(self) -> Option<Automatic> {
        self.read(Rule::one_automatic, Reader::automatic)
    }

    /// A day, `2026-12-31`.
    #[must_use]
    pub fn day(self) -> Option<Spanned<jiff::civil::Date>> {
        self.read(Rule::one_day, |reader, node| reader.date(&node))
    }

    /// Features set for a test, `with resell on, ecommerce off`.
    #[must_use]
    pub fn switches(self) -> Option<Vec<(Name, bool)>> {
        self.read(Rule::one_with, |reader, node| Some(reader.switches(node)))
    }

    /// A declaration, such as `forbid site.delete unless holders of owner`.
    #[must_use]
    pub fn declaration(self) -> Option<DeclKind> {
        self.read(Rule::one_decl, |reader, node| reader.decl(node, |_| None).map(|decl| decl.kind))
    }

    /// A line of a role's body, such as `allow courses.edit on entities in own unit`; titles are read by [`Self::title`].
    #[must_use]
    pub fn role_item(self) -> Option<RoleItem> {
        self.read(Rule::one_role_item, Reader::role_item)
    }

    /// A title, `label en "Owner"`.
    #[must_use]
    pub fn title(self) -> Option<Text> {
        self.read(Rule::one_role_item, Reader::label_line)
    }

    /// A line of an admin's body; one that gives several roles makes several items.
    #[must_use]
    pub fn admin_items(self) -> Option<Vec<AdminItem>> {
        self.read(Rule::one_admin_item, Reader::admin_items)
    }

    /// A line of a resource's body: `write create, edit changes country`.
    #[must_use]
    pub fn resource_item(self) -> Option<Vec<ActionDecl>> {
        self.read(Rule::one_resource_item, Reader::resource_item)
    }

    /// A line of a test: `aino can reports.open on user { country fi }`.
    #[must_use]
    pub fn question(self) -> Option<TestLine> {
        self.read(Rule::one_question, Reader::question)
    }

    /// A fact: `labels fi, mandatory`.
    #[must_use]
    pub fn fact(self) -> Option<Fact> {
        self.read(Rule::one_fact, Reader::fact)
    }
}

/// The first bracket nested too deeply; texts in quotes are passed over.
fn too_deep(text: &str) -> Option<usize> {
    let (mut depth, mut quoted, mut escaped) = (0_usize, false, false);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b'\n' => quoted = false,
            b'(' | b'{' if !quoted => depth += 1,
            b')' | b'}' if !quoted => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > MOST_DEEP {
            return Some(at);
        }
    }
    None
}
