//! The X.509 parameters (RFC 9360).

use crate::{
    Error, IntOrText, Rule,
    cbor::{Array, Item, Raw, Reader},
    crypto::Algorithm,
    error::{Breaks, Fact, Policy},
};

/// COSE_X509: one DER certificate, or an array of at least two (RFC 9360 2). The bytes are neither
/// parsed nor validated here. They identify nobody until a path to a trust anchor has been
/// validated.
#[derive(Clone, Copy, Debug)]
pub struct Certificates<'a> {
    form: Form<'a>,
}

#[derive(Clone, Copy, Debug)]
enum Form<'a> {
    One(&'a [u8]),
    Many(Array<'a>),
}

/// Whether one certificate may come in an array, which RFC 9360 2 has for two and more. Wallets
/// issued documents so.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum ArrayOfOne {
    /// It is malformed.
    #[default]
    Refused,
    /// It is the one certificate.
    Accepted,
}

impl<'a> Certificates<'a> {
    pub(super) fn read(value: &Raw<'a>, array_of_one: ArrayOfOne) -> Result<Self, Error> {
        let least = match array_of_one {
            ArrayOfOne::Refused => 2,
            ArrayOfOne::Accepted => 1,
        };
        if let Ok(certificate) = value.read(|reader| reader.bytes()) {
            return Ok(Self { form: Form::One(certificate) });
        }
        let certificates = Array::new(value).breaks(Rule::X5ChainForm)?;
        if certificates.len() < least {
            return Err(Error::malformed(Rule::X5ChainForm, value.offset()));
        }
        for certificate in &certificates {
            certificate.read(|reader| reader.bytes()).breaks(Rule::X5ChainForm)?;
        }
        Ok(Self { form: Form::Many(certificates) })
    }

    /// Returns the number of certificates, at least one.
    #[allow(clippy::len_without_is_empty)]
    #[must_use]
    pub const fn len(&self) -> usize {
        match &self.form {
            Form::One(_) => 1,
            Form::Many(certificates) => certificates.len(),
        }
    }

    /// Returns whether there is one certificate and it came in an array, which RFC 9360 2 has for
    /// two and more.
    #[must_use]
    pub const fn is_array_of_one(&self) -> bool {
        matches!(&self.form, Form::Many(certificates) if certificates.len() == 1)
    }

    /// Returns the first certificate, which in an `x5chain` is the end entity's.
    #[must_use]
    pub fn first(&self) -> &'a [u8] {
        self.iter().next().unwrap_or_default()
    }

    /// Returns the DER encodings in the order of the input.
    pub fn iter(&self) -> impl Iterator<Item = &'a [u8]> + use<'a> {
        let (one, many) = match self.form {
            Form::One(certificate) => (Some(certificate), None),
            Form::Many(certificates) => (None, Some(certificates.iter())),
        };
        let many = many.into_iter().flatten();
        one.into_iter().chain(many.filter_map(|raw| raw.read(|reader| reader.bytes()).ok()))
    }
}

/// A URI (RFC 9360 2): text, bare or under tag 32 (RFC 8949 3.4.5.3).
pub(super) fn uri<'a>(value: &Raw<'a>) -> Result<&'a str, Error> {
    let read = |reader: &mut Reader<'a>| {
        if reader.clone().item()? == Item::Tag(crate::tag::URI) {
            reader.item()?;
        }
        reader.text()
    };
    value.read(read).breaks(Rule::X5uForm)
}

/// COSE_CertHash: a hash algorithm and the digest of a DER certificate (RFC 9360 2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct X5t<'a> {
    algorithm: IntOrText<'a>,
    digest: &'a [u8],
}

impl<'a> X5t<'a> {
    pub(super) fn read(value: &Raw<'a>) -> Result<Self, Error> {
        let parts = Array::new(value).breaks(Rule::X5tForm)?;
        let mut elements = parts.iter();
        let (Some(algorithm), Some(digest), None) =
            (elements.next(), elements.next(), elements.next())
        else {
            return Err(Error::malformed(Rule::X5tForm, value.offset()));
        };
        let x5t = Self {
            algorithm: IntOrText::read_raw(&algorithm, Rule::X5tForm)?,
            digest: digest.read(Reader::bytes).breaks(Rule::X5tForm)?,
        };
        let known = x5t.algorithm.to_i64().map(Algorithm::new).and_then(Algorithm::hash_len);
        let found = x5t.digest.len();
        if let Some(expected) = known.filter(|expected| *expected != found) {
            let length = Fact::length(expected, found);
            return Err(Error::malformed_by(Rule::X5tForm, length, digest.offset()));
        }
        Ok(x5t)
    }

    /// Returns the hash algorithm as received.
    #[must_use]
    pub const fn algorithm(&self) -> IntOrText<'a> {
        self.algorithm
    }

    /// Returns the digest as received.
    #[must_use]
    pub const fn digest(&self) -> &'a [u8] {
        self.digest
    }

    /// Returns the hash algorithm, if it is strong enough that the digest may identify a
    /// certificate.
    ///
    /// # Errors
    ///
    /// For SHA-1, SHA-256/64 and everything that is not a registered hash (RFC 9054 3).
    pub fn identifying_algorithm(&self) -> Result<Algorithm, Error> {
        let algorithm = Algorithm::new(self.algorithm.to_i64().unwrap_or_default());
        match algorithm.hash_len() {
            Some(_) => Ok(algorithm),
            None => Err(Policy::FilterOnlyHash(algorithm).into()),
        }
    }
}
