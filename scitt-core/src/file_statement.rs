//! Statements about files.

use core::fmt;
use std::{
    fs::File,
    io::{self, Read},
    path::Path,
    vec::Vec,
};

use cose_ext::{
    crypto::{Algorithm, HashFunction, HashValue, Signer},
    feed_from,
    header::ContentType,
    sign1::ToBeSigned,
};

use crate::{Error, StatementBuilder, statement_builder::finish};

/// The digest of a file, computed while it was read: a file need not fit into memory.
#[derive(Clone, Copy, Debug)]
pub struct FileDigest {
    algorithm: Algorithm,
    digest: HashValue,
}

/// Why no statement about a file was made.
#[derive(Debug)]
#[non_exhaustive]
pub enum FileError {
    /// The file was not read to its end.
    Io(io::Error),
    /// The statement breaks a rule, or was not signed.
    Refused(Error),
}

impl FileDigest {
    /// Reads all that `reader` still has.
    ///
    /// # Errors
    ///
    /// Those of `reader`.
    pub fn of_reader(reader: &mut dyn Read, hash: &dyn HashFunction) -> io::Result<Self> {
        let mut fault = None;
        let digest = hash.hash_stream(&mut feed_from(reader, &mut fault));
        let interrupted = |_| fault.unwrap_or(io::ErrorKind::UnexpectedEof.into());
        Ok(Self { algorithm: hash.algorithm(), digest: digest.map_err(interrupted)? })
    }

    /// Reads a file.
    ///
    /// # Errors
    ///
    /// Those of the file system.
    pub fn of_file(path: &Path, hash: &dyn HashFunction) -> io::Result<Self> {
        Self::of_reader(&mut File::open(path)?, hash)
    }

    /// Returns the hash function.
    #[must_use]
    pub const fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// Returns the digest.
    #[must_use]
    pub fn value(&self) -> &[u8] {
        self.digest.as_ref()
    }
}

impl StatementBuilder {
    /// Signs a statement about a file that contains only its digest, as is best for files: a hash
    /// envelope (RFC 9995). Its content type is that of the file's name, unless one was set
    /// ([`content_type_of_name`]).
    ///
    /// # Errors
    ///
    /// If the file cannot be read; as [`sign`](Self::sign).
    pub fn sign_file(
        self,
        path: &Path,
        hash: &dyn HashFunction,
        signer: &dyn Signer,
    ) -> Result<Vec<u8>, FileError> {
        let digest = FileDigest::of_file(path, hash)?;
        let prepared = self.named_as(path).prepare_file(&digest, signer.algorithm())?;
        Ok(finish(prepared, signer)?)
    }

    /// Signs a statement about all that `reader` still has, as [`sign_file`](Self::sign_file) does.
    ///
    /// # Errors
    ///
    /// As [`sign_file`](Self::sign_file).
    pub fn sign_digest_of_reader(
        self,
        reader: &mut dyn Read,
        hash: &dyn HashFunction,
        signer: &dyn Signer,
    ) -> Result<Vec<u8>, FileError> {
        let digest = FileDigest::of_reader(reader, hash)?;
        Ok(finish(self.prepare_file(&digest, signer.algorithm())?, signer)?)
    }

    /// Sets the content type of the file's name, unless one was set.
    #[must_use]
    pub fn named_as(self, path: &Path) -> Self {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
        if self.has_content_type() {
            return self;
        }
        self.content_type(content_type_of_name(&name.unwrap_or_default()))
    }

    /// Prepares a hash envelope for a file that was read, for a key that lives elsewhere: the first
    /// of two steps.
    ///
    /// # Errors
    ///
    /// If a requirement of RFC 9943 6 is not met.
    pub fn prepare_file(
        self,
        file: &FileDigest,
        algorithm: Algorithm,
    ) -> Result<ToBeSigned<'_>, Error> {
        self.prepare_digest(file.value(), file.algorithm, algorithm)
    }
}

/// Endings of file names and what they are, the longer ones first.
const TYPES: &[(&str, &str)] = &[
    (".spdx.json", "application/spdx+json"),
    (".spdx3.json", "application/spdx+json"),
    (".spdx", "text/spdx"),
    (".cdx.json", "application/vnd.cyclonedx+json"),
    ("bom.json", "application/vnd.cyclonedx+json"),
    (".cdx.xml", "application/vnd.cyclonedx+xml"),
    ("bom.xml", "application/vnd.cyclonedx+xml"),
    (".intoto.json", "application/vnd.in-toto+json"),
    (".sarif", "application/sarif+json"),
    (".sarif.json", "application/sarif+json"),
    (".coswid", "application/swid+cbor"),
    (".swidtag", "application/swid+xml"),
    (".suit", "application/suit-envelope+cose"),
    (".scitt", "application/scitt-statement+cose"),
    (".json", "application/json"),
    (".cbor", "application/cbor"),
    (".xml", "application/xml"),
    (".txt", "text/plain"),
    (".pdf", "application/pdf"),
    (".zip", "application/zip"),
    (".gz", "application/gzip"),
    (".tgz", "application/gzip"),
    (".wasm", "application/wasm"),
];

/// Returns the media type that a file with this name has, as far as the name tells: of SBOMs (SPDX,
/// CycloneDX, CoSWID), provenance (in-toto), reports (SARIF) and the usual archives. Otherwise it
/// is `application/octet-stream`.
#[must_use]
pub fn content_type_of_name(name: &str) -> ContentType<'static> {
    let name = name.to_ascii_lowercase();
    let known = TYPES.iter().find(|(ending, _)| name.ends_with(ending));
    ContentType::MediaType(known.map_or("application/octet-stream", |(_, media_type)| media_type))
}

impl From<io::Error> for FileError {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

impl From<Error> for FileError {
    fn from(error: Error) -> Self {
        Self::Refused(error)
    }
}

impl fmt::Display for FileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io(error) => write!(f, "the file was not read: {error}"),
            Self::Refused(error) => fmt::Display::fmt(error, f),
        }
    }
}

impl core::error::Error for FileError {}
