//! A flash that is a file, and whose power can be cut after any byte.

use std::cell::RefCell;
use std::fs::{File, OpenOptions};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::rc::Rc;

/// The longest image.
pub(crate) const IMAGE: usize = 64 * 1024;

/// Why the flash did not do what it should.
#[derive(Debug)]
pub(crate) enum FlashError {
    PowerLost,
    File(std::io::Error),
}

impl std::fmt::Display for FlashError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::PowerLost => f.write_str("the power is gone"),
            Self::File(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for FlashError {}

impl From<std::io::Error> for FlashError {
    fn from(error: std::io::Error) -> Self {
        Self::File(error)
    }
}

/// The flash; clones are the same flash.
#[derive(Clone)]
pub(crate) struct Flash(Rc<RefCell<Powered>>);

struct Powered {
    file: File,
    /// How many bytes can still be written; `None` where the power stays.
    left: Option<usize>,
}

impl Flash {
    /// An erased flash of `len` bytes.
    pub(crate) fn new(path: &Path, len: usize) -> Result<Self, FlashError> {
        let mut file =
            OpenOptions::new().read(true).write(true).create(true).truncate(true).open(path)?;
        file.write_all(&vec![0xff; len])?;
        Ok(Self(Rc::new(RefCell::new(Powered { file, left: None }))))
    }

    pub(crate) fn cut_after(&self, bytes: usize) {
        self.0.borrow_mut().left = Some(bytes);
    }

    pub(crate) fn power_on(&self) {
        self.0.borrow_mut().left = None;
    }

    pub(crate) fn read(&self, offset: usize, out: &mut [u8]) -> Result<(), FlashError> {
        let powered = &mut *self.0.borrow_mut();
        if powered.left == Some(0) {
            return Err(FlashError::PowerLost);
        }
        powered.file.seek(SeekFrom::Start(offset.try_into().unwrap_or(u64::MAX)))?;
        Ok(powered.file.read_exact(out)?)
    }

    /// Writes as far as the power lasts.
    pub(crate) fn write(&self, offset: usize, data: &[u8]) -> Result<(), FlashError> {
        let powered = &mut *self.0.borrow_mut();
        let whole = powered.left.is_none_or(|left| left >= data.len());
        let written = powered.left.map_or(data.len(), |left| left.min(data.len()));
        powered.file.seek(SeekFrom::Start(offset.try_into().unwrap_or(u64::MAX)))?;
        powered.file.write_all(data.get(..written).unwrap_or_default())?;
        powered.left = powered.left.map(|left| left.saturating_sub(written));
        if whole { Ok(()) } else { Err(FlashError::PowerLost) }
    }
}
