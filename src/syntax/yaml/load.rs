//! From YAML's events to nodes, strictly and within limits.

use std::borrow::Cow;
use std::ops::Range;

use granit_parser::{Event, Parser, ScalarStyle, ScanError, StrInput, Tag, options};
use rustc_hash::FxHashMap;

use super::faults;
use super::node::{Entry, Kind, Node, Scalar};
use crate::check::bw001;
use crate::diagnostic::{Finding, Findings};
use crate::source::{SourceId, Span};

/// How deep maps and lists may be nested.
pub(super) const MOST_DEEP: usize = 64;
/// How many characters a key may have for YAML; names are shorter.
const LONGEST_KEY: usize = 4_096;
/// How much aliases may repeat in all, in nodes and bytes.
const MOST_REPEATED: usize = 100_000;

/// A piece of a source that is read as one document.
#[derive(Debug, Clone, Copy)]
pub(super) struct Piece<'t> {
    pub(super) source: SourceId,
    pub(super) text: &'t str,
    /// Where the piece begins in the source.
    pub(super) base: usize,
    /// Whether there is more of the document elsewhere.
    pub(super) part: bool,
}

/// What a piece says; a finding instead where it is no YAML. What is refused, but can be passed over, goes to `findings`.
pub(super) fn load<'t>(piece: Piece<'t>, findings: &mut Findings) -> Result<Option<Node<'t>>, Box<Finding>> {
    let mut options = options! {
        flow_nesting_limit: MOST_DEEP + 1,
        block_nesting_limit: MOST_DEEP + 1,
        simple_key_max_lookahead: LONGEST_KEY,
        disallow_directives: true,
        emit_unresolved_aliases: true,
    };
    options.set_emit_comments(false);
    let parser = Parser::new_from_str_with_options(piece.text, options);
    let mut loader = Loader { piece, parser, findings, anchors: FxHashMap::default(), left: MOST_REPEATED, ended: 0 };
    let root = loader.document();
    if loader.left == 0 {
        return Ok(None);
    }
    root.map_err(|fault| Box::new(fault.finding(piece)))
}

/// Why reading cannot go on.
enum Fault {
    Scan(ScanError),
    Found(Box<Finding>),
}

impl Fault {
    fn finding(self, piece: Piece<'_>) -> Finding {
        match self {
            Self::Scan(error) => faults::explain(piece, &error),
            Self::Found(finding) => *finding,
        }
    }
}

type Read<T> = Result<T, Fault>;

/// An event with its place in the source.
type Step<'t> = (Event<'t>, Range<usize>, Option<Range<usize>>);

/// What an alias stands for.
enum Anchored<'t> {
    /// Something that is still being read.
    Open,
    /// Something too large to be repeated.
    Large,
    /// A node, how much a copy takes, and how deep it is.
    Node(Node<'t>, usize, usize),
}

struct Loader<'t, 'f> {
    piece: Piece<'t>,
    parser: Parser<'t, StrInput<'t>>,
    findings: &'f mut Findings,
    anchors: FxHashMap<usize, Anchored<'t>>,
    /// How much may still be repeated; nothing once an alias was refused, and then the file is not read.
    left: usize,
    /// Where the last node ended.
    ended: usize,
}

impl<'t> Loader<'t, '_> {
    fn next(&mut self) -> Read<Option<Step<'t>>> {
        let Some(event) = self.parser.next_event() else { return Ok(None) };
        let (event, span) = event.map_err(Fault::Scan)?;
        let base = self.piece.base;
        let text = self.piece.text;
        let whole = |range: &Range<usize>| text.get(range.clone()).is_some();
        let moved = |range: Range<usize>| if whole(&range) { base + range.start..base + range.end } else { base..base };
        let place = span.byte_range().map_or(base..base, moved);
        let tag = span.tag_span().and_then(|tag| tag.byte_range()).map(moved);
        Ok(Some((event, place, tag)))
    }

    /// The one document of the piece.
    fn document(&mut self) -> Read<Option<Node<'t>>> {
        let mut root = None;
        while let Some((event, place, tag)) = self.next()? {
            match event {
                Event::StreamStart | Event::DocumentEnd => {}
                Event::StreamEnd => break,
                Event::DocumentStart(..) if root.is_some() => {
                    self.findings.push(
                        bw001::yaml("a second document begins here", self.span(&place))
                            .help("a file is one document: take the line `---` away, or make two files of it"),
                    );
                    break;
                }
                Event::DocumentStart(..) => {}
                _ => root = Some(self.node((event, place, tag), 1)?),
            }
        }
        Ok(root)
    }

    fn span(&self, range: &Range<usize>) -> Span {
        Span::new(self.piece.source, range.start, range.end)
    }

    /// The node that begins with this event, `depth` levels deep.
    fn node(&mut self, (event, place, tag): Step<'t>, depth: usize) -> Read<Node<'t>> {
        if depth > MOST_DEEP {
            return Err(Fault::Found(Box::new(faults::deep(self.span(&(place.start..place.start))))));
        }
        let tag_place = tag.unwrap_or_else(|| place.clone());
        let (node, anchor) = match event {
            Event::Scalar(text, style, anchor, tag) => {
                let tagged = tag.is_some();
                if self.refused(tag.as_deref(), &tag_place, true) {
                    (Node { range: place, kind: Kind::Broken }, anchor)
                } else {
                    (self.scalar(text, style, tagged, place), anchor)
                }
            }
            Event::SequenceStart(_, anchor, tag) => {
                self.refused(tag.as_deref(), &tag_place, false);
                self.open(anchor);
                (self.list(place, depth)?, anchor)
            }
            Event::MappingStart(_, anchor, tag) => {
                self.refused(tag.as_deref(), &tag_place, false);
                self.open(anchor);
                (self.map(place, depth)?, anchor)
            }
            Event::Alias(id) => return self.alias(id, &place, depth),
            Event::UnresolvedAlias(name) => return Ok(self.unresolved(&name, place)),
            _ => (Node { range: place, kind: Kind::Broken }, 0),
        };
        self.ended = node.range.end;
        self.remember(anchor, &node);
        Ok(node)
    }

    fn scalar(&self, text: Cow<'t, str>, style: ScalarStyle, tagged: bool, place: Range<usize>) -> Node<'t> {
        let mut range = place;
        if matches!(style, ScalarStyle::Literal | ScalarStyle::Folded | ScalarStyle::Plain) {
            let start = range.start - self.piece.base;
            let written = self.piece.text.get(start..range.end - self.piece.base).unwrap_or("");
            range.end = range.start + written.trim_end().len();
        }
        let plain = style == ScalarStyle::Plain && !tagged;
        let null = plain && (range.is_empty() || matches!(&*text, "~" | "null" | "Null" | "NULL"));
        Node { range, kind: Kind::Scalar(Scalar { text, style, null }) }
    }

    fn list(&mut self, place: Range<usize>, depth: usize) -> Read<Node<'t>> {
        let (mut items, mut range) = (Vec::new(), place);
        while let Some(step) = self.next()? {
            if matches!(step.0, Event::SequenceEnd) {
                range.end = self.end(&step.1, range.end);
                break;
            }
            items.push(self.node(step, depth + 1)?);
        }
        if let (true, Some(first)) = (range.start == range.end, items.first()) {
            range.start = first.range.start;
        }
        Ok(Node { range, kind: Kind::List(items) })
    }

    fn map(&mut self, place: Range<usize>, depth: usize) -> Read<Node<'t>> {
        let (mut entries, mut range) = (Vec::new(), place);
        while let Some(step) = self.next()? {
            if matches!(step.0, Event::MappingEnd) {
                range.end = self.end(&step.1, range.end);
                break;
            }
            let key = self.node(step, depth + 1)?;
            let Some(step) = self.next()? else { break };
            let value = self.node(step, depth + 1)?;
            if self.sound_key(&key) {
                entries.push(Entry { key, value });
            }
        }
        Ok(Node { range, kind: Kind::Map(entries) })
    }

    /// The end of a collection: its bracket, or the end of the last thing in it.
    fn end(&self, place: &Range<usize>, start: usize) -> usize {
        if place.is_empty() { self.ended.max(start) } else { place.end }
    }

    /// Refuses keys that are no names, and YAML's merge key.
    fn sound_key(&mut self, key: &Node<'t>) -> bool {
        let span = self.span(&key.range);
        match &key.kind {
            Kind::Broken => false,
            Kind::Scalar(scalar) if scalar.style == ScalarStyle::Plain && scalar.text == "<<" => {
                self.findings.push(
                    bw001::yaml("the merge key `<<` is not used here", span)
                        .help("write the keys out; what several roles share is a role that they extend"),
                );
                false
            }
            Kind::Scalar(_) => true,
            Kind::List(_) | Kind::Map(_) => {
                let message = format!("expected a name as a key, found {}", key.shown());
                self.findings.push(bw001::yaml(message, span).help("a key is a text, as in `roles:`"));
                false
            }
        }
    }

    /// Refuses tags: they would change what a text is.
    fn refused(&mut self, tag: Option<&Tag>, place: &Range<usize>, scalar: bool) -> bool {
        let Some(tag) = tag else { return false };
        if scalar && tag.is_yaml_core_schema_tag("str") {
            return false;
        }
        let message = format!("the tag `{}` is not used here", bw001::shown(&tag.original()));
        self.findings.push(bw001::yaml(message, self.span(place)).help("take it away: every value is read as text"));
        true
    }

    /// A collection that is being read is not yet there for its aliases.
    fn open(&mut self, anchor: usize) {
        if anchor > 0 {
            self.anchors.insert(anchor, Anchored::Open);
        }
    }

    /// Keeps what an anchor names, if it is small.
    fn remember(&mut self, anchor: usize, node: &Node<'t>) {
        if anchor == 0 {
            return;
        }
        let (weight, deep) = node.weight(self.left);
        let anchored = if weight < self.left {
            self.left -= weight;
            Anchored::Node(node.clone(), weight, deep)
        } else {
            Anchored::Large
        };
        self.anchors.insert(anchor, anchored);
    }

    /// What an alias repeats.
    fn alias(&mut self, id: usize, place: &Range<usize>, depth: usize) -> Read<Node<'t>> {
        let span = self.span(place);
        self.ended = place.end;
        let broken = Node { range: place.clone(), kind: Kind::Broken };
        match self.anchors.get(&id) {
            // A part does not have what stands elsewhere, and the limit is for the whole.
            _ if self.piece.part || self.left == 0 => {}
            Some(Anchored::Node(node, weight, deep)) if *weight < self.left => {
                if depth + deep > MOST_DEEP {
                    return Err(Fault::Found(Box::new(faults::deep(span))));
                }
                self.left -= weight;
                return Ok(node.clone());
            }
            Some(Anchored::Open) => {
                let finding = bw001::yaml("this alias repeats what it stands in", span);
                self.findings.push(finding.help("write it out"));
            }
            _ => {
                self.left = 0;
                self.findings.push(faults::too_many_aliases(span, MOST_REPEATED));
            }
        }
        Ok(broken)
    }

    fn unresolved(&mut self, name: &str, place: Range<usize>) -> Node<'t> {
        if !self.piece.part {
            let message = format!("the alias `*{}` repeats nothing", bw001::shown(name));
            self.findings.push(bw001::yaml(message, self.span(&place)).help(faults::STAR));
        }
        self.ended = place.end;
        Node { range: place, kind: Kind::Broken }
    }
}

#[cfg(test)]
mod tests {
    use serde_yaml::Value;

    use super::*;

    fn read(text: &str) -> Node<'_> {
        let mut findings = Findings::new();
        let piece = Piece { source: SourceId(0), text, base: 0, part: false };
        match load(piece, &mut findings) {
            Ok(Some(root)) if findings.is_empty() => root,
            _ => panic!("{findings:?} in\n{text}"),
        }
    }

    /// Whether another reader of YAML sees the same: the same keys in the same order, and the same texts. What it takes for a number,
    /// a flag or nothing must be plain here.
    fn agree(node: &Node<'_>, other: &Value) -> bool {
        match (&node.kind, other) {
            (Kind::Map(entries), Value::Mapping(map)) => {
                let pairs = || entries.iter().zip(map);
                entries.len() == map.len()
                    && pairs().all(|(entry, (key, value))| agree(&entry.key, key) && agree(&entry.value, value))
            }
            (Kind::List(items), Value::Sequence(others)) => {
                items.len() == others.len() && items.iter().zip(others).all(|(item, other)| agree(item, other))
            }
            (Kind::Scalar(scalar), Value::String(text)) => scalar.text == *text,
            (Kind::Scalar(scalar), Value::Null) => scalar.null,
            (Kind::Scalar(scalar), Value::Bool(_) | Value::Number(_)) => scalar.style == ScalarStyle::Plain,
            _ => false,
        }
    }

    /// The examples of the manual, and the cases that are accepted in this form.
    fn examples() -> Vec<String> {
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
        let page = std::fs::read_to_string(root.join("docs/yaml.md")).unwrap_or_default();
        let mut examples: Vec<String> =
            page.split("```yaml\n").skip(1).filter_map(|rest| rest.split("```").next()).map(str::to_owned).collect();
        for folder in ["tests/cases/accept", "tests/cases/decide"] {
            for entry in std::fs::read_dir(root.join(folder)).into_iter().flatten().flatten() {
                if entry.path().extension().is_some_and(|it| it == "yaml") {
                    examples.extend(std::fs::read_to_string(entry.path()));
                }
            }
        }
        examples
    }

    #[test]
    fn another_reader_sees_the_same() {
        let mut examples = examples();
        assert!(examples.len() > 5, "the manual has examples");
        examples.push("a: [~, null, 'null', \"\", x y, 017, yes]\nb:\n  c: |-\n    d\n     e\n\n    f\n".to_owned());
        examples.push("a: &x {b: [c]}\nd: *x\ne: >\n  f\n  g\n\n  h\n".to_owned());
        for text in &examples {
            let other: Value = serde_yaml::from_str(text).unwrap_or_else(|error| panic!("{error} in\n{text}"));
            assert!(agree(&read(text), &other), "{other:?}\nin\n{text}");
        }
    }

    #[test]
    fn places_are_bytes() {
        let text = "ä: { ö: 'x', l: [a, b] }\r\nn:\r\n  - |\r\n    c\r\n";
        let root = read(text);
        let Kind::Map(entries) = &root.kind else { panic!("a map") };
        let shown: Vec<_> =
            entries.iter().map(|entry| (&text[entry.key.range.clone()], &text[entry.value.range.clone()])).collect();
        assert_eq!(shown, [("ä", "{ ö: 'x', l: [a, b] }"), ("n", "- |\r\n    c")]);
    }
}
