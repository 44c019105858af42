//! Keys transported by RSAES-OAEP (RFC 8230 3), which AWS-LC has.

use cose_ext::aws_lc::AwsLc;
use cose_ext::cbor::Head;
use cose_ext::crypto::{Algorithm, AlgorithmPolicy, Binding, KeyType, SecretProvider};
use cose_ext::encrypt::EncryptBuilder;
use cose_ext::error::{Error, ErrorKind, Unsupported};
use cose_ext::key::{CoseKey, HeldSecret};
use cose_ext::recipient::RecipientBuilder;
use cose_ext::recipient::Sealer;
use cose_ext::rustcrypto::RustCrypto;
use cose_ext::{Context, Encrypt, Input, Profile, Rule};
use testkit::rng::seeded;

use crate::expect::breaks;
use crate::keys::OWN;

const PLAINTEXT: &[u8] = b"for the holder of an RSA key";
const OAEP: [Algorithm; 3] =
    [Algorithm::RSAES_OAEP_SHA_1, Algorithm::RSAES_OAEP_SHA_256, Algorithm::RSAES_OAEP_SHA_512];
const BINDINGS: [Binding; 3] = [
    Binding::without_curve(OAEP[0], KeyType::RSA),
    Binding::without_curve(OAEP[1], KeyType::RSA),
    Binding::without_curve(OAEP[2], KeyType::RSA),
];
/// The numbers of the conformance suite's key, in the order of RFC 8230 4, with their lengths.
const NUMBERS: &[u8] = include_bytes!("../../crypto/src/conformance/data/rsa-2048.private");
const LENGTHS: [usize; 8] = [256, 3, 256, 128, 128, 128, 128, 128];

/// A COSE_Key of type RSA with the first `count` numbers, and `more` pairs behind them.
fn cose_key(count: usize, more: &[&[u8]]) -> Vec<u8> {
    let mut key = vec![0xa1 + u8::try_from(count + more.len()).unwrap(), 0x01, 0x03];
    let mut rest = NUMBERS;
    for (label, len) in (0x20..).zip(LENGTHS).take(count) {
        let (number, behind) = rest.split_at(len);
        key.push(label);
        key.extend_from_slice(Head::bytes(len).as_bytes());
        key.extend_from_slice(number);
        rest = behind;
    }
    key.extend(more.concat());
    key
}

fn message(key: &[u8], algorithm: Algorithm) -> Vec<u8> {
    let key = CoseKey::decode(key, &Profile::LENIENT).unwrap().secret_key(&AwsLc).unwrap();
    let recipients = [RecipientBuilder::key_wrap(algorithm, &key)];
    EncryptBuilder::new()
        .iv(&[5; 12])
        .encrypt(
            Algorithm::A128GCM,
            PLAINTEXT,
            &recipients,
            &mut Sealer::new(&AwsLc, &mut seeded(7)),
        )
        .unwrap()
}

/// Opens the message; who vouches for it is the inner result.
fn open(message: &[u8], key: &[u8], context: &Context<'_>) -> Result<Result<(), Error>, Error> {
    open_by(message, key, &AwsLc, context)
}

/// Opens the message with a key that `provider` holds.
fn open_by(
    message: &[u8],
    key: &[u8],
    provider: &dyn SecretProvider,
    context: &Context<'_>,
) -> Result<Result<(), Error>, Error> {
    let key = CoseKey::decode(key, &Profile::LENIENT)?.secret_key(provider)?;
    let held = HeldSecret::new(key, OWN);
    let mut buffer = [0; 64];
    let message = Encrypt::decode(message, &Profile::LENIENT)?;
    let opened = message.decrypt(Input::embedded(), &held, context, &mut buffer)?;
    assert_eq!((opened.key(), opened.danger_unattributed().payload()), (OWN, PLAINTEXT));
    Ok(opened.verified().map(|_| ()))
}

#[test]
fn c21_key_transport_needs_a_policy_that_names_it() {
    let key = cose_key(8, &[]);
    for algorithm in OAEP {
        let message = message(&key, algorithm);
        let standard = Context::new(&AwsLc);
        breaks(Rule::KeyPermitted, open(&message, &key, &standard).map(|_| ()));
        let named = standard.with_algorithms(AlgorithmPolicy::STANDARD.and(&BINDINGS));
        // A public key wraps for anyone.
        let by = open(&message, &key, &named).unwrap();
        assert_eq!(by.unwrap_err().rule(), Some(Rule::Attribution.to_ref()));
        let refused = open_by(&message, &key, &RustCrypto, &named).unwrap_err();
        assert!(matches!(refused.kind(), ErrorKind::Unsupported(_)), "{refused}");
    }
}

#[test]
fn what_is_changed_is_not_opened() {
    let key = cose_key(8, &[]);
    let good = message(&key, Algorithm::RSAES_OAEP_SHA_256);
    let policy = AlgorithmPolicy::STANDARD.and(&BINDINGS);
    let context = Context::new(&AwsLc).with_algorithms(policy);
    for at in [1, 100, 256] {
        let mut changed = good.clone();
        let at = changed.len() - at;
        changed[at] ^= 1;
        breaks(Rule::DecryptedAfterTag, open(&changed, &key, &context).map(|_| ()));
    }
    let mut another = key.clone();
    let last = another.len() - 1;
    another[last] ^= 1;
    assert!(open(&good, &another, &context).is_err());
}

#[test]
fn c24_a_private_rsa_key_has_all_its_numbers_and_two_primes() {
    for count in 2..8 {
        let key = cose_key(count, &[]);
        let key = CoseKey::decode(&key, &Profile::LENIENT).unwrap();
        breaks(Rule::KeyForm, key.secret_key(&AwsLc).map(|_| ()));
    }
    let whole = cose_key(8, &[]);
    let whole = CoseKey::decode(&whole, &Profile::LENIENT).unwrap();
    let private = whole.private_key().unwrap();
    assert_eq!(format!("{private:?}"), "PrivateKey(RSA)");
    assert!(whole.secret_key(&AwsLc).is_ok());
    // `other`: a third prime.
    let three = cose_key(8, &[b"\x28\x80"]);
    let three = CoseKey::decode(&three, &Profile::LENIENT).unwrap();
    let unsupported = Some(Error::from(Unsupported::KeyFormat));
    assert_eq!(three.secret_key(&AwsLc).err(), unsupported);
}
