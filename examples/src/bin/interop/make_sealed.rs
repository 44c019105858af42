//! MACs, encryption, and every way to the key.

use cose_ext::Content;
use cose_ext::crypto::{Algorithm, Curve};
use cose_ext::encrypt::EncryptBuilder;
use cose_ext::encrypt0::Encrypt0Builder;
use cose_ext::mac::MacBuilder;
use cose_ext::mac0::Mac0Builder;
use cose_ext::recipient::{RecipientBuilder, Sealer};
use cose_ext::rustcrypto::RustCrypto;
use getrandom::SysRng;
use rand_core::UnwrapErr;

use super::Trouble;
use super::case::Case;
use super::keys::{private, private_key, public, secret, symmetric_key, with_agreement};
use super::make::{CONTENT, EXTERNAL};

const MACS: [(Algorithm, usize); 8] = [
    (Algorithm::HMAC_256_64, 32),
    (Algorithm::HMAC_256, 32),
    (Algorithm::HMAC_384, 48),
    (Algorithm::HMAC_512, 64),
    (Algorithm::AES_MAC_128_64, 16),
    (Algorithm::AES_MAC_256_64, 32),
    (Algorithm::AES_MAC_128_128, 16),
    (Algorithm::AES_MAC_256_128, 32),
];

/// Key and nonce lengths.
const AEADS: [(Algorithm, usize, usize); 12] = [
    (Algorithm::A128GCM, 16, 12),
    (Algorithm::A192GCM, 24, 12),
    (Algorithm::A256GCM, 32, 12),
    (Algorithm::AES_CCM_16_64_128, 16, 13),
    (Algorithm::AES_CCM_16_64_256, 32, 13),
    (Algorithm::AES_CCM_64_64_128, 16, 7),
    (Algorithm::AES_CCM_64_64_256, 32, 7),
    (Algorithm::CHACHA20_POLY1305, 32, 12),
    (Algorithm::AES_CCM_16_128_128, 16, 13),
    (Algorithm::AES_CCM_16_128_256, 32, 13),
    (Algorithm::AES_CCM_64_128_128, 16, 7),
    (Algorithm::AES_CCM_64_128_256, 32, 7),
];

const UNAUTHENTICATED: [(Algorithm, usize); 6] = [
    (Algorithm::A128CTR, 16),
    (Algorithm::A192CTR, 24),
    (Algorithm::A256CTR, 32),
    (Algorithm::A128CBC, 16),
    (Algorithm::A192CBC, 24),
    (Algorithm::A256CBC, 32),
];

const CURVES: [Curve; 4] = [Curve::P256, Curve::P384, Curve::P521, Curve::X25519];
const NONCE: [u8; 16] = [0x33; 16];

pub(crate) fn all() -> Result<Vec<Case>, Trouble> {
    let mut cases = mac0()?;
    cases.extend(encrypt0()?);
    cases.extend(unauthenticated()?);
    cases.extend(shared()?);
    for curve in CURVES {
        cases.extend(agreed(curve)?);
    }
    Ok(cases)
}

fn mac0() -> Result<Vec<Case>, Trouble> {
    let mut cases = Vec::new();
    let mut make = |(algorithm, len), content: Content<'_>, external: &[u8], what: &str| {
        let builder = Mac0Builder::new();
        let message = builder.external_aad(external).authenticate(
            algorithm,
            content,
            &secret(algorithm, len),
        )?;
        let case = Case::new("mac0", format!("mac0 {algorithm}{what}"), algorithm.value(), message);
        let keys = vec![symmetric_key(algorithm, len)];
        let detached = match content {
            Content::Embedded(_) => None,
            Content::Detached(payload) => Some(payload.to_vec()),
        };
        cases.push(Case { keys, detached, external: external.to_vec(), ..case });
        Ok::<(), Trouble>(())
    };
    for mac in MACS {
        make(mac, Content::Embedded(CONTENT), b"", "")?;
    }
    make(MACS[1], Content::Embedded(CONTENT), EXTERNAL, ", external data")?;
    make(MACS[1], Content::Detached(CONTENT), b"", ", detached")?;
    Ok(cases)
}

fn encrypt0() -> Result<Vec<Case>, Trouble> {
    let mut cases = Vec::new();
    for (algorithm, len, nonce) in AEADS {
        for external in [&b""[..], EXTERNAL] {
            let builder = Encrypt0Builder::new().iv(&NONCE[..nonce]);
            let key = secret(algorithm, len);
            let message = builder.external_aad(external).encrypt(algorithm, CONTENT, &key)?;
            let what = if external.is_empty() { "" } else { ", external data" };
            let name = format!("encrypt0 {algorithm}{what}");
            let case = Case::new("encrypt0", name, algorithm.value(), message);
            let keys = vec![symmetric_key(algorithm, len)];
            cases.push(Case { keys, external: external.to_vec(), ..case });
        }
    }
    let (algorithm, len, nonce) = AEADS[0];
    let builder = Encrypt0Builder::new().iv(&NONCE[..nonce]);
    let apart = builder.encrypt_detached(algorithm, CONTENT, &secret(algorithm, len))?;
    let name = format!("encrypt0 {algorithm}, detached");
    let case = Case::new("encrypt0", name, algorithm.value(), apart.message);
    let keys = vec![symmetric_key(algorithm, len)];
    cases.push(Case { keys, detached: Some(apart.ciphertext), ..case });
    Ok(cases)
}

/// The protected bucket is empty.
fn unauthenticated() -> Result<Vec<Case>, Trouble> {
    let one = |(algorithm, len)| {
        let builder = Encrypt0Builder::new().iv(&NONCE);
        let message =
            builder.encrypt_unauthenticated(algorithm, CONTENT, &secret(algorithm, len))?;
        let name = format!("unauthenticated0 {algorithm}");
        let case = Case::new("unauthenticated0", name, algorithm.value(), message);
        Ok(Case { keys: vec![symmetric_key(algorithm, len)], ..case })
    };
    UNAUTHENTICATED.into_iter().map(one).collect()
}

/// For a recipient with a symmetric key.
fn shared() -> Result<Vec<Case>, Trouble> {
    let mut cases = Vec::new();
    for (algorithm, len) in [MACS[1], MACS[2], MACS[3]] {
        let key = secret(algorithm, len);
        let recipient = RecipientBuilder::direct(&key);
        let reader = symmetric_key(algorithm, len);
        cases.push(mac(algorithm, &recipient, Algorithm::DIRECT, reader, "direct")?);
    }
    for (algorithm, len, _) in [AEADS[0], AEADS[2], AEADS[3], AEADS[7]] {
        let key = secret(algorithm, len);
        let recipient = RecipientBuilder::direct(&key);
        let reader = symmetric_key(algorithm, len);
        cases.push(encrypt(algorithm, &recipient, Algorithm::DIRECT, reader, "direct")?);
    }
    for (wrap, len) in [(Algorithm::A128KW, 16), (Algorithm::A192KW, 24), (Algorithm::A256KW, 32)] {
        let key = secret(wrap, len);
        let recipient = RecipientBuilder::key_wrap(wrap, &key);
        let (what, reader) = (format!("{wrap}"), symmetric_key(wrap, len));
        cases.push(encrypt(AEADS[0].0, &recipient, wrap, reader.clone(), &what)?);
        cases.push(encrypt(AEADS[7].0, &recipient, wrap, reader.clone(), &what)?);
        cases.push(mac(MACS[1].0, &recipient, wrap, reader, &what)?);
    }
    for kdf in [Algorithm::DIRECT_HKDF_SHA_256, Algorithm::DIRECT_HKDF_SHA_512] {
        let key = secret(kdf, 32);
        let recipient = RecipientBuilder::direct_with_kdf(kdf, &key);
        let (what, reader) = (format!("{kdf}"), symmetric_key(kdf, 32));
        cases.push(encrypt(AEADS[0].0, &recipient, kdf, reader.clone(), &what)?);
        cases.push(mac(MACS[1].0, &recipient, kdf, reader, &what)?);
    }
    Ok(cases)
}

/// For a recipient with a key pair on `curve`.
fn agreed(curve: Curve) -> Result<Vec<Case>, Trouble> {
    let mut cases = Vec::new();
    let receiver = private(curve, 0x41);
    let peer = public(&receiver)?;
    let reader = private_key(&receiver)?;
    let mut both = |recipient: &RecipientBuilder<'_>, algorithm: Algorithm| {
        let what = format!("{algorithm} {curve}");
        cases.push(encrypt(AEADS[0].0, recipient, algorithm, reader.clone(), &what)?);
        cases.push(mac(MACS[1].0, recipient, algorithm, reader.clone(), &what)?);
        Ok::<(), Trouble>(())
    };
    for algorithm in [
        Algorithm::ECDH_ES_HKDF_256,
        Algorithm::ECDH_ES_HKDF_512,
        Algorithm::ECDH_ES_A128KW,
        Algorithm::ECDH_ES_A192KW,
        Algorithm::ECDH_ES_A256KW,
    ] {
        both(&RecipientBuilder::ecdh_es(algorithm, peer.as_public_key()), algorithm)?;
    }
    let mut made = Ok(());
    with_agreement(&private(curve, 0x42), &mut |own| {
        for algorithm in [
            Algorithm::ECDH_SS_HKDF_256,
            Algorithm::ECDH_SS_HKDF_512,
            Algorithm::ECDH_SS_A128KW,
            Algorithm::ECDH_SS_A192KW,
            Algorithm::ECDH_SS_A256KW,
        ] {
            let recipient = RecipientBuilder::ecdh_ss(algorithm, own, peer.as_public_key());
            if let Err(trouble) = both(&recipient, algorithm) {
                made = Err(trouble);
            }
        }
    })?;
    made.map(|()| cases)
}

fn encrypt(
    algorithm: Algorithm,
    recipient: &RecipientBuilder<'_>,
    way: Algorithm,
    reader: Vec<u8>,
    what: &str,
) -> Result<Case, Trouble> {
    let nonce = algorithm.nonce_len().ok_or("no cipher")?;
    let message = EncryptBuilder::new().iv(&NONCE[..nonce]).encrypt(
        algorithm,
        CONTENT,
        std::slice::from_ref(recipient),
        &mut Sealer::new(&RustCrypto, &mut UnwrapErr(SysRng)),
    )?;
    let name = format!("encrypt {algorithm}, {what}");
    let case = Case::new("encrypt", name, algorithm.value(), message);
    Ok(Case { recipient: way.value(), keys: vec![reader], ..case })
}

fn mac(
    algorithm: Algorithm,
    recipient: &RecipientBuilder<'_>,
    way: Algorithm,
    reader: Vec<u8>,
    what: &str,
) -> Result<Case, Trouble> {
    let message = MacBuilder::new().authenticate(
        algorithm,
        Content::Embedded(CONTENT),
        std::slice::from_ref(recipient),
        &mut Sealer::new(&RustCrypto, &mut UnwrapErr(SysRng)),
    )?;
    let name = format!("mac {algorithm}, {what}");
    let case = Case::new("mac", name, algorithm.value(), message);
    Ok(Case { recipient: way.value(), keys: vec![reader], ..case })
}
