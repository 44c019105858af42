//! Notes by keys of each kind: what was signed verifies, and a key of another name signed nothing.

use cose_ext::crypto::Algorithm;
use fuzz::{Accept, Chosen, Nobody};
use merkle_proof::tlog::{
    Checkpoint, CoseNoteCrypto, Cosignature, KeyKind, Note, NoteSigner, TreeHeadSignature,
    VerifierKey,
};

use crate::{LOG, crypto, head, refused, size};

/// A SubjectPublicKeyInfo of P-256; that no curve has such a point is nothing that a provider here would notice.
pub static P256: [u8; 91] = info(
    *b"\x30\x59\x30\x13\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07\x03\x42\x00\x04",
);
static P384: [u8; 120] = info(
    *b"\x30\x76\x30\x10\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x05\x2b\x81\x04\x00\x22\x03\x62\x00\x04",
);
static P521: [u8; 158] = info(
    *b"\x30\x81\x9b\x30\x10\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x05\x2b\x81\x04\x00\x23\x03\x81\x86\x00\x04",
);

const fn info<const HEAD: usize, const LEN: usize>(head: [u8; HEAD]) -> [u8; LEN] {
    let mut info = [0x81; LEN];
    let mut at = 0;
    while at < HEAD {
        info[at] = head[at];
        at += 1;
    }
    info
}

const KINDS: [(KeyKind, Algorithm, &[u8]); 9] = [
    (KeyKind::Ed25519, Algorithm::EDDSA, &[0x81; 32]),
    (KeyKind::Ecdsa, Algorithm::ES256, &P256),
    (KeyKind::Ecdsa, Algorithm::ES256, &P384),
    (KeyKind::Ecdsa, Algorithm::ES256, &P521),
    (KeyKind::Ecdsa, Algorithm::ES256, b"no key"),
    (KeyKind::Rfc6962, Algorithm::ES256, &P256),
    (KeyKind::Rfc6962, Algorithm::ES256, &P384),
    (KeyKind::Ed25519Cosignature, Algorithm::ED25519, &[0x81; 32]),
    (KeyKind::MlDsa44Cosignature, Algorithm::ML_DSA_44, &[0x81; 1312]),
];

pub fn check(chosen: &mut Chosen<'_>) {
    let name = chosen.one_of([LOG, LOG, LOG, "witness.example", "a+b", ""]);
    let (kind, algorithm, public) = chosen.one_of(KINDS);
    let other =
        chosen.one_of([algorithm, algorithm, algorithm, Algorithm::EDDSA, Algorithm::ES384]);
    let key = match VerifierKey::new(name, kind, public, &crypto()) {
        Ok(key) => key,
        Err(error) => {
            assert!(name.is_empty() || name.contains('+'));
            return refused(&error);
        }
    };
    let printed = key.to_string();
    assert_eq!(VerifierKey::parse(&printed, &crypto()).map(|read| read.to_string()), Ok(printed));
    let nobody = Nobody(other);
    let signer = match NoteSigner::new(key, &nobody) {
        Ok(signer) => signer,
        Err(error) => {
            assert_ne!(other, algorithm);
            return refused(&error);
        }
    };
    assert_eq!(signer.key(), &key);
    let size = size(chosen);
    let origin = chosen.one_of([LOG, LOG, "other.example"]);
    let time = chosen.one_of([None, Some(0), Some(1), Some(i64::MAX as u64), Some(1 << 63)]);
    let checkpoint = Checkpoint::new(origin, size, *head(size).root.hash()).expect("an origin");
    let note = match signer.note(&checkpoint, time) {
        Ok(note) => note,
        Err(error) => return refused(&error),
    };
    let mut note = String::from_utf8(note).expect("a text");
    // Another line by the same key may be the later one, or no signature at all.
    let extended = chosen.one_of([false, false, true]).then(|| format!("{checkpoint}extension\n"));
    if let Some(text) = &extended {
        match signer.line(text, time) {
            Ok(line) => note = format!("{text}\n{line}"),
            Err(error) => return refused(&error),
        }
    }
    let read = Note::parse(note.as_bytes()).expect("it was made");
    let verdicts = [
        read.verify(&[key], &crypto()).map(|text| assert_eq!(text, read.danger_unverified_text())),
        Cosignature::verify(&read, &key, &crypto())
            .map(|found| assert_eq!(found.map(|found| found.time()), time)),
        TreeHeadSignature::verify(&read, &key, &crypto())
            .map(|found| assert_eq!(found.map(|found| found.timestamp()), time)),
    ];
    verdicts.iter().filter_map(|verdict| verdict.as_ref().err()).for_each(refused);
    let good = verdicts.map(|verdict| verdict.is_ok());
    // The numbers of a longer curve are longer, so the signature is another one, which a real signer makes.
    let is_of_curve = public == P256;
    let is_point = public != b"no key";
    let lenient = CoseNoteCrypto::new(&Accept::ALL).expect("it has SHA-256");
    assert_eq!(
        read.verify(&[key], &lenient).is_ok(),
        match kind {
            KeyKind::Ecdsa => is_point,
            _ => good[0],
        }
    );
    let expected = match kind {
        KeyKind::Ed25519 => [true, false, false],
        KeyKind::Ecdsa => [is_of_curve, false, false],
        KeyKind::Rfc6962 => [public == P256, false, public == P256],
        KeyKind::Ed25519Cosignature => [false, true, false],
        // Of a head alone, so not of extension lines; as a cosignature it does not speak of them.
        _ => [extended.is_none(), true, false],
    };
    assert_eq!(good, expected, "{kind:?}");
    let stranger = VerifierKey::new("stranger", kind, public, &crypto()).expect("a name");
    assert!(read.verify(&[stranger], &crypto()).is_err());
    assert!(stranger.is_key_of(&key) && stranger.name() != key.name());
}
