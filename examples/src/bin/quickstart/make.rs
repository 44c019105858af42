//! The issuer signs, the service registers.

use std::{error::Error, time::SystemTime};

use cose_ext::{
    Context, Input, Profile,
    crypto::{Algorithm, PublicKey, Signer},
    header::ContentType,
    key::{CoseKeyEncoder, IssuerKeys, KeySet, KeySetEncoder, Thumbprint},
    rustcrypto::{Ed25519SigningKey, P256SigningKey, RustCrypto, Sha256},
};
use getrandom::SysRng;
use merkle_proof::Sha256Tree;
use rand_core::UnwrapErr;
use scitt_core::{
    EntryId, MemoryLog, ReceiptKey, Registration, Requirements, SignedStatement, StatementBuilder,
    TransparencyService,
};

use crate::{
    folder::{Folder, ISSUER_KEYS, RECEIPT, SERVICE_KEYS, SIGNED_STATEMENT, TRANSPARENT_STATEMENT},
    story::{step, took},
};

/// Who makes the statement.
pub(crate) const ISSUER: &str = "https://maker.example";
/// Who logs it. Relying parties compare it with the issuer of the receipt.
pub(crate) const SERVICE: &str = "https://transparency.example";
/// How many statements are in the log before ours.
const OTHERS: usize = 6;

/// What the attacks need and no relying party has.
pub(crate) struct Made {
    /// Our statement.
    pub(crate) statement: Vec<u8>,
    /// The receipt of another one.
    pub(crate) receipt_of_another: Vec<u8>,
    /// The keys of a service that nobody here trusts.
    pub(crate) other_service_keys: Vec<u8>,
}

type Service = TransparencyService<MemoryLog<Sha256Tree>>;

/// Makes keys, statement, log and receipt, and writes what a relying party needs to `folder`.
pub(crate) fn all(artifact: &[u8], folder: &Folder) -> Result<Made, Box<dyn Error>> {
    step("keys");
    let mut random = UnwrapErr(SysRng);
    let issuer = P256SigningKey::generate(&mut random);
    let service_key = Ed25519SigningKey::generate(&mut random);
    let (issuer_public, service_public) = (issuer.public_key(), service_key.public_key());
    let issuer_key_id = Thumbprint::new(&issuer_public.as_public_key(), &Sha256)?;
    let service_key_id = Thumbprint::new(&service_public.as_public_key(), &Sha256)?;
    println!("   issuer  {ISSUER}: {} {issuer_key_id:?}", issuer.algorithm());
    println!("   service {SERVICE}: {} {service_key_id:?}", service_key.algorithm());
    let issuer_keys = key_set(issuer_public.as_public_key(), issuer_key_id.as_bytes())?;
    let service_keys = key_set(service_public.as_public_key(), service_key_id.as_bytes())?;
    let stranger = Ed25519SigningKey::generate(&mut random).public_key();
    let stranger_key_id = Thumbprint::new(&stranger.as_public_key(), &Sha256)?;
    let other_service_keys = key_set(stranger.as_public_key(), stranger_key_id.as_bytes())?;

    step("the issuer signs a statement about the artifact");
    let statement_about = |subject: &str, artifact: &[u8]| {
        StatementBuilder::new(ISSUER, subject)
            .key_id(issuer_key_id.as_bytes())
            .content_type(ContentType::MediaType("application/octet-stream"))
            .issued_at(now())
            .sign_digest_of(artifact, &Sha256, &issuer)
    };
    let (statement, time) = took(|| statement_about("artifact.quickstart.example", artifact));
    let statement = statement?;
    println!("   a hash envelope of {} bytes, in {time}", statement.len());

    step("the service registers it");
    let algorithm = service_key.algorithm();
    let mut service = Service::in_memory(
        Sha256Tree,
        SERVICE,
        ReceiptKey::new(service_key_id.as_bytes(), algorithm),
    );
    let mut another = None;
    for number in 0..OTHERS {
        let other = statement_about(&format!("other-{number}.example"), &number.to_be_bytes())?;
        another = Some(register(&mut service, &other, &issuer_keys)?);
    }
    println!("   the log holds {} statements of others", service.size());
    let (entry, time) = took(|| register(&mut service, &statement, &issuer_keys));
    let entry = entry?;
    println!("   ours is entry {}, in {time}", entry.index());

    step("the service makes a receipt");
    let (receipt, time) = took(|| receipt(&service, entry, &service_key));
    let receipt = receipt?;
    println!("   an inclusion proof under a signed root, {} bytes, in {time}", receipt.len());
    let another = another.ok_or("no other statement")?;
    let receipt_of_another = self::receipt(&service, another, &service_key)?;

    step("a relying party gets");
    let signed = SignedStatement::decode(&statement, &Profile::LENIENT)?;
    folder.write(SIGNED_STATEMENT, &statement)?;
    folder.write(RECEIPT, &receipt)?;
    folder.write(TRANSPARENT_STATEMENT, &signed.with_receipts(&[&receipt])?)?;
    folder.write(ISSUER_KEYS, &issuer_keys)?;
    folder.write(SERVICE_KEYS, &service_keys)?;
    Ok(Made { statement, receipt_of_another, other_service_keys })
}

fn key_set(key: PublicKey<'_>, key_id: &[u8]) -> Result<Vec<u8>, cose_ext::Error> {
    let key = CoseKeyEncoder::new(key)?.with_key_id(key_id);
    Ok(KeySetEncoder::new(&[key])?.to_vec())
}

fn register(
    service: &mut Service,
    statement: &[u8],
    issuer_keys: &[u8],
) -> Result<EntryId, scitt_core::Error> {
    let issuer_keys = KeySet::decode(issuer_keys, &Profile::LENIENT)?.trusted();
    let issuers = IssuerKeys::new(ISSUER, &issuer_keys);
    let registration = Registration { issuers: &issuers, requirements: Requirements::Rfc9943 };
    let context = Context::new(&RustCrypto);
    Ok(service.register(statement, &Input::embedded(), now(), &registration, &context)?)
}

fn receipt(
    service: &Service,
    entry: EntryId,
    key: &Ed25519SigningKey,
) -> Result<Vec<u8>, scitt_core::Error> {
    service.prepare_receipt(entry, now(), &Context::new(&RustCrypto))?.sign(key)
}

fn now() -> i64 {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    since.map_or(0, |since| i64::try_from(since.as_secs()).unwrap_or(i64::MAX))
}

/// The algorithm that the service's receipts are pinned to.
pub(crate) const SERVICE_ALGORITHM: Algorithm = Algorithm::EDDSA;
