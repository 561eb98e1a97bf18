//! Writes a tree as YAML in every style that YAML has, as the dice fall.

use crate::odd::Tree;
use crate::oracle::dice::Dice;

/// A text while it is written.
pub(crate) struct Writer<'a> {
    pub(crate) dice: Dice<'a>,
    pub(crate) out: String,
    pub(crate) notes: usize,
    pub(crate) anchors: usize,
    /// Whether a text below `|` or `>` has just ended: to it belongs what stands in as far as it does.
    pub(crate) below: bool,
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
    pub(crate) fn line_end(&mut self) {
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
    pub(crate) fn comments(&mut self, indent: usize) {
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

    pub(crate) fn block_map(&mut self, entries: &[(String, Tree)], indent: usize) {
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
    pub(crate) fn flow(&mut self, value: &Tree, indent: usize) {
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
