//! What comes out in any format reads back as the same key, for every kind of key that the format
//! has, whatever its bytes are.

use std::{format, string::String, vec::Vec};

use proptest::{collection::vec, option, prelude::*, sample::select};

use crate::{
    Profile,
    crypto::{
        Algorithm, Curve, KeyMaterial, KeyOperation, KeyOperations, KeyType, PrivateKey,
        PrivateKeyMaterial, PublicKey, SymmetricKey, YCoordinate,
    },
    key::{
        CoseKey, CoseKeyEncoder, Jwk, JwkEncoder, OwnedPublicKey, Pem, SecretKeyEncoder,
        pkcs8::{self, Pkcs8Encoder},
        spki::{self, SpkiEncoder},
    },
};

const ML_DSA: [Algorithm; 3] = [Algorithm::ML_DSA_44, Algorithm::ML_DSA_65, Algorithm::ML_DSA_87];
const OKP: [Curve; 4] = [Curve::ED25519, Curve::ED448, Curve::X25519, Curve::X448];
const EC2: [Curve; 4] = [Curve::P256, Curve::P384, Curve::P521, Curve::SECP256K1];

/// A key of any type, owned; whether the bytes are a key, a provider says.
#[derive(Clone, Debug)]
struct Any {
    key_type: KeyType,
    curve: Curve,
    algorithm: Option<Algorithm>,
    one: Vec<u8>,
    other: Vec<u8>,
    secret: Vec<u8>,
    compressed: Option<bool>,
    key_id: Option<String>,
    operations: KeyOperations,
}

impl Any {
    fn public(&self) -> PublicKey<'_> {
        let y = self.compressed.map_or(YCoordinate::Value(&self.other), YCoordinate::Sign);
        let material = match self.key_type {
            KeyType::OKP => KeyMaterial::Okp { curve: self.curve, x: &self.one },
            KeyType::EC2 => KeyMaterial::Ec2 { curve: self.curve, x: &self.one, y },
            KeyType::RSA => KeyMaterial::Rsa { n: &self.one, e: &self.other },
            KeyType::AKP => KeyMaterial::Akp { public: &self.one },
            _ => KeyMaterial::HssLms { public: &self.one },
        };
        PublicKey { material, algorithm: self.algorithm }
    }

    /// `None` for types whose private keys are not written here.
    fn private(&self) -> Option<PrivateKey<'_>> {
        let curve = self.curve;
        let material = match self.key_type {
            KeyType::OKP => PrivateKeyMaterial::Okp { curve, d: &self.secret },
            KeyType::EC2 => PrivateKeyMaterial::Ec2 { curve, d: &self.secret },
            KeyType::AKP => PrivateKeyMaterial::Akp { seed: &self.secret },
            _ => return None,
        };
        let public = Some(self.public().material);
        Some(PrivateKey { material, public, algorithm: self.algorithm })
    }

    fn symmetric(&self) -> SymmetricKey<'_> {
        SymmetricKey { k: &self.secret, algorithm: None }
    }
}

fn operations() -> impl Strategy<Value = KeyOperations> {
    let some = vec(select(KeyOperation::ALL), 1..5)
        .prop_map(|some| some.into_iter().fold(KeyOperations::NONE, KeyOperations::and));
    prop_oneof![Just(KeyOperations::ALL), some]
}

fn any_key() -> impl Strategy<Value = Any> {
    let kinds =
        select(&[KeyType::OKP, KeyType::EC2, KeyType::RSA, KeyType::AKP, KeyType::HSS_LMS][..]);
    let bytes = (vec(any::<u8>(), 1..70), vec(any::<u8>(), 1..70), vec(any::<u8>(), 32));
    let names = (option::of(".{0,9}"), operations(), option::of(any::<bool>()));
    (kinds, select(&OKP[..]), select(&EC2[..]), select(&ML_DSA[..]), bytes, names).prop_map(
        |(key_type, okp, ec2, ml_dsa, (mut one, mut other, secret), names)| {
            let (key_id, operations, compressed) = names;
            let curve = if key_type == KeyType::EC2 { ec2 } else { okp };
            match key_type {
                // Numbers have no leading zeros, coordinates are as long as their curve wants, and
                // an HSS-LMS key starts with the number of its levels.
                KeyType::RSA => (one[0], other[0]) = (one[0] | 1, other[0] | 1),
                KeyType::EC2 | KeyType::OKP => {
                    let len = curve.coordinate_len().unwrap();
                    one.resize(len, 7);
                    other.resize(len, 7);
                }
                KeyType::HSS_LMS => one[0] = 0,
                _ => {}
            }
            let algorithm = (key_type == KeyType::AKP).then_some(ml_dsa);
            Any { key_type, curve, algorithm, one, other, secret, compressed, key_id, operations }
        },
    )
}

fn assert_same(read: &PrivateKey<'_>, key: &PrivateKey<'_>) {
    assert!(read.public == key.public && read.profile() == key.profile());
    assert_eq!(secret(read), secret(key));
}

fn secret<'a>(key: &PrivateKey<'a>) -> &'a [u8] {
    match key.material {
        PrivateKeyMaterial::Okp { d, .. } | PrivateKeyMaterial::Ec2 { d, .. } => d,
        PrivateKeyMaterial::Akp { seed } => seed,
        #[allow(unreachable_patterns)]
        _ => panic!("no test makes another"),
    }
}

/// What a debugger is shown names neither bytes nor digits of the secret.
fn assert_hidden(shown: &str, secret: &[u8]) {
    if secret.len() < 8 {
        return; // Something as short stands in every public key.
    }
    let decimal = secret.iter().map(|byte| format!("{byte}")).collect::<Vec<_>>().join(", ");
    for spelling in [::hex::encode(secret), ::hex::encode_upper(secret), decimal] {
        assert!(!shown.contains(&spelling), "{shown}");
    }
}

proptest! {
    #[test]
    fn public_keys_in_every_format(key in any_key()) {
        let public = key.public();
        let key_id = key.key_id.as_deref().map(str::as_bytes);
        let mut encoder = CoseKeyEncoder::new(public).unwrap();
        if let Some(key_id) = key_id {
            encoder = encoder.with_key_id(key_id);
        }
        let encoder = encoder.with_operations(key.operations).unwrap();
        let bytes = encoder.to_vec();
        prop_assert_eq!(encoder.len(), bytes.len());
        let read = CoseKey::decode(&bytes, &Profile::DETERMINISTIC).unwrap();
        prop_assert!(read.agreement_key() == Ok(public));
        prop_assert_eq!(read.key_id(), Ok(key_id));
        prop_assert_eq!(read.operations(), Ok(key.operations));
        prop_assert!(OwnedPublicKey::from(&public).as_public_key() == public);

        // DER has no place for an odd point: what is written is what is read.
        let bytes = SpkiEncoder::new(public).unwrap().to_vec();
        prop_assert!(spki::decode(&bytes) == Ok(public), "{}", ::hex::encode(&bytes));
        let pem = Pem::encode_public(&public).unwrap();
        prop_assert!(Pem::decode(pem.as_bytes()).unwrap().public_key() == Ok(public));

        let encoder = JwkEncoder::public(public);
        let whole = key.compressed.is_none() || key.key_type != KeyType::EC2;
        prop_assert_eq!(encoder.is_ok(), whole && key.key_type != KeyType::HSS_LMS);
        if let Ok(mut encoder) = encoder {
            if let Some(key_id) = &key.key_id {
                encoder = encoder.with_key_id(key_id);
            }
            let read = Jwk::decode(encoder.with_operations(key.operations).encode().as_bytes());
            let read = read.unwrap();
            prop_assert!(read.agreement_key() == Ok(public));
            prop_assert_eq!(read.key_id(), key.key_id.as_deref());
        }
    }

    #[test]
    fn private_keys_in_every_format(key in any_key(), with_public in any::<bool>()) {
        let Some(mut private) = key.private() else { return Ok(()) };
        if !with_public && key.key_type != KeyType::AKP {
            private.public = None;
        }
        let encoder = SecretKeyEncoder::private(private).unwrap();
        let bytes = encoder.to_vec();
        prop_assert_eq!(encoder.len(), bytes.len());
        let read = CoseKey::decode(&bytes, &Profile::DETERMINISTIC).unwrap();
        assert_same(&read.private_key().unwrap(), &private);
        assert_hidden(&format!("{read:?} {encoder:?}"), &key.secret);

        let encoder = Pkcs8Encoder::new(private).unwrap().with_public_part();
        let bytes = encoder.to_vec();
        prop_assert_eq!(encoder.len(), bytes.len());
        assert_same(&pkcs8::decode(&bytes).unwrap(), &private);
        let pem = Pem::encode_private(&private).unwrap();
        let pem = Pem::decode(pem.as_bytes()).unwrap();
        // Version 1, which has a public part for EC keys only.
        let public = private.public.filter(|_| key.key_type == KeyType::EC2);
        assert_same(&pem.private_key().unwrap(), &PrivateKey { public, ..private });
        assert_hidden(&format!("{pem:?} {encoder:?} {private:?}"), &key.secret);

        let encoder = JwkEncoder::private(private);
        let whole = key.compressed.is_none() || key.key_type != KeyType::EC2;
        prop_assert_eq!(encoder.is_ok(), private.public.is_some() && whole);
        if let Ok(encoder) = encoder {
            let jwk = Jwk::decode(encoder.encode().as_bytes()).unwrap();
            assert_same(&jwk.private_key().unwrap(), &private);
            assert_hidden(&format!("{jwk:?} {encoder:?}"), &key.secret);
        }
    }

    #[test]
    fn symmetric_keys_in_every_format(key in any_key(), base_iv in option::of(vec(any::<u8>(), 0..20))) {
        let symmetric = key.symmetric();
        let mut encoder =
            SecretKeyEncoder::symmetric(symmetric).with_operations(key.operations).unwrap();
        if let Some(base_iv) = &base_iv {
            encoder = encoder.with_base_iv(base_iv);
        }
        let bytes = encoder.to_vec();
        let read = CoseKey::decode(&bytes, &Profile::DETERMINISTIC).unwrap();
        prop_assert_eq!(read.symmetric_key().unwrap().k, symmetric.k);
        prop_assert_eq!(read.base_iv(), Ok(base_iv.as_deref()));
        prop_assert_eq!(read.operations(), Ok(key.operations));
        let jwk = JwkEncoder::symmetric(symmetric).unwrap();
        let read_jwk = Jwk::decode(jwk.with_operations(key.operations).encode().as_bytes()).unwrap();
        prop_assert_eq!(read_jwk.symmetric_key().unwrap().k, symmetric.k);
        // JOSE has no operations of its own for MACs, and the signatures of a symmetric key are
        // none.
        for operation in KeyOperation::ALL {
            let may = key.operations == KeyOperations::ALL
                || key.operations.permit(*operation)
                    && !matches!(operation, KeyOperation::Sign | KeyOperation::Verify);
            prop_assert_eq!(read_jwk.operations().permit(*operation), may, "{:?}", operation);
        }
        assert_hidden(&format!("{read:?} {encoder:?} {jwk:?} {read_jwk:?}"), &key.secret);
    }
}
