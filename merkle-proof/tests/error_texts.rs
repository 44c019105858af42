//! What a user reads when a proof is refused: what is wrong with it, not what should have held.

#[cfg(feature = "cose")]
use merkle_proof::cose;
use merkle_proof::{Error, Malformed, Rule};

#[test]
fn a_proof_that_leads_elsewhere_says_so() {
    let text = |rule| Error::Verification { rule }.to_string();
    assert_eq!(
        text(Rule::InclusionRoot),
        "the inclusion proof leads to another root than the trusted one (M6, RFC 9162 2.1.3.2)"
    );
    assert_eq!(
        text(Rule::OlderRoot),
        "the consistency proof leads to another older root than the one that the verifier holds \
         (M13, RFC 9162 2.1.4.2)"
    );
    assert_eq!(
        Error::Policy { rule: Rule::CcfAnchor }.to_string(),
        "refused by policy: the first path element is a left sibling, so the anchor is not the largest \
         complete subtree at the older size (M35, draft-ietf-scitt-receipts-ccf-profile 4)"
    );
    assert_eq!(
        Error::from(Malformed::IndexNotBelowSize { index: 5, size: 2 }).to_string(),
        "malformed proof: leaf 5 is not in a tree of size 2 (M3, RFC 9162 2.1.3.2)"
    );
}

#[cfg(feature = "cose")]
#[test]
fn a_receipt_says_what_is_wrong_with_it() {
    let text = |kind: cose::ErrorKind| cose::Error::new(kind).to_string();
    let rule = Rule::ReceiptStructure;
    assert_eq!(
        cose::Error::new(cose::ErrorKind::Malformed { rule, fact: None }).at(3).to_string(),
        "the receipt names no data structure at byte 3 (M41, RFC 9942 4.3)"
    );
    assert_eq!(
        text(cose::ErrorKind::Policy { rule }),
        "refused by policy: this verifier does not accept the data structure of the receipt (M41, \
         RFC 9942 4.3)"
    );
    assert_eq!(
        text(cose::ErrorKind::Verification { rule: Rule::RootSigned }),
        "the signature of the receipt is not over the root that its proof leads to (M47, RFC 9942 \
         5.2.1)"
    );
    let proof = Error::Verification { rule: Rule::InclusionRoot };
    assert_eq!(text(cose::ErrorKind::Proof(proof)), proof.to_string());
}

#[cfg(all(feature = "alloc", feature = "rustcrypto"))]
#[test]
fn a_store_without_a_log_says_so() {
    use merkle_proof::Sha256Tree;
    use merkle_proof::store::{Log, MemoryStore, Unsigned};

    let opened = Log::open(MemoryStore::new(), Sha256Tree, "example.org/log", |_| Err(Unsigned));
    assert_eq!(opened.map(drop).unwrap_err().to_string(), "there is no log in the store");
}

#[cfg(feature = "store")]
#[test]
fn a_store_that_is_open_elsewhere_says_so_once() {
    use core::error::Error as _;
    use merkle_proof::store::DurableStore;

    let folder = std::env::temp_dir().join(format!("error-texts-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let first = DurableStore::open(&folder).unwrap();
    let error = DurableStore::open(&folder).map(drop).unwrap_err();
    drop(first);
    std::fs::remove_dir_all(&folder).unwrap();
    let text = error.to_string();
    assert_eq!(text, "writer.lock: another program has the log open");
    // Whoever prints the chain of causes reads it once.
    let mut cause = error.source();
    while let Some(below) = cause {
        assert!(!text.contains(&below.to_string()), "{below}");
        cause = below.source();
    }
}

#[test]
fn no_text_states_what_should_have_held() {
    for rule in Rule::ALL {
        let (holds, broken) = (rule.holds(), rule.broken());
        assert_ne!(holds, broken, "{}", rule.id());
        for obligation in [" must ", " should ", " shall ", " is expected "] {
            assert!(!broken.contains(obligation), "{}: {broken}", rule.id());
        }
    }
}
