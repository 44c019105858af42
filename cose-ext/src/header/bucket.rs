//! One header bucket, a map that was checked when it was decoded (RFC 9052 3).

use core::fmt;

use super::{ArrayOfOne, Certificates, ContentType, Receipts, X5t, bucket_reader::bit, x509::uri};
use crate::{
    Error, IntOrText, Label, Rule,
    cbor::{Entries, Int, Map, Raw},
    error::Breaks,
};

/// Labels that are looked for in one walk over a bucket, on the stack: more than messages have.
pub(super) const BATCH: usize = 16;

// State: the map as received, which was checked whole when it was decoded, and a sketch of its
// labels. The sketch has one bit for each small label, and one bit that all other labels share.
//
// Invariant: a label that is in the map has its bit set. A bit that is not set therefore answers
// "absent" without a walk; a bit that is set proves nothing, and the map is asked. Every accessor
// reads the bytes again: there is no second copy that could differ from what was signed.
//
// Cost: an absent parameter costs one test of a bit, a present one a walk over the parameters
// before it. `find_each` looks for BATCH labels in one walk, because values can be long and have to
// be walked over to find their ends.
/// One header bucket: labels and values as received, each label once (RFC 9052 3).
#[derive(Clone, Copy)]
pub struct Bucket<'a> {
    pub(super) map: Map<'a>,
    /// Which labels there are, see [`bit`].
    pub(super) labels: u64,
}

impl<'a> Bucket<'a> {
    pub(super) const EMPTY: Self = Self { map: Map::EMPTY, labels: 0 };

    pub(super) const fn labels(&self) -> u64 {
        self.labels
    }

    /// Returns this bucket for an input that starts at byte `base` of a larger one.
    pub(super) const fn within(mut self, base: usize) -> Self {
        self.map = self.map.within(base);
        self
    }

    /// Returns the number of parameters.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.map.len()
    }

    /// Returns whether there are no parameters.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.map.is_empty()
    }

    /// Returns the encoded map as received.
    #[must_use]
    pub const fn bytes(&self) -> &'a [u8] {
        self.map.bytes()
    }

    /// Returns where the map starts in the input, in bytes.
    #[must_use]
    pub const fn offset(&self) -> usize {
        self.map.offset()
    }

    /// Labels and values in the order of the input.
    #[must_use]
    pub fn iter(&self) -> Parameters<'a> {
        Parameters { entries: self.map.iter() }
    }

    /// Looks for many labels in few walks: values can be long, and nothing says where they end but
    /// they themselves. `each` is called with every one of `labels` that is here.
    pub(super) fn find_each<'l>(
        &self,
        labels: impl Iterator<Item = (Label<'l>, usize)>,
        each: &mut dyn FnMut(usize),
    ) {
        // One walk for each BATCH labels, whoever sent however many of them.
        let mut labels = labels.fuse();
        loop {
            let mut batch = [None; BATCH];
            for (slot, label) in batch.iter_mut().zip(labels.by_ref()) {
                *slot = Some(label);
            }
            if batch.first().is_none_or(Option::is_none) {
                return;
            }
            for (here, _) in self.iter() {
                batch
                    .iter()
                    .flatten()
                    .filter(|(label, _)| *label == here)
                    .for_each(|(_, id)| each(*id));
            }
        }
    }

    /// Returns the value under `label`.
    #[must_use]
    pub fn find(&self, label: Label<'_>) -> Option<Raw<'a>> {
        // No bit, no label. Most parameters that are asked for are absent.
        if self.labels & bit(label) == 0 {
            return None;
        }
        label.value().find_in(&self.map)
    }

    /// Returns `alg`, which may be any integer or text. The policy decides what it permits.
    ///
    /// # Errors
    ///
    /// If it is neither integer nor text.
    pub fn algorithm(&self) -> Result<Option<IntOrText<'a>>, Error> {
        self.find(Label::ALG)
            .map(|value| IntOrText::read_raw(&value, Rule::AlgorithmPresent))
            .transpose()
    }

    /// Returns `kid`, a hint which key to try and never an identity. It may be empty.
    ///
    /// # Errors
    ///
    /// If it is not a byte string.
    pub fn key_id(&self) -> Result<Option<&'a [u8]>, Error> {
        self.find(Label::KID)
            .map(|value| value.read(|reader| reader.bytes()).breaks(Rule::KeyIdForm))
            .transpose()
    }

    /// Returns `content type` (RFC 9052 3.1).
    ///
    /// # Errors
    ///
    /// If it is neither text nor a Content-Format number.
    pub fn content_type(&self) -> Result<Option<ContentType<'a>>, Error> {
        self.find(Label::CONTENT_TYPE)
            .map(|value| ContentType::read(&value, Rule::ContentTypeForm))
            .transpose()
    }

    /// Returns `typ`, the type of the whole object (RFC 9596).
    ///
    /// # Errors
    ///
    /// If it is neither text nor a Content-Format number.
    pub fn typ(&self) -> Result<Option<ContentType<'a>>, Error> {
        self.find(Label::TYP).map(|value| ContentType::read(&value, Rule::TypForm)).transpose()
    }

    /// Returns `x5chain`, the end-entity certificate first (RFC 9360 2). The chain is not
    /// validated.
    ///
    /// # Errors
    ///
    /// If it is neither one byte string nor an array of at least two.
    pub fn x5chain(&self) -> Result<Option<Certificates<'a>>, Error> {
        self.certificates(Label::X5CHAIN, ArrayOfOne::Refused)
    }

    /// Returns `x5bag`, certificates in any order (RFC 9360 2). They are not validated.
    ///
    /// # Errors
    ///
    /// If it is neither one byte string nor an array of at least two.
    pub fn x5bag(&self) -> Result<Option<Certificates<'a>>, Error> {
        self.certificates(Label::X5BAG, ArrayOfOne::Refused)
    }

    /// Returns the certificates under any label. They are not validated.
    ///
    /// Some formats have a chain under a text label, some signers put one certificate into an
    /// array.
    ///
    /// # Errors
    ///
    /// If the value is neither one byte string nor an array of as many as `array_of_one` wants.
    pub fn certificates(
        &self,
        label: Label<'_>,
        array_of_one: ArrayOfOne,
    ) -> Result<Option<Certificates<'a>>, Error> {
        self.find(label).map(|value| Certificates::read(&value, array_of_one)).transpose()
    }

    /// Returns `x5t`, the digest of the end-entity certificate (RFC 9360 2).
    ///
    /// # Errors
    ///
    /// If it is not an array of an algorithm and a digest.
    pub fn x5t(&self) -> Result<Option<X5t<'a>>, Error> {
        self.find(Label::X5T).map(|value| X5t::read(&value)).transpose()
    }

    /// Returns `x5u`, where a certificate or a chain can be fetched (RFC 9360 2).
    ///
    /// It should be a URI, but is not parsed, and nothing is fetched. What you fetch there is as
    /// untrusted as an `x5chain`.
    ///
    /// # Errors
    ///
    /// If it is not text, bare or under tag 32: the text of RFC 9360 says the one, its table the
    /// other.
    pub fn x5u(&self) -> Result<Option<&'a str>, Error> {
        self.find(Label::X5U).map(|value| uri(&value)).transpose()
    }

    /// Returns `x5t-sender`, the digest of the certificate of a static sender key (RFC 9360 3).
    ///
    /// # Errors
    ///
    /// As [`x5t`](Self::x5t).
    pub fn x5t_sender(&self) -> Result<Option<X5t<'a>>, Error> {
        self.find(Label::X5T_SENDER).map(|value| X5t::read(&value)).transpose()
    }

    /// Returns `x5u-sender`, where the certificate of a static sender key can be fetched (RFC 9360
    /// 3).
    ///
    /// # Errors
    ///
    /// As [`x5u`](Self::x5u).
    pub fn x5u_sender(&self) -> Result<Option<&'a str>, Error> {
        self.find(Label::X5U_SENDER).map(|value| uri(&value)).transpose()
    }

    /// Returns `x5chain-sender`, the certificates of a static sender key (RFC 9360 3).
    ///
    /// # Errors
    ///
    /// As [`x5chain`](Self::x5chain).
    pub fn x5chain_sender(&self) -> Result<Option<Certificates<'a>>, Error> {
        self.certificates(Label::X5CHAIN_SENDER, ArrayOfOne::Refused)
    }

    /// Returns `receipts`, each of which is an encoded COSE_Sign1 (RFC 9942 4.3).
    ///
    /// # Errors
    ///
    /// If it is not an array of at least one byte string.
    pub fn receipts(&self) -> Result<Option<Receipts<'a>>, Error> {
        self.find(Label::RECEIPTS).map(|value| Receipts::read(&value)).transpose()
    }

    /// An integer parameter.
    pub(super) fn integer(&self, label: Label<'_>, rule: Rule) -> Result<Option<Int>, Error> {
        self.find(label).map(|value| value.read(|reader| reader.int()).breaks(rule)).transpose()
    }
}

impl<'a> IntoIterator for Bucket<'a> {
    type Item = (Label<'a>, Raw<'a>);
    type IntoIter = Parameters<'a>;

    fn into_iter(self) -> Parameters<'a> {
        self.iter()
    }
}

impl fmt::Debug for Bucket<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter()).finish()
    }
}

/// Iterator over the parameters of a [`Bucket`].
#[derive(Clone, Debug)]
pub struct Parameters<'a> {
    entries: Entries<'a>,
}

impl<'a> Iterator for Parameters<'a> {
    type Item = (Label<'a>, Raw<'a>);

    fn next(&mut self) -> Option<Self::Item> {
        let (label, value) = self.entries.next()?;
        // Labels were read when the bucket was made.
        Some((Label::read_raw(&label, Rule::LabelForm).ok()?, value))
    }
}
