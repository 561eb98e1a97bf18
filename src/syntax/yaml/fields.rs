//! What every section does: keys, names, flags, choices, lists and documentation.

use granit_parser::ScalarStyle;
use rustc_hash::FxHashMap;

use super::front::{Front, Lead};
use super::node::{Entry, Kind, Node, Scalar};
use crate::check::{bw001, bw003, bw006, bw007};
use crate::source::{Span, Spanned};
use crate::syntax::ast::{DeclKind, Ignore, Name, Text};
use crate::text::{did_you_mean, nfc, quoted_list};

/// A map with keys of its own.
pub(super) struct Block {
    /// What it speaks of, as "a role".
    pub(super) what: &'static str,
    /// How one is written.
    pub(super) example: &'static str,
    /// Its keys.
    pub(super) keys: &'static [&'static str],
}

impl<'t> Front<'t, '_> {
    /// The entries of a map; anything else is reported.
    pub(super) fn entries<'n>(&mut self, node: &'n Node<'t>, block: &Block) -> Option<&'n [Entry<'t>]> {
        match &node.kind {
            Kind::Map(entries) => Some(entries),
            _ => self.misshapen(node, block.what, "a map", block.example),
        }
    }

    /// The entries of a map, each key once and known.
    pub(super) fn fields<'n>(&mut self, node: &'n Node<'t>, block: &Block) -> Vec<&'n Entry<'t>> {
        let mut known = self.once(node, block);
        known.retain(|entry| {
            let key = entry.key.text();
            let found = block.keys.contains(&key);
            if !found {
                let span = self.span(&entry.key);
                self.report(bw001::unknown_key(key, block.what, block.keys, span));
            }
            found
        });
        known
    }

    /// The entries of a map, each key once.
    pub(super) fn once<'n>(&mut self, node: &'n Node<'t>, block: &Block) -> Vec<&'n Entry<'t>> {
        let entries = self.entries(node, block).unwrap_or_default();
        self.once_of(entries.iter())
    }

    /// The first entry of each key; a further one is reported.
    pub(super) fn once_of<'n>(&mut self, entries: impl Iterator<Item = &'n Entry<'t>>) -> Vec<&'n Entry<'t>>
    where
        't: 'n,
    {
        let mut seen: FxHashMap<&str, &Entry<'t>> = FxHashMap::default();
        let mut kept = Vec::new();
        for entry in entries {
            let key = entry.key.text();
            if let Some(first) = seen.get(key) {
                let (first, second) = (self.span(&first.key), self.span(&entry.key));
                self.report(bw006::key_twice(key, first, second));
            } else {
                seen.insert(key, entry);
                kept.push(entry);
            }
        }
        kept
    }

    /// Reports a node of a wrong shape; one that has been reported already is passed over.
    pub(super) fn misshapen<T>(&mut self, node: &Node<'_>, what: &str, expected: &str, example: &str) -> Option<T> {
        self.broken = true;
        if !matches!(node.kind, Kind::Broken) {
            let span = self.span(node);
            self.report(bw001::wrong_shape(what, expected, node.shown(), example, span));
        }
        None
    }

    /// Each thing of a list; a single thing needs no list.
    pub(super) fn each<'n>(&mut self, node: &'n Node<'t>) -> &'n [Node<'t>] {
        match &node.kind {
            Kind::List(items) => items,
            _ => std::slice::from_ref(node),
        }
    }

    /// The declarations of a section whose keys are their names.
    pub(super) fn named(
        &mut self,
        section: &Node<'t>,
        block: &Block,
        read: impl Fn(&mut Self, Name, &Node<'t>, &mut Lead) -> Option<DeclKind>,
    ) {
        self.keyed(section, block, Self::name, read);
    }

    /// The declarations of a section whose keys are titles, which may be long.
    pub(super) fn titled(
        &mut self,
        section: &Node<'t>,
        block: &Block,
        read: impl Fn(&mut Self, Name, &Node<'t>, &mut Lead) -> Option<DeclKind>,
    ) {
        self.keyed(section, block, |front, key| front.title(key, "a title", block.example), read);
    }

    fn keyed(
        &mut self,
        section: &Node<'t>,
        block: &Block,
        name: impl Fn(&mut Self, &Node<'t>) -> Option<Name>,
        read: impl Fn(&mut Self, Name, &Node<'t>, &mut Lead) -> Option<DeclKind>,
    ) {
        for entry in self.entries(section, block).unwrap_or_default() {
            let Some(name) = name(self, &entry.key) else { continue };
            let mut lead = Lead::default();
            if let Some(kind) = read(self, name, &entry.value, &mut lead) {
                let span = self.entry_span(entry);
                self.declare(lead, kind, span);
            }
        }
    }

    /// Reads `doc` and `ignore`; false for another key.
    pub(super) fn lead(&mut self, entry: &Entry<'t>, lead: &mut Lead) -> bool {
        match entry.key.text() {
            "doc" => {
                let doc = self.words(&entry.value, "`doc`", "doc: who may look into everything");
                lead.doc = doc.map(|scalar| scalar.text.trim_end().to_owned());
            }
            "ignore" => lead.ignores = self.ignores(&entry.value),
            _ => return false,
        }
        true
    }

    /// `ignore: { BW302: "reason" }`.
    fn ignores(&mut self, node: &Node<'t>) -> Vec<Ignore> {
        const IGNORE: Block =
            Block { what: "`ignore`", example: "ignore: { BW302: nobody holds it before May }", keys: &[] };
        let entries = self.once(node, &IGNORE);
        let ignore = |entry: &Entry<'t>, front: &mut Self| {
            let code = front.name(&entry.key)?;
            let reason = front.title(&entry.value, "the reason", IGNORE.example)?;
            Some(Ignore { code, reason, span: front.entry_span(entry) })
        };
        entries.into_iter().filter_map(|entry| ignore(entry, self)).collect()
    }

    /// The scalar in a node, which must say something.
    pub(super) fn words<'n>(&mut self, node: &'n Node<'t>, what: &str, example: &str) -> Option<&'n Scalar<'t>> {
        self.words_of(node, what, "a text", example)
    }

    /// The scalar in a node where one is wanted, or `expected` says what else.
    pub(super) fn words_of<'n>(
        &mut self,
        node: &'n Node<'t>,
        what: &str,
        expected: &str,
        example: &str,
    ) -> Option<&'n Scalar<'t>> {
        match &node.kind {
            Kind::Scalar(scalar) if !scalar.null && !scalar.text.trim().is_empty() => Some(scalar),
            Kind::Scalar(scalar) if !scalar.null => {
                let span = self.span(node);
                self.report(bw001::wrong_shape(what, expected, "an empty text", example, span));
                None
            }
            _ => self.misshapen(node, what, expected, example),
        }
    }

    /// A title, a reason.
    pub(super) fn title(&mut self, node: &Node<'t>, what: &str, example: &str) -> Option<Spanned<String>> {
        let Kind::Scalar(scalar @ Scalar { null: false, .. }) = &node.kind else {
            return self.misshapen(node, what, "a text", example);
        };
        Some(self.said(node, scalar, "text", bw007::TEXT))
    }

    /// Titles: `label: Owner`, or `label: { en: Owner, pl: Właściciel }`, or a list of these.
    pub(super) fn titles(&mut self, node: &Node<'t>) -> Vec<Text> {
        const LABEL: Block = Block { what: "`label`", example: "label: { en: Owner, pl: Właściciel }", keys: &[] };
        let mut titles = Vec::new();
        for item in self.each(node) {
            if let Kind::Map(_) = item.kind {
                for entry in self.once(item, &LABEL) {
                    let language = self.name(&entry.key);
                    let text = self.title(&entry.value, "a label", LABEL.example);
                    titles.extend(text.map(|text| Text { language, text }));
                }
            } else {
                let text = self.title(item, LABEL.what, LABEL.example);
                titles.extend(text.map(|text| Text { language: None, text }));
            }
        }
        titles
    }

    /// A raw value: of an attribute, a login, an e-mail address.
    pub(super) fn value(&mut self, node: &Node<'t>, what: &str, example: &str) -> Option<Name> {
        let scalar = self.words(node, what, example)?;
        Some(self.said(node, scalar, "value", bw007::NAME))
    }

    /// A name that is declared: a key, or an item of a list of names. It may be any text.
    pub(super) fn name(&mut self, node: &Node<'t>) -> Option<Name> {
        let Kind::Scalar(scalar) = &node.kind else {
            return self.misshapen(node, "a name", "a text", "finland");
        };
        let span = self.span(node);
        if scalar.null {
            let found = if scalar.text == "~" { "`~`" } else { "`null`" };
            let found = if node.range.is_empty() { "nothing" } else { found };
            self.report(
                bw001::unexpected(found, "a name", span)
                    .help("a name that YAML takes for something else is written in quotes"),
            );
            return None;
        }
        let name = self.said(node, scalar, "name", bw007::NAME);
        if name.node.is_empty() {
            self.report(bw003::empty(span));
            return None;
        }
        Some(name)
    }

    /// What a scalar says, in NFC and within limits.
    fn said(&mut self, node: &Node<'t>, scalar: &Scalar<'t>, what: &str, most: usize) -> Spanned<String> {
        let span = self.span(node);
        let block = matches!(scalar.style, ScalarStyle::Literal | ScalarStyle::Folded);
        let text = if block { scalar.text.trim_end_matches('\n') } else { &*scalar.text };
        let unseen = |c: &char| c.is_control() && !matches!(c, '\n' | '\t');
        let written = self.text.get(node.range.clone()).unwrap_or("");
        if let Some((at, c)) = written.char_indices().find(|(_, c)| unseen(c) && *c != '\r') {
            let at = node.range.start + at;
            self.report(bw003::character(c, Span::new(self.source, at, at + c.len_utf8())));
        }
        if text.len() > most {
            let first = text.chars().next().map_or(0, char::len_utf8);
            let first = Span::new(self.source, node.range.start, node.range.start + first);
            self.report(bw007::long(what, text, most, first));
        }
        Spanned::new(nfc(text), span)
    }

    /// Whether a flag is set: `true`.
    pub(super) fn flag(&mut self, entry: &Entry<'t>) -> Option<Span> {
        match entry.value.text() {
            "true" => Some(self.entry_span(entry)),
            "false" => None,
            _ => {
                let key = entry.key.text();
                let example = format!("{key}: true");
                self.misshapen(&entry.value, &format!("`{key}`"), "a flag: `true`, or not written", &example)
            }
        }
    }

    /// One of a few words.
    pub(super) fn choice<T: Copy>(&mut self, node: &Node<'t>, what: &str, words: &[(&str, T)]) -> Option<Spanned<T>> {
        let names = || words.iter().map(|(word, _)| *word);
        let example = names().next().unwrap_or("");
        let said = self.words(node, what, example)?.text.trim().to_owned();
        let span = self.span(node);
        if let Some((_, value)) = words.iter().find(|(word, _)| *word == said) {
            return Some(Spanned::new(*value, span));
        }
        let found = format!("`{}`", bw001::shown(&said));
        let mut sorted: Vec<&str> = names().collect();
        sorted.sort_unstable();
        let finding = bw001::unexpected(&found, &quoted_list(sorted, "or"), span);
        let near = did_you_mean(&said, names());
        self.report(match near.first() {
            Some(one) => bw001::word_meant(finding.help(format!("did you mean `{one}`?")), span, &near),
            None => finding,
        });
        None
    }
}
