//! Transparent statements with something changed: never a panic, nothing from the heap, and a valid
//! verdict only where nothing changed that was signed or proved.

#[path = "support/frozen.rs"]
mod frozen;
#[path = "support/keys.rs"]
mod keys;
#[path = "support/published.rs"]
mod published;
#[path = "support/world.rs"]
mod world;

use cose_ext::{
    Context, Input, Profile,
    crypto::{Algorithm, Key, SignatureVerifier},
    header::Vds,
    key::{Identity, TrustedKey},
    rustcrypto::RustCrypto,
};
use frozen::Frozen;
use merkle_proof::cose::Receipt;
use proptest::{
    collection::vec,
    prelude::*,
    sample::Index,
    test_runner::{Config, TestRunner},
};
use scitt_core::{
    EntryRule, Error, Requirements, ServiceKey, SignedStatement, Transparent, TransparentStatement,
    TrustedService, Verifier,
};
use testkit::alloc_count::{Counting, allocations_during};
use world::*;

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// What was signed and proved. Tree size and leaf index of vds 1 are not in here: nobody signs them.
#[derive(Debug, PartialEq)]
struct Substance {
    protected: Vec<u8>,
    payload: Option<Vec<u8>>,
    signature: Vec<u8>,
    root: [u8; 32],
}

/// What one receipt signs and proves, for one root.
#[derive(Clone, Debug, PartialEq)]
struct Proof {
    protected: Vec<u8>,
    signature: Vec<u8>,
    leaf: Vec<Vec<u8>>,
    path: Vec<(bool, Vec<u8>)>,
}

fn substance_of(verified: &Transparent<'_>) -> Substance {
    let logged = verified.inclusion().value();
    Substance {
        protected: verified.statement().value().protected().as_received().to_vec(),
        payload: logged.payload().map(<[u8]>::to_vec),
        signature: logged.signature().unwrap().to_vec(),
        root: *verified.inclusion().root().value().hash(),
    }
}

/// The proofs of all receipts that can be read.
fn proofs(bytes: &[u8]) -> Vec<Proof> {
    let Ok(transparent) = TransparentStatement::decode(bytes, &Profile::LENIENT) else {
        return Vec::new();
    };
    let mut all = Vec::new();
    for (_, receipt) in transparent.receipts().iter() {
        let Ok(receipt) = Receipt::decode(receipt, &Profile::LENIENT) else { continue };
        let message = receipt.message();
        let (protected, signature) = (message.headers().protected(), message.signature());
        let mut add = |leaf: Vec<Vec<u8>>, path: Vec<(bool, Vec<u8>)>| {
            let (protected, signature) = (protected.as_received().to_vec(), signature.to_vec());
            all.push(Proof { protected, signature, leaf, path });
        };
        if receipt.vds() == Vds::CCF_LEDGER_SHA256 {
            for proof in receipt
                .ccf_ledger()
                .and_then(|receipt| receipt.inclusion_proofs())
                .into_iter()
                .flatten()
                .flatten()
            {
                let leaf = proof.leaf();
                let leaf = [
                    &leaf.internal_transaction_hash()[..],
                    leaf.internal_evidence().as_bytes(),
                    leaf.data_hash(),
                ];
                let path = proof.path().flatten().map(|it| (it.left, it.hash.to_vec()));
                add(leaf.map(<[u8]>::to_vec).to_vec(), path.collect());
            }
        } else {
            for proof in receipt
                .rfc9162()
                .and_then(|receipt| receipt.inclusion_proofs())
                .into_iter()
                .flatten()
                .flatten()
            {
                let path = proof.path().flatten().map(|hash| (false, hash.to_vec()));
                add(Vec::new(), path.collect());
            }
        }
    }
    all
}

/// One transparent statement, and those who can judge it.
struct Subject<'s> {
    name: String,
    bytes: Vec<u8>,
    issuer: &'s dyn SignatureVerifier,
    service: &'s dyn SignatureVerifier,
    algorithm: Algorithm,
    vds: Vds,
    substance: Option<Substance>,
    proof: Option<Proof>,
}

impl<'s> Subject<'s> {
    fn new(
        name: &str,
        bytes: Vec<u8>,
        issuer: &'s dyn SignatureVerifier,
        service: &'s dyn SignatureVerifier,
        (algorithm, vds): (Algorithm, Vds),
    ) -> Self {
        let name = name.to_owned();
        let (substance, proof) = (None, None);
        let mut subject = Self { name, bytes, issuer, service, algorithm, vds, substance, proof };
        let (found, proof) = subject.with_verdict(&subject.bytes, |verdict| {
            (verdict.map(|verified| substance_of(&verified)), proofs(&subject.bytes))
        });
        subject.substance = Some(found.unwrap());
        subject.proof = proof.first().cloned();
        assert!(subject.proof.is_some());
        subject
    }

    fn with_verdict<T>(
        &self,
        bytes: &[u8],
        then: impl FnOnce(Result<Transparent<'_>, Error>) -> T,
    ) -> T {
        let context = Context::new(&RustCrypto);
        let issuer = TrustedKey::parsed(self.issuer, Identity::new([1; 32]));
        let service = TrustedKey::parsed(self.service, Identity::new([2; 32]));
        let keys = [ServiceKey::new(service, self.algorithm)
            .with_vds(self.vds)
            .with_entry_rule(EntryRule::DEFAULT)];
        let services = [TrustedService { name: "log", issuer: None, keys: &keys }];
        let verifier = Verifier::new(&issuer, &services).with_requirements(Requirements::Lenient);
        let verdict = TransparentStatement::decode(bytes, &Profile::LENIENT)
            .and_then(|it| verifier.verify(&it, &Input::embedded(), &context));
        then(verdict)
    }

    /// Whether the verdict is a valid one; then everything of substance has to be as it was.
    fn judge(&self, changed: &[u8]) -> bool {
        let (verdict, allocated) =
            allocations_during(|| self.with_verdict(changed, |verdict| verdict.map(drop)));
        assert_eq!(allocated.count, 0, "{}", self.name);
        match verdict {
            Ok(()) => self.with_verdict(changed, |verified| {
                let verified = verified.unwrap();
                assert_eq!(Some(substance_of(&verified)), self.substance, "{}", self.name);
                let proof = self.proof.as_ref().unwrap();
                assert!(proofs(changed).contains(proof), "{}", self.name);
                let _ = verified.not_checked().count();
            }),
            Err(error) => {
                let _ = (error.verdict(), error.rule(), error.to_string());
            }
        }
        if let Ok(statement) = SignedStatement::decode(changed, &Profile::LENIENT) {
            let _ = (statement.unmet_requirements().count(), format!("{statement:?}"));
        }
        verdict.is_ok()
    }
}

/// Runs a test over our own transparent statements and the published ones, with keys that accept
/// nothing but what they accepted at first.
fn over_all_subjects(test: impl Fn(&Subject<'_>)) {
    let issuer = Frozen::new(ec_signer(&ISSUER).verifying_key());
    let service = Frozen::new(ed_signer(&SERVICE).verifying_key());
    let log = (Algorithm::EDDSA, Vds::RFC9162_SHA256);
    let own = [("statement", statement()), ("hash envelope", envelope())].map(|(name, bytes)| {
        Subject::new(name, logged_in_the_middle(&bytes), &issuer, &service, log)
    });
    issuer.freeze();
    service.freeze();
    own.iter().for_each(&test);
    for file in published::published() {
        let issuer = Frozen::new(Key::new(file.issuer.public_key(), &RustCrypto));
        let service = Frozen::new(Key::new(file.service.public_key(), &RustCrypto));
        let ledger = (file.service.usual_algorithm(), Vds::CCF_LEDGER_SHA256);
        let subject = Subject::new(file.name, file.bytes, &issuer, &service, ledger);
        issuer.freeze();
        service.freeze();
        test(&subject);
    }
}

/// Leaf 2 of 12: a few other sizes give the path the same turns.
fn logged_in_the_middle(statement: &[u8]) -> Vec<u8> {
    let mut log = Log::usual(2);
    let entry = log.register(statement, &Input::embedded()).unwrap();
    log.fill(11);
    transparent(statement, &[&log.receipt(entry)])
}

#[test]
fn s14_no_byte_that_was_signed_or_proved_can_be_changed() {
    over_all_subjects(|subject| {
        let mut still_valid = 0;
        // Of the large ones a part: their certificates are many bytes of one kind.
        let step = 1 + subject.bytes.len() / 800;
        for at in (0..subject.bytes.len()).step_by(step) {
            for change in [0x01, 0x80, 0xff] {
                let mut changed = subject.bytes.clone();
                changed[at] ^= change;
                still_valid += usize::from(subject.judge(&changed));
            }
        }
        // Tree size and leaf index: bytes that may change without changing the turns of the path.
        if subject.vds == Vds::RFC9162_SHA256 {
            assert!(still_valid > 0, "{}", subject.name);
        } else {
            assert_eq!(still_valid, 0, "{}", subject.name);
        }
    });
}

#[test]
fn no_part_of_a_transparent_statement_is_one() {
    over_all_subjects(|subject| {
        let step = 1 + subject.bytes.len() / 300;
        for len in (0..subject.bytes.len()).step_by(step) {
            assert!(!subject.judge(&subject.bytes[..len]));
            // Without its first byte, the tag, it is still one to lenient requirements.
            assert!(!subject.judge(subject.bytes.get(len + 2..).unwrap_or_default()));
        }
        assert!(!subject.judge(&[&subject.bytes[..], &[0xf6]].concat()));
    });
}

/// One change to a byte string.
#[derive(Clone, Debug)]
enum Change {
    Xor(Index, u8),
    Set(Index, u8),
    Insert(Index, Vec<u8>),
    Remove(Index, usize),
    Copy(Index, Index, usize),
}

impl Change {
    fn apply(&self, bytes: &mut Vec<u8>) {
        if bytes.is_empty() {
            return;
        }
        let len = bytes.len();
        match self {
            Self::Xor(at, difference) => bytes[at.index(len)] ^= difference,
            Self::Set(at, value) => bytes[at.index(len)] = *value,
            Self::Insert(at, inserted) => {
                let at = at.index(len);
                bytes.splice(at..at, inserted.iter().copied());
            }
            Self::Remove(at, count) => {
                let at = at.index(len);
                bytes.drain(at..len.min(at + count));
            }
            Self::Copy(from, to, count) => {
                let (from, to) = (from.index(len), to.index(len));
                let copied = bytes[from..len.min(from + count)].to_vec();
                bytes.splice(to..to, copied);
            }
        }
    }
}

fn change() -> impl Strategy<Value = Change> {
    // Heads that promise much, and bytes that end or open something.
    let head = prop::sample::select(vec![
        0x00, 0x18, 0x1b, 0x38, 0x40, 0x58, 0x5b, 0x5f, 0x78, 0x7f, 0x80, 0x9b, 0x9f, 0xa0, 0xa1,
        0xbb, 0xbf, 0xc1, 0xd2, 0xdb, 0xf6, 0xf7, 0xff,
    ]);
    let at = any::<Index>;
    prop_oneof![
        (at(), 1..=u8::MAX).prop_map(|(at, difference)| Change::Xor(at, difference)),
        (at(), head).prop_map(|(at, value)| Change::Set(at, value)),
        (at(), vec(any::<u8>(), 1..10)).prop_map(|(at, bytes)| Change::Insert(at, bytes)),
        (at(), 1..40_usize).prop_map(|(at, count)| Change::Remove(at, count)),
        (at(), at(), 1..80_usize).prop_map(|(from, to, count)| Change::Copy(from, to, count)),
    ]
}

#[test]
fn s14_random_changes_make_no_other_statement_valid() {
    over_all_subjects(|subject| {
        let mut runner = TestRunner::new(Config { cases: 400, ..Config::default() });
        let changes = vec(change(), 1..4);
        runner
            .run(&changes, |changes| {
                let mut changed = subject.bytes.clone();
                changes.iter().for_each(|change| change.apply(&mut changed));
                subject.judge(&changed);
                Ok(())
            })
            .unwrap();
    });
}

#[test]
fn with_real_keys_it_is_the_same() {
    let (issuer, service) =
        (ec_signer(&ISSUER).verifying_key(), ed_signer(&SERVICE).verifying_key());
    let log = (Algorithm::EDDSA, Vds::RFC9162_SHA256);
    let bytes = usual_transparent(&statement());
    let subject = Subject::new("statement", bytes, &issuer, &service, log);
    let mut runner = TestRunner::new(Config { cases: 40, ..Config::default() });
    let changes = (any::<Index>(), 1..=u8::MAX);
    let judged = runner.run(&changes, |(at, difference)| {
        let mut changed = subject.bytes.clone();
        Change::Xor(at, difference).apply(&mut changed);
        subject.judge(&changed);
        Ok(())
    });
    judged.unwrap();
}

#[test]
fn any_bytes_have_a_verdict() {
    let mut runner = TestRunner::new(Config { cases: 2000, ..Config::default() });
    let bytes = (any::<bool>(), vec(any::<u8>(), 0..200));
    let judged = runner.run(&bytes, |(is_framed, mut bytes)| {
        if is_framed {
            bytes.splice(..0, [0xd2, 0x84]);
        }
        let (verdict, allocated) = allocations_during(|| {
            let decoded = TransparentStatement::decode(&bytes, &Profile::LENIENT);
            decoded.map(drop).map_err(|error| error.verdict())
        });
        prop_assert_eq!(allocated.count, 0);
        prop_assert_ne!(verdict, Ok(()));
        Ok(())
    });
    judged.unwrap();
}
