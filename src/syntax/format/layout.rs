//! Decides where lines end: a statement stands in one line if it fits, and so does a block that was written in one.

use super::block::{Block, Line, Part, What};
use super::cells::pads;
use super::lines::{Out, Sort};
use super::{INDENT, WIDTH};
use crate::syntax::text::Brace;

/// The lines of a file.
pub(super) fn file<'t>(block: &Block<'t>) -> Vec<Out<'t>> {
    let mut layout = Layout { lines: Vec::new(), blank: false };
    layout.block(block, 0);
    layout.lines
}

/// A statement in one line, if it can stand in one.
pub(super) fn flat(parts: &[Part<'_>], pads: &[(usize, usize)]) -> Option<String> {
    let mut text = String::new();
    for (i, part) in parts.iter().enumerate() {
        push_blanks(&mut text, parts, pads, i);
        match part {
            Part::Block(block) => text.push_str(&flat_block(block)?),
            Part::Comment { .. } => return None,
            _ => text.push_str(sign(part)),
        }
    }
    Some(text)
}

fn flat_block(block: &Block<'_>) -> Option<String> {
    if block.is_empty() {
        return Some("{}".to_owned());
    }
    let statement = |line: &Line<'_>| match (&line.what, line.tail) {
        (What::Statement(parts), None) => flat(parts, &[]),
        _ => None,
    };
    let all: Option<Vec<_>> = block.lines.iter().map(statement).collect();
    let between = if block.brace == Some(Brace::List) { ", " } else { "; " };
    all.filter(|_| block.flat && block.opening.is_none()).map(|all| format!("{{ {} }}", all.join(between)))
}

/// How a part is written that is neither a block nor a comment.
const fn sign<'t>(part: &Part<'t>) -> &'t str {
    match part {
        Part::Word { text, .. } | Part::Raw(text) => text,
        Part::Comma => ",",
        Part::RoundOpen => "(",
        Part::RoundClose => ")",
        Part::Comment { .. } | Part::Block(_) => "",
    }
}

/// The blanks before a part that does not begin a line.
fn blanks(parts: &[Part<'_>], pads: &[(usize, usize)], i: usize) -> usize {
    let before = i.checked_sub(1).map(|i| &parts[i]);
    match (before, &parts[i]) {
        (None | Some(Part::RoundOpen), _) | (_, Part::Comma | Part::RoundClose) => 0,
        _ => 1 + pads.iter().find(|(part, _)| part + 1 == i).map_or(0, |(_, more)| *more),
    }
}

fn push_blanks(text: &mut String, parts: &[Part<'_>], pads: &[(usize, usize)], i: usize) {
    text.extend(std::iter::repeat_n(' ', blanks(parts, pads, i)));
}

/// Where a line may end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Break {
    /// Before a part of a clause.
    Soft,
    /// Before a clause, if all of it does not fit into the line.
    Clause,
}

/// Whether a line may end before a part. The language reads on where the next line begins with one of these words.
fn may_break(parts: &[Part<'_>], i: usize) -> Option<Break> {
    let before = &parts[i.checked_sub(1)?];
    match &parts[i] {
        Part::Word { text: "on" | "when" | "unless" | "reason", .. } => Some(Break::Clause),
        Part::Word { text: "and" | "or" | "until", .. } => Some(Break::Soft),
        _ => matches!(before, Part::Comma).then_some(Break::Soft),
    }
}

struct Layout<'t> {
    lines: Vec<Out<'t>>,
    /// Whether an empty line stands before the next one.
    blank: bool,
}

/// A statement that does not fit into one line, being written.
struct Pen<'a, 't> {
    parts: &'a [Part<'t>],
    pads: &'a [(usize, usize)],
    /// How far the statement stands in.
    indent: usize,
    /// How many characters must be left for what follows it.
    reserve: usize,
    /// Whether it is a question of a test: its braces hold facts.
    question: bool,
    /// The line being written, without its indentation.
    code: String,
    /// The line's indentation.
    at: usize,
}

impl<'t> Layout<'t> {
    fn push(&mut self, indent: usize, code: String, sort: Sort, comment: Option<&'t str>) {
        let blank = std::mem::take(&mut self.blank);
        self.lines.push(Out { indent, code, sort, comment, blank });
    }

    /// The lines between two braces.
    fn block(&mut self, block: &Block<'t>, indent: usize) {
        if block.brace == Some(Brace::List) {
            return self.list(block, indent);
        }
        let question = block.brace == Some(Brace::Questions);
        for (line, pads) in block.lines.iter().zip(pads(block)) {
            self.blank = line.blank;
            match &line.what {
                What::Statement(parts) => {
                    self.statement(parts, &pads, indent, 0, question);
                    self.tail(line);
                }
                _ => self.comment(line, indent),
            }
        }
    }

    fn comment(&mut self, line: &Line<'t>, indent: usize) {
        match line.what {
            What::Comment(text) => self.push(indent, text.to_owned(), Sort::Alone, None),
            What::Further(text) => self.push(indent, String::new(), Sort::Further, Some(text)),
            What::Behind(text) => self.push(indent, format!("; {text}"), Sort::Alone, None),
            What::Statement(_) => {}
        }
    }

    fn tail(&mut self, line: &Line<'t>) {
        if let (Some(last), Some(tail)) = (self.lines.last_mut(), line.tail) {
            last.comment = Some(tail);
        }
    }

    /// The items of a list. Those that were written in one line stay in one if they fit.
    fn list(&mut self, block: &Block<'t>, indent: usize) {
        let nested = |line: &Line<'_>| matches!(&line.what, What::Statement(parts) if parts.len() > 1);
        let one_each = block.flat && block.lines.iter().any(nested);
        let statements = block.lines.iter().filter(|line| matches!(line.what, What::Statement(_))).count();
        let (mut written, mut open) = (0, false);
        for line in &block.lines {
            self.blank = line.blank;
            let What::Statement(parts) = &line.what else {
                self.comment(line, indent);
                open = false;
                continue;
            };
            written += 1;
            let comma = if written < statements { "," } else { "" };
            if !(open && line.joined && !one_each && self.append(parts, comma)) {
                let before = self.lines.len();
                self.statement(parts, &[], indent, comma.len(), false);
                open = self.lines.len() == before + 1;
                if let Some(last) = self.lines.last_mut() {
                    last.code.push_str(comma);
                }
            }
            self.tail(line);
            open &= line.tail.is_none();
        }
    }

    /// Adds an item to the last line, if it fits.
    fn append(&mut self, parts: &[Part<'_>], comma: &str) -> bool {
        let (Some(last), Some(text)) = (self.lines.last_mut(), flat(parts, &[])) else { return false };
        let fits = last.width() + 1 + text.chars().count() + comma.len() <= WIDTH;
        if fits {
            last.code.push(' ');
            last.code.push_str(&text);
            last.code.push_str(comma);
        }
        fits
    }

    fn statement(
        &mut self,
        parts: &[Part<'t>],
        pads: &[(usize, usize)],
        indent: usize,
        reserve: usize,
        question: bool,
    ) {
        if let Some(text) = flat(parts, pads).filter(|text| indent + text.chars().count() + reserve <= WIDTH) {
            return self.push(indent, text, Sort::Code, None);
        }
        let mut pen = Pen { parts, pads, indent, reserve, question, code: String::new(), at: indent };
        for (i, part) in parts.iter().enumerate() {
            self.part(&mut pen, i, part);
        }
        self.end_line(&mut pen, None);
    }

    fn part(&mut self, pen: &mut Pen<'_, 't>, i: usize, part: &Part<'t>) {
        if let Part::Comment { text, own } = part {
            if !own {
                return self.end_line(pen, Some(text));
            }
            self.end_line(pen, None);
            return self.push(pen.at, (*text).to_owned(), Sort::Alone, None);
        }
        if !pen.fits(i) {
            self.end_line(pen, None);
        }
        if !pen.code.is_empty() {
            push_blanks(&mut pen.code, pen.parts, pen.pads, i);
        }
        let Part::Block(block) = part else { return pen.code.push_str(sign(part)) };
        match flat_block(block).filter(|_| !pen.expands(i)) {
            Some(text) => pen.code.push_str(&text),
            None => self.expanded(pen, block),
        }
    }

    /// A block with a line for each statement.
    fn expanded(&mut self, pen: &mut Pen<'_, 't>, block: &Block<'t>) {
        let indent = if pen.question { pen.at } else { pen.indent };
        pen.code.push('{');
        self.end_line(pen, block.opening);
        self.block(block, indent + INDENT);
        pen.code.push('}');
        pen.at = indent;
    }

    /// Ends the line being written; the statement goes on in the next, further in.
    fn end_line(&mut self, pen: &mut Pen<'_, 't>, comment: Option<&'t str>) {
        if !pen.code.is_empty() || comment.is_some() {
            self.push(pen.at, std::mem::take(&mut pen.code), Sort::Code, comment);
        }
        pen.at = pen.indent + 2 * INDENT;
    }
}

impl Pen<'_, '_> {
    /// Whether what begins with this part fits into the line, as far as the line cannot end within it; true where it must.
    fn fits(&self, i: usize) -> bool {
        let Some(kind) = may_break(self.parts, i) else { return true };
        let width = self.at + self.code.chars().count() + self.measure(i, kind);
        self.code.is_empty() || width <= WIDTH
    }

    /// How many characters there are from a part to the next place where the line may end.
    fn measure(&self, start: usize, kind: Break) -> usize {
        let mut width = 0;
        for (i, part) in self.parts.iter().enumerate().skip(start) {
            if i > start && may_break(self.parts, i).is_some_and(|other| other >= kind) {
                return width;
            }
            width += blanks(self.parts, self.pads, i);
            match part {
                Part::Comment { .. } => return width - 1,
                Part::Block(block) => match flat_block(block).filter(|_| !self.expands(i)) {
                    Some(text) => width += text.chars().count(),
                    None => return width + 1,
                },
                _ => width += sign(part).chars().count(),
            }
        }
        width + self.reserve
    }

    /// Whether a block gets a line for each statement. Facts stay in one line where they can.
    fn expands(&self, i: usize) -> bool {
        let Part::Block(block) = &self.parts[i] else { return false };
        let Some(text) = flat_block(block) else { return true };
        if !self.question {
            return !block.is_empty();
        }
        let start = (0..=i).rev().find(|i| may_break(self.parts, *i).is_some()).unwrap_or(0);
        let indent = if start == 0 { self.indent } else { self.indent + 2 * INDENT };
        let before: usize =
            (start..i).map(|i| blanks(self.parts, self.pads, i) + sign(&self.parts[i]).chars().count()).sum();
        indent + before + 1 + text.chars().count() > WIDTH
    }
}
