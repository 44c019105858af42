//! The files that a relying party gets.

use std::{
    io,
    path::{Path, PathBuf},
};

/// The statement with its receipt in it.
pub(crate) const TRANSPARENT_STATEMENT: &str = "transparent-statement.scitt";
/// The statement alone.
pub(crate) const SIGNED_STATEMENT: &str = "signed-statement.scitt";
/// The receipt alone.
pub(crate) const RECEIPT: &str = "receipt.receipt";
/// Public keys of the issuer, a COSE_KeySet.
pub(crate) const ISSUER_KEYS: &str = "issuer-keys.cbor";
/// Public keys of the service, a COSE_KeySet.
pub(crate) const SERVICE_KEYS: &str = "service-keys.cbor";

/// A folder of such files.
pub(crate) struct Folder {
    path: PathBuf,
}

impl Folder {
    /// Makes the folder, if it is not there.
    pub(crate) fn create(path: impl Into<PathBuf>) -> io::Result<Self> {
        let path = path.into();
        std::fs::create_dir_all(&path)?;
        Ok(Self { path })
    }

    /// Writes a file and says so.
    pub(crate) fn write(&self, name: &str, content: &[u8]) -> io::Result<()> {
        std::fs::write(self.path.join(name), content)?;
        println!("   {name:28} {:5} bytes", content.len());
        Ok(())
    }

    /// Reads a file.
    pub(crate) fn read(&self, name: &str) -> io::Result<Vec<u8>> {
        std::fs::read(self.path.join(name))
    }

    /// The folder, for people.
    pub(crate) fn display(&self) -> std::path::Display<'_> {
        Path::new(&self.path).display()
    }
}
