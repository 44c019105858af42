//! Known answers and refusals. The answers are of the RFCs and NIST publications that a test names;
//! where none is named, of OpenSSL.

#[cfg(all(feature = "aes", feature = "chacha20poly1305"))]
mod aead;
#[cfg(feature = "aes")]
mod aes_cipher;
#[cfg(feature = "aes")]
mod aes_kw;
#[cfg(all(feature = "p256", feature = "p384", feature = "p521"))]
mod ecdsa;
#[cfg(feature = "ed25519")]
mod ed25519;
#[cfg(all(feature = "hkdf", feature = "aes"))]
mod hkdf;
#[cfg(all(feature = "ecdh", feature = "p384", feature = "p521", feature = "x25519"))]
mod key_agreement;
#[cfg(all(feature = "hmac", feature = "aes"))]
mod mac;
#[cfg(feature = "ml-dsa")]
mod ml_dsa;
#[cfg(all(feature = "k256", feature = "bp256", feature = "bp384"))]
mod other_curves;
#[cfg(feature = "rsa")]
mod rsa;
#[cfg(feature = "rsa")]
mod rsa_signing;

use std::vec::Vec;

use super::{RustCrypto, Sha256};
use cose_crypto::{Algorithm, HashFunction, Interrupted, InvalidKey, Provider, PublicKey};

const MESSAGE: &[&[u8]] = &[b"part one, ", b"", b"part two"];

/// Hands over the pieces of [`MESSAGE`].
fn feed(sink: &mut dyn FnMut(&[u8])) -> Result<(), Interrupted> {
    MESSAGE.iter().for_each(|part| sink(part));
    Ok(())
}

/// A message whose source breaks down in the middle.
fn broken_feed(sink: &mut dyn FnMut(&[u8])) -> Result<(), Interrupted> {
    sink(b"part one, ");
    Err(Interrupted)
}

fn hex(text: &str) -> Vec<u8> {
    ::hex::decode(text).unwrap()
}

/// The bytes 0, 1, 2, ...
#[cfg(feature = "aes")]
fn counting(len: u8) -> Vec<u8> {
    (0..len).collect()
}

#[cfg(any(feature = "aes", feature = "hkdf"))]
const fn symmetric(k: &[u8]) -> cose_crypto::SymmetricKey<'_> {
    cose_crypto::SymmetricKey { k, algorithm: None }
}

fn parse(key: &PublicKey<'_>) -> Result<(), InvalidKey> {
    RustCrypto.with_verifier(key, &mut |_| ())
}

/// Counts: good enough for a key that signs nothing of value.
struct Counter(u8);

impl rand_core::TryRng for Counter {
    type Error = core::convert::Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Self::Error> {
        let mut bytes = [0; 4];
        self.try_fill_bytes(&mut bytes)?;
        Ok(u32::from_le_bytes(bytes))
    }

    fn try_next_u64(&mut self) -> Result<u64, Self::Error> {
        let mut bytes = [0; 8];
        self.try_fill_bytes(&mut bytes)?;
        Ok(u64::from_le_bytes(bytes))
    }

    fn try_fill_bytes(&mut self, dst: &mut [u8]) -> Result<(), Self::Error> {
        for byte in dst {
            self.0 = self.0.wrapping_add(1);
            *byte = self.0;
        }
        Ok(())
    }
}

impl rand_core::TryCryptoRng for Counter {}

#[test]
fn hash_functions_have_their_known_answers() {
    let answers = [
        (Algorithm::SHA256, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (Algorithm::SHA512_256, "53048e2681941ef99b2e29b76b4c7dabe4c2d0c634fc6d46e0e2f13107e7af23"),
        (
            Algorithm::SHA384,
            "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded163\
             1a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7",
        ),
        (
            Algorithm::SHA512,
            "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a\
             2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
        ),
        #[cfg(feature = "shake")]
        (Algorithm::SHAKE128, "5881092dd818bf5cf8a3ddb793fbcba74097d5c526a6d35f97b83351940f2cc8"),
        #[cfg(feature = "shake")]
        (
            Algorithm::SHAKE256,
            "483366601360a8771c6863080cc4114d8db44530f8f1e1ee4f94ea37e78b5739\
             d5a15bef186a5386c75744c0527e1faa9f8726e462a12a4feb06bd8801e751e4",
        ),
    ];
    for (algorithm, answer) in answers {
        let hash = RustCrypto.hash_function(algorithm).unwrap();
        assert_eq!(hash.algorithm(), algorithm);
        let value = hash.hash(&[b"a", b"", b"bc"]);
        assert_eq!(::hex::encode(value), answer);
        assert_eq!(algorithm.hash_len(), Some(value.as_ref().len()));
        let streamed = hash.hash_stream(&mut |sink: &mut dyn FnMut(&[u8])| {
            sink(b"ab");
            sink(b"c");
            Ok(())
        });
        assert_eq!(streamed, Ok(value));
        assert_eq!(hash.hash_stream(&mut broken_feed), Err(Interrupted));
    }
    assert!(RustCrypto.hash_function(Algorithm::SHA1).is_none());
    assert!(RustCrypto.hash_function(Algorithm::SHA256_64).is_none());
    assert_eq!(Sha256.hash(&[]), Sha256.hash(&[b""]));
}
