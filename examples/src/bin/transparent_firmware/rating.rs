//! Statements about a release: who rates it, and who takes it back.

use cose_ext::{
    Context, Input, Profile, Value,
    cbor::{Int, Reader},
    crypto::Algorithm,
    header::ContentType,
    key::{Identity, TrustStore, TrustedKey},
    rustcrypto::{RustCrypto, Sha256},
};
use scitt_core::{
    Document, DocumentLimits, Statement, StatementBuilder, TransparentStatement, TrustedService,
    Verifier,
};
use transparent_suit::{ClassUrn, profile};

use crate::{
    Trouble,
    cast::{CLASS_ID, OFFICE, OTHER_SCANNER, Role, SCANNER, context, key},
};

pub(crate) const SBOM: &str = "application/x.sbom+cose";
pub(crate) const SCAN: &str = "application/x.scan+cose";
pub(crate) const WITHDRAWAL: &str = "application/x.withdrawal+cose";

/// Issuer and key of those who say something about releases: none of them is a firmware key.
const RATERS: [(&str, Role); 3] =
    [(OFFICE, Role::Office), (SCANNER, Role::Scanner), (OTHER_SCANNER, Role::OtherScanner)];

/// How many different raters a release needs.
const RATERS_NEEDED: usize = 2;

/// Calls `then` with the keys for statements.
pub(crate) fn trusting<R>(
    then: impl FnOnce(&TrustStore<'_>) -> Result<R, Trouble>,
) -> Result<R, Trouble> {
    let context = Context::new(&RustCrypto);
    let mut publics = Vec::new();
    for (issuer, role) in RATERS {
        publics.push((issuer, [role as u8], key(role)?.public_key()));
    }
    let keys = publics.iter().map(|(issuer, key_id, key)| {
        Ok(TrustedKey::new(key, &context)?.with_key_id(key_id).for_issuer(issuer))
    });
    let keys = keys.collect::<Result<Vec<_>, cose_ext::Error>>()?;
    then(&TrustStore::new(&keys))
}

/// A statement about release `number` of the class.
fn about(number: u64, issuer: &str, typ: &str, role: Role) -> StatementBuilder {
    let class = ClassUrn::new(&CLASS_ID);
    StatementBuilder::new(issuer, class.as_str())
        .key_id(&[role as u8])
        .typ(ContentType::MediaType(typ))
        .claim(profile::SUIT_SEQUENCE, Value::Int(Int::unsigned(number)))
}

/// The bill of materials of a release, in CycloneDX.
pub(crate) fn sbom(number: u64, log4pump: &str) -> Result<Vec<u8>, Trouble> {
    let document = format!(
        r#"{{"bomFormat": "CycloneDX", "specVersion": "1.5", "components": [{{"type": "library", "name": "log4pump", "version": "{log4pump}", "purl": "pkg:maven/example.pumps/log4pump@{log4pump}"}}]}}"#
    );
    let kind = Document::read(document.as_bytes(), &DocumentLimits::DEFAULT)?;
    let builder = about(number, OFFICE, SBOM, Role::Office).content_type(kind.content_type());
    Ok(builder.sign(document.as_bytes(), &key(Role::Office)?)?)
}

/// A scan of an image by whoever has this key.
pub(crate) fn scan(
    number: u64,
    issuer: &str,
    role: Role,
    image: &[u8],
) -> Result<Vec<u8>, Trouble> {
    Ok(about(number, issuer, SCAN, role).sign_digest_of(image, &Sha256, &key(role)?)?)
}

/// The maker takes a release back, by a key that is no firmware key and with a payload that is no SUIT_Digest.
pub(crate) fn withdrawal(number: u64) -> Result<Vec<u8>, Trouble> {
    let builder = about(number, OFFICE, WITHDRAWAL, Role::Office);
    Ok(builder.sign(b"it pumps backwards", &key(Role::Office)?)?)
}

/// What a TAM finds among the statements about a release.
#[derive(Default, Debug, PartialEq, Eq)]
pub(crate) struct Rating {
    /// Different raters whose scan is of this image.
    pub(crate) raters: Vec<Identity>,
    pub(crate) has_sbom: bool,
    pub(crate) is_withdrawn: bool,
}

impl Rating {
    /// A bill of materials, scans by two, and no withdrawal.
    pub(crate) fn suffices(&self) -> bool {
        self.raters.len() >= RATERS_NEEDED && self.has_sbom && !self.is_withdrawn
    }
}

/// The release that a statement is about, as its claims say.
pub(crate) fn release_of(statement: &Statement<'_, '_>) -> Option<u64> {
    statement.claims()?.find(profile::SUIT_SEQUENCE)?.read(Reader::uint).ok()
}

/// Evaluates the statements about a release. Statements that do not verify count for nothing, and raters are told apart by
/// their identity in the trust store.
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
            if release_of(statement.value()) != Some(number) {
                continue;
            }
            let rater = statement.by().identity();
            match statement.value().protected().typ() {
                Ok(Some(ContentType::MediaType(SBOM))) => rating.has_sbom = true,
                Ok(Some(ContentType::MediaType(WITHDRAWAL))) => rating.is_withdrawn = true,
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
