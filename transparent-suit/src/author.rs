//! Making blocks: from an envelope to a statement, and with receipts back into the envelope.

mod low_form;
mod signed_block;

use alloc::{string::String, vec, vec::Vec};

use cose_ext::{
    Context, Label, MapBuilder, SigStructure, Value,
    cbor::Int,
    crypto::{Algorithm, Signer},
    cwt::ClaimKey,
    header::ContentType,
    key::Thumbprint,
    sign1::{Sign1Builder, ToBeSigned},
};
use suit_manifest::{Envelope, author::EnvelopeBuilder};

pub use self::signed_block::SignedBlock;
use crate::{
    Error, Rule,
    header::{BlockClaims, is_uri},
    manifest_claims,
    profile::{CONTENT_TYPE, SUIT_SEQUENCE, TYP, is_fully_specified},
};

/// Makes the block of an envelope that is a signed statement, with everything that the profile
/// wants in its header. The number comes from the manifest, and the class has to be one that the
/// manifest checks.
///
/// ```
/// # #[cfg(feature = "rustcrypto")] {
/// # use transparent_suit::{BlockBuilder, ClassUrn, Error, SignedBlock};
/// # use transparent_suit::cose_ext::{Context, key::Thumbprint};
/// # use transparent_suit::suit_manifest::author::EnvelopeBuilder;
/// use transparent_suit::cose_ext::rustcrypto::P256SigningKey;
/// fn block(
///     envelope: &EnvelopeBuilder,
///     class: &ClassUrn,
///     key: &P256SigningKey,
///     context: &Context<'_>,
/// ) -> Result<SignedBlock, Error> {
///     let thumbprint = Thumbprint::of(&(&key.public_key()).into(), context.provider)?;
///     let builder = BlockBuilder::new("https://vendor.example", class.as_str(), &thumbprint);
///     builder.sign(envelope, key, context)
/// }
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct BlockBuilder {
    issuer: String,
    subject: String,
    key: Thumbprint,
    typ: Typ,
    variant: Variant,
}

/// What a plain processor makes of the block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Variant {
    /// It takes it for one of its own.
    Compatible,
    /// It refuses it, because it does not process `typ`.
    Strict,
}

/// A `typ` that outlives the call that set it.
#[derive(Clone, Debug)]
enum Typ {
    Profile,
    MediaType(String),
    ContentFormat(u16),
}

impl Typ {
    fn as_content_type(&self) -> ContentType<'_> {
        match self {
            Self::Profile => TYP,
            Self::MediaType(text) => ContentType::MediaType(text),
            Self::ContentFormat(number) => ContentType::ContentFormat(*number),
        }
    }
}

impl BlockBuilder {
    /// Begins a block of `issuer`, a URI, for devices of the class `subject`, by the key with this
    /// thumbprint.
    #[must_use]
    pub fn new(issuer: &str, subject: &str, key: &Thumbprint) -> Self {
        Self {
            issuer: issuer.into(),
            subject: subject.into(),
            key: *key,
            typ: Typ::Profile,
            variant: Variant::Compatible,
        }
    }

    /// Returns this block with another `typ`, which devices and services have to be told.
    #[must_use]
    pub fn with_typ(mut self, typ: ContentType<'_>) -> Self {
        self.typ = match typ {
            ContentType::MediaType(text) => Typ::MediaType(text.into()),
            ContentType::ContentFormat(number) => Typ::ContentFormat(number),
        };
        self
    }

    /// Returns this block in the strict variant: plain processors refuse it.
    #[must_use]
    pub const fn strict(mut self) -> Self {
        self.variant = Variant::Strict;
        self
    }

    /// Signs the block of `envelope`.
    ///
    /// # Errors
    ///
    /// As [`prepare`](Self::prepare); those of the signer.
    pub fn sign(
        &self,
        envelope: &EnvelopeBuilder,
        signer: &dyn Signer,
        context: &Context<'_>,
    ) -> Result<SignedBlock, Error> {
        let prepared = self.prepare(envelope, signer.algorithm(), context)?;
        let mut signature = vec![0; signer.signature_len()];
        let parts = prepared.structure();
        let len = signer.sign(&parts.parts(), &mut signature).map_err(cose_ext::Error::from)?;
        signature.truncate(len);
        Ok(prepared.attach(&signature))
    }

    /// Takes the first of two steps, for a key that answers later: what is to be signed.
    ///
    /// # Errors
    ///
    /// [`Rule::DigestRecomputed`]; [`Rule::SubjectIsClass`]; [`Rule::AlgorithmFullySpecified`];
    /// [`Rule::ClaimsStated`] for an issuer that is no URI; those of the manifest.
    pub fn prepare<'e>(
        &self,
        envelope: &'e EnvelopeBuilder,
        algorithm: Algorithm,
        context: &Context<'_>,
    ) -> Result<PreparedBlock<'e>, Error> {
        if !is_fully_specified(algorithm) {
            return Err(Error::refused(Rule::AlgorithmFullySpecified));
        }
        if !is_uri(&self.issuer) {
            return Err(Error::refused(Rule::ClaimsStated));
        }
        let bytes = envelope.to_untagged_bytes();
        let written = Envelope::decode(&bytes, &context.profile)?;
        // The author's own manifest: whether it is the one of the digest is checked below.
        let manifest = written.danger_unverified_manifest(&context.profile)?;
        let sequence = manifest.sequence_number();
        let claims = BlockClaims { issuer: &self.issuer, subject: &self.subject, sequence };
        manifest_claims::check(&claims, &manifest, &context.profile)?;
        let to_be_signed =
            envelope.prepare(self.headers(sequence), algorithm, context).map_err(|error| {
                match error.kind() {
                    suit_manifest::ErrorKind::Verification(suit_manifest::Rule::ManifestDigest) => {
                        Error::broken(Rule::DigestRecomputed)
                    }
                    _ => error.into(),
                }
            })?;
        let manifest = written.manifest_item().bytes().into();
        Ok(PreparedBlock { to_be_signed, digest: envelope.digest(), manifest })
    }

    fn headers(&self, sequence: u64) -> Sign1Builder {
        let claims = MapBuilder::new()
            .with(ClaimKey::ISS, self.issuer.as_str())
            .with(ClaimKey::SUB, self.subject.as_str())
            .with(SUIT_SEQUENCE, Value::Int(Int::unsigned(sequence)));
        let headers = Sign1Builder::new()
            .content_type(CONTENT_TYPE)
            .key_id(self.key.as_bytes())
            .cwt_claims(&claims)
            .typ(self.typ.as_content_type());
        match self.variant {
            Variant::Compatible => headers,
            Variant::Strict => {
                headers.protected(Label::CRIT, Value::Array(&[Value::from(Label::TYP.value())]))
            }
        }
    }
}

/// A block that lacks only its signature.
#[derive(Clone, Debug)]
#[must_use]
pub struct PreparedBlock<'e> {
    to_be_signed: ToBeSigned<'e>,
    digest: &'e [u8],
    manifest: Vec<u8>,
}

impl PreparedBlock<'_> {
    /// Returns what is to be signed, in parts (RFC 9052 4.4).
    #[must_use]
    pub fn structure(&self) -> SigStructure<'_> {
        self.to_be_signed.structure()
    }

    /// Attaches the signature, of ECDSA in its low form, whichever came. It is not checked.
    pub fn attach(self, signature: &[u8]) -> SignedBlock {
        let mut signature: Vec<u8> = signature.into();
        low_form::make_low(self.to_be_signed.algorithm(), &mut signature);
        SignedBlock::new(self.to_be_signed.attach(&signature), self.digest.into(), self.manifest)
    }
}
