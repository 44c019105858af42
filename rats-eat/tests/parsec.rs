//! Key attestations over a TPM that a test plays.

#[path = "support/world.rs"]
mod world;

use cose_ext::{
    Profile,
    crypto::{HashFunction, Signer},
    rustcrypto::Sha256,
};
use rats_eat::{Error, parsec::ParsecToken};
use world::{context, key, rule, trusting};

fn sized(bytes: &[u8]) -> Vec<u8> {
    [&u16::try_from(bytes.len()).unwrap().to_be_bytes()[..], bytes].concat()
}

fn attest(kind: u16, nonce: &[u8], attested: &[u8]) -> Vec<u8> {
    let head = [&0xff54_4347_u32.to_be_bytes()[..], &kind.to_be_bytes()].concat();
    [&head[..], &sized(b"signer"), &sized(nonce), &[0; 25], attested].concat()
}

fn certify(public_area: &[u8], nonce: &[u8]) -> Vec<u8> {
    let name = [&[0, 0x0b][..], Sha256.hash(&[public_area]).as_ref()].concat();
    attest(0x8017, nonce, &[sized(&name), sized(b"qualified")].concat())
}

fn quote(nonce: &[u8]) -> Vec<u8> {
    let selection = [0, 0, 0, 1, 0, 0x0b, 3, 7, 0, 0];
    attest(0x8018, nonce, &[&selection[..], &sized(&[5; 32])].concat())
}

fn sign(seed: u8, message: &[u8]) -> Vec<u8> {
    let mut signature = [0; 64];
    key(seed).sign(&[message], &mut signature).unwrap();
    let (r, s) = signature.split_at(32);
    [&[0, 0x18, 0, 0x0b][..], &sized(r), &sized(s)].concat()
}

/// Signers and statements of both parts, and the key that comes along.
struct Made {
    seeds: [u8; 2],
    attests: [Vec<u8>; 2],
    public_area: Vec<u8>,
}

fn made() -> Made {
    let public_area = b"the public area of a key".to_vec();
    let attests = [certify(&public_area, b"nonce"), quote(b"nonce")];
    Made { seeds: [1, 1], attests, public_area }
}

impl Made {
    fn encoded(&self) -> Vec<u8> {
        let mut buffer = [0; 2048];
        let mut writer = cose_ext::cbor::Writer::new(&mut buffer);
        let [certify, quote] = &self.attests;
        writer.map(2).text("kat").map(5).text("tpmVer").text("2.0");
        writer.text("kid").bytes(&self.seeds[..1]).text("sig").bytes(&sign(self.seeds[0], certify));
        writer.text("pubArea").bytes(&self.public_area).text("certInfo").bytes(certify);
        writer.text("pat").map(4).text("tpmVer").text("2.0").text("kid").bytes(&self.seeds[1..]);
        writer.text("sig").bytes(&sign(self.seeds[1], quote)).text("attestInfo").bytes(quote);
        writer.finish().unwrap().to_vec()
    }

    fn verify(&self) -> Result<Vec<u8>, Error> {
        let bytes = self.encoded();
        let token = ParsecToken::decode(&bytes, &Profile::LENIENT)?;
        let evidence = trusting(&[1, 2], |trust| token.verify(trust.keys, &context()))?;
        assert_eq!(evidence.nonce.value(), b"nonce");
        assert_eq!(evidence.platform.value().digest, [5; 32]);
        Ok(evidence.key.value().to_vec())
    }
}

#[test]
fn a_key_and_its_platform_are_attested() {
    assert_eq!(made().verify(), Ok(made().public_area));
}

#[test]
fn e110_each_part_has_its_members() {
    let whole = made().encoded();
    for name in ["kat", "pat", "tpmVer", "kid", "sig", "pubArea", "certInfo", "attestInfo"] {
        let at = whole.windows(name.len()).position(|window| window == name.as_bytes()).unwrap();
        let mut bytes = whole.clone();
        bytes[at] = b'X';
        assert_eq!(rule(ParsecToken::decode(&bytes, &Profile::LENIENT)), "E110", "{name}");
    }
    assert_eq!(rule(ParsecToken::decode(&[0x80], &Profile::LENIENT)), "E110");
}

#[test]
fn e111_what_is_signed_is_made_by_a_tpm() {
    for len in 0..made().attests[0].len() {
        let mut cut = made();
        cut.attests[0].truncate(len);
        assert_eq!(rule(cut.verify()), "E111", "{len}");
    }
    let mut longer = made();
    longer.attests[1].push(0);
    assert_eq!(rule(longer.verify()), "E111");
    let mut other_magic = made();
    other_magic.attests[1][0] = 0;
    assert_eq!(rule(other_magic.verify()), "E111");
    let mut other_kind = made();
    other_kind.attests[0][5] = 0x19;
    assert_eq!(rule(other_kind.verify()), "E111");
}

#[test]
fn e112_both_parts_and_the_key_belong_together() {
    let other_key = Made { public_area: b"another key".to_vec(), ..made() };
    assert_eq!(rule(other_key.verify()), "E112");
    let other_signer = Made { seeds: [1, 2], ..made() };
    assert_eq!(rule(other_signer.verify()), "E112");
    let mut other_nonce = made();
    other_nonce.attests[1] = quote(b"another");
    assert_eq!(rule(other_nonce.verify()), "E112");
    // Two quotes, and two certified keys.
    let mut quotes = made();
    quotes.attests[0] = quote(b"nonce");
    assert_eq!(rule(quotes.verify()), "E112");
    let mut certified = made();
    certified.attests[1] = certified.attests[0].clone();
    assert_eq!(rule(certified.verify()), "E112");
}

#[test]
fn a_changed_statement_is_not_signed() {
    let mut bytes = made().encoded();
    let at = bytes.windows(5).position(|window| window == b"nonce").unwrap();
    bytes[at] ^= 1;
    let token = ParsecToken::decode(&bytes, &Profile::LENIENT).unwrap();
    assert_eq!(rule(trusting(&[1], |trust| token.verify(trust.keys, &context()))), "C20");
}
