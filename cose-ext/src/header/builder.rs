//! Header buckets, while they are made.

use alloc::vec::Vec;

use super::{Bucket, ContentType, Headers};
use crate::{
    Error, Label, MapBuilder, Profile, Value,
    cbor::{ByteString, Int, Reader, Strictness},
    crypto::Operation,
};

/// Both header buckets of one layer, and the external data that is authenticated with them, while
/// they are made.
#[derive(Clone, Debug, Default)]
pub(crate) struct HeadersBuilder {
    pub(crate) protected: MapBuilder,
    pub(crate) unprotected: MapBuilder,
    pub(crate) external_aad: Vec<u8>,
}

impl HeadersBuilder {
    pub(crate) const fn new() -> Self {
        Self {
            protected: MapBuilder::new(),
            unprotected: MapBuilder::new(),
            external_aad: Vec::new(),
        }
    }

    pub(crate) fn protect<'v>(&mut self, label: Label<'v>, value: impl Into<Value<'v>>) {
        self.protected = core::mem::take(&mut self.protected).with(label, value);
    }

    pub(crate) fn unprotect<'v>(&mut self, label: Label<'v>, value: impl Into<Value<'v>>) {
        self.unprotected = core::mem::take(&mut self.unprotected).with(label, value);
    }

    /// The encoded buckets, checked as a reader would check them.
    pub(crate) fn encode(&self, exempt: fn(Operation) -> bool) -> Result<EncodedHeaders, Error> {
        let protected = self.protected.to_bytes();
        // RFC 9052 3: the empty map is encoded as a zero-length byte string.
        let protected = if self.protected.is_empty() { &[] } else { protected.as_slice() };
        let headers = EncodedHeaders::new(protected, &self.unprotected.to_bytes(), exempt)?;
        Ok(EncodedHeaders { external_aad: self.external_aad.clone(), ..headers })
    }
}

/// Both buckets as they stand in a message. A reader accepts them, so that no rule has a second
/// implementation here.
#[derive(Clone, Debug)]
pub(crate) struct EncodedHeaders {
    bytes: Vec<u8>,
    external_aad: Vec<u8>,
    exempt: fn(Operation) -> bool,
}

impl EncodedHeaders {
    pub(crate) fn new(
        protected: &[u8],
        unprotected: &[u8],
        exempt: fn(Operation) -> bool,
    ) -> Result<Self, Error> {
        let protected = ByteString::new(protected);
        let [head, protected] = protected.parts();
        let bytes = [head, protected, unprotected].concat();
        let encoded = Self { bytes, external_aad: Vec::new(), exempt };
        encoded.headers()?.check_made()?;
        Ok(encoded)
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Returns the external data of the layer.
    pub(crate) fn external_aad(&self) -> &[u8] {
        &self.external_aad
    }

    /// Returns a view of what was built.
    pub(crate) fn headers(&self) -> Result<Headers<'_>, Error> {
        let mut reader = Reader::new(&self.bytes, Strictness::LENIENT);
        let headers = Headers::read_exempting(&mut reader, &Profile::LENIENT, self.exempt)?;
        reader.end()?;
        Ok(headers)
    }

    /// What a signature or a tag covers of them.
    pub(crate) fn authenticated(&self) -> &[u8] {
        self.headers()
            .map(|headers| headers.protected().as_authenticated(&Profile::LENIENT))
            .unwrap_or_default()
    }
}

impl MapBuilder {
    /// Makes a map with the entries of `bucket`, their values as received.
    #[must_use]
    pub fn from_bucket(bucket: &Bucket<'_>) -> Self {
        let mut map = Self::new();
        for (label, value) in bucket.iter() {
            map = map.with(label, Value::Encoded(value.bytes()));
        }
        map
    }

    /// Returns this map, a header, with `x5chain`: certificates, DER, the one of the key first,
    /// each certified by the next (RFC 9360 2). Of no certificates nothing is set.
    #[must_use]
    pub fn x5chain(self, chain: &[&[u8]]) -> Self {
        match encoded_chain(chain) {
            Some(value) => self.with(Label::X5CHAIN, Value::Encoded(&value)),
            None => self,
        }
    }
}

/// Returns the value of `x5chain`: one certificate alone is a byte string, several are an array
/// (RFC 9360 2). `None` for no certificates.
pub(crate) fn encoded_chain(chain: &[&[u8]]) -> Option<Vec<u8>> {
    match chain {
        [] => None,
        [only] => Some(Value::Bytes(only).to_bytes()),
        several => {
            let several: Vec<_> = several.iter().map(|der| Value::Bytes(der)).collect();
            Some(Value::Array(&several).to_bytes())
        }
    }
}

impl Bucket<'_> {
    /// Returns a builder that starts with these parameters.
    #[must_use]
    pub fn to_builder(&self) -> MapBuilder {
        MapBuilder::from_bucket(self)
    }
}

impl<'v> From<ContentType<'v>> for Value<'v> {
    fn from(value: ContentType<'v>) -> Self {
        match value {
            ContentType::MediaType(text) => Self::Text(text),
            ContentType::ContentFormat(number) => Self::Int(Int::unsigned(number.into())),
        }
    }
}

/// The methods of a builder that has a field `headers`.
macro_rules! header_methods {
    () => {
        /// Sets a protected parameter.
        #[must_use]
        pub fn protected<'v>(
            mut self,
            label: impl Into<$crate::Label<'v>>,
            value: impl Into<$crate::Value<'v>>,
        ) -> Self {
            self.headers.protect(label.into(), value);
            self
        }

        /// Sets an unprotected parameter, which anybody can change later.
        #[must_use]
        pub fn unprotected<'v>(
            mut self,
            label: impl Into<$crate::Label<'v>>,
            value: impl Into<$crate::Value<'v>>,
        ) -> Self {
            self.headers.unprotect(label.into(), value);
            self
        }

        /// Sets `x5chain`, protected: certificates, DER, the one of the key first, each certified
        /// by the next (RFC 9360 2). Of no certificates nothing is set.
        #[must_use]
        pub fn x5chain(self, chain: &[&[u8]]) -> Self {
            match $crate::header::encoded_chain(chain) {
                Some(value) => {
                    self.protected($crate::Label::X5CHAIN, $crate::Value::Encoded(&value))
                }
                None => self,
            }
        }
    };
}

/// The methods of a builder of a message that has fields `headers` and `is_untagged`.
macro_rules! message_methods {
    () => {
        $crate::header::header_methods!();

        /// Sets the external data (RFC 9052 4.3), which is authenticated and not sent.
        #[must_use]
        pub fn external_aad(mut self, external_aad: &[u8]) -> Self {
            self.headers.external_aad = external_aad.to_vec();
            self
        }

        /// Sets `content type`, protected.
        #[must_use]
        pub fn content_type(self, content_type: $crate::header::ContentType<'_>) -> Self {
            self.protected($crate::Label::CONTENT_TYPE, content_type)
        }

        /// Sets `typ`, protected (RFC 9596).
        #[must_use]
        pub fn typ(self, typ: $crate::header::ContentType<'_>) -> Self {
            self.protected($crate::Label::TYP, typ)
        }

        /// Sets the CWT Claims, protected (RFC 9597).
        #[must_use]
        pub fn cwt_claims(self, claims: &$crate::MapBuilder) -> Self {
            self.protected($crate::Label::CWT_CLAIMS, claims)
        }

        /// Writes the message without a tag.
        #[must_use]
        pub const fn untagged(mut self) -> Self {
            self.is_untagged = true;
            self
        }
    };
}

pub(crate) use header_methods;
pub(crate) use message_methods;
