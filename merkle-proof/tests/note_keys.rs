//! Note signatures of every type, made and verified; policies, and proofs in files of their own.

use cose_ext::crypto::{Algorithm, KeyMaterial, SignError, Signer};
use cose_ext::rustcrypto::{Ed25519SigningKey, MlDsa44SigningKey, P256SigningKey, RustCrypto};
use merkle_proof::tlog::{
    Base64, Checkpoint, CoseNoteCrypto, Cosignature, Error, KeyKind, Note, NoteMessage, NoteSigner,
    Policy, TlogProof, TreeHeadSignature, VerifierKey, write_tlog_proof,
};
use merkle_proof::{LeafIndex, MemoryTree, Rule, Sha256Tree, TreeHash, TreeSize};
use p384::ecdsa::signature::hazmat::PrehashSigner;
use sha2::{Digest, Sha256};
use testkit::fixed_keys::{ED25519_RFC8032_1, ED25519_RFC8032_2, P256_COUNTING};

const LOG: &str = "example.org/log";
const WITNESS: &str = "example.org/witness";

fn crypto() -> CoseNoteCrypto<'static> {
    CoseNoteCrypto::new(&RustCrypto).unwrap()
}

fn text(size: u64) -> String {
    Checkpoint::new(LOG, size, [3; 32]).unwrap().to_string()
}

fn spki() -> Vec<u8> {
    let head = hex::decode("3059301306072a8648ce3d020106082a8648ce3d03010703420004").unwrap();
    [&head[..], &P256_COUNTING.x, &P256_COUNTING.y].concat()
}

fn refused(rule: Rule) -> Error {
    Error::Verification { rule }
}

#[test]
fn notes_are_signed_by_keys_of_every_type() {
    let ed25519 = Ed25519SigningKey::from_bytes(&ED25519_RFC8032_1.private).unwrap();
    let p256 = P256SigningKey::from_bytes(&P256_COUNTING.private).unwrap();
    let ml_dsa = MlDsa44SigningKey::from_bytes(&[7; 32]).unwrap();
    let (spki, akp) = (spki(), ml_dsa_public());
    type Kind<'k> = (KeyKind, &'k [u8], &'k dyn Signer, Option<u64>);
    let kinds: [Kind<'_>; 5] = [
        (KeyKind::Ed25519, &ED25519_RFC8032_1.public, &ed25519, None),
        (KeyKind::Ecdsa, &spki, &p256, None),
        (KeyKind::Ed25519Cosignature, &ED25519_RFC8032_1.public, &ed25519, Some(1_700_000_000)),
        (KeyKind::Rfc6962, &spki, &p256, Some(1_700_000_000_123)),
        (KeyKind::MlDsa44Cosignature, &akp, &ml_dsa, Some(1_700_000_000)),
    ];
    for (kind, public, signer, time) in kinds {
        let key = VerifierKey::new(LOG, kind, public, &crypto()).unwrap();
        let printed = key.to_string();
        let key = VerifierKey::parse(&printed, &crypto()).unwrap();
        let signer = NoteSigner::new(key, signer).unwrap();
        let note = signer.note(&Checkpoint::new(LOG, 7, [3; 32]).unwrap(), time).unwrap();
        let parsed = Note::parse(&note).unwrap();
        let signs_text = kind != KeyKind::Ed25519Cosignature;
        let expected = if signs_text { Ok(text(7)) } else { Err(refused(Rule::NoteKnownKey)) };
        assert_eq!(parsed.verify(&[key], &crypto()).map(str::to_owned), expected, "{kind:?}");
        let cosignature = Cosignature::verify(&parsed, &key, &crypto());
        let head = TreeHeadSignature::verify(&parsed, &key, &crypto());
        match kind {
            KeyKind::Ed25519Cosignature | KeyKind::MlDsa44Cosignature => {
                assert_eq!(cosignature.unwrap().map(|one| one.time()), time);
                assert_eq!(head, Err(Error::Unsupported { rule: Rule::TreeHeadSignature }));
            }
            KeyKind::Rfc6962 => assert_eq!(head.unwrap().map(|one| one.timestamp()), time),
            _ => assert_eq!(cosignature, Err(Error::Unsupported { rule: Rule::Cosignature })),
        }
        // Every other text is refused, and every changed byte of the signature.
        let line = signer.line(&text(7), time).unwrap();
        let other = format!("{}\n{line}", text(8));
        let other = Note::parse(other.as_bytes()).unwrap();
        let verdict = |note: &Note<'_>| match signs_text {
            true => note.verify(&[key], &crypto()).map(|_| ()),
            false => Cosignature::verify(note, &key, &crypto()).map(|_| ()),
        };
        assert!(verdict(&parsed).is_ok());
        assert!(verdict(&other).is_err(), "{kind:?}");
        let mut bytes = vec![0; 2500];
        let length = parsed.signatures().next().unwrap().decode(&mut bytes);
        for byte in (4..length).step_by(7) {
            bytes[byte] ^= 1;
            let changed = format!("{}\n\u{2014} {LOG} {}\n", text(7), Base64(&bytes[..length]));
            bytes[byte] ^= 1;
            let changed = Note::parse(changed.as_bytes()).unwrap();
            assert!(verdict(&changed).is_err(), "{kind:?}, byte {byte}");
        }
    }
}

fn ml_dsa_public() -> Vec<u8> {
    let key = MlDsa44SigningKey::from_bytes(&[7; 32]).unwrap().public_key();
    let KeyMaterial::Akp { public } = key.as_public_key().material else { panic!() };
    public.to_vec()
}

#[test]
fn m99_what_ml_dsa_signs_is_name_origin_head_and_time() {
    let public = ml_dsa_public();
    let key = VerifierKey::new("w", KeyKind::MlDsa44Cosignature, &public, &crypto()).unwrap();
    let text = text(7);
    let message = NoteMessage::new(&key, &text, Some(5)).unwrap().parts().concat();
    let mut expected = b"subtree/v1\n\0\x01w".to_vec();
    expected.extend_from_slice(&5_u64.to_be_bytes());
    expected.push(15);
    expected.extend_from_slice(LOG.as_bytes());
    expected.extend_from_slice(&0_u64.to_be_bytes());
    expected.extend_from_slice(&7_u64.to_be_bytes());
    expected.extend_from_slice(&[3; 32]);
    assert_eq!(message, expected);
    // A log that signs so signs no extension lines.
    let signing = MlDsa44SigningKey::from_bytes(&[7; 32]).unwrap();
    let signer = NoteSigner::new(key, &signing).unwrap();
    let extended = format!("{text}more\n");
    let note = format!("{extended}\n{}", signer.line(&extended, Some(5)).unwrap());
    let note = Note::parse(note.as_bytes()).unwrap();
    assert_eq!(note.verify(&[key], &crypto()), Err(refused(Rule::Cosignature)));
    assert!(Cosignature::verify(&note, &key, &crypto()).unwrap().is_some());
    assert_eq!(signer.line(&text, Some(0)), Err(refused(Rule::Cosignature)));
    assert_eq!(signer.line(&text, None), Err(refused(Rule::Cosignature)));
    assert_eq!(signer.line(&text, Some(1 << 63)), Err(refused(Rule::Cosignature)));
}

#[test]
fn m118_a_log_of_rfc6962_signs_head_and_time() {
    let spki = spki();
    let key = VerifierKey::new(LOG, KeyKind::Rfc6962, &spki, &crypto()).unwrap();
    let text = text(7);
    let message = NoteMessage::new(&key, &text, Some(5)).unwrap().parts().concat();
    let expected = [&[0, 1][..], &5_u64.to_be_bytes(), &7_u64.to_be_bytes(), &[3; 32]].concat();
    assert_eq!(message, expected);
    let refusal = |text: &str| NoteMessage::new(&key, text, Some(5)).err();
    assert_eq!(refusal(&format!("{text}more\n")), Some(refused(Rule::TreeHeadSignature)));
    let elsewhere = text.replace(LOG, "elsewhere");
    assert_eq!(refusal(&elsewhere), Some(refused(Rule::CheckpointOrigin)));
    // Lengths that do not agree, and other algorithms.
    let p256 = P256SigningKey::from_bytes(&P256_COUNTING.private).unwrap();
    let signer = NoteSigner::new(key, &p256).unwrap();
    let note = format!("{text}\n{}", signer.line(&text, Some(5)).unwrap());
    let mut bytes = [0; 200];
    let length =
        Note::parse(note.as_bytes()).unwrap().signatures().next().unwrap().decode(&mut bytes);
    let verify = |bytes: &[u8]| {
        let note = format!("{text}\n\u{2014} {LOG} {}\n", Base64(bytes));
        TreeHeadSignature::verify(&Note::parse(note.as_bytes()).unwrap(), &key, &crypto())
    };
    assert_eq!(verify(&bytes[..length]).unwrap().unwrap().timestamp(), 5);
    assert_eq!(verify(&bytes[..length - 1]), Err(refused(Rule::TreeHeadSignature)));
    assert_eq!(verify(&bytes[..length + 1]), Err(refused(Rule::TreeHeadSignature)));
    bytes[13] = 1;
    let unsupported = Error::Unsupported { rule: Rule::TreeHeadSignature };
    assert_eq!(verify(&bytes[..length]), Err(unsupported), "RSA");
}

#[test]
fn m117_a_key_that_the_cryptography_does_not_do_is_named_as_such() {
    // Not one of the three curves.
    let mut p224 = spki();
    p224[22] = 0x21;
    let key = VerifierKey::new(LOG, KeyKind::Ecdsa, &p224, &crypto()).unwrap();
    let note =
        format!("{}\n\u{2014} {LOG} {}\n", text(7), Base64(&[&key.id()[..], &[1; 70]].concat()));
    let unsupported = Error::Unsupported { rule: Rule::VerifierKeyType };
    assert_eq!(Note::parse(note.as_bytes()).unwrap().verify(&[key], &crypto()), Err(unsupported));
    let ed25519 = Ed25519SigningKey::from_bytes(&ED25519_RFC8032_1.private).unwrap();
    assert_eq!(NoteSigner::new(key, &ed25519).err(), Some(unsupported));
}

/// Signs SHA-256 digests on a curve that COSE pairs with a longer hash, as a key store does.
struct WithSha256<F>(F, usize);

impl<F: Fn(&[u8]) -> Vec<u8>> Signer for WithSha256<F> {
    fn algorithm(&self) -> Algorithm {
        Algorithm::ES256
    }

    fn signature_len(&self) -> usize {
        self.1
    }

    fn sign(&self, message: &[&[u8]], signature: &mut [u8]) -> Result<usize, SignError> {
        let digest = Sha256::digest(message.concat());
        // FIPS 186-5 6.4.1: a short digest is a number with zeros in front.
        let mut number = vec![0; (self.1 / 2).saturating_sub(32)];
        number.extend_from_slice(&digest);
        let raw = (self.0)(&number);
        signature[..raw.len()].copy_from_slice(&raw);
        Ok(raw.len())
    }
}

/// C2SP signed-note: P-256, P-384 or P-521, with SHA-256 on each.
#[test]
fn m117_ecdsa_keys_on_longer_curves_sign_sha256() {
    let p384 = p384::ecdsa::SigningKey::from_slice(&[5; 48]).unwrap();
    let p521 =
        p521::ecdsa::SigningKey::from_slice(&[[0; 2].as_slice(), &[5; 64]].concat()).unwrap();
    let head = |text: &str| hex::decode(text).unwrap();
    let p384_info = [
        head("3076301006072a8648ce3d020106052b81040022036200"),
        p384.verifying_key().to_sec1_point(false).as_bytes().to_vec(),
    ];
    let p521_info = [
        head("30819b301006072a8648ce3d020106052b8104002303818600"),
        p521.verifying_key().to_sec1_point(false).as_bytes().to_vec(),
    ];
    let on_p384 = |digest: &[u8]| -> Vec<u8> {
        let signature: p384::ecdsa::Signature = p384.sign_prehash(digest).unwrap();
        signature.to_bytes().to_vec()
    };
    let on_p521 = |digest: &[u8]| -> Vec<u8> {
        let signature: p521::ecdsa::Signature = p521.sign_prehash(digest).unwrap();
        signature.to_bytes().to_vec()
    };
    let (on_p384, on_p521) = (WithSha256(on_p384, 96), WithSha256(on_p521, 132));
    let keys: [(Vec<u8>, &dyn Signer); 2] =
        [(p384_info.concat(), &on_p384), (p521_info.concat(), &on_p521)];
    for (info, own) in keys {
        let key = VerifierKey::new(LOG, KeyKind::Ecdsa, &info, &crypto()).unwrap();
        let printed = key.to_string();
        let key = VerifierKey::parse(&printed, &crypto()).unwrap();
        // The key ID is of the key alone.
        assert_eq!(key.id(), Sha256::digest(&info)[..4]);
        let signer = NoteSigner::new(key, own).unwrap();
        let note = format!("{}\n{}", text(7), signer.line(&text(7), None).unwrap());
        assert_eq!(Note::parse(note.as_bytes()).unwrap().verify(&[key], &crypto()), Ok(&*text(7)));
        let other = format!("{}\n{}", text(8), signer.line(&text(7), None).unwrap());
        let other = Note::parse(other.as_bytes()).unwrap();
        assert_eq!(other.verify(&[key], &crypto()), Err(refused(Rule::NoteSignature)));
        // A log of RFC 6962 is on P-256.
        let key = VerifierKey::new(LOG, KeyKind::Rfc6962, &info, &crypto()).unwrap();
        let signer = NoteSigner::new(key, own).unwrap();
        let note = format!("{}\n{}", text(7), signer.line(&text(7), Some(5)).unwrap());
        let unsupported = Error::Unsupported { rule: Rule::VerifierKeyType };
        let verdict =
            TreeHeadSignature::verify(&Note::parse(note.as_bytes()).unwrap(), &key, &crypto());
        assert_eq!(verdict, Err(unsupported));
    }
}

/// Witnesses of Ed25519 keys that are told apart by their number.
struct Witnesses(Vec<(Ed25519SigningKey, [u8; 32])>);

impl Witnesses {
    fn new(count: u8) -> Self {
        Self(
            (0..count)
                .map(|number| {
                    let key = Ed25519SigningKey::from_bytes(&[number + 1; 32]).unwrap();
                    let okp = key.public_key();
                    let KeyMaterial::Okp { x, .. } = okp.as_public_key().material else { panic!() };
                    let public = x.try_into().unwrap();
                    (key, public)
                })
                .collect(),
        )
    }

    fn key(&self, number: usize) -> VerifierKey<'_> {
        VerifierKey::new(WITNESS, KeyKind::Ed25519Cosignature, &self.0[number].1, &crypto())
            .unwrap()
    }

    fn line(&self, number: usize, text: &str) -> String {
        NoteSigner::new(self.key(number), &self.0[number].0).unwrap().line(text, Some(9)).unwrap()
    }
}

fn log_key() -> VerifierKey<'static> {
    VerifierKey::new(LOG, KeyKind::Ed25519, &ED25519_RFC8032_1.public, &crypto()).unwrap()
}

fn log_line(text: &str) -> String {
    let ed25519 = Ed25519SigningKey::from_bytes(&ED25519_RFC8032_1.private).unwrap();
    NoteSigner::new(log_key(), &ed25519).unwrap().line(text, None).unwrap()
}

fn policy(witnesses: &Witnesses, rest: &str) -> String {
    let lines = (0..witnesses.0.len())
        .map(|number| format!("witness W{number} {}\n", witnesses.key(number)));
    format!(
        "# a policy\n\nlog {} https://log.example/\n{}{rest}",
        log_key(),
        lines.collect::<String>()
    )
}

#[test]
fn m120_a_policy_is_logs_witnesses_groups_and_a_quorum() {
    let witnesses = Witnesses::new(3);
    let parse = |text: &str| Policy::parse(text.as_bytes(), &crypto()).map(|_| ()).err();
    let good = policy(&witnesses, " group\tG  2 W0 W1 W2 \nquorum G\n");
    let read = Policy::parse(good.as_bytes(), &crypto()).unwrap();
    assert_eq!(read.logs()[0].url(), Some(&b"https://log.example/"[..]));
    let names: Vec<_> = read.witnesses().map(|(name, _)| name).collect();
    assert_eq!(names, [b"W0", b"W1", b"W2"]);
    for rest in
        ["quorum none\n", "quorum W1", "group G any W0\nquorum G\n", "# \u{e9}\nquorum none\n"]
    {
        assert_eq!(parse(&policy(&witnesses, rest)), None, "{rest}");
    }
    let duplicate = format!("witness again {}\nquorum none\n", witnesses.key(0));
    let as_witness = format!("witness log {}\nquorum none\n", log_key());
    let as_log = format!("log {}\nquorum none\n", witnesses.key(0));
    for rest in [
        "",
        "quorum\n",
        "quorum W3\n",
        "quorum none\nquorum none\n",
        "quorum G\ngroup G any W0\n",
        "group G 0 W0\nquorum G\n",
        "group G 2 W0\nquorum G\n",
        "group G +1 W0\nquorum G\n",
        "group G any\nquorum G\n",
        "group G any W0 W0\nquorum G\n",
        "group G any W0\ngroup H any W0\nquorum H\n",
        "group none any W0\nquorum none\n",
        "group W1 any W0\nquorum none\n",
        "group G any none\nquorum none\n",
        "group G any G\nquorum none\n",
        "quorum W0 W1\n",
        "other\nquorum none\n",
        "quorum none\r\n",
        &duplicate,
        &as_witness,
        &as_log,
    ] {
        let malformed = Error::Malformed { rule: Rule::PolicyForm };
        assert_eq!(parse(&policy(&witnesses, rest)), Some(malformed), "{rest:?}");
    }
}

#[test]
fn m121_a_quorum_has_cosigned() {
    let witnesses = Witnesses::new(6);
    let text = text(7);
    let note = |numbers: &[usize]| {
        let lines: String = numbers.iter().map(|number| witnesses.line(*number, &text)).collect();
        format!("{text}\n{}{lines}", log_line(&text))
    };
    let groups = "group X 2 W0 W1 W2\ngroup Y any W3 W4 W5\ngroup both all X Y\nquorum both\n";
    let groups = policy(&witnesses, groups);
    let policy_of = Policy::parse(groups.as_bytes(), &crypto()).unwrap();
    let lacking = Err(refused(Rule::PolicyQuorum));
    let cases: [(&[usize], bool); 7] = [
        (&[0, 1, 3], true),
        (&[5, 2, 0, 4], true),
        (&[], false),
        (&[0, 1, 2], false),
        (&[3, 4, 5], false),
        (&[0, 3], false),
        (&[0, 0, 3], false),
    ];
    for (numbers, enough) in cases {
        let note = note(numbers);
        let note = Note::parse(note.as_bytes()).unwrap();
        let verdict = policy_of.verify(&note, &crypto()).map(|checkpoint| checkpoint.size());
        assert_eq!(verdict, if enough { Ok(7) } else { lacking }, "{numbers:?}");
    }
    // A wrong cosignature of a witness of the policy spoils it, whether it is needed or not.
    let other = Checkpoint::new(LOG, 8, [3; 32]).unwrap().to_string();
    let spoilt = format!("{}{}", note(&[0, 1, 3]), witnesses.line(4, &other));
    let spoilt = Note::parse(spoilt.as_bytes()).unwrap();
    assert_eq!(policy_of.verify(&spoilt, &crypto()), Err(refused(Rule::Cosignature)));
    // The log has to be known, and the origin its name.
    let none = format!("log {}\nquorum none\n", log_key());
    let none = Policy::parse(none.as_bytes(), &crypto()).unwrap();
    let (unsigned, elsewhere) = (text.clone(), text.replace(LOG, "elsewhere"));
    let unsigned = format!("{unsigned}\n{}", witnesses.line(0, &text));
    let unsigned = Note::parse(unsigned.as_bytes()).unwrap();
    assert_eq!(none.verify(&unsigned, &crypto()), Err(refused(Rule::NoteKnownKey)));
    let elsewhere = format!("{elsewhere}\n{}", log_line(&elsewhere));
    let elsewhere = Note::parse(elsewhere.as_bytes()).unwrap();
    assert_eq!(none.verify(&elsewhere, &crypto()), Err(refused(Rule::CheckpointOrigin)));
    let unlisted = Policy::parse(b"quorum none\n", &crypto()).unwrap();
    let good = note(&[]);
    let good = Note::parse(good.as_bytes()).unwrap();
    assert!(unlisted.verify(&good, &crypto()).is_err());
    assert!(unlisted.verify_of(&good, &[log_key()], &crypto()).is_ok());
}

#[test]
fn m119_a_proof_is_index_path_and_checkpoint() {
    let mut tree = MemoryTree::new(Sha256Tree);
    (0..7_u64).for_each(|entry| _ = tree.append(&[&entry.to_be_bytes()]));
    let text = Checkpoint::new(LOG, 7, *tree.head().root.hash()).unwrap().to_string();
    let witness = Witnesses::new(1);
    let note = format!("{text}\n{}{}", log_line(&text), witness.line(0, &text));
    let path = tree.inclusion_path(LeafIndex(5), TreeSize(7)).unwrap();
    let leaf = Sha256Tree.leaf(&[&5_u64.to_be_bytes()]);
    for extra in [None, Some(&b""[..]), Some(b"more")] {
        let file = write_tlog_proof(extra, LeafIndex(5), &path, note.as_bytes()).unwrap();
        let proof = TlogProof::parse(file.as_bytes()).unwrap();
        assert_eq!((proof.index(), proof.note_bytes()), (5, note.as_bytes()));
        let mut room = [0; 4];
        assert_eq!(proof.danger_unauthenticated_extra(&mut room), extra.map(<[u8]>::len));
        assert_eq!(proof.verify(&Sha256Tree, &leaf, &[log_key()], &crypto()).unwrap().size(), 7);
        let by = policy(&witness, "quorum W0\n");
        let by = Policy::parse(by.as_bytes(), &crypto()).unwrap();
        assert!(proof.verify_by(&Sha256Tree, &leaf, &by, &crypto()).is_ok());
        let other = Sha256Tree.leaf(&[b"other"]);
        let verdict = proof.verify(&Sha256Tree, &other, &[log_key()], &crypto());
        assert_eq!(verdict.unwrap_err().rule(), Some(Rule::InclusionRoot.to_ref()));
        let other_log =
            VerifierKey::new("other", KeyKind::Ed25519, &ED25519_RFC8032_2.public, &crypto());
        assert!(proof.verify(&Sha256Tree, &leaf, &[other_log.unwrap()], &crypto()).is_err());
    }
    let good = write_tlog_proof(Some(b"more"), LeafIndex(5), &path, note.as_bytes()).unwrap();
    for bad in [
        good.replace("@v1", "@v2"),
        good.replace("index 5", "index 05"),
        good.replace("index 5\n", ""),
        good.replace("index 5\n", "index 5\r\n"),
        good.replacen("extra bW9yZQ==", "extra bW9yZQ", 1),
        good.replacen("extra ", "Extra ", 1),
        good.replacen("index 5\n", "index 5\nextra bW9yZQ==\n", 1),
        good.replacen("index 5\n", "index 5\nAAAA\n", 1),
        String::new(),
    ] {
        let malformed = Error::Malformed { rule: Rule::TlogProof };
        assert_eq!(TlogProof::parse(bad.as_bytes()).err(), Some(malformed), "{bad}");
    }
    let long = [[0; 32]; 65];
    assert!(write_tlog_proof(None, LeafIndex(5), &long, note.as_bytes()).is_err());
    assert!(write_tlog_proof(None, LeafIndex(5), &path, b"no note").is_err());
}
