//! Secrets leave nothing behind on the heap: memory that is given back is looked through for them.
//!
//! The allocator of this program hands out zeroed memory, and moves what grows, so that a copy that
//! was left behind is seen as well.

// A global allocator is an unsafe trait.
#![allow(unsafe_code)]

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::hint::black_box;

use cose_ext::Profile;
use cose_ext::crypto::{
    Algorithm, Curve, KeyMaterial, PrivateKey, PrivateKeyMaterial, SymmetricKey, YCoordinate,
};
use cose_ext::key::{
    CoseKey, Jwk, JwkEncoder, Pem, SecretKeyEncoder, SecretKeySetEncoder, pkcs8::Pkcs8Encoder,
};

/// All secrets of these tests are made of this byte.
const BYTE: u8 = 0xa7;
/// Three of them in base64.
const DIGITS: &[u8; 4] = b"p6en";

thread_local! {
    static LEFT_BEHIND: Cell<usize> = const { Cell::new(0) };
}

struct Watching;

fn look_through(memory: &[u8]) {
    let bytes = memory.windows(8).any(|window| window == [BYTE; 8]);
    let digits = memory.windows(8).any(|window| window[..4] == *DIGITS && window[4..] == *DIGITS);
    // Base64 may start at another byte, as it does within DER.
    let rotated = memory.windows(12).any(|window| {
        window[..4] == window[4..8]
            && window[..4] == window[8..]
            && window[..4].iter().all(|digit| DIGITS.contains(digit))
    });
    if bytes || digits || rotated {
        let _ = LEFT_BEHIND.try_with(|left| left.set(left.get() + 1));
    }
}

// SAFETY: memory comes from `System` and goes back there as it came; it was zeroed, so that reading
// it is reading what was written. `realloc` is the trait's own: new memory, a copy, and `dealloc`.
unsafe impl GlobalAlloc for Watching {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller's promises are those of `System`.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: the block has this length, and nobody else has it any more.
        look_through(unsafe { std::slice::from_raw_parts(pointer, layout.size()) });
        // SAFETY: the pointer came from `System`.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Watching = Watching;

/// How many blocks with a secret `f` gave back.
fn left_behind<T>(f: impl FnOnce() -> T) -> usize {
    LEFT_BEHIND.set(0);
    drop(black_box(f()));
    LEFT_BEHIND.get()
}

const SECRET: [u8; 32] = [BYTE; 32];

fn private_keys() -> [PrivateKey<'static>; 4] {
    let key = |material, public, algorithm| PrivateKey { material, public, algorithm };
    let y = YCoordinate::Value(&[2; 32]);
    [
        key(
            PrivateKeyMaterial::Okp { curve: Curve::ED25519, d: &SECRET },
            Some(KeyMaterial::Okp { curve: Curve::ED25519, x: &[1; 32] }),
            None,
        ),
        key(
            PrivateKeyMaterial::Ec2 { curve: Curve::P256, d: &SECRET },
            Some(KeyMaterial::Ec2 { curve: Curve::P256, x: &[1; 32], y }),
            None,
        ),
        key(
            PrivateKeyMaterial::Akp { seed: &SECRET },
            Some(KeyMaterial::Akp { public: &[1; 1312] }),
            Some(Algorithm::ML_DSA_44),
        ),
        // Encoders do not ask whether the numbers belong together.
        key(
            PrivateKeyMaterial::Rsa {
                n: &[0xb1; 256],
                e: &[1, 0, 1],
                d: &[BYTE; 256],
                p: &[BYTE; 128],
                q: &[BYTE; 128],
                dp: &[BYTE; 128],
                dq: &[BYTE; 128],
                qi: &[BYTE; 128],
            },
            None,
            Some(Algorithm::PS256),
        ),
    ]
}

#[test]
fn what_is_not_wiped_is_seen() {
    assert_eq!(left_behind(|| vec![1; 100]), 0);
    assert_eq!(left_behind(|| SECRET.to_vec()), 1);
    assert_eq!(left_behind(|| String::from("....p6enp6enp6en")), 1);
    assert_eq!(left_behind(|| String::from("....6enp6enp6enp")), 1);
    let grows = || {
        let mut bytes = SECRET.to_vec();
        bytes.reserve_exact(1000);
        bytes.fill(0);
        bytes
    };
    assert_eq!(left_behind(grows), 1);
}

#[test]
fn keys_that_come_out_are_wiped() {
    for key in private_keys() {
        assert_eq!(left_behind(|| SecretKeyEncoder::private(key).unwrap().to_vec()), 0, "{key:?}");
        assert_eq!(left_behind(|| Pkcs8Encoder::new(key).unwrap().to_vec()), 0, "{key:?}");
        assert_eq!(left_behind(|| Pem::encode_private(&key).unwrap()), 0, "{key:?}");
        assert_eq!(left_behind(|| JwkEncoder::private(key).unwrap().encode()), 0, "{key:?}");
    }
    let k = [BYTE; 200];
    let key = SymmetricKey { k: &k, algorithm: None };
    let encoder = SecretKeyEncoder::symmetric(key);
    assert_eq!(left_behind(|| encoder.to_vec()), 0);
    assert_eq!(left_behind(|| SecretKeySetEncoder::new(&[encoder; 3]).unwrap().to_vec()), 0);
    assert_eq!(left_behind(|| JwkEncoder::symmetric(key).unwrap().encode()), 0);
}

#[test]
fn keys_that_come_in_are_wiped() {
    for key in private_keys() {
        let cose = SecretKeyEncoder::private(key).unwrap().to_vec();
        let read = || CoseKey::decode(&cose, &Profile::LENIENT).unwrap().private_key().is_ok();
        assert_eq!(left_behind(read), 0);
        let pem = Pem::encode_private(&key).unwrap();
        assert_eq!(left_behind(|| Pem::decode(pem.as_bytes()).unwrap()), 0, "{key:?}");
        let jwk = JwkEncoder::private(key).unwrap().encode();
        assert_eq!(left_behind(|| Jwk::decode(jwk.as_bytes()).unwrap()), 0, "{key:?}");
        // Nor when what follows is refused.
        let refused = jwk.replace('}', ",\"use\":1}");
        assert_eq!(left_behind(|| Jwk::decode(refused.as_bytes()).is_err()), 0, "{key:?}");
    }
    let oct = format!(r#"{{"k":"{}","kty":"oct"}}"#, "p6en".repeat(20));
    assert_eq!(left_behind(|| Jwk::decode(oct.as_bytes()).unwrap()), 0);
    let broken = oct.replace("p6en\"", "p6en*\"");
    assert_eq!(left_behind(|| Jwk::decode(broken.as_bytes()).is_err()), 0);
    let twice = oct.replace('{', &format!(r#"{{"k":"{}","#, "p6en".repeat(20)));
    assert_eq!(left_behind(|| Jwk::decode(twice.as_bytes()).is_err()), 0);
}
