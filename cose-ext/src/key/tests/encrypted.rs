//! Private keys under a password, of OpenSSL and our own.

use std::{format, string::String, vec::Vec};

use super::hex;
use crate::{
    Error, Rule,
    crypto::{Curve, PrivateKey, PrivateKeyMaterial},
    error::{ErrorKind, KeyFault, Limit, PemLabel, Unsupported},
    key::{
        Pem,
        pkcs8::{self, EncryptedPrivateKey, PasswordLimits, PasswordWork},
    },
};

const PASSWORD: &[u8] = b"horse";
/// The private key of them all, on Ed25519.
const D: &str = "8f06b42439bbb1228135f5b20b8ee60e58407f2d1294198bf1831cedd5e3d32e";

/// What `openssl pkcs8 -topk8` of OpenSSL 3.0 made: AES-128, -192 and -256, 2 048 iterations of
/// PBKDF2 with HMAC-SHA-256; 1 000 of it with HMAC-SHA-512; scrypt with N = 1 024.
const OF_OPENSSL: [(&str, PasswordWork); 5] = [
    (
        "30819b305706092a864886f70d01050d304a302906092a864886f70d01050c301c04084d473586856487ab0202\
         0800300c06082a864886f70d02090500301d06096086480165030401020410496a17e7888428254ed03f27e1b6\
         08120440301d78cf8a604c9e2c18c18c19a2dff29ad831d25b672a8fdd7cecbd17a93e33314e8093c558870bba\
         48e0d5281df0d7a98dd3af81fbc669d7cd5b3971a2bdec",
        PasswordWork::Pbkdf2 { iterations: 2048 },
    ),
    (
        "30819b305706092a864886f70d01050d304a302906092a864886f70d01050c301c0408492d14bac9d490250202\
         0800300c06082a864886f70d02090500301d060960864801650304011604102f2d158edb96f0bc5cadaf217d2c\
         429a0440f75ae5e62d64b6dd344794125ffee9214bb3417ea6d38a777e6676102b02d519637cf1ef3b17c67d74\
         71fa83f05fa52a10de0a78aa1130800deb1aaa89f595ef",
        PasswordWork::Pbkdf2 { iterations: 2048 },
    ),
    (
        "30819b305706092a864886f70d01050d304a302906092a864886f70d01050c301c040852d42d770178c3d60202\
         0800300c06082a864886f70d02090500301d060960864801650304012a0410d649681bad3270c8139570837736\
         dc190440eca06f9f8e3323d0d91dd7d8c7402a73eeb61b3194408616f51efff0109253667dee4d47187a0141da\
         816ddc20849a4af6789133ffc6812053b9b38ab093b9fc",
        PasswordWork::Pbkdf2 { iterations: 2048 },
    ),
    (
        "30819b305706092a864886f70d01050d304a302906092a864886f70d01050c301c04087a4c612d44155bf00202\
         03e8300c06082a864886f70d020b0500301d060960864801650304012a04106a566cd55b0121195e09b096fd3c\
         de3e04405fbefe0211fd7bb8b55a0acee3ef32bef2b1f162aea0d49350b9b660c5bf00215af0392f2d59f5a627\
         41f55464b710ced9d289a27c734f937619adfd57c8c03f",
        PasswordWork::Pbkdf2 { iterations: 1000 },
    ),
    (
        "308193304f06092a864886f70d01050d3042302106092b06010401da47040b301404082ab2fb36256d39e20202\
         0400020108020101301d060960864801650304012a0410e7ef4ce996a635bb9c10a770270217c20440f6ef2c4a\
         b218bab2550c56ceae996bcbc7b17fa287c8e6176914ce3eabdb6932c12c1f5ea16c59d16f890d9c11a47adc71\
         5250f68639ab4cb2094bc730f99496",
        PasswordWork::Scrypt { blocks: 1024 * 8 },
    ),
];
/// PBKDF2 with HMAC-SHA-1, which needs no statement of its function.
const SHA1: &str = "30818d304906092a864886f70d01050d303c301b06092a864886f70d01050c300e04087b43be514fb4\
     a5a1020203e8301d060960864801650304012a041013a4ea8e1f991831cba1727fb4b0d00d0440e7ac8dda4fd775cd\
     2c80246b0b11082aab6a478d4c123de8737099a4a790717f6c8f1d8e59e97004271fd1b716c29ccb192a0afe54cf9d\
     8d90195a8d7b0fffc7";
/// PBES2 with Triple DES.
const DES3: &str = "30818a304e06092a864886f70d01050d3041302906092a864886f70d01050c301c0408262e364edbd3\
     451f020203e8300c06082a864886f70d02090500301406082a864886f70d0307040825771cd19f9a35840438817e29\
     56b52ace7ce4b1e9047ec8a05f2fa25266654142db8f0b4e9a7d4b823ccffc389382f2b714a2a062a231cfcadae63d\
     83f8d8cbed96";
/// PBES1.
const PBES1: &str = "3058301c060a2a864886f70d010c0106300e0408a4031e800b194cd00202080004387564f5b177d72a\
     33985c1e6a46e5596caf5a36d5a45e093798cac4dac9736fe9b44b051da1668d042f9ae7265479c13f7c9178edc204\
     ab28";

const UNSUPPORTED: Error = Error::new(ErrorKind::Unsupported(Unsupported::KeyFormat));

fn opened(der: &[u8], password: &[u8], limits: &PasswordLimits) -> Result<Vec<u8>, Error> {
    Ok(EncryptedPrivateKey::decode(der)?.decrypt(password, limits)?.to_vec())
}

fn d(der: &[u8]) -> String {
    match pkcs8::decode(der).unwrap().material {
        PrivateKeyMaterial::Okp { curve: Curve::ED25519, d } => ::hex::encode(d),
        other => panic!("{other:?}"),
    }
}

#[test]
fn keys_of_openssl_open_under_their_password_only() {
    for (encrypted, work) in OF_OPENSSL {
        let encrypted = hex(encrypted);
        assert_eq!(EncryptedPrivateKey::decode(&encrypted).unwrap().work(), work);
        let der = opened(&encrypted, PASSWORD, &PasswordLimits::DEFAULT).unwrap();
        assert_eq!(d(&der), D);
        for other in [&b""[..], b"Horse", b"horse "] {
            let refused = opened(&encrypted, other, &PasswordLimits::DEFAULT);
            assert_eq!(refused, Err(KeyFault::NotDecrypted.into()));
        }
        let mut changed = encrypted.clone();
        *changed.last_mut().unwrap() ^= 1;
        let refused = opened(&changed, PASSWORD, &PasswordLimits::DEFAULT);
        assert_eq!(refused, Err(KeyFault::NotDecrypted.into()));
    }
}

#[test]
fn more_work_than_permitted_is_refused_before_any_is_done() {
    let (pbkdf2, scrypt) = (hex(OF_OPENSSL[0].0), hex(OF_OPENSSL[4].0));
    let limits = PasswordLimits::DEFAULT.with_pbkdf2_iterations(2048).with_scrypt_blocks(8192);
    assert!(opened(&pbkdf2, PASSWORD, &limits).is_ok());
    assert!(opened(&scrypt, PASSWORD, &limits).is_ok());
    let less = limits.with_pbkdf2_iterations(2047).with_scrypt_blocks(8191);
    let refused = opened(&pbkdf2, PASSWORD, &less).unwrap_err();
    assert_eq!(refused, Error::from(Limit::PasswordIterations));
    assert_eq!(
        format!("{refused}"),
        "the encrypted private key asks for too many iterations of PBKDF2"
    );
    assert_eq!(opened(&scrypt, PASSWORD, &less), Err(Limit::PasswordBlocks.into()));
    // 2^31 - 1 iterations, days of work, and a count that the parser has no room for.
    let days = OF_OPENSSL[0].0.replacen(
        "30819b305706092a864886f70d01050d304a302906092a864886f70d01050c301c",
        "30819d305906092a864886f70d01050d304c302b06092a864886f70d01050c301e",
        1,
    );
    let days = days.replacen("02020800", "02047fffffff", 1);
    assert_eq!(
        opened(&hex(&days), PASSWORD, &PasswordLimits::DEFAULT),
        Err(Limit::PasswordIterations.into())
    );
    let beyond = OF_OPENSSL[0].0.replacen(
        "30819b305706092a864886f70d01050d304a302906092a864886f70d01050c301c",
        "3081a1305d06092a864886f70d01050d3050302f06092a864886f70d01050c3022",
        1,
    );
    let beyond = beyond.replacen("02020800", "02087fffffffffffffff", 1);
    assert_eq!(
        EncryptedPrivateKey::decode(&hex(&beyond)).unwrap_err(),
        Error::from(Limit::PasswordIterations)
    );
    // N = 2^30 is 8 GiB where r is 8.
    let wide = OF_OPENSSL[4].0.replacen(
        "308193304f06092a864886f70d01050d3042302106092b06010401da47040b3014",
        "308195305106092a864886f70d01050d3044302306092b06010401da47040b3016",
        1,
    );
    let wide = wide.replacen("02020400", "020440000000", 1);
    assert_eq!(
        opened(&hex(&wide), PASSWORD, &PasswordLimits::DEFAULT),
        Err(Limit::PasswordBlocks.into())
    );
}

#[test]
fn other_schemes_are_unsupported() {
    for other in [DES3, PBES1] {
        assert_eq!(EncryptedPrivateKey::decode(&hex(other)).unwrap_err(), UNSUPPORTED);
    }
    let sha1 = opened(&hex(SHA1), PASSWORD, &PasswordLimits::DEFAULT);
    assert_eq!(sha1, Err(UNSUPPORTED));
}

#[test]
fn c24_what_is_no_encrypted_key_is_malformed() {
    let whole = hex(OF_OPENSSL[4].0);
    for len in 0..whole.len() {
        let error = EncryptedPrivateKey::decode(&whole[..len]).unwrap_err();
        assert_eq!(error.rule(), Some(Rule::KeyForm.to_ref()), "{len}");
    }
    // No iteration; a cost of zero, of one, and one that is not a power of two; no block.
    for (at, from, to) in [
        (0, "02020800", "02020000"),
        (0, "02020800", "0201000000"),
        (4, "02020400", "0201010200"),
        (4, "02020400", "02020401"),
        (4, "020108020101", "020100020101"),
        (4, "020108020101", "020108020100"),
    ] {
        let broken = hex(&OF_OPENSSL[at].0.replacen(from, to, 1));
        let error = opened(&broken, PASSWORD, &PasswordLimits::DEFAULT).unwrap_err();
        assert_eq!(error.rule(), Some(Rule::KeyForm.to_ref()), "{from} {to}");
    }
}

/// Whatever a byte is changed to, there is an answer, and it never takes long.
#[test]
fn changed_bytes_never_panic() {
    let limits = PasswordLimits::DEFAULT.with_pbkdf2_iterations(3000).with_scrypt_blocks(1 << 14);
    for (encrypted, _) in [OF_OPENSSL[3], OF_OPENSSL[4]] {
        let encrypted = hex(encrypted);
        for at in 0..encrypted.len() {
            for mask in [0x01, 0x80, 0xff] {
                let mut changed = encrypted.clone();
                changed[at] ^= mask;
                let _ = opened(&changed, PASSWORD, &limits);
            }
        }
    }
}

#[test]
fn what_is_encrypted_here_opens_here_and_is_never_the_same() {
    let mut random = testkit::rng::seeded(3);
    let secret = hex(D);
    let material = PrivateKeyMaterial::Okp { curve: Curve::ED25519, d: &secret };
    let key = PrivateKey { material, public: None, algorithm: None };
    let one = pkcs8::encrypt(&key, PASSWORD, &mut random).unwrap();
    let two = pkcs8::encrypt(&key, PASSWORD, &mut random).unwrap();
    assert_ne!(one, two);
    let encrypted = EncryptedPrivateKey::decode(&one).unwrap();
    assert_eq!(encrypted.work(), PasswordWork::Pbkdf2 { iterations: 600_000 });
    assert_eq!(
        format!("{encrypted:?}"),
        "EncryptedPrivateKey { work: Pbkdf2 { iterations: 600000 }, .. }"
    );
    let der = encrypted.decrypt(PASSWORD, &PasswordLimits::DEFAULT).unwrap();
    assert_eq!(d(&der), D);

    let pem = Pem::encode_encrypted(&key, PASSWORD, &mut random).unwrap();
    assert!(pem.starts_with("-----BEGIN ENCRYPTED PRIVATE KEY-----\n"));
    let read = Pem::decode_encrypted(pem.as_bytes(), PASSWORD, &PasswordLimits::DEFAULT).unwrap();
    assert_eq!(format!("{read:?}"), "Pem(PRIVATE KEY)");
    assert_eq!(read.private_key().unwrap().profile(), key.profile());
    let plain = Pem::decode(pem.as_bytes()).unwrap_err();
    assert_eq!(plain, Unsupported::PemLabel(PemLabel::EncryptedPrivateKey).into());
    let open = Pem::encode_private(&key).unwrap();
    let refused = Pem::decode_encrypted(open.as_bytes(), PASSWORD, &PasswordLimits::DEFAULT);
    assert_eq!(refused.unwrap_err(), Unsupported::PemLabel(PemLabel::PrivateKey).into());
}
