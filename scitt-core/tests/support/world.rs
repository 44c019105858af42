//! Issuers, services and statements for the tests, from keys that never change.

#![allow(dead_code)] // Each test file uses its part.

use cose_ext::{
    Context, Input, Label, MapBuilder, Profile, SigStructure,
    cbor::{Head, Reader},
    crypto::{Algorithm, Curve, KeyMaterial, PublicKey, Signer, YCoordinate},
    cwt::ClaimKey,
    header::Vdp,
    key::TrustedKey,
    rustcrypto::{Ed25519SigningKey, P256SigningKey, RustCrypto, Sha256},
};
use merkle_proof::{
    Sha256Tree,
    cose::{Receipt, ReceiptBuilder},
};
use scitt_core::{
    EntryId, EntryRule, MemoryLog, ReceiptKey, Registration, Requirements, ServiceError,
    ServiceKey, SignedStatement, StatementBuilder, TransparencyService,
};
use testkit::fixed_keys::{
    ED25519_COUNTING, ED25519_RFC8032_1, ED25519_RFC8032_2, EcKey, Ed25519Key, P256_COSE_11,
    P256_COUNTING, P256_RFC6979,
};

pub(crate) static ISSUER: EcKey<32> = P256_RFC6979;
pub(crate) static OTHER_ISSUER: EcKey<32> = P256_COSE_11;
pub(crate) static ES256_SERVICE: EcKey<32> = P256_COUNTING;
pub(crate) static SERVICE: Ed25519Key = ED25519_RFC8032_1;
pub(crate) static OTHER_SERVICE: Ed25519Key = ED25519_RFC8032_2;
pub(crate) static STRANGER: Ed25519Key = ED25519_COUNTING;

pub(crate) const ISS: &str = "https://vendor.example";
pub(crate) const SUB: &str = "pump firmware";
pub(crate) const KID: &[u8] = b"issuer 1";
pub(crate) const SERVICE_ISS: &str = "https://log.example";
pub(crate) const SERVICE_KID: &[u8] = b"log 1";
pub(crate) const PAYLOAD: &[u8] = b"it pumps";
pub(crate) const ARTIFACT: &[u8] = b"the bytes of the firmware";

/// When everything happens, in seconds since 1970-01-01T00:00Z.
pub(crate) const LOGGED_AT: i64 = 1_800_000_000;

/// What a service refused; that its log fails is no part of these tests.
pub(crate) fn refusal<T, E: core::fmt::Debug>(
    result: Result<T, ServiceError<E>>,
) -> Result<T, scitt_core::Error> {
    result.map_err(|error| *error.refusal().unwrap())
}

pub(crate) fn context() -> Context<'static> {
    Context::new(&RustCrypto)
}

pub(crate) fn ec_signer(key: &EcKey<32>) -> P256SigningKey {
    P256SigningKey::from_bytes(&key.private).unwrap()
}

pub(crate) fn ed_signer(key: &Ed25519Key) -> Ed25519SigningKey {
    Ed25519SigningKey::from_bytes(&key.private).unwrap()
}

pub(crate) fn ec_public(key: &EcKey<32>) -> PublicKey<'_> {
    let y = YCoordinate::Value(&key.y);
    let material = KeyMaterial::Ec2 { curve: Curve::P256, x: &key.x, y };
    PublicKey { material, algorithm: None }
}

pub(crate) fn ec_key(key: &EcKey<32>) -> TrustedKey<'_> {
    TrustedKey::new(ec_public(key), &context()).unwrap()
}

/// The key of the issuer as it should be enrolled: named, and bound to its issuer.
pub(crate) fn issuer_key() -> TrustedKey<'static> {
    ec_key(&ISSUER).with_key_id(KID).for_issuer(ISS)
}

pub(crate) fn ed_key(key: &Ed25519Key) -> TrustedKey<'_> {
    let material = KeyMaterial::Okp { curve: Curve::ED25519, x: &key.public };
    TrustedKey::new(PublicKey { material, algorithm: None }, &context()).unwrap()
}

/// The key of an Ed25519 service as a relying party enrols it.
pub(crate) fn service_key<'k>(key: &'k Ed25519Key, key_id: &'k [u8]) -> ServiceKey<'k> {
    ServiceKey::new(ed_key(key), Algorithm::EDDSA).with_key_id(key_id)
}

pub(crate) fn builder() -> StatementBuilder {
    StatementBuilder::new(ISS, SUB).key_id(KID)
}

/// A statement of the issuer that meets every requirement.
pub(crate) fn statement() -> Vec<u8> {
    builder().sign(PAYLOAD, &ec_signer(&ISSUER)).unwrap()
}

/// One about the digest of the artifact.
pub(crate) fn envelope() -> Vec<u8> {
    builder().sign_digest_of(ARTIFACT, &Sha256, &ec_signer(&ISSUER)).unwrap()
}

pub(crate) fn decode(bytes: &[u8]) -> SignedStatement<'_> {
    SignedStatement::decode(bytes, &Profile::LENIENT).unwrap()
}

/// `iss` and `sub`, as RFC 9943 wants them.
pub(crate) fn claims() -> MapBuilder {
    MapBuilder::new().with(ClaimKey::ISS, ISS).with(ClaimKey::SUB, SUB)
}

/// A protected header that meets every requirement, to be changed.
pub(crate) fn protected() -> MapBuilder {
    MapBuilder::new()
        .with(Label::ALG, Algorithm::ES256)
        .with(Label::KID, KID)
        .with(Label::CWT_CLAIMS, &claims())
}

/// A COSE_Sign1 of these headers, signed by the issuer whatever they say.
pub(crate) fn signed(protected: &MapBuilder, unprotected: &MapBuilder) -> Vec<u8> {
    Raw::new(&protected.to_bytes()).unprotected(unprotected).sign(&ec_signer(&ISSUER))
}

/// A COSE_Sign1 put together by hand, so that no builder has a say in it.
pub(crate) struct Raw {
    pub(crate) tag: &'static [u8],
    protected: Vec<u8>,
    unprotected: Vec<u8>,
    payload: Vec<u8>,
    is_detached: bool,
    has_long_heads: bool,
}

impl Raw {
    pub(crate) fn new(protected: &[u8]) -> Self {
        Self {
            tag: &[0xd2],
            protected: protected.to_vec(),
            unprotected: vec![0xa0],
            payload: PAYLOAD.to_vec(),
            is_detached: false,
            has_long_heads: false,
        }
    }

    pub(crate) fn untagged(mut self) -> Self {
        self.tag = &[];
        self
    }

    pub(crate) fn unprotected(mut self, unprotected: &MapBuilder) -> Self {
        self.unprotected = unprotected.to_bytes();
        self
    }

    pub(crate) fn payload(mut self, payload: &[u8]) -> Self {
        self.payload = payload.to_vec();
        self
    }

    pub(crate) fn detached(mut self) -> Self {
        self.is_detached = true;
        self
    }

    /// Heads that are longer than they have to be: valid, and not in preferred serialization.
    pub(crate) fn with_long_heads(mut self) -> Self {
        self.has_long_heads = true;
        self
    }

    pub(crate) fn sign(&self, signer: &dyn Signer) -> Vec<u8> {
        let structure = SigStructure::signature1(&self.protected, &[], &self.payload);
        let mut signature = vec![0; signer.signature_len()];
        signer.sign(&structure.parts(), &mut signature).unwrap();
        self.assemble(&signature)
    }

    pub(crate) fn assemble(&self, signature: &[u8]) -> Vec<u8> {
        let string = |bytes: &[u8]| {
            let len = u32::try_from(bytes.len()).unwrap();
            let long = [&[0x5a][..], &len.to_be_bytes()].concat();
            let preferred = Head::bytes(bytes.len());
            let head = if self.has_long_heads { &long } else { preferred.as_bytes() };
            [head, bytes].concat()
        };
        let array: &[u8] = if self.has_long_heads { &[0x98, 4] } else { &[0x84] };
        let payload = if self.is_detached { vec![0xf6] } else { string(&self.payload) };
        [self.tag, array, &string(&self.protected), &self.unprotected, &payload, &string(signature)]
            .concat()
    }
}

/// A transparency service with its key.
pub(crate) struct Log {
    pub(crate) service: TransparencyService<MemoryLog<Sha256Tree>>,
    signer: Ed25519SigningKey,
}

impl Log {
    pub(crate) fn new(issuer: &str, key_id: &[u8], key: &Ed25519Key) -> Self {
        let signer = ed_signer(key);
        let service = TransparencyService::in_memory(
            Sha256Tree,
            issuer,
            ReceiptKey::new(key_id, signer.algorithm()),
        );
        Self { service, signer }
    }

    /// The service that most tests trust, with `others` statements in its log.
    pub(crate) fn usual(others: usize) -> Self {
        let mut log = Self::new(SERVICE_ISS, SERVICE_KID, &SERVICE);
        log.fill(others);
        log
    }

    pub(crate) fn with_entry_rule(mut self, entry_rule: EntryRule) -> Self {
        self.service = self.service.with_entry_rule(entry_rule);
        self
    }

    /// Registers one more statement that nobody asks about.
    pub(crate) fn fill_more(&mut self) {
        let n = usize::try_from(self.service.size()).unwrap();
        self.fill_from(n..n + 1);
    }

    /// Registers `others` statements that nobody asks about.
    pub(crate) fn fill(&mut self, others: usize) {
        self.fill_from(0..others);
    }

    fn fill_from(&mut self, others: core::ops::Range<usize>) {
        for n in others {
            let signer = ed_signer(&STRANGER);
            let other = StatementBuilder::new(ISS, &format!("other {n}")).key_id(b"stranger");
            let other = other.sign(PAYLOAD, &signer).unwrap();
            let registration = Registration {
                issuers: &ed_key(&STRANGER).for_issuer(ISS),
                requirements: Requirements::Rfc9943,
            };
            let input = Input::embedded();
            self.service.register(&other, &input, LOGGED_AT, &registration, &context()).unwrap();
        }
    }

    pub(crate) fn register(
        &mut self,
        statement: &[u8],
        input: &Input<'_, '_>,
    ) -> Result<EntryId, scitt_core::Error> {
        let registration =
            Registration { issuers: &issuer_key(), requirements: Requirements::Lenient };
        refusal(self.service.register(statement, input, LOGGED_AT, &registration, &context()))
    }

    pub(crate) fn receipt(&self, entry: EntryId) -> Vec<u8> {
        let pending = self.service.prepare_receipt(entry, LOGGED_AT, &context()).unwrap();
        pending.sign(&self.signer).unwrap()
    }

    /// Registers a statement with an embedded payload, and gives its receipt.
    pub(crate) fn log(&mut self, statement: &[u8]) -> Vec<u8> {
        let entry = self.register(statement, &Input::embedded()).unwrap();
        self.receipt(entry)
    }
}

/// The transparent statement of these.
pub(crate) fn transparent(statement: &[u8], receipts: &[&[u8]]) -> Vec<u8> {
    decode(statement).with_receipts(receipts).unwrap()
}

/// A statement that the usual service logged among others.
pub(crate) fn usual_transparent(statement: &[u8]) -> Vec<u8> {
    transparent(statement, &[&Log::usual(5).log(statement)])
}

/// A receipt with the proofs of `receipt` over `root`, made again from scratch.
pub(crate) fn reissued(
    root: &[u8; 32],
    receipt: &[u8],
    header: impl FnOnce(ReceiptBuilder) -> ReceiptBuilder,
    signer: &dyn Signer,
) -> Vec<u8> {
    let receipt = Receipt::decode(receipt, &Profile::LENIENT).unwrap();
    let vdp = receipt.message().headers().vdp().unwrap().unwrap();
    let proofs = vdp.proofs(Vdp::INCLUSION).unwrap().unwrap();
    let proofs = proofs.iter().map(|proof| proof.read(Reader::bytes).unwrap().to_vec());
    let again = proofs.fold(ReceiptBuilder::new(receipt.vds()), ReceiptBuilder::inclusion);
    header(again).sign(root, signer).unwrap()
}

/// The order of P-256 (SEC 2 2.4.2), big-endian.
const P256_ORDER: [u8; 32] = [
    0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xbc, 0xe6,
    0xfa, 0xad, 0xa7, 0x17, 0x9e, 0x84, 0xf3, 0xb9, 0xca, 0xc2, 0xfc, 0x63, 0x25, 0x51,
];

/// The statement with n - s for the s of its ECDSA signature: anybody can make it, and it verifies.
pub(crate) fn flip_s(statement: &[u8]) -> Vec<u8> {
    let mut flipped = statement.to_vec();
    let s = flipped.last_chunk_mut::<32>().unwrap();
    let mut borrow = false;
    for (digit, of_order) in s.iter_mut().zip(P256_ORDER).rev() {
        let (difference, first) = of_order.overflowing_sub(*digit);
        let (difference, second) = difference.overflowing_sub(u8::from(borrow));
        (*digit, borrow) = (difference, first || second);
    }
    flipped
}
