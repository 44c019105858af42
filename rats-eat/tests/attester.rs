//! Tokens written in the caller's buffer: deterministic, without heap, and what the verifier reads is what
//! was written.

#[path = "support/world.rs"]
mod world;

use cose_ext::{
    BufferTooShort, Digest, Profile,
    cbor::Writer,
    crypto::{Algorithm, Signer},
    cwt::ClaimKey,
};
use rats_eat::{
    Claims, Error, ErrorKind, Requirements, Token,
    attester::{self, ClaimsWriter, write_claims},
    claim::{OemId, VersionScheme},
};
use testkit::alloc_count::{Counting, allocations_during};
use world::{key, rule, uptime};

#[global_allocator]
static ALLOCATOR: Counting = Counting;

fn written(claims: &dyn Fn(&mut ClaimsWriter<'_, '_>)) -> Result<Vec<u8>, Error> {
    let mut buffer = [0; 512];
    let mut writer = Writer::new(&mut buffer);
    write_claims(&mut writer, claims)?;
    Ok(writer.finish().unwrap().to_vec())
}

fn everything(claims: &mut ClaimsWriter<'_, '_>) {
    let digest = [3; 32];
    let digest = Digest::new(Algorithm::SHA256, &digest).unwrap();
    claims
        .int(ClaimKey::IAT, 1_800_000_000)
        .bytes(ClaimKey::EAT_NONCE, &[7; 8])
        .bytes(ClaimKey::UEID, &[1; 17])
        .int(ClaimKey::OEMID, 64242)
        .bytes(ClaimKey::HWMODEL, b"model")
        .version(ClaimKey::HWVERSION, "1.2", Some(VersionScheme::Number(1.into())))
        .uint(ClaimKey::UPTIME, u64::MAX)
        .bool(ClaimKey::OEMBOOT, true)
        .submodules(&|parts| {
            parts.claims("a", &uptime).digest("b", &digest).token("c", &[0xd8, 0x3d, 0xd2, 0x80]);
        })
        .claim(ClaimKey::INTUSE, |writer| _ = writer.int(1))
        .text(ClaimKey::int(-80000), "private");
}

#[test]
fn what_was_written_is_deterministic_and_breaks_no_rule() {
    let bytes = written(&everything).unwrap();
    let claims = Claims::decode(&bytes, &Profile::DETERMINISTIC).unwrap();
    claims.validate(&mut |finding| panic!("{finding}"));
    assert_eq!(claims.oem_id(), Ok(Some(OemId::Pen(64242_i64.into()))));
    assert_eq!(claims.uptime(), Ok(Some(u64::MAX)));
    assert_eq!(claims.hardware_version().unwrap().unwrap().version, "1.2");
    assert_eq!(claims.submodules().unwrap().unwrap().iter().count(), 3);
    assert_eq!(claims.iter().count(), 11);
}

#[test]
fn e100_claims_come_in_order_each_once() {
    let twice = written(&|claims| _ = claims.uint(ClaimKey::UPTIME, 1).uint(ClaimKey::UPTIME, 1));
    let back = written(&|claims| _ = claims.uint(ClaimKey::UPTIME, 1).int(ClaimKey::IAT, 1));
    let negative = written(&|claims| _ = claims.int(ClaimKey::int(-1), 1).int(ClaimKey::IAT, 1));
    let empty = written(&|claims| _ = claims.submodules(&|_| {}));
    let text = written(&|claims| _ = claims.int(ClaimKey::text("a"), 1));
    let inner = written(&|claims| {
        claims.submodules(&|parts| {
            parts.claims("a", &|claims| _ = claims.uint(ClaimKey::UPTIME, 1).int(ClaimKey::IAT, 1));
        });
    });
    for refused in [twice, back, negative, empty, text, inner] {
        assert_eq!(rule(refused), "E100");
    }
    assert!(written(&|claims| _ = claims.int(ClaimKey::IAT, 1).int(ClaimKey::int(-1), 1)).is_ok());
}

#[test]
fn a_token_is_written_signed_and_verified_without_heap() {
    let (signer, mut buffer) = (key(1), [0; 512]);
    let (bytes, allocations) =
        allocations_during(|| attester::sign(&mut buffer, Some(&[1]), &signer, &everything));
    assert_eq!(allocations.count, 0);
    let bytes = bytes.unwrap();
    world::trusting(&[1], |trust| {
        let (verified, allocations) = allocations_during(|| {
            let token = Token::decode(bytes, &Profile::DETERMINISTIC)?;
            let claims = token.verify(trust, &Requirements::DEFAULT, &world::context())?;
            let mut findings = 0;
            claims.value().validate(&mut |_| findings += 1);
            let nonces = claims.value().nonces()?;
            Ok::<_, Error>((findings, nonces.and_then(|nonces| nonces.only().map(<[u8]>::len))))
        });
        assert_eq!(verified, Ok((0, Some(8))));
        assert_eq!(allocations.count, 0);
    });
}

#[test]
fn a_buffer_that_is_too_short_says_what_is_needed() {
    let signer = key(1);
    let mut buffer = [0; 512];
    let needed = attester::sign(&mut buffer, Some(&[1]), &signer, &everything).unwrap().len();
    for len in 0..needed {
        let mut short = vec![0; len];
        let error = attester::sign(&mut short, Some(&[1]), &signer, &everything).unwrap_err();
        let too_short = BufferTooShort { needed };
        let kind = cose_ext::error::Misuse::BufferTooShort(too_short).into();
        assert_eq!(error.kind(), ErrorKind::Cose(kind), "{len}");
    }
    assert!(attester::sign(&mut vec![0; needed], Some(&[1]), &signer, &everything).is_ok());
    assert!(attester::bundle(&mut [0; 8], &[0; 8], &[]).is_err());
}

#[test]
fn a_draft_is_signed_elsewhere() {
    let (signer, mut buffer) = (key(1), [0; 512]);
    let draft =
        attester::draft(&mut buffer, Algorithm::ES256, Some(&[1]), 64, &everything).unwrap();
    let mut signature = [0; 64];
    signer.sign(&draft.structure().parts(), &mut signature).unwrap();
    let bytes = draft.attach(&signature).unwrap().to_vec();
    assert!(world::verify(&bytes, &[1], &Requirements::DEFAULT).is_ok());
}
