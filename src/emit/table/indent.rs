//! JSON in lines, as `serde_json` sets it, with one write for the end of a line and the blanks of the next: a map has millions.

use std::io::{self, Write};

use serde_json::ser::Formatter;

/// What stands between two values, with the blanks of the deepest line there is.
const BETWEEN: &[u8] = b",\n                ";

/// How deep it is, and whether the list or object at hand has a value.
#[derive(Debug, Default)]
pub(super) struct Indent {
    depth: usize,
    filled: bool,
}

impl Indent {
    fn open(&mut self, out: &mut (impl Write + ?Sized), sign: &[u8]) -> io::Result<()> {
        self.depth += 1;
        self.filled = false;
        out.write_all(sign)
    }

    fn close(&mut self, out: &mut (impl Write + ?Sized), sign: &[u8]) -> io::Result<()> {
        self.depth -= 1;
        if self.filled {
            self.next(out, true)?;
        }
        out.write_all(sign)
    }

    fn next(&self, out: &mut (impl Write + ?Sized), first: bool) -> io::Result<()> {
        let line = BETWEEN.get(usize::from(first)..2 + 2 * self.depth);
        out.write_all(line.unwrap_or(&BETWEEN[usize::from(first)..]))
    }
}

impl Formatter for Indent {
    fn begin_array<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.open(out, b"[")
    }

    fn end_array<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.close(out, b"]")
    }

    fn begin_array_value<W: ?Sized + Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.next(out, first)
    }

    fn end_array_value<W: ?Sized + Write>(&mut self, _: &mut W) -> io::Result<()> {
        self.filled = true;
        Ok(())
    }

    fn begin_object<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.open(out, b"{")
    }

    fn end_object<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.close(out, b"}")
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.next(out, first)
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        out.write_all(b": ")
    }

    fn end_object_value<W: ?Sized + Write>(&mut self, _: &mut W) -> io::Result<()> {
        self.filled = true;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use serde::Serialize as _;
    use serde_json::{Serializer, json};

    use super::*;

    #[test]
    fn it_is_set_as_elsewhere() -> Result<(), serde_json::Error> {
        let value = json!({ "a": [], "b": {}, "c": ["x", ["y"], []], "d": { "e": [1, 2], "f": null }, "g": "h" });
        let mut lines = vec![];
        value.serialize(&mut Serializer::with_formatter(&mut lines, Indent::default()))?;
        assert_eq!(String::from_utf8_lossy(&lines), serde_json::to_string_pretty(&value)?);
        Ok(())
    }
}
