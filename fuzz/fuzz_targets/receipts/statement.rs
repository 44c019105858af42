//! Statements with receipts of several services: each counts that is of the statement, by a key that its service has, and
//! no other.

use cose_ext::crypto::Algorithm;
use cose_ext::cwt::Time;
use cose_ext::header::Vds;
use cose_ext::key::{KeyResolver, TrustStore, TrustedKey};
use cose_ext::rustcrypto::Sha256;
use cose_ext::{Context, Input, MapBuilder, Profile};
use fuzz::{Accept, Chosen, with_keys};
use merkle_proof::ccf::{CcfSha256Tree, Leaf};
use merkle_proof::cose::{
    Receipt, ReceiptBuilder, encode_ccf_inclusion, encode_inclusion, encode_mmr_inclusion,
};
use merkle_proof::mmr::{MmrHash, MmrSha256};
use merkle_proof::{Sha256Tree, TreeHash, UnauthenticatedPosition};
use scitt_core::{
    EntryEncoding, EntryPayload, EntryRule, Judged, KeyStatus, Limits, ReceiptRules, Requirements,
    ServiceKey, SignedStatement, StatementBuilder, StatementEntries, StatementSignature,
    TransparentStatement, TrustedService, Verifier,
};

use crate::SIGNER;

const PAYLOAD: &[u8] = b"an artifact";
const SERVICES: [&str; 3] = ["https://a.example", "https://b.example", "https://c.example"];

/// How a service logs, and what of its receipts is wrong.
#[derive(Clone, Copy, Debug)]
struct Service {
    vds: Vds,
    rule: EntryRule,
    status: KeyStatus,
    is_bare: bool,
    is_certified: bool,
    wrong: u8,
}

impl Service {
    fn chosen(chosen: &mut Chosen<'_>) -> Self {
        let encodings = [
            EntryEncoding::AsReceived,
            EntryEncoding::Preferred(EntryPayload::Attached),
            EntryEncoding::Preferred(EntryPayload::AsSubmitted),
            EntryEncoding::Preferred(EntryPayload::Nil),
        ];
        let hash = chosen.one_of([Some(Algorithm::SHA256), Some(Algorithm::SHA256), None]);
        let current = KeyStatus::Current;
        Self {
            vds: chosen.one_of([Vds::RFC9162_SHA256, Vds::CCF_LEDGER_SHA256, Vds::MMR_SHA256]),
            rule: EntryRule { encoding: chosen.one_of(encodings), hash },
            status: chosen.one_of([
                current,
                current,
                KeyStatus::RetiredAccepted,
                KeyStatus::Retired,
                KeyStatus::Compromised,
            ]),
            is_bare: chosen.byte() % 8 == 0,
            is_certified: chosen.byte() % 8 == 0,
            wrong: chosen.byte() % 24,
        }
    }

    /// A receipt of a log with one entry.
    fn receipt(&self, place: usize, entry: &[u8]) -> Vec<u8> {
        let entry: &[u8] = if self.wrong == 0 { b"another" } else { entry };
        let (proof, root) = match self.vds {
            Vds::CCF_LEDGER_SHA256 => {
                let leaf = Leaf::new(&[3; 32], "evidence", &entry[..entry.len().min(32)]);
                let Ok(leaf) = leaf else { return b"a receipt".to_vec() };
                let path: [merkle_proof::ccf::PathElement<[u8; 32]>; 0] = [];
                (encode_ccf_inclusion(&leaf, &path), leaf.hash(&CcfSha256Tree))
            }
            Vds::MMR_SHA256 => (encode_mmr_inclusion::<[u8; 32]>(0, &[]), MmrSha256.leaf(&[entry])),
            _ => {
                let position = UnauthenticatedPosition { tree_size: 1, leaf_index: 0 };
                (encode_inclusion::<[u8; 32]>(position, &[]), Sha256Tree.leaf(&[entry]))
            }
        };
        let issuer = if self.wrong == 1 { "https://d.example" } else { SERVICES[place] };
        let claims = MapBuilder::new().with(1, issuer).with(2, "log");
        let mut receipt = ReceiptBuilder::new(self.vds).inclusion(proof);
        if self.wrong != 2 {
            receipt = receipt.cwt_claims(&claims);
        }
        if self.is_certified {
            receipt = receipt.certified_by(&[b"a certificate"]);
        }
        let key_id: &[u8] = if self.wrong == 3 { b"no key" } else { SERVICES[place].as_bytes() };
        receipt = receipt.key_id(key_id);
        let root = if self.wrong == 4 { [7; 32] } else { root };
        receipt.sign(&root, &SIGNER).expect("a receipt")
    }

    fn key<'k>(
        &self,
        place: usize,
        key: TrustedKey<'k>,
        paths: &'k dyn KeyResolver,
    ) -> ServiceKey<'k> {
        let other = matches!(self.wrong, 5 | 6);
        let algorithm = if other { Algorithm::EDDSA } else { Algorithm::ES256 };
        let made = match self.is_certified {
            true => ServiceKey::certified(paths, algorithm),
            false => ServiceKey::new(key, algorithm),
        };
        assert_eq!(made.key.enrolled().is_none(), self.is_certified);
        assert!(!format!("{made:?}").is_empty());
        let made = made.with_key_id(SERVICES[place].as_bytes());
        let made =
            if self.wrong == 6 { made.with_more_algorithms(&[Algorithm::ES256]) } else { made };
        let vds = if self.wrong == 7 { Vds::RFC9162_SHA256 } else { self.vds };
        made.with_vds(vds).with_entry_rule(self.rule).with_status(self.status)
    }

    /// The receipt counts, strictly or leniently.
    fn counts(&self, entry: &[u8], requirements: Requirements) -> bool {
        let is_current = matches!(self.status, KeyStatus::Current | KeyStatus::RetiredAccepted);
        let is_right = match self.wrong {
            0 | 3 | 4 | 5 => false,
            // A service without a name is not asked for it.
            1 => self.is_bare,
            2 => self.is_bare && requirements == Requirements::Lenient,
            7 => self.vds == Vds::RFC9162_SHA256,
            _ => true,
        };
        let has_leaf = match self.vds {
            Vds::CCF_LEDGER_SHA256 => entry.len() == 32,
            Vds::MMR_SHA256 => entry.len() != 72,
            _ => true,
        };
        is_current && is_right && has_leaf
    }
}

/// The statement and where its payload is.
fn statement(chosen: &mut Chosen<'_>) -> (Vec<u8>, Input<'static, 'static>) {
    let mut builder = StatementBuilder::new("https://maker.example", "thing").key_id(b"1");
    if chosen.byte() % 4 == 0 {
        builder = builder.issued_at(1_700_000_000);
    }
    if chosen.byte() % 4 == 0 {
        builder = builder.certified_by(&[b"a certificate"]);
    }
    let (made, input) = match chosen.byte() % 4 {
        0 => (builder.sign_detached(PAYLOAD, &SIGNER), Input::detached(PAYLOAD)),
        1 => (builder.sign_digest_of(PAYLOAD, &Sha256, &SIGNER), Input::embedded()),
        _ => (builder.sign(PAYLOAD, &SIGNER), Input::embedded()),
    };
    (made.expect("a statement"), input)
}

pub fn check(chosen: &mut Chosen<'_>) {
    let (bytes, input) = statement(chosen);
    let signed = SignedStatement::decode(&bytes, &Profile::DETERMINISTIC).expect("it was made");
    let payload = signed.message().danger_unverified_payload_of(&input).expect("where it is");
    let (required, count) = (usize::from(chosen.byte()) % 4, 1 + usize::from(chosen.byte()) % 3);
    let services: Vec<_> = (0..count).map(|_| Service::chosen(chosen)).collect();
    let entry = |service: &Service| match service.rule.hash {
        Some(_) => service.rule.entry(signed.message(), payload).hash(&Sha256).as_ref().to_vec(),
        None => service.rule.entry(signed.message(), payload).parts().concat(),
    };
    let entries: Vec<_> = services.iter().map(entry).collect();
    let receipts: Vec<_> =
        (0..count).map(|place| services[place].receipt(place, &entries[place])).collect();
    let lent: Vec<&[u8]> = receipts.iter().map(|receipt| &receipt[..]).collect();
    let transparent = signed.with_receipts(&lent).expect("a few receipts");
    let transparent = TransparentStatement::decode(&transparent, &Profile::DETERMINISTIC);
    let transparent = transparent.expect("it was made");
    with_keys(|issuers| {
        let key = issuers.keys()[0];
        let keys: Vec<_> =
            (0..count).map(|place| [services[place].key(place, key, issuers)]).collect();
        let trusted: Vec<_> = (0..count)
            .map(|place| TrustedService {
                name: SERVICES[place],
                issuer: (!services[place].is_bare).then_some(SERVICES[place]),
                keys: &keys[place],
            })
            .collect();
        for requirements in [Requirements::Rfc9943, Requirements::Lenient] {
            let counts: Vec<_> = (0..count)
                .map(|place| services[place].counts(&entries[place], requirements))
                .collect();
            let verifier = Verifier::new(issuers, &trusted)
                .with_requirements(requirements)
                .requiring(required)
                .at(Time::Seconds(1_800_000_000));
            // What no issuer signed has to be bound by the first entry that is found.
            let first = counts.iter().position(|counts| *counts).unwrap_or(0);
            let is_bound = match services[first].rule.encoding {
                EntryEncoding::Preferred(EntryPayload::Attached) => true,
                EntryEncoding::Preferred(EntryPayload::Nil) => false,
                _ => signed.message().danger_unverified_payload().is_some(),
            };
            whole(&verifier, &transparent, &input, (&counts, is_bound));
            let rules = ReceiptRules { requirements, ..ReceiptRules::DEFAULT };
            alone(&trusted, &receipts, &transparent, &input, &rules, &counts);
        }
    });
}

/// So many services count, and that is enough or not.
fn whole(
    verifier: &Verifier<'_>,
    transparent: &TransparentStatement<'_>,
    input: &Input<'_, '_>,
    (counts, is_bound): (&[bool], bool),
) {
    let context = Context::new(&Accept::NOBODY);
    let good = counts.iter().filter(|counts| **counts).count();
    let is_enough = good >= verifier.required && good > 0;
    let verdict = verifier.verify_reporting(transparent, input, &context, &mut |report| {
        assert_eq!(report.outcome.is_ok(), counts[report.index], "{report:?}");
        if let Err(error) = report.outcome {
            assert!(!error.to_string().is_empty());
        }
    });
    match &verdict {
        Ok(verified) => {
            assert_eq!(verified.services(), good);
            assert!(verified.inclusion().root().value().vds() == verified.inclusion().vds());
            assert_eq!(verified.statement().value().subject(), Some("thing"));
            for open in verified.not_checked() {
                assert!(!open.to_string().is_empty() && open.clause() != Some(""));
            }
        }
        Err(error) => assert!(!error.to_string().is_empty()),
    }
    assert_eq!(verdict.is_ok(), is_enough, "{:?}", verdict.err());
    let included = verifier.verify_inclusion_only(transparent, input, &context);
    assert_eq!(included.is_ok(), is_enough && is_bound, "{:?}", included.err());
    if let Ok(included) = included {
        let logged = included.value();
        assert!(logged.protected().key_id().is_ok_and(|id| id == Some(b"1")));
        assert!(logged.payload().is_none_or(|payload| !payload.is_empty()));
        assert!(logged.signature().is_none_or(|signature| signature.len() == 64));
    }
    let mut shown = false;
    let then = verifier.verify_then(transparent, input, &context, &mut |_| shown = true);
    assert_eq!((then.is_ok(), shown), (is_enough, is_enough));
    // Who does not look at receipts sees none, and who leaves the issuer to the service does not name it.
    let blind = verifier.with_limits(Limits::DEFAULT.with_receipts(0));
    assert!(blind.verify(transparent, input, &context).is_err());
    for signature in [StatementSignature::WhereEnrolled, StatementSignature::LeftToService] {
        let strangers = TrustStore::new(&[]);
        let judging = Verifier { issuers: &strangers, ..verifier.with_signature(signature) };
        let judged = judging.judge(transparent, input, &context);
        assert_eq!(matches!(judged, Ok(Judged::Included(_))), is_enough && is_bound);
        assert_eq!(judged.is_ok(), is_enough && is_bound);
    }
    let required = verifier.with_signature(StatementSignature::Required);
    let judged = required.judge(transparent, input, &context);
    assert_eq!(matches!(judged, Ok(Judged::Transparent(_))), is_enough);
}

/// Each receipt alone, by the service that it is of.
fn alone(
    trusted: &[TrustedService<'_>],
    receipts: &[Vec<u8>],
    transparent: &TransparentStatement<'_>,
    input: &Input<'_, '_>,
    rules: &ReceiptRules<'_>,
    counts: &[bool],
) {
    let context = Context::new(&Accept::NOBODY);
    let mut entries = StatementEntries::new(transparent.statement(), input).expect("where it is");
    for (place, receipt) in receipts.iter().enumerate() {
        let Ok(receipt) = Receipt::decode(receipt, &Profile::DETERMINISTIC) else { continue };
        let service = &trusted[place];
        assert!(format!("{service:?}").contains(SERVICES[place]));
        let verdict = service.verify_inclusion(&mut entries, &receipt, rules, &context);
        assert_eq!(verdict.is_ok(), counts[place], "{verdict:?}");
        if let Ok(included) = verdict {
            assert_eq!(included.is_registered_structure(), receipt.vds().is_registered());
        }
        let mut root = None;
        let shown = service.with_root(&mut entries, &receipt, rules, &context, &mut |signed| {
            root = Some(*signed.value().hash());
        });
        assert_eq!((shown.is_ok(), root.is_some()), (counts[place], counts[place]));
        // Nobody else has the key.
        for other in trusted.iter().filter(|other| other.name != service.name) {
            assert!(other.verify_inclusion(&mut entries, &receipt, rules, &context).is_err());
        }
    }
}
