//! Tables of people: rows of cells with commas between them, each cell with its place.
//!
//! The `csv` crate splits the text; here the places are found, and what it would pass over is refused: a quote that never closes, and
//! text beside a quoted cell. One row is held at a time.

use std::ops::Range;

use super::places::Places;
use crate::check::bw008;
use crate::diagnostic::Finding;
use crate::source::{Source, SourceId, Span};

/// Blanks around a cell, which do not count.
const BLANKS: [char; 2] = [' ', '\t'];

/// The rows of a table, read one by one.
#[derive(Debug)]
pub struct Rows<'t> {
    source: SourceId,
    text: &'t str,
    /// Where the text begins in its source: behind a byte-order mark.
    base: usize,
    reader: csv::Reader<&'t [u8]>,
    record: csv::ByteRecord,
    /// Where the cells of the record are written, quotes included.
    written: Vec<Range<usize>>,
    number: usize,
}

impl<'t> Rows<'t> {
    /// The rows of this source, the header among them.
    #[must_use]
    pub fn of(id: SourceId, source: &'t Source) -> Self {
        let text = source.text.strip_prefix('\u{feff}').unwrap_or(&source.text);
        Self {
            source: id,
            text,
            base: source.text.len() - text.len(),
            reader: csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes()),
            record: csv::ByteRecord::new(),
            written: vec![],
            number: 0,
        }
    }

    /// Reads the next row that is not blank: false at the end, a finding where its quotes are not in order.
    ///
    /// # Errors
    /// When a quote never closes, or text stands beside a quoted cell.
    pub fn advance(&mut self) -> Result<bool, Finding> {
        loop {
            let start = self.offset();
            // Text that is UTF-8 and rows of any length leave nothing that could fail but the end.
            if !self.reader.read_byte_record(&mut self.record).unwrap_or(false) {
                return Ok(false);
            }
            self.number += 1;
            self.locate(start)?;
            if self.record.iter().any(|cell| cell.iter().any(|byte| !matches!(byte, b' ' | b'\t'))) {
                return Ok(true);
            }
        }
    }

    /// How far the text has been read.
    fn offset(&self) -> usize {
        usize::try_from(self.reader.position().byte()).unwrap_or(usize::MAX)
    }

    /// The number of the row, the header being 1; empty lines do not count.
    #[must_use]
    pub const fn number(&self) -> usize {
        self.number
    }

    /// How many cells the row has.
    #[must_use]
    pub fn len(&self) -> usize {
        self.record.len()
    }

    /// Whether the row has no cells.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.record.is_empty()
    }

    /// The place of the row.
    #[must_use]
    pub fn span(&self) -> Span {
        let start = self.written.first().map_or(0, |first| first.start);
        self.place(start, self.written.last().map_or(start, |last| last.end))
    }

    /// The place of the whole table.
    #[must_use]
    pub fn whole(&self) -> Span {
        self.place(0, self.text.len())
    }

    /// The cell of a column, an empty one where the row is too short.
    #[must_use]
    pub fn cell(&self, column: usize) -> Cell<'_, 't> {
        let end = self.written.last().map_or(0, |last| last.end);
        let range = self.written.get(column).cloned().unwrap_or(end..end);
        let written = self.text.get(range.clone()).unwrap_or("");
        let said = self.said(column, written);
        Cell { source: self.source, said, text: said.trim_matches(BLANKS), written, start: self.base + range.start }
    }

    /// What a cell says that is written so: what stands there, but for quotes in it that are written twice.
    fn said(&self, column: usize, written: &'t str) -> &str {
        let said = self.record.get(column).unwrap_or(b"");
        match written.strip_prefix('"') {
            None => written,
            Some(inside) if said.len() + 2 == written.len() => inside.get(..said.len()).unwrap_or(""),
            Some(_) => std::str::from_utf8(said).unwrap_or(""),
        }
    }

    fn place(&self, start: usize, end: usize) -> Span {
        Span::new(self.source, self.base + start, self.base + end)
    }

    /// Finds where the cells of the record are written; reading began at byte `start`.
    fn locate(&mut self, start: usize) -> Result<(), Finding> {
        let bytes = self.text.as_bytes();
        let ends = bytes.get(start..).unwrap_or(b"").iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        let mut at = start + ends;
        self.written.clear();
        for said in &self.record {
            let is_quoted = bytes.get(at) == Some(&b'"');
            let end = if is_quoted { self.quoted(at)? } else { at + said.len() };
            let first = said.iter().find(|byte| !matches!(byte, b' ' | b'\t'));
            if !is_quoted && first == Some(&b'"') {
                return Err(bw008::before_quote(self.number, self.place(at, end)));
            }
            self.written.push(at..end);
            at = self.text.len().min(end + 1);
        }
        Ok(())
    }

    /// The end of the quoted cell that begins at `at`.
    fn quoted(&self, at: usize) -> Result<usize, Finding> {
        let bytes = self.text.as_bytes();
        let mut end = at + 1;
        loop {
            end += memchr::memchr(b'"', bytes.get(end..).unwrap_or(b"")).unwrap_or(bytes.len() - end);
            match (bytes.get(end), bytes.get(end + 1)) {
                (None, _) => return Err(bw008::unclosed_quote(self.number, self.place(at, at + 1))),
                (Some(b'"'), Some(b'"')) => end += 2,
                (Some(b'"'), None | Some(b',' | b'\r' | b'\n')) => return Ok(end + 1),
                (Some(b'"'), Some(_)) => return Err(bw008::behind_quote(self.number, self.place(at, end + 1))),
                _ => end += 1,
            }
        }
    }
}

/// A cell of a row.
#[derive(Debug, Clone, Copy)]
pub struct Cell<'r, 't> {
    source: SourceId,
    /// What it says, blanks included.
    said: &'r str,
    /// What it says.
    pub text: &'r str,
    /// How it is written, quotes included.
    pub written: &'t str,
    start: usize,
}

impl Cell<'_, '_> {
    /// The place of what the cell says; of the whole cell where it says nothing.
    #[must_use]
    pub fn span(&self) -> Span {
        match self.beside() {
            Some((source, start)) if !self.text.is_empty() => Span::new(source, start, start + self.text.len()),
            _ => Span::new(self.source, self.start, self.start + self.written.len()),
        }
    }

    /// Where the bytes `start..end` of what the cell says stand, with a word of `before` bytes put before them.
    #[must_use]
    pub fn places(&self, before: usize, start: usize, end: usize) -> Places {
        let mut whole = Places::new(self.source, self.start);
        let mut at = self.start;
        if self.is_quoted() {
            at += 1;
            for (i, piece) in self.said.split('"').enumerate() {
                if i > 0 {
                    whole.written_as(1, at, 2);
                    at += 2;
                }
                whole.copied(piece.len(), at);
                at += piece.len();
            }
        } else {
            whole.copied(self.said.len(), at);
        }
        let blanks = self.blanks();
        let mut places = Places::new(self.source, self.start);
        places.written_as(before, whole.span(blanks + start, blanks + end).range().start, 0);
        places.part_of(&whole, blanks + start, blanks + end);
        places
    }

    /// The source, and the byte of it at which what the cell says begins, where its bytes stand there one by one.
    #[must_use]
    pub fn beside(&self) -> Option<(SourceId, usize)> {
        let quotes = usize::from(self.is_quoted());
        let same = self.said.len() + 2 * quotes == self.written.len();
        same.then(|| (self.source, self.start + quotes + self.blanks()))
    }

    /// Bytes of blanks before what the cell says.
    fn blanks(&self) -> usize {
        self.said.len() - self.said.trim_start_matches(BLANKS).len()
    }

    fn is_quoted(&self) -> bool {
        self.written.starts_with('"')
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The cells of every row: what they say, and what stands at their place.
    fn read(text: &str) -> Vec<Vec<(String, String)>> {
        let source = Source::people("people.csv", text);
        let mut rows = Rows::of(SourceId(0), &source);
        let mut all = vec![];
        while rows.advance().expect("quotes in order") {
            let cells = (0..rows.len()).map(|i| rows.cell(i));
            all.push(cells.map(|c| (c.text.to_owned(), source.text[c.span().range()].to_owned())).collect());
        }
        all
    }

    fn plain(cells: &[&str]) -> Vec<(String, String)> {
        cells.iter().map(|c| ((*c).to_owned(), (*c).to_owned())).collect()
    }

    #[test]
    fn every_cell_has_its_place() {
        let rows = [plain(&["login", "name"]), plain(&["pat", "Pat Ö"]), plain(&["bo", ""])];
        for text in [
            "login,name\npat,Pat Ö\nbo,\n",
            "\u{feff}login,name\r\npat,Pat Ö\r\nbo,",
            "\n\nlogin , name\r\n\r\n\tpat,\"Pat Ö\"\n \nbo,\n,\n\n",
            "login,name\rpat,Pat Ö\rbo,\r",
        ] {
            assert_eq!(read(text), rows, "{text:?}");
        }
    }

    #[test]
    fn quotes_hold_commas_line_ends_and_doubled_quotes() {
        let rows = read("\"a,b\",\" c\nd \"\r\n\"say \"\"a\"\"\",e\n");
        assert_eq!(rows[0], plain(&["a,b", "c\nd"]));
        assert_eq!(rows[1][0], ("say \"a\"".to_owned(), "\"say \"\"a\"\"\"".to_owned()));
        assert_eq!(rows[1][1], ("e".to_owned(), "e".to_owned()));
    }

    #[test]
    fn a_place_inside_a_cell_is_exact() {
        let source = Source::people("people.csv", "x,\" id \"\"é1\"\" on\"\n");
        let mut rows = Rows::of(SourceId(0), &source);
        assert_eq!(rows.advance(), Ok(true));
        let cell = rows.cell(1);
        assert_eq!(cell.text, "id \"é1\" on");
        let places = cell.places(5, 3, cell.text.len());
        let at = |start, end| &source.text[places.span(start, end).range()];
        assert_eq!((at(5, 6), at(6, 8), at(5 + 6, 5 + 8)), ("\"\"", "é", "on"));
        assert_eq!(at(0, 5), "", "the word before it stands nowhere");
    }

    #[test]
    fn what_stands_beside_quotes_is_refused() {
        for (text, part) in [
            ("a,\"b\n c,d\n", "never closed"),
            ("a,\"b\"c\n", "behind the closing quote"),
            ("a, \"b,c\"\n", "before the opening quote"),
        ] {
            let source = Source::people("people.csv", text);
            let finding = Rows::of(SourceId(0), &source).advance().expect_err(text);
            assert!(finding.message.contains(part), "{}", finding.message);
        }
    }
}
