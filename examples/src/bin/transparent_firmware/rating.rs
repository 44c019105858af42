//! Statements about a release, and who delivers the next one only if enough of them are good.

use cose_ext::{
    Context, Input, Profile,
    crypto::Algorithm,
    header::ContentType,
    key::{Identity, TrustStore, TrustedKey},
    rustcrypto::{RustCrypto, Sha256},
};
use scitt_core::{Statement, StatementBuilder, TransparentStatement, TrustedService, Verifier};
use transparent_suit::ClassUrn;

use crate::{
    Trouble,
    cast::{CLASS_ID, OFFICE, OTHER_SCANNER, SCANNER, Service, context, key},
};

const SBOM: &str = "application/sbom+cose";
const SCAN: &str = "application/scan+cose";
const WITHDRAWAL: &str = "application/withdrawal+cose";

/// Issuer and key of those who may rate: none of them is a firmware key.
pub(crate) const RATERS: [(&str, u8); 3] = [(OFFICE, 2), (SCANNER, 3), (OTHER_SCANNER, 4)];

/// Calls `then` with the keys for statements.
pub(crate) fn trusting<R>(
    then: impl FnOnce(&TrustStore<'_>) -> Result<R, Trouble>,
) -> Result<R, Trouble> {
    let context = Context::new(&RustCrypto);
    let mut publics = Vec::new();
    for (issuer, seed) in RATERS {
        publics.push((issuer, key(seed)?.public_key()));
    }
    let keys =
        publics.iter().map(|(issuer, key)| Ok(TrustedKey::new(key, &context)?.for_issuer(issuer)));
    let keys = keys.collect::<Result<Vec<_>, cose_ext::Error>>()?;
    then(&TrustStore::new(&keys))
}

fn builder(issuer: &str, typ: &str, seed: u8) -> StatementBuilder {
    let class = ClassUrn::new(&CLASS_ID);
    StatementBuilder::new(issuer, class.as_str()).key_id(&[seed]).typ(ContentType::MediaType(typ))
}

/// The bill of materials: the parts of the image by name.
pub(crate) fn sbom(parts: &str) -> Result<Vec<u8>, Trouble> {
    Ok(builder(OFFICE, SBOM, 2).sign(parts.as_bytes(), &key(2)?)?)
}

/// A scan of an image by whoever has this key.
pub(crate) fn scan(issuer: &str, seed: u8, image: &[u8]) -> Result<Vec<u8>, Trouble> {
    Ok(builder(issuer, SCAN, seed).sign_digest_of(image, &Sha256, &key(seed)?)?)
}

/// The maker takes a release back, by a key that is no firmware key and with a payload that is no SUIT_Digest.
pub(crate) fn withdrawal(number: u64) -> Result<Vec<u8>, Trouble> {
    Ok(builder(OFFICE, WITHDRAWAL, 2).sign(number.to_string().as_bytes(), &key(2)?)?)
}

/// Registers a statement, and returns it with its receipt.
pub(crate) fn registered(service: &mut Service, statement: &[u8]) -> Result<Vec<u8>, Trouble> {
    let receipt = trusting(|keys| service.register_other(statement, keys))?;
    let statement = scitt_core::SignedStatement::decode(statement, &Profile::LENIENT)?;
    Ok(statement.with_receipts(&[&receipt])?)
}

/// What the deliverer finds among the statements about a class.
#[derive(Default, Debug, PartialEq, Eq)]
pub(crate) struct Rating {
    /// Different raters whose scan is of this image.
    pub(crate) raters: Vec<Identity>,
    pub(crate) has_sbom: bool,
    pub(crate) is_withdrawn: bool,
}

impl Rating {
    /// Release, bill of materials, scans by two, and no withdrawal.
    pub(crate) fn suffices(&self) -> bool {
        self.raters.len() >= 2 && self.has_sbom && !self.is_withdrawn
    }
}

/// Evaluates the statements about a class as a set. Statements that do not verify count for nothing.
pub(crate) fn rate(
    statements: &[Vec<u8>],
    number: u64,
    image: &[u8],
    services: &[TrustedService<'_>],
) -> Result<Rating, Trouble> {
    let context = context();
    let hash = context.hash(Algorithm::SHA256, &[image])?;
    let mut rating = Rating::default();
    trusting(|keys| {
        for bytes in statements {
            let Ok(statement) = TransparentStatement::decode(bytes, &Profile::LENIENT) else {
                continue;
            };
            let verifier = Verifier::new(keys, services);
            let Ok(verified) = verifier.verify(&statement, &Input::embedded(), &context) else {
                continue;
            };
            let statement = verified.statement();
            let rater = statement.by().identity();
            match statement.value().protected().typ() {
                Ok(Some(ContentType::MediaType(SBOM))) => rating.has_sbom = true,
                Ok(Some(ContentType::MediaType(WITHDRAWAL))) => {
                    rating.is_withdrawn |=
                        statement.value().payload() == number.to_string().as_bytes();
                }
                Ok(Some(ContentType::MediaType(SCAN))) => {
                    let digest = statement.try_map(Statement::digest)?;
                    if digest.value().value() == hash.as_ref() && !rating.raters.contains(&rater) {
                        rating.raters.push(rater);
                    }
                }
                _ => {}
            }
        }
        Ok(())
    })?;
    Ok(rating)
}
