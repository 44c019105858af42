//! What the table promises, each provider does.

use std::{format, string::String, vec, vec::Vec};

use super::*;
use crate::{Limits, crypto::Curve};

/// What OpenSSL signed.
const MESSAGE: &[u8] = b"part one, part two";

const P256: &str = "\
     0421f7401abd7b33829a28799f102e9fbf5ca6db25e53979ce1a52d6fe3cd89e88bb0eda3186aaf2022a\
     5df69d1531db6de6a3425b0b31178e3aacc91a0af259f2";
const P256_SHA256: &str = "\
     3045022100f9aba754834fa4e8229db3a4a09444f9c7c7576dcec82ef6469232699890971902200b8d1e\
     0684a7d1e59ccd30feb55187a566c291faf8d5fc45a5105e1b8f1efcc7";
const P256_SHA384: &str = "\
     3045022026499d267bddb1b17b08057f8bb9b55a13cca2fcfa927bb21ce73b88ec6b2f4d0221009d3afa\
     598ec7b28f5fa7ba0477e4584793047d6aea4dbae87c273268dcaea8c2";
const P256_SHA512: &str = "\
     304402207a694961126e971b1eac3146202eb5e9efe754047c9daf2795d76fa9e4f2a71802206ebbb8c0\
     86edf215692be24c1333d3c5671f163f857d97b866fbd9ccc83a6eac";
const P384: &str = "\
     046d407d9f221c944e264382197e443a73e8ee51b1b1ae16e48d823f4ed5f26d006cebe2fbf0d7a70248\
     4fbecd57c5baf4ad777d572143088e036f5b85e06a321e80d709694516d3f0c3f9aa446fedabe231211a\
     81300a29fbbbe6099dd6a08487";
const P384_SHA256: &str = "\
     306402304b8627a9fc8425646edf2c77ac0c1404462b7b174ba8bddcff781d759b591dcae05c25653e65\
     b33fca2e798f6ecddf9202304fa69ebaf06f9e4bb5fa7fd72a81e36b5ebb319f38aa376cd55120ede58e\
     17f214721b27f4611601755b98e25efc53be";
const P384_SHA384: &str = "\
     3066023100b3bab05a1f433a07c254a962c51b6a4fc1e074933e12deea2627a2f2c6fcd49e7bd23d64af\
     259bf8c54501bf4e05b0a50231009a96496a58a1c52f17282692a0eb8f6bf937d0f2b1f3684c2e68c80a\
     fad5c31c7e1f1d071322db4075fc5d8dd74e25e4";
const P384_SHA512: &str = "\
     3066023100e4497eb72ad07f7951749d81aff134e6fe518ac9a4947aa8fb36b7163e93e65a0687099250\
     bd9ca71ea5ee3e5e48e9ba023100c5a5876657e9653798d0ff957afe68541fea7989d7dabb6608d6b82c\
     183286e0856a611c525eb55e07d5eb77c9c3988b";
const P521: &str = "\
     0400eda1612955db7ec91f629b4b248741463a7bed41ef7aecf6ccfb75acf2f72c158d8baa89f95b45ad\
     bfb445cd8c80658d022635ee03284757d6d57c44bc979faef300e4696c8f2d117e72d7556c68977f0d26\
     737faf316963ef3139644c4e2660a2707484c1961ba22371dfdc6f8a551186009f4d512017cc7392a9bd\
     13e8c981867f5a";
const P521_SHA256: &str = "\
     308187024201a60c9ad5b7c977eef28b7b16b7102fce63dd3fdfc0ddd0eac192684fb58afa07acf99a3e\
     189123e3af4adbf26c3f069f472dd167888f754d6ddb68af6504f0b390024117e1356cc6910b8feb06a7\
     240429dc4daf7dfc09178c1007b82fde00feaf95e27bfd24f51f5269d330e4d3457836edc1ccfe1e2b5a\
     4a1da2088701796c422a9c9c";
const P521_SHA384: &str = "\
     308188024201c62450c664f86c9c2cde963df33525aed6a3f8b7195a765d0da3503429a3c0dcd59699f8\
     c0db1cf3c5a4cb370aeb8600b0a178c44b16af4c51ef91be32f078394a024201d633f55f0c6072af1443\
     035dc96c6430b42cbdac6cd1973ae6ed89ed43c6bf2bb74a94ef84f8c3d418331fa740fe7944e9d79d69\
     f49381561fa5a8e8b12733a06a";
const P521_SHA512: &str = "\
     308187024105f5afd49c769d7d94a4fea565c144dc05b85e54656d01d25b6104137245a9eac272c2685e\
     18e012a30b28f866a534f93a6feac3628b2fa34aedaa879befc66c56024201ab7d0ef9e04747fe566297\
     84fb814d1a56aa56a53114f898d0561f26d80fbeb4ddcec5baf997c8c3bcbdbdf716d870ac9adca56c22\
     ed10bbb6fbd1c17478a91703";
const RSA: &str = "\
     3082010a0282010100a53b02d97756366b2cfe16f67b95c9363ddf556ae401f280d292e65b343164b546\
     0d6fd2d8ff50850e1cbf46ba9ba2b574a946b52fe1ca957686d193c069e5fb9a72cf63e598255b2fc745\
     246700a0e4f9afdcd8b9bc1e8f89947d81653f0227f34eb76e1a8384deb647f46d9207da7a3b8306576b\
     444b30869fc4c165aa26768c42288287aa3ed223ae923ff78c33d1eccf39715ec1a9edb3e0cfafd43087\
     299a8b78f4f4488f8fb728b29a847b519ffce27eae45262ee77ea7def017eabc682923df3f8251eeabe3\
     8c46ccb9a29ebd8540f8a4b10d2ee6b137b354de1ad4e8f988844dfc5f2baf2877dbd69e75f23d43ffb1\
     af980780b3ca17d22ecd71e0d70203010001";
const PS256: &str = "\
     3ee77678034138d3c2030440b5055e02edf61b571c9e45a9344a4b76e95796881c92f8a484837be1f194\
     17ff208ab819cc5c181d58e240b55e74cbba33dfc7211995d4db5900e606ff0c6125f52c057442c0c8d2\
     1202bd55c05ffc84d42676abf87608858de590045fd952972fa14e04a379ef1dfdebd4c4757374634683\
     7f921d357828cc76c6f15404841f1ee233c1d937bb4b859800dcf77129f6cac03993b114297422110c30\
     c1bc84a8778ff8ff306122ef6a9e43d628454e4f9c2fd6ebca3b7666f431a79fdc338e9d556b1752ece3\
     d3db3e24ad37caa92ffecc831ab7f9d61a443817f48f5402e27219c09afb6f6785d2bfd60536d0e34fb3\
     8c859ea3";
const PS384: &str = "\
     a361205ce3cedbaf9dab21a14ea9ab5d3c587f6576d57a1c65e891a7b95fa1d809aebc0ea3b20aec4c76\
     a783f74d850473bbcb5b4e9f615df76b31f7c1bc46005ce984c753d543ba037505b6eb1a1333cb73bc25\
     bfc59b131891266b670728033edd011551478975e25cd4aa79131ae6008f559ed472d33c7bf0b8464d6d\
     9de6728efb05451b0c96c2705f71fbb14adb497357763c269d3c9d8ced2e2149f8844abbdcb1406b250c\
     943a0d6781b040a64be517a3aaa5c2af53312d049e364046c2b2710c972e1f6f79269f4e083d8bcaed64\
     5544d1cbe0d9fe99dd9532ba5aded0913aef7e78cb7592efdfbaa5a0706414e65b786ab2b26fbba5461b\
     c4a6a463";
const PS512: &str = "\
     5ab39ba5adb0700a2d61fe924428ba74c3cab92f45715b43bde7cb1782a957fc8f776de1ce9e2429a77f\
     f671ef3418299b7eb52b5813b9035458a2797dd4faa9f70133efdafb02afc97a578a363626f01123ffa0\
     559ed384426a541b1792249d6d3a0c8437d87a50962aa4a912e3892bd3f2fadfc08bb4392fc837dd938c\
     8a6d2d3ce207788e00c912f363e848a78a83c713208dc45ca6ef7fc115090c78ae3e61cdfb1cff2a56b3\
     007a6e8bb66609932ca7929c32baf975268ea86227b4f48ed3e139996478c1dd70ab3112f10e939da76d\
     cf86be35319fe32028d9a90747034f612987a0399496756c14daf9a8567c0bed62e58683abcdff9270fd\
     da6b9147";
const RS256: &str = "\
     908ca6cc05ffc841073706e010cdd9de0928e7f3866a7dc7ff115426f6fc3c9f5df4098908921e644048\
     3598661fa15bea54cf04db6270b185fb60436d05ad5dadc1037d44a713a1aec7dcd0f1f599606dfca4c4\
     c663e04598a6a77dcfb4f8a97a5ed65ac5acb25b78daaeb0591160442740b52274c485a7ac0b408833e9\
     778d7181ca8365c8e45d1e2827194d828730ad26e19eae1c116961d5c6e9f472d1002955095828bb451c\
     4424954dd2fe4d0db8ea2c6b205ebf70cdd2ac2e00cc4e46e99484ca48fb4b5a81f513c18f7470bd0865\
     40144eb788b0fef83a0164832cdbb583de0059f50d2a5c0066934d396c14b746bd2ffd844586abd8d628\
     c3cafd3d";
const RS384: &str = "\
     73bd677499577a9f86c7969dc489a616b71b0b1c1be403bac7462877fec04a4dec8da3b8174f0f546977\
     30bc87d5181df314913846c29706f1d7058a69b5e287977908eb49caf0b4bd4eeea486fd3f9191b984ab\
     1fbba777e64c60b7eb63f6b29b16f5a3bc078cea1c66211964a2c848a43c8c4a4019ebfa7133fe2a9995\
     10e72628f25dad73cafa18e51d520e2dd7ecf0793d8b384205a25d802c95c6561e6bb734f623db49ecb6\
     69e8da747eb3b654e45ceaeaab9969e19c8176ae6de7abad8c1b8a2b64510ca2c10743c34d730ed19028\
     562880ecf13ad34bf8e7a70da5a0036104cb5ec9d158005672b0649400780e05d6a2e7e0e7f07cc9f75c\
     ac3747a6";
const RS512: &str = "\
     8b5584a35b3578964e13db6c0992acca92dbcce81a2b8140c8611982918d13882855fc355a1e5327ed30\
     d0918252ba3cd730403bfe496684a92b54012cc1c24e380111fa6838b63d907c9e90d114169d97c5bd7a\
     05bfdd67c2899b06c94061db972a2e5f49c6bfe2202030a49099bf2a270b95a3ba354a149335615a8c38\
     0271ab16245d66e7dd5575b62671e88fcf4e096ecc729ac55a4801ad585e9cab7905b541395469d57bcf\
     0d68d71237dc68d4f7fc706d7ae016611dafb23d9d6e99214f93c933a73a37d864cc420e0f7f82d64246\
     381e711a22fb5f9d6e6c3bef346bc19d9324cddc031bf2a6d5fc5b6bbe98b21ab41812ad952c24e24185\
     1392e100";

fn hex(text: &str) -> Vec<u8> {
    ::hex::decode(text).unwrap()
}

/// The key and the signature of a row, where OpenSSL made one.
fn made(scheme: &Scheme) -> Option<(Vec<u8>, Vec<u8>)> {
    let (key, signature) = match (scheme.kind, scheme.algorithm.value()) {
        (Kind::Ecdsa(Curve::P256), -7) => (P256, P256_SHA256),
        (Kind::Ecdsa(Curve::P256), -35) => (P256, P256_SHA384),
        (Kind::Ecdsa(Curve::P256), -36) => (P256, P256_SHA512),
        (Kind::Ecdsa(Curve::P384), -7) => (P384, P384_SHA256),
        (Kind::Ecdsa(Curve::P384), -35) => (P384, P384_SHA384),
        (Kind::Ecdsa(Curve::P384), -36) => (P384, P384_SHA512),
        (Kind::Ecdsa(Curve::P521), -7) => (P521, P521_SHA256),
        (Kind::Ecdsa(Curve::P521), -35) => (P521, P521_SHA384),
        (Kind::Ecdsa(Curve::P521), -36) => (P521, P521_SHA512),
        (Kind::Rsa, -37) => (RSA, PS256),
        (Kind::Rsa, -38) => (RSA, PS384),
        (Kind::Rsa, -39) => (RSA, PS512),
        (Kind::Rsa, -257) => (RSA, RS256),
        (Kind::Rsa, -258) => (RSA, RS384),
        (Kind::Rsa, -259) => (RSA, RS512),
        _ => return None,
    };
    Some((hex(key), hex(signature)))
}

/// A key and a signature of no worth, of the lengths that the row wants.
fn made_up(scheme: &Scheme) -> (Vec<u8>, Vec<u8>) {
    let (key, signature) = match (scheme.kind, scheme.algorithm.value()) {
        (Kind::Edwards(Curve::ED448), _) => (57, 114),
        (Kind::Edwards(_), _) => (32, 64),
        (_, -48) => (1312, 2420),
        (_, -49) => (1952, 3309),
        _ => (2592, 4627),
    };
    // The neutral element in both Edwards forms.
    (core::iter::once(1).chain(core::iter::repeat(0)).take(key).collect(), vec![0; signature])
}

/// Every row under `provider`, but those that it leaves out.
fn each_row_is_done(provider: &dyn Provider, left_out: &[&str]) {
    let mut not_done = Vec::new();
    for scheme in &SCHEMES {
        let name: String = match scheme.kind {
            Kind::Ecdsa(curve) | Kind::Edwards(curve) => {
                format!("{} on {curve}", scheme.algorithm)
            }
            _ => format!("{}", scheme.algorithm),
        };
        let budget = Budget::new(&Limits::DEFAULT, None);
        let one = CertificateSignature { scheme, provider, budget: &budget };
        let (key, mut signature) = made(scheme).unwrap_or_else(|| made_up(scheme));
        if made(scheme).is_some() {
            assert_eq!(one.check(&key, MESSAGE, &signature), Ok(()), "{name}");
            let last = signature.len() - 1;
            signature[last] ^= 1;
        }
        match one.check(&key, MESSAGE, &signature) {
            Err(VerifyError::Unsupported) => not_done.push(name),
            refused => assert!(refused.is_err(), "{name}"),
        }
    }
    assert_eq!(not_done, left_out);
}

#[cfg(all(
    feature = "p256",
    feature = "p384",
    feature = "p521",
    feature = "ed25519",
    feature = "ed448",
    feature = "rsa",
    feature = "ml-dsa"
))]
#[test]
fn rustcrypto_does_every_row() {
    each_row_is_done(&crate::rustcrypto::RustCrypto, &[]);
}

#[cfg(feature = "aws-lc")]
#[test]
fn aws_lc_does_every_row_but_ed448() {
    each_row_is_done(&crate::aws_lc::AwsLc, &["EdDSA on Ed448"]);
}

#[test]
fn a_row_has_one_key_and_one_signature() {
    for (index, scheme) in SCHEMES.iter().enumerate() {
        let same = |other: &&Scheme| (other.key, other.signature) == (scheme.key, scheme.signature);
        assert_eq!(SCHEMES.iter().filter(same).count(), 1, "{index}");
        let is_pss_key =
            scheme.key.as_ref().starts_with(&[6, 9, 42, 134, 72, 134, 247, 13, 1, 1, 10]);
        let is_pss = (-39..=-37).contains(&scheme.algorithm.value());
        assert!(is_pss || !is_pss_key, "{index}: a key of RSASSA-PSS signs by nothing else");
        // The parameters of such a key are those of the signature, or leave the salt open.
        if is_pss_key && scheme.key.as_ref().len() > 11 {
            let (key, signature) = (scheme.key.as_ref(), scheme.signature.as_ref());
            assert_eq!(key[..key.len() - 1], signature[..signature.len() - 1], "{index}");
        }
    }
}
