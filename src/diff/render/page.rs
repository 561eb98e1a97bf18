//! A page of limited size: what does not fit any more is counted.

/// Bytes that closing what is open, and saying what is left out, may need.
const RESERVE: usize = 4_000;

/// A page of limited size.
#[derive(Debug)]
pub(super) struct Page {
    text: String,
    most: usize,
}

impl Page {
    /// An empty page that will hold at most so many bytes.
    pub(super) const fn new(most: usize) -> Self {
        Self { text: String::new(), most }
    }

    /// Adds what must be there: headings and the like, of which there are few and none is long.
    pub(super) fn add(&mut self, text: &str) {
        self.text += text;
    }

    /// Adds rows while there is room, and returns how many are left out.
    pub(super) fn rows(&mut self, rows: impl ExactSizeIterator<Item = String>) -> usize {
        let mut left = rows.len();
        for row in rows {
            if self.text.len() + row.len() + RESERVE > self.most {
                break;
            }
            self.text += &row;
            left -= 1;
        }
        left
    }

    /// The page.
    pub(super) fn text(self) -> String {
        self.text
    }
}
