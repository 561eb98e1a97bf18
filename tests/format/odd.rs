//! Policies in YAML as nobody would write them, though YAML allows it: every style of text, brackets over many lines, keys behind
//! question marks, anchors, tags, and comments wherever there is room for one.

use crate::oracle::dice::Dice;

/// What is written down.
enum Tree {
    Nothing,
    Text(String),
    List(Vec<Tree>),
    Map(Vec<(String, Tree)>),
}

const NAMES: [&str; 12] =
    ["a", "b c", "no", "ä/ö", "x: y", "#z", "- d", "it's", "q\"r", "017", "e\\f", "long-name_of.it"];
const STATEMENTS: [&str; 6] = [
    "x.a",
    "* except x.b, y",
    "x.c on users in g and entities labelled l",
    "x.\"d e\"",
    "view x, y.z",
    "x.a reason \"it's: # on\"",
];
const PROSE: [&str; 7] =
    ["One.", "One.\nTwo.", "One.\n\n  Two: 2.\nThree # 3.", " in", "- a\n- b", "One.\n\n", "\n\nOne two.\n \nthree"];

/// A text that is most often a policy, and how many numbered comments it has.
pub(crate) fn policy(bytes: &[u8]) -> (String, usize) {
    let mut dice = Dice::new(bytes);
    let sections = sections(&mut dice);
    let end = if dice.chance(15) { "\r\n" } else { "\n" };
    let mut writer = Writer { dice, out: String::new(), notes: 0, anchors: 0, below: false };
    if writer.dice.chance(5) {
        writer.out.push('\u{feff}');
    }
    if writer.dice.chance(10) {
        writer.out.push_str("---");
        writer.line_end();
    }
    if writer.dice.chance(15) {
        writer.flow(&Tree::Map(sections), 1);
        writer.line_end();
    } else if let Tree::Map(entries) = Tree::Map(sections) {
        writer.block_map(&entries, 0);
    }
    writer.comments(0);
    if writer.dice.chance(10) {
        writer.out.push_str("...\n");
    }
    (writer.out.replace('\n', end), writer.notes)
}

/// Each section at most once, each with a few things.
fn sections(dice: &mut Dice<'_>) -> Vec<(String, Tree)> {
    let mut sections = Vec::new();
    for name in ["roles", "labels", "responsible", "forbid", "attributes", "features", "groups", "exceptions"] {
        if dice.chance(45) {
            let value = match name {
                "roles" => named(dice, role),
                "labels" => named(dice, |dice| nodes(dice, 2)),
                "responsible" => Tree::List(several(dice, |dice| text(dice, &NAMES))),
                "forbid" => Tree::List(several(dice, rule)),
                "attributes" => named(dice, |dice| Tree::List(several(dice, |dice| text(dice, &NAMES)))),
                "features" => named(dice, |dice| text(dice, &["on", "off"])),
                "groups" => named(dice, group),
                _ => named(dice, |_| Tree::Text("for everyone may change personal until 2027-01-01".to_owned())),
            };
            sections.push((name.to_owned(), value));
        }
    }
    sections
}

fn text(dice: &mut Dice<'_>, from: &[&str]) -> Tree {
    Tree::Text(dice.pick(from).copied().unwrap_or("a").to_owned())
}

fn several(dice: &mut Dice<'_>, one: impl Fn(&mut Dice<'_>) -> Tree) -> Vec<Tree> {
    let count = 1 + dice.below(3);
    (0..count).map(|_| one(dice)).collect()
}

/// A map with names for keys, each once.
fn named(dice: &mut Dice<'_>, one: impl Fn(&mut Dice<'_>) -> Tree) -> Tree {
    let (first, count) = (dice.below(NAMES.len()), 1 + dice.below(3));
    Tree::Map((0..count).map(|i| (NAMES[(first + i) % NAMES.len()].to_owned(), one(dice))).collect())
}

fn nodes(dice: &mut Dice<'_>, deep: usize) -> Tree {
    match dice.below(4) {
        _ if deep == 0 => Tree::Nothing,
        0 => Tree::Nothing,
        1 => Tree::List(several(dice, |dice| text(dice, &NAMES))),
        2 => Tree::List(several(dice, |dice| Tree::Map(vec![("n".to_owned(), nodes(dice, deep - 1))]))),
        _ => named(dice, |dice| nodes(dice, deep - 1)),
    }
}

fn role(dice: &mut Dice<'_>) -> Tree {
    let mut entries = Vec::new();
    for key in ["label", "doc", "allow", "except", "extends", "super", "ignore"] {
        if dice.chance(35) {
            let value = match key {
                "label" => text(dice, &NAMES),
                "doc" => text(dice, &PROSE),
                "super" => text(dice, &["true"]),
                "extends" => Tree::List(several(dice, |dice| text(dice, &["a", "b", "\"c d\""]))),
                "ignore" => Tree::Map(vec![("BW302".to_owned(), text(dice, &PROSE))]),
                _ => Tree::List(several(dice, |dice| text(dice, &STATEMENTS))),
            };
            entries.push((key.to_owned(), value));
        }
    }
    if entries.is_empty() { Tree::Nothing } else { Tree::Map(entries) }
}

fn rule(dice: &mut Dice<'_>) -> Tree {
    let rule = Tree::Text("x.a unless holders of owner".to_owned());
    if dice.chance(60) {
        rule
    } else {
        Tree::Map(vec![("doc".to_owned(), text(dice, &PROSE)), ("rule".to_owned(), rule)])
    }
}

fn group(dice: &mut Dice<'_>) -> Tree {
    let is = text(dice, &["k is x", "k in (x, y) and not (a or b)"]);
    if dice.chance(60) { is } else { Tree::Map(vec![("is".to_owned(), is), ("doc".to_owned(), text(dice, &PROSE))]) }
}

struct Writer<'a> {
    dice: Dice<'a>,
    out: String,
    notes: usize,
    anchors: usize,
    /// Whether a text below `|` or `>` has just ended: to it belongs what stands in as far as it does.
    below: bool,
}

impl Writer<'_> {
    fn blanks(&mut self, count: usize) {
        self.out.extend(std::iter::repeat_n(' ', count));
    }

    fn note(&mut self) {
        self.out.push_str(&format!("# note {}.", self.notes));
        self.notes += 1;
    }

    /// Ends a line, with a comment or without.
    fn line_end(&mut self) {
        if self.dice.chance(15) {
            let blanks = 1 + self.dice.below(3);
            self.blanks(blanks);
            self.note();
        } else if self.dice.chance(5) {
            self.out.push_str("  ");
        }
        self.out.push('\n');
    }

    /// Empty lines and lines with comments.
    fn comments(&mut self, indent: usize) {
        while self.dice.chance(15) {
            if self.dice.chance(50) {
                let indent = if self.dice.chance(60) { indent } else { self.dice.below(8) };
                let indent = if self.below { 0 } else { indent };
                self.blanks(indent);
                self.note();
            }
            self.out.push('\n');
        }
    }

    /// An anchor, a tag, both or neither; a blank behind them.
    fn properties(&mut self, text: bool) {
        if self.dice.chance(6) {
            self.anchors += 1;
            self.out.push_str(&format!("&n{} ", self.anchors));
        }
        if text && self.dice.chance(6) {
            self.out.push_str("!!str ");
        }
    }

    fn block_map(&mut self, entries: &[(String, Tree)], indent: usize) {
        for (number, (key, value)) in entries.iter().enumerate() {
            // The first one may stand behind a dash.
            if number > 0 || self.out.is_empty() || self.out.ends_with('\n') {
                self.comments(indent);
                self.blanks(indent);
            }
            if self.dice.chance(10) {
                self.out.push_str("? ");
                self.block_text(key, indent + 2, &["-"]);
                self.comments(indent);
                self.blanks(indent);
                self.out.push(':');
            } else if self.anchors > 0 && self.dice.chance(1) {
                let anchor = 1 + self.dice.below(self.anchors);
                self.out.push_str(&format!("*n{anchor} :"));
            } else {
                self.properties(true);
                let key = self.key(key);
                self.out.push_str(&key);
                self.out.push_str(if self.dice.chance(5) { " :" } else { ":" });
            }
            self.block_value(value, indent, true);
        }
    }

    fn block_list(&mut self, items: &[Tree], indent: usize) {
        for (number, item) in items.iter().enumerate() {
            if number > 0 || self.out.ends_with('\n') {
                self.comments(indent);
                self.blanks(indent);
            }
            self.out.push('-');
            self.block_value(item, indent, false);
        }
    }

    /// What stands behind a key or a dash, to the end of its last line.
    fn block_value(&mut self, value: &Tree, indent: usize, in_map: bool) {
        self.below = false;
        let deeper = indent + 1 + self.dice.below(4);
        if self.anchors > 0 && self.dice.chance(2) {
            let anchor = 1 + self.dice.below(self.anchors);
            self.out.push_str(&format!(" *n{anchor}"));
            return self.line_end();
        }
        match value {
            Tree::Nothing => {
                if self.dice.chance(25) {
                    self.out.push_str(" ~");
                }
                self.line_end();
            }
            Tree::Text(text) => {
                self.out.push(' ');
                self.block_text(text, deeper, &["", "-", "+"]);
            }
            _ if self.dice.chance(25) => {
                self.out.push(' ');
                self.properties(false);
                self.flow(value, deeper);
                self.line_end();
            }
            Tree::List(items) => {
                self.opened();
                let at = if in_map && self.dice.chance(30) { indent } else { deeper };
                self.block_list(items, at);
            }
            Tree::Map(entries) if !in_map && self.dice.chance(60) => {
                let blanks = 1 + self.dice.below(3);
                self.blanks(blanks);
                self.block_map(entries, indent + 1 + blanks);
            }
            Tree::Map(entries) => {
                self.opened();
                self.block_map(entries, deeper);
            }
        }
    }

    /// The rest of the line before a collection.
    fn opened(&mut self) {
        if self.dice.chance(8) {
            self.anchors += 1;
            self.out.push_str(&format!(" &n{}", self.anchors));
        }
        self.line_end();
    }

    /// A text in any style, to the end of its last line.
    fn block_text(&mut self, text: &str, indent: usize, endings: &[&str]) {
        self.properties(true);
        if self.dice.chance(20) {
            let sign = if self.dice.chance(50) { '|' } else { '>' };
            let ending = self.dice.pick(endings).copied().unwrap_or("");
            self.out.push(sign);
            self.out.push_str(ending);
            self.line_end();
            for line in text.split('\n') {
                self.blanks(if line.is_empty() { 0 } else { indent });
                self.out.push_str(line);
                self.out.push('\n');
            }
            self.below = true;
            return;
        }
        if self.dice.chance(10) {
            self.line_end();
            self.blanks(indent);
        }
        self.inline_text(text, indent, false);
        self.line_end();
        self.below = false;
    }

    /// A text that stands between others; its further lines stand in so far.
    fn inline_text(&mut self, text: &str, indent: usize, flow: bool) {
        let written = self.scalar(text, flow);
        for (number, word) in written.split(' ').enumerate() {
            if number > 0 && self.dice.chance(8) && !word.starts_with(['#', '-']) && !word.is_empty() {
                self.out.push('\n');
                if self.dice.chance(5) {
                    self.out.push('\n');
                }
                self.blanks(indent);
            } else if number > 0 {
                self.out.push(' ');
            }
            self.out.push_str(word);
        }
    }

    fn key(&mut self, text: &str) -> String {
        self.scalar(text, true)
    }

    /// A text without quotes, where that is possible, or in either kind of them.
    fn scalar(&mut self, text: &str, flow: bool) -> String {
        let first = |c: char| c.is_alphanumeric();
        let signs: &[char] = if flow { &['#', ',', '[', ']', '{', '}', '"', '\n'] } else { &['#', '\n'] };
        let plain = text.starts_with(first) && !text.contains(signs) && !text.contains(": ");
        match self.dice.below(4) {
            0 | 1 if plain => text.to_owned(),
            2 if !text.contains('\n') => format!("'{}'", text.replace('\'', "''")),
            _ => format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")),
        }
    }

    /// A value in brackets, or between them; its further lines stand in so far.
    fn flow(&mut self, value: &Tree, indent: usize) {
        match value {
            Tree::Nothing => self.out.push('~'),
            Tree::Text(text) => {
                self.properties(true);
                self.inline_text(text, indent, true);
            }
            Tree::List(items) => {
                self.out.push('[');
                for (number, item) in items.iter().enumerate() {
                    self.flow_gap(indent);
                    match item {
                        Tree::Map(entries) if entries.len() == 1 && self.dice.chance(40) => {
                            self.flow_pair(&entries[0], indent)
                        }
                        item => self.flow(item, indent),
                    }
                    self.comma(number + 1 == items.len(), indent);
                }
                self.out.push(']');
            }
            Tree::Map(entries) => {
                self.out.push('{');
                for (number, entry) in entries.iter().enumerate() {
                    self.flow_gap(indent);
                    self.flow_pair(entry, indent);
                    self.comma(number + 1 == entries.len(), indent);
                }
                self.out.push('}');
            }
        }
    }

    fn flow_pair(&mut self, (key, value): &(String, Tree), indent: usize) {
        if self.dice.chance(10) {
            self.out.push_str("? ");
        }
        let key = self.key(key);
        self.out.push_str(&key);
        self.out.push(':');
        if !(key.starts_with(['"', '\'']) && self.dice.chance(30)) {
            self.out.push(' ');
        }
        if !matches!(value, Tree::Nothing) {
            self.flow(value, indent);
        }
    }

    fn comma(&mut self, last: bool, indent: usize) {
        if self.dice.chance(15) {
            self.flow_gap(indent);
        }
        if !last || self.dice.chance(15) {
            self.out.push(',');
        }
        if last {
            self.flow_gap(indent);
        }
    }

    fn flow_gap(&mut self, indent: usize) {
        if self.dice.chance(20) {
            self.line_end();
            self.comments(indent);
            self.blanks(indent);
        } else if self.dice.chance(70) {
            self.out.push(' ');
        }
    }
}
