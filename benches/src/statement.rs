//! Transparent statements with any number of receipts, from fixed keys, and the relying party that takes them.

use std::hint::black_box;

use cose_ext::{
    Context, Input, MapBuilder, Profile,
    crypto::{Algorithm, HashFunction as _, SignatureVerifier as _},
    cwt::ClaimKey,
    header::Vds,
    key::{Identity, TrustedKey},
    rustcrypto::{P256SigningKey, P256VerifyingKey, RustCrypto, Sha256},
};
use merkle_proof::{
    Sha256Tree, TreeHash, UnauthenticatedPosition,
    cose::{ReceiptBuilder, encode_inclusion},
    root_from_inclusion,
};
use scitt_core::{
    EntryRule, ServiceKey, SignedStatement, StatementBuilder, TransparentStatement, TrustedService,
    Verifier,
};

use crate::{null::Null, work::kept};

/// The issuer of all statements.
pub const ISSUER: &str = "https://maker.example";
/// Rows of each log's tree: 2^20 entries.
pub const ROWS: u8 = 20;

/// Returns the key of the issuer.
///
/// # Panics
/// Never: the scalar is fixed.
pub fn issuer() -> P256SigningKey {
    P256SigningKey::from_bytes(&[1; 32]).expect("a key")
}

/// Returns the key of a service, by its number.
///
/// # Panics
/// Never: the scalars are fixed.
pub fn service(number: u8) -> P256SigningKey {
    P256SigningKey::from_bytes(&[100 + number; 32]).expect("a key")
}

fn name(number: u8) -> String {
    format!("https://log-{number}.example")
}

/// Signs a statement about a digest.
///
/// # Panics
/// Never: the key is good.
pub fn statement(number: u64) -> Vec<u8> {
    StatementBuilder::new(ISSUER, &format!("firmware {number}"))
        .key_id(b"maker")
        .sign_digest_of(&number.to_be_bytes(), &Sha256, &issuer())
        .expect("a statement")
}

/// Returns the statement with receipts of so many services, each of the last of 2^20 leaves, whose paths are made up.
///
/// # Panics
/// If there are more than 100.
pub fn transparent(receipts: u8) -> Vec<u8> {
    let statement = statement(0);
    let signed = SignedStatement::decode(&statement, &Profile::LENIENT).expect("a statement");
    let payload = signed.message().danger_unverified_payload().expect("embedded");
    let entry = EntryRule::DEFAULT.entry(signed.message(), payload);
    let leaf = Sha256Tree.leaf(&[entry.hash(&Sha256).as_ref()]);
    let path: Vec<[u8; 32]> = (0..ROWS).map(|row| Sha256Tree.leaf(&[&[row]])).collect();
    let position = UnauthenticatedPosition { tree_size: 1 << ROWS, leaf_index: (1 << ROWS) - 1 };
    let root = root_from_inclusion(&Sha256Tree, &leaf, position, &path).expect("a root");
    let receipt = |number: u8| {
        let claims =
            MapBuilder::new().with(ClaimKey::ISS, &*name(number)).with(ClaimKey::SUB, "receipt");
        ReceiptBuilder::new(Vds::RFC9162_SHA256)
            .key_id(b"log")
            .cwt_claims(&claims)
            .inclusion(encode_inclusion(position, &path))
            .sign(root.unconfirmed(), &service(number))
            .expect("a receipt")
    };
    let receipts: Vec<_> = (0..receipts).map(receipt).collect();
    let receipts: Vec<_> = receipts.iter().map(Vec::as_slice).collect();
    signed.with_receipts(&receipts).expect("a transparent statement")
}

/// What becomes of signatures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signatures {
    /// They are checked.
    Checked,
    /// All of them are good.
    Accepted,
}

/// Whom a relying party believes, and a statement with a receipt of each of its services.
pub struct RelyingParty {
    bytes: Vec<u8>,
    issuer: TrustedKey<'static>,
    services: Vec<TrustedService<'static>>,
}

impl RelyingParty {
    /// Makes one that asks for the receipts of so many services.
    ///
    /// # Panics
    /// If there are more than 100.
    pub fn of(receipts: u8, signatures: Signatures) -> Self {
        let trusted = |key: P256SigningKey, number: u8| {
            let public = kept(key.public_key());
            let identity = Identity::new([number; 32]);
            match signatures {
                Signatures::Checked => {
                    let parsed = P256VerifyingKey::from_public_key(&public.as_public_key());
                    TrustedKey::parsed(kept(parsed.expect("a key")), identity)
                }
                Signatures::Accepted => TrustedKey::parsed(kept(Null::new(public)), identity),
            }
        };
        let service = |number: u8| {
            let key = ServiceKey::new(trusted(service(number), number), Algorithm::ES256);
            let keys = kept([key.with_key_id(b"log")]);
            let name = name(number).leak();
            TrustedService { name, issuer: Some(name), keys }
        };
        Self {
            bytes: transparent(receipts),
            issuer: trusted(issuer(), 200).for_issuer(ISSUER),
            services: (0..receipts).map(service).collect(),
        }
    }

    /// Returns the statement.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Decodes the statement and verifies its signature and all receipts.
    ///
    /// # Panics
    /// Never: they are right.
    pub fn verify(&self) {
        let bytes = black_box(&self.bytes);
        let statement =
            TransparentStatement::decode(bytes, &Profile::LENIENT).expect("transparent");
        let mut verifier = Verifier::new(&self.issuer, &self.services);
        verifier.required = self.services.len();
        let context = Context::new(&RustCrypto);
        let found = verifier.verify(&statement, &Input::embedded(), &context).expect("verified");
        _ = black_box(found);
    }
}

/// What of a verification is cryptography: hashes of the entry, the leaves and the paths, and the signatures.
pub struct Cryptography {
    bytes: Vec<u8>,
    keys: Vec<P256VerifyingKey>,
}

impl Cryptography {
    /// Makes that of a statement with so many receipts.
    ///
    /// # Panics
    /// If there are more than 100.
    pub fn of(receipts: u8) -> Self {
        let keys = std::iter::once(issuer()).chain((0..receipts).map(service));
        let keys = keys.map(|key| key.verifying_key()).collect();
        Self { bytes: transparent(receipts), keys }
    }

    /// Hashes the entry, and for each receipt the leaf and the path.
    ///
    /// # Panics
    /// Never: there is a payload.
    pub fn hashes(&self) {
        let statement =
            SignedStatement::decode(&self.bytes, &Profile::LENIENT).expect("a statement");
        let payload = statement.message().danger_unverified_payload().expect("embedded");
        let entry = EntryRule::DEFAULT.entry(statement.message(), payload);
        let digest = Sha256.hash(&entry.parts());
        for _ in 1..self.keys.len() {
            let mut hash = Sha256.hash(&[&[0], digest.as_ref()]);
            for _ in 0..ROWS {
                hash = Sha256.hash(&[&[1], hash.as_ref(), digest.as_ref()]);
            }
            _ = black_box(hash);
        }
    }

    /// Checks as many signatures, of messages as long as theirs.
    pub fn signatures(&self) {
        for key in &self.keys {
            // Whether it is good does not change what it costs.
            let message: [&[u8]; 2] = [&self.bytes[..100], &[7; 32]];
            _ = black_box(key.verify(Algorithm::ES256, &message, &self.bytes[..64]));
        }
    }
}
