//! Parsec key attestations: a key, and the platform that holds it. This is the form over a TPM 2.0;
//! [`ParsecCcaToken`] is the one over Arm CCA.
//!
//! A map of two parts: `kat`, in which an attestation key of the TPM certifies another key, and
//! `pat`, in which the same attestation key quotes platform configuration registers. What is signed
//! is a structure of the TPM (TPM 2.0 Library, Part 2, 10.12.12), and no COSE message.

mod over_cca;
mod tpm;

pub use over_cca::{ParsecCcaEvidence, ParsecCcaToken};
pub use tpm::{Attested, Quote};

use cose_ext::{
    Bare, Context, Digest, Profile, SignedBy, Verified,
    cbor::{Map, Raw, Reader},
    crypto::Algorithm,
    key::KeyResolver,
};

use crate::{Error, Rule, claim, error::Breaks};

use tpm::{Attest, Signature};

const FORM: Rule = Rule::ParsecForm;

/// A key attestation as it was received. Untrusted.
///
/// ```compile_fail,E0616
/// use rats_eat::parsec::ParsecToken;
/// fn read<'a>(token: ParsecToken<'a>) -> &'a [u8] {
///     token.public_area.bytes() // private: what is not verified is not read
/// }
/// ```
#[derive(Clone, Copy, Debug)]
pub struct ParsecToken<'a> {
    key: Part<'a>,
    public_area: Raw<'a>,
    platform: Part<'a>,
}

/// One of the two parts: what is signed, and by whom.
#[derive(Clone, Copy, Debug)]
struct Part<'a> {
    key_id: Raw<'a>,
    signature: Raw<'a>,
    attest: Raw<'a>,
}

/// What a key attestation says, and who vouches for it.
///
/// ```compile_fail,E0308
/// use rats_eat::{cose_ext::Verified, parsec::{ParsecEvidence, Quote}};
/// fn forge<'a>(
///     key: &'a [u8],
///     platform: Verified<Quote<'a>>,
///     nonce: Verified<&'a [u8]>,
/// ) -> ParsecEvidence<'a> {
///     ParsecEvidence { key, platform, nonce } // nobody vouches for the key
/// }
/// ```
#[derive(Clone, Copy, Debug)]
#[must_use]
pub struct ParsecEvidence<'a> {
    /// The key that is attested, as the TPM encodes it (TPMT_PUBLIC).
    pub key: Verified<&'a [u8]>,
    /// What the platform was measured to be.
    pub platform: Verified<Quote<'a>>,
    /// What the verifier sent, the same for both parts.
    pub nonce: Verified<&'a [u8]>,
}

impl<'a> ParsecToken<'a> {
    /// Reads a key attestation that is the whole of `bytes`, down to the structures of the TPM.
    ///
    /// # Errors
    ///
    /// [`Rule::ParsecForm`] for a member that is missing or of another type; [`Rule::TpmStructure`]
    /// for what no TPM makes.
    pub fn decode(bytes: &'a [u8], profile: &Profile) -> Result<Self, Error> {
        let parts = Map::new(&profile.item(bytes, 0)?).breaks(FORM)?;
        let missing = Error::broken(FORM, 0);
        let part = |name| Map::new(&parts.find_text(name).ok_or(missing)?).breaks(FORM);
        let (key, platform) = (part("kat")?, part("pat")?);
        let public_area = member(&key, "pubArea")?;
        let token = Self {
            key: Part::read(&key, "certInfo")?,
            public_area,
            platform: Part::read(&platform, "attestInfo")?,
        };
        token.key.attest()?;
        token.platform.attest()?;
        Ok(token)
    }

    /// Returns the identifier by which the token names the key that signed the first part.
    ///
    /// # Errors
    ///
    /// If it is not a byte string.
    pub fn key_id(&self) -> Result<&'a [u8], Error> {
        claim::bytes(&self.key.key_id, FORM)
    }

    /// Checks both signatures by those whom `keys` name, that one key made them for one nonce, and
    /// that the certified name is that of the key that comes along.
    ///
    /// # Errors
    ///
    /// Those of [`Bare::verify_signature`]; [`Rule::ParsecBinding`].
    pub fn verify(
        &self,
        keys: &dyn KeyResolver,
        context: &Context<'_>,
    ) -> Result<ParsecEvidence<'a>, Error> {
        let signed = [&self.key, &self.platform].map(|part| part.attest.bytes().len());
        context.begin(signed.iter().sum::<usize>(), |context| {
            let certified = self.key.verify(keys, context)?;
            let quoted = self.platform.verify(keys, context)?;
            let unbound = Error::broken(Rule::ParsecBinding, self.public_area.offset());
            let (certifier, quoter) = (certified.by(), quoted.by());
            let is_same_key = certifier.identity() == quoter.identity()
                && certifier.thumbprint() == quoter.thumbprint();
            if !is_same_key || certified.value().nonce != quoted.value().nonce {
                return Err(unbound);
            }
            let name = certified.try_map(|attest| match attest.attested {
                Attested::Name(name) => tpm::name(name),
                Attested::Quote(_) => Err(tpm::ANOTHER),
            });
            let name: Verified<Digest<'a>> = name.map_err(|_| unbound)?;
            let public_area = claim::bytes(&self.public_area, FORM)?;
            let key = name.vouch_for_bytes(public_area, context).map_err(|_| unbound)?;
            let platform = quoted.try_map(|attest| match attest.attested {
                Attested::Quote(quote) => Ok(quote),
                Attested::Name(_) => Err(tpm::ANOTHER),
            });
            let platform = platform.map_err(|_| unbound)?;
            Ok(ParsecEvidence { key, platform, nonce: certified.map(|attest| attest.nonce) })
        })
    }
}

impl<'a> Part<'a> {
    fn read(map: &Map<'a>, attest: &str) -> Result<Self, Error> {
        claim::text(&map.find_text("tpmVer").ok_or(Error::broken(FORM, map.offset()))?, FORM)?;
        if let Some(algorithm) = map.find_text("alg") {
            algorithm.read(Reader::int).breaks(FORM)?;
        }
        Ok(Self {
            key_id: member(map, "kid")?,
            signature: member(map, "sig")?,
            attest: member(map, attest)?,
        })
    }

    fn attest(&self) -> Result<Attest<'a>, Error> {
        let at = |error: Error| error.at(self.attest.offset());
        Attest::read(claim::bytes(&self.attest, FORM)?).map_err(at)
    }

    fn verify(
        &self,
        keys: &dyn KeyResolver,
        context: &Context<'_>,
    ) -> Result<Verified<Attest<'a>, SignedBy>, Error> {
        let signature = Signature::read(claim::bytes(&self.signature, FORM)?);
        let signature = signature.map_err(|error| error.at(self.signature.offset()))?;
        let key_id = claim::bytes(&self.key_id, FORM)?;
        let bare = Bare::new(Algorithm::ES256, signature.bytes()).with_key_id(key_id);
        let parts = [claim::bytes(&self.attest, FORM)?];
        let signed = bare.verify_signature(&parts, keys, context)?;
        let signed = signed.map(|parts| parts.first().copied().unwrap_or_default());
        signed.try_map(Attest::read).map_err(|error| error.at(self.attest.offset()))
    }
}

fn member<'a>(map: &Map<'a>, name: &str) -> Result<Raw<'a>, Error> {
    let value = map.find_text(name).ok_or(Error::broken(FORM, map.offset()))?;
    claim::bytes(&value, FORM)?;
    Ok(value)
}
