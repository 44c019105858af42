//! Policies: whatever words one is made of, what it takes has what it asks for.

use cose_ext::crypto::Algorithm;
use fuzz::{Chosen, Nobody};
use merkle_proof::tlog::{Checkpoint, KeyKind, Note, NoteSigner, Policy, TlogProof, VerifierKey};
use merkle_proof::{LeafIndex, Sha256Tree, TreeHash, TreeSize};

use crate::{LOG, crypto, entry, head, log, refused};

const WITNESSES: [&str; 3] = ["one.example", "two.example", "three.example"];

pub fn check(chosen: &mut Chosen<'_>) {
    if chosen.byte().is_multiple_of(2) {
        words(chosen);
    } else {
        quorum(chosen);
    }
}

fn log_key() -> VerifierKey<'static> {
    VerifierKey::new(LOG, KeyKind::Ed25519, &[0x81; 32], &crypto()).expect("a name")
}

fn witness_key(place: usize) -> VerifierKey<'static> {
    static KEYS: [[u8; 32]; 3] = [[1; 32], [2; 32], [3; 32]];
    let kind = KeyKind::Ed25519Cosignature;
    VerifierKey::new(WITNESSES[place], kind, &KEYS[place], &crypto()).expect("a name")
}

/// A text of any words, and what it says of a note that all of them signed.
fn words(chosen: &mut Chosen<'_>) {
    let keys =
        [log_key(), witness_key(0), witness_key(1), witness_key(2)].map(|key| key.to_string());
    let words = [
        "\n",
        " ",
        "\t",
        "log ",
        "witness ",
        "group ",
        "quorum ",
        "none",
        "any ",
        "all ",
        "0 ",
        "1 ",
        "2 ",
        "w ",
        "v ",
        "g ",
        "h ",
        "#",
        "https://log.example ",
        "\u{7}",
        "ü",
        &keys[0],
        &keys[1],
        &keys[2],
        &keys[3],
    ];
    let mut text = String::new();
    while !chosen.is_done() && text.len() < 4096 {
        text.push_str(chosen.one_of(words));
    }
    let policy = match Policy::parse(text.as_bytes(), &crypto()) {
        Ok(policy) => policy,
        Err(error) => return refused(&error),
    };
    let note = note(3, &[0, 1, 2]);
    let note = Note::parse(note.as_bytes()).expect("it was made");
    assert!(policy.witnesses().count() <= 3 && policy.logs().len() <= 2);
    let of_log = policy.logs().iter().any(|log| log.key().is_key_of(&log_key()));
    match policy.verify(&note, &crypto()) {
        Ok(checkpoint) => assert!(of_log && checkpoint.size() == 3),
        Err(error) => refused(&error),
    }
    for party in policy.logs() {
        assert!(
            party.url().is_none_or(|url| text.as_bytes().windows(url.len()).any(|it| it == url))
        );
    }
}

/// Some witnesses of three, in a group within a group, of which so many are asked for.
fn quorum(chosen: &mut Chosen<'_>) {
    let signed: Vec<usize> = (0..3).filter(|_| chosen.byte() % 2 == 1).collect();
    let (threshold, word) =
        chosen.one_of([(1, "1"), (1, "any"), (2, "2"), (3, "3"), (3, "all"), (0, "0"), (4, "4")]);
    let nested = chosen.byte() % 2 == 1;
    let mut text = format!("# Of a test\nlog {} https://log.example\n", log_key());
    for place in 0..3 {
        text.push_str(&format!("witness w{place} {}\n", witness_key(place)));
    }
    text.push_str(&match nested {
        // The first counts for itself, the others together.
        true => format!("group pair any w1 w2\ngroup all {word} w0 pair\nquorum all\n"),
        false => format!("group all {word} w0 w1 w2\nquorum all\n"),
    });
    let policy = Policy::parse(text.as_bytes(), &crypto());
    let members = if nested { 2 } else { 3 };
    let threshold = if word == "all" { members } else { threshold };
    if threshold == 0 || threshold > members {
        return refused(&policy.expect_err("no such number of members"));
    }
    let policy = policy.expect("a policy");
    assert_eq!(policy.witnesses().count(), 3);
    let have = match nested {
        true => usize::from(signed.contains(&0)) + usize::from(signed.iter().any(|it| *it > 0)),
        false => signed.len(),
    };
    let size = 1 + crate::size(chosen) % 600;
    let index = chosen.below(size as usize) as u64;
    let note = note(size, &signed);
    let read = Note::parse(note.as_bytes()).expect("it was made");
    let verdict = policy.verify(&read, &crypto());
    assert_eq!(verdict.is_ok(), have >= threshold);
    if let Err(error) = verdict {
        refused(&error);
    }
    assert!(policy.verify_of(&read, &[witness_key(0)], &crypto()).is_err());
    // A file with a proof is good if the path is, and the note by the policy.
    let mut path = log().inclusion_path(LeafIndex(index), TreeSize(size)).expect("a leaf");
    let changed = !path.is_empty() && chosen.byte() % 4 == 3;
    if changed {
        path[0][0] ^= 1;
    }
    let file = merkle_proof::tlog::write_tlog_proof(None, LeafIndex(index), &path, note.as_bytes());
    let file = file.expect("short enough");
    let proof = TlogProof::parse(file.as_bytes()).expect("it was made");
    let leaf = Sha256Tree.leaf(&[&entry(index)]);
    let good = proof.verify_by(&Sha256Tree, &leaf, &policy, &crypto());
    assert_eq!(good.is_ok(), have >= threshold && !changed);
    let good = proof.verify(&Sha256Tree, &leaf, &[log_key()], &crypto());
    assert_eq!(good.is_ok(), !changed);
    if let Err(error) = good {
        refused(&error);
    }
    let stranger = VerifierKey::new("log", KeyKind::Ed25519, &[0x81; 32], &crypto());
    let stranger = [stranger.expect("a name")];
    assert!(proof.verify(&Sha256Tree, &leaf, &stranger, &crypto()).is_err());
}

/// A note of the log with lines of some witnesses.
pub fn note(size: u64, signed: &[usize]) -> String {
    let checkpoint = Checkpoint::new(LOG, size, *head(size).root.hash()).expect("an origin");
    let by = |key, time| {
        let signer = NoteSigner::new(key, &Nobody(Algorithm::EDDSA)).expect("of that kind");
        signer.line(&checkpoint.to_string(), time).expect("a signature")
    };
    let mut note = format!("{checkpoint}\n{}", by(log_key(), None));
    for place in signed {
        note.push_str(&by(witness_key(*place), Some(7)));
    }
    note
}
