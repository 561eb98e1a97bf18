//! One source: its sections, and what can be read of them where something is no YAML.

use super::fields::Block;
use super::load::{Piece, load};
use super::node::{Entry, Kind, Node};
use super::recover;
use crate::check::{bw001, bw007};
use crate::diagnostic::{Finding, Findings};
use crate::source::{SourceId, Span};
use crate::syntax::ast::{Decl, DeclKind, File, Ignore};

/// The sections of a policy.
const POLICY: Block = Block {
    what: "a policy",
    example: "roles: { learner: { allow: courses.open } }",
    keys: &[
        "platform",
        "features",
        "tiers",
        "resources",
        "attributes",
        "labels",
        "units",
        "relations",
        "groups",
        "roles",
        "profiles",
        "automatic",
        "forbid",
        "admins",
        "people",
        "responsible",
        "exceptions",
        "transfers",
        "quotas",
        "separate",
        "never",
        "always",
        "lint",
        "tests",
    ],
};

/// Reads one source. A broken declaration leaves findings and is left out, or is kept without its broken statements.
pub(super) fn parse(source: SourceId, text: &str, findings: &mut Findings) -> File {
    let mut front = Front { source, text, findings, decls: Vec::new(), broken: false };
    if text.len() > bw007::FILE {
        front.report(bw007::text(Span::new(source, 0, 0), bw007::FILE));
    } else {
        front.file();
    }
    File { source, decls: front.decls, broken: front.broken }
}

/// What stands before a declaration in the text form.
#[derive(Default)]
pub(super) struct Lead {
    pub(super) doc: Option<String>,
    pub(super) ignores: Vec<Ignore>,
}

/// A source being read.
pub(super) struct Front<'t, 'f> {
    pub(super) source: SourceId,
    pub(super) text: &'t str,
    pub(super) findings: &'f mut Findings,
    decls: Vec<Decl>,
    /// Whether something could not be read.
    pub(super) broken: bool,
}

impl<'t> Front<'t, '_> {
    /// Keeps a finding about something that cannot be read.
    pub(super) fn report(&mut self, finding: Finding) {
        self.broken = true;
        self.findings.push(finding);
    }

    /// Keeps a declaration.
    pub(super) fn declare(&mut self, lead: Lead, kind: DeclKind, span: Span) {
        self.decls.push(Decl { doc: lead.doc, ignores: lead.ignores, kind, span });
    }

    /// The place of a node.
    pub(super) fn span(&self, node: &Node<'_>) -> Span {
        Span::new(self.source, node.range.start, node.range.end)
    }

    /// The place of a key and its value.
    pub(super) fn entry_span(&self, entry: &Entry<'_>) -> Span {
        self.span(&entry.key).to(self.span(&entry.value))
    }

    /// Reads everything; piece by piece where the whole is no YAML.
    fn file(&mut self) {
        let whole = Piece { source: self.source, text: self.text, base: 0, part: false };
        match self.load(whole) {
            Ok(Some(root)) => self.sections(&root),
            Ok(None) => {}
            Err(fault) => self.pieces(*fault),
        }
    }

    /// Makes nodes of a piece, and keeps what was found on the way.
    fn load(&mut self, piece: Piece<'t>) -> Result<Option<Node<'t>>, Box<Finding>> {
        let mut findings = Findings::new();
        let root = load(piece, &mut findings)?;
        self.broken |= !findings.is_empty();
        self.findings.extend(findings);
        Ok(root)
    }

    /// Reads what can be read of a source that is no YAML as a whole because of this fault.
    fn pieces(&mut self, fault: Finding) {
        let before = self.findings.len();
        self.broken = true;
        for section in recover::sections(self.text) {
            let piece = |range: std::ops::Range<usize>| Piece {
                source: self.source,
                text: &self.text[range.clone()],
                base: range.start,
                part: true,
            };
            let (whole, head) = (piece(section.whole), piece(section.head));
            let parts: Vec<_> = section.parts.into_iter().map(piece).collect();
            match self.load(whole) {
                Ok(root) => root.iter().for_each(|root| self.sections(root)),
                Err(fault) => self.section_in_parts(head, parts, *fault),
            }
        }
        if self.findings.len() == before {
            self.findings.push(fault);
        }
    }

    /// Reads the parts of a broken section, each as if it were the whole of it.
    fn section_in_parts(&mut self, head: Piece<'t>, parts: Vec<Piece<'t>>, fault: Finding) {
        let head = load(head, &mut Findings::new()).ok().flatten();
        let (Some(Node { kind: Kind::Map(entries), .. }), true) = (head, parts.len() > 1) else {
            self.findings.push(fault);
            return;
        };
        let Some(Entry { key, .. }) = entries.into_iter().next() else { return };
        let mut found = false;
        for part in parts {
            match self.load(part) {
                Ok(Some(value)) => self.section(&Entry { key: key.clone(), value }),
                Ok(None) => {}
                Err(fault) => {
                    found = true;
                    self.findings.push(*fault);
                }
            }
        }
        if !found {
            self.findings.push(fault);
        }
    }

    /// The sections of a source; each at most once. A second platform is a name declared twice, as it is in the text form.
    fn sections(&mut self, root: &Node<'t>) {
        if root.is_null() {
            return;
        }
        let Some(entries) = self.entries(root, &POLICY) else { return };
        self.once_of(entries.iter().filter(|entry| entry.key.text() != "platform"));
        for entry in entries {
            self.section(entry);
        }
    }

    /// One section. What it holds is read by the noun it speaks of.
    fn section(&mut self, entry: &Entry<'t>) {
        let value = &entry.value;
        if value.is_null() && POLICY.keys.contains(&entry.key.text()) {
            return;
        }
        match entry.key.text() {
            "platform" => self.platform(entry),
            "features" => self.features(value),
            "tiers" => self.tiers(value),
            "resources" => self.resources(value),
            "attributes" => self.attributes(value),
            "labels" => self.forest(value, &super::trees::LABELS, DeclKind::Label),
            "units" => self.forest(value, &super::trees::UNITS, DeclKind::Unit),
            "relations" => self.relations(value),
            "groups" => self.groups(value),
            "roles" => self.roles(value),
            "profiles" => self.profiles(value),
            "admins" => self.admins(value),
            "people" => self.people(value),
            "lint" => self.lints(value),
            "tests" => self.tests(value),
            "exceptions" => self.exceptions(value),
            key => self.other_section(key, entry),
        }
    }

    fn other_section(&mut self, key: &str, entry: &Entry<'t>) {
        if !self.rules(key, &entry.value) {
            let span = self.span(&entry.key);
            self.report(bw001::unknown_key(key, POLICY.what, POLICY.keys, span));
        }
    }
}
