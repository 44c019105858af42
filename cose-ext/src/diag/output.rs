//! Layout of the text that is written.

use core::fmt::{self, Write};

/// The caller's writer, and what was written last.
pub(super) struct Output<'o> {
    out: &'o mut dyn Write,
    last: char,
}

impl<'o> Output<'o> {
    pub(super) fn new(out: &'o mut dyn Write) -> Self {
        Self { out, last: ' ' }
    }

    /// Keeps what comes next apart from what stands there.
    pub(super) fn space(&mut self) -> fmt::Result {
        match self.last {
            ' ' | '\n' | '[' | '{' | '(' => Ok(()),
            _ => self.write_str(" "),
        }
    }

    /// A name as a comment. A slash would end it; doubled, as in the examples of RFC 9052, it
    /// begins the next one.
    pub(super) fn comment(&mut self, name: &str) -> fmt::Result {
        self.write_str("/ ")?;
        for (index, part) in name.split('/').enumerate() {
            if index > 0 {
                self.write_str("//")?;
            }
            self.write_str(part)?;
        }
        self.write_str(" /")
    }

    pub(super) fn secret(&mut self) -> fmt::Result {
        self.write_str("... / secret /")
    }

    /// A line break and the indentation of `level`.
    pub(super) fn line(&mut self, level: usize) -> fmt::Result {
        self.write_str("\n")?;
        for _ in 0..level {
            self.write_str("  ")?;
        }
        Ok(())
    }
}

impl Write for Output<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        if let Some(last) = text.chars().next_back() {
            self.last = last;
        }
        self.out.write_str(text)
    }
}
