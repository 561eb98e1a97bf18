//! Lines that are laid out, and the column in which the comments behind them stand.

/// How far a comment stands behind the longest line of its paragraph.
const GAP: usize = 2;

/// A line.
#[derive(Debug)]
pub(super) struct Out<'t> {
    pub(super) indent: usize,
    pub(super) code: String,
    pub(super) sort: Sort,
    /// The comment behind it.
    pub(super) comment: Option<&'t str>,
    /// Whether an empty line stands before it.
    pub(super) blank: bool,
}

/// What a line holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sort {
    /// Words, with perhaps a comment behind them.
    Code,
    /// A comment that stands alone.
    Alone,
    /// Nothing but a comment that goes on with the one above it.
    Further,
}

impl Out<'_> {
    /// How many characters it has without its comment.
    pub(super) fn width(&self) -> usize {
        self.indent + self.code.chars().count()
    }

    /// Whether it stands in a paragraph with the line before it.
    fn goes_on(&self, before: &Self) -> bool {
        !self.blank && self.indent == before.indent && self.sort != Sort::Alone && before.sort != Sort::Alone
    }
}

/// The text of the lines. In a paragraph - lines one below the other that stand in equally far - comments share a column.
pub(super) fn joined(lines: &[Out<'_>]) -> String {
    let mut text = String::new();
    for paragraph in lines.chunk_by(|before, line| line.goes_on(before)) {
        let commented = paragraph.iter().filter(|line| line.comment.is_some() && line.sort == Sort::Code);
        let column = commented.map(Out::width).max().map_or(0, |longest| longest + GAP);
        for (number, line) in paragraph.iter().enumerate() {
            if line.blank && !(number == 0 && text.is_empty()) {
                text.push('\n');
            }
            if !line.code.is_empty() {
                text.extend(std::iter::repeat_n(' ', line.indent));
                text.push_str(&line.code);
            }
            if let Some(comment) = line.comment {
                let written = if line.code.is_empty() { 0 } else { line.width() };
                text.extend(std::iter::repeat_n(' ', column.saturating_sub(written)));
                text.push_str(comment);
            }
            text.push('\n');
        }
    }
    text
}
