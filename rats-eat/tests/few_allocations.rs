//! What an attestation result in a JWT takes from the heap.

use cose_ext::{
    Context, Profile, Trust,
    key::{Jwk, TrustStore, TrustedKey},
    rustcrypto::RustCrypto,
};
use rats_eat::{Requirements, jws::Jws};
use testkit::alloc_count::{Counting, allocations_during};

#[global_allocator]
static ALLOCATOR: Counting = Counting;

const RESULT: &str = include_str!("../../vectors/rats/own-ear-jwt.jwt");
const KEY: &str = include_str!("../../vectors/rats/keys/verifier-ed25519.jwk.json");

#[test]
fn an_attestation_result_takes_little_from_the_heap() {
    let context = Context::new(&RustCrypto);
    let jwk = Jwk::decode(KEY.as_bytes()).unwrap();
    let key = jwk.public_key().unwrap();
    let keys = [TrustedKey::new(key, &context).unwrap()];
    let keys = TrustStore::new(&keys);
    let (read, allocations) = allocations_during(|| {
        let token = Jws::decode(RESULT, &Profile::LENIENT).unwrap();
        token.verify_ear(&Trust::keys(&keys), &Requirements::DEFAULT, &context).is_ok()
    });
    assert!(read);
    // It was 124 where each member had items of its own and every name was kept twice.
    assert!(allocations.count <= 62, "{} allocations", allocations.count);
}
