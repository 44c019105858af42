//! Known answers of RSA signatures, and refusals.

use std::vec::Vec;

use super::{MESSAGE, broken_feed, feed, hex, parse};
use crate::{RsaVerifyingKey, Sha256};
use cose_crypto::{
    Algorithm, HashFunction, InvalidKey, KeyMaterial, PublicKey, SignatureVerifier, VerifyError,
};

/// The modulus of a key of 2048 bits; its exponent is 65537.
const N: &str = "\
     b7ec2218b1cdb929d3a091bb4df0fff99a0951dc41bb59ee162c648d2b73a07f\
     b462e7d4d739b492fee9a1109cb6b9f584cf4c8263dbe2be0fa358fa147fd628\
     b1c60e90c515ad410e96d6ee9747720a623bc1b19318403fb68085703149c842\
     99e3d9283ec867c30b143c3e40474d6c0df16f34a4aa6420e274941fa31c8e8d\
     3e913cc6869e67354da6e452e5f0a0e551a86c01e765e4dcc0165e3699ce4cb8\
     874dbdb5113cbe44f39d1c2f3bdfeb4bf8b06c0b1fd1fb65df54ad9c52485507\
     9ca7b885c60a2431a76b927188e882939758934e7a46ec1102372368fa7e43a2\
     8cb2e6319db413c12b3593eaa4ce82cc09596a31b28a5669a2b6f6ad92055c6b";
/// Over the message, salt of 32 bytes.
const PS256: &str = "\
     14b0b5e1c9feeb2f7fcdb932c421628c211b818121ab269b3cf97660fdb93a78\
     e0b2dc59a98858d8d1bfa40f7163920b6c16e563da4779dac51c7bb33bec08c0\
     7377bfab7d8e1c04f0da65020ce85fda21b975f5e4f42ff579859a2f73e367bc\
     d46b5e7e0219fd0c5f4e805a6b94541d9bf49cc07a8ea71093cbf55a4de3fd90\
     967408b069e5045ade4d15b4372608f63176842acc346254d2d64d56beb64840\
     bfa684ec68619454fa066b56a840997eaa423c2ecc6d0f9b42bb14f576ba8a8e\
     ca5f1db5bef6c8678105196e641c0044f4a1a3a25f90c6a5b2311b87677ae216\
     38574f5dfdff183a17993eb1cdd896e75149f011fd64516027413449d795442b";
/// Over the message, salt of 48 bytes.
const PS384: &str = "\
     0b5d83e9d99c4bee973c1956619326ce1bd5ae4532519268c0a6a150af3a3373\
     017ffe1299bc8468f7d85c38f9aaa8692bd72ee60abd499816a4132d26ed811b\
     9e399f5bd6a54c42290c8480c7661323804cc8180652e0691f1f09056c29c8bc\
     e30a18efa9245720d0b0d79a13f2eb01cfcfe985d82de42c046a4cb58a180926\
     8ceefe2809f879c771a41ad63e038a2c6e8e83772e4f194fa85cf01a252ac8ae\
     bfe16e7516e170ac66834950d5b6ad71ea252864799fdb41af8f7d11dceb9444\
     99cae5e64bd2590407ed0628fd1c866a9eac72fb1ecde614b00499500c92bfdf\
     1fa7cdc66d07d7ec430e03c1c144f568fa9b4ce3ff9ee9d7afd96c443ea5282c";
/// Over the message, salt of 64 bytes.
const PS512: &str = "\
     97989c8c6ccfa84968b5572b025ec29c78c87349ce9929fe3bc1b6e0ec9f604c\
     1fcc17bad72e293532ecd4db8bae647683c7c0dd3d93e4c64458f05f12bae742\
     66fc62170ec84cab7c4edfa4de49df511cce1b1a624accb34f9a6d4969f54ef6\
     040f5f80009a2fc34037a5cfd23d521ac4350e4d6a46e758056ff838ffeb6482\
     af4daa779ab831c6d92f3083e2a8208398e88de5e38ec7f231033b0bcce0b328\
     c833a073b36124440ad2cda9d70b5092a47bafc2014e7ec0fa1cda4f398835fb\
     d6a9c196310ed2a7a0cf3a18350431cf5dfc52039cce48a95b2e78006454de29\
     8b71c4f28839316971cc732af0f4406f138d10abed81ef55f069494935bcea7f";
/// As PS256, with a salt of 20 bytes.
const PS256_SHORT_SALT: &str = "\
     0bdfe505b434f9e80c377068df7b8f3389a0623457ef4b927805309c7108caa7\
     7bac105699903bf2bf26667e400b55d07ab384550264a4250fc467a248955b64\
     12296d7bbe436b1744f537bfaf178f42545cd4a8f30432cb7a7c53cdb3e9fb6b\
     8a0400646c5a3d92d571b99b06f91daf2cf73d9a2aa6494099c73f46684fa12b\
     a09a1b98992d818633d84a3dc9269fca70794a1506de6008e0d96edc0eb91070\
     8b1a42a5f9263c6f55b4009e7722cba3bc550e17a0cecb8fed7b14326189bfb3\
     68e7e57688c7214e033ca3ab4981c82af8eed6020577d0017221a1857d3ed80c\
     40683328eee19ab628be4ab02d86b6ba8c0df33b277ba03b3ecb245c3c8d67af";
/// Over the message.
const RS256: &str = "\
     a7478e0976bf5c32a98923f124fbc95a3678f768c4bbd7e17c3f8494141bcaf9\
     0d0acffdf7f590b22619c4b1d47ee1bb1cf68a7fb47383a1f50b57e4c184d253\
     89e1788d9d6bffbddb751bb3bf6229697d7056738aec09f168135d2f507a9b36\
     834226ad28408c248c93b0a27507a8413be336192e2824e340f2bc6d253f9a9f\
     eca91d22acd433ea8d7ddfaaff06f42ce8b02e1a3215919cbd57101ffd3eec47\
     f9af338e95d8ea2c2804bf46aca390d5855ef179542ceb17df96f878d81a4104\
     7c5b2f9914474e6ab842e67782be58ca624d42ccf1f253ffc6c914776a9a5033\
     58d4ffb66ab928182803ce5254befdb227012c9ab94deb8eda9809d940f2bec1";
/// A modulus of 1024 bits.
const N_1024: &str = "\
     c681b9cbe7e49c5318099abed4ff01f2a13531b907e29139187bb50c307499ef\
     a1455619f5ecb323370959d39ed55b93774bd3760338cac9c91c738aead0351a\
     883e851902638706e18b917a761e92e33831240c7615dd631cf242c058473e97\
     45fc8c587bc35acd8f5b6802cb06fa7f904c986c86718d627061f90a6c41a5bd";

fn rsa<'a>(n: &'a [u8], e: &'a [u8]) -> PublicKey<'a> {
    PublicKey { material: KeyMaterial::Rsa { n, e }, algorithm: None }
}

#[test]
fn signatures_of_openssl_verify_in_every_form() {
    let key = RsaVerifyingKey::from_public_key(&rsa(&hex(N), &[1, 0, 1])).unwrap();
    let signatures = [
        (Algorithm::PS256, PS256),
        (Algorithm::PS384, PS384),
        (Algorithm::PS512, PS512),
        (Algorithm::RS256, RS256),
    ];
    for (algorithm, signature) in signatures {
        let mut signature = hex(signature);
        assert_eq!(key.verify(algorithm, MESSAGE, &signature), Ok(()));
        assert_eq!(key.verify_stream(algorithm, &mut feed, &signature), Ok(()));
        let interrupted = key.verify_stream(algorithm, &mut broken_feed, &signature);
        assert_eq!(interrupted, Err(VerifyError::Interrupted));
        for (other, _) in signatures.into_iter().filter(|(other, _)| *other != algorithm) {
            let verified = key.verify(other, MESSAGE, &signature);
            assert_eq!(verified, Err(VerifyError::InvalidSignature));
        }
        let invalid = Err(VerifyError::InvalidSignature);
        assert_eq!(key.verify(algorithm, MESSAGE, &signature[..255]), invalid);
        assert_eq!(key.verify(algorithm, MESSAGE, &[&[0], &signature[..]].concat()), invalid);
        assert_eq!(key.verify(algorithm, MESSAGE, &[]), invalid);
        signature[100] ^= 1;
        assert_eq!(key.verify(algorithm, MESSAGE, &signature), invalid);
        assert_eq!(key.verify(algorithm, MESSAGE, &[0xff; 256]), invalid);
    }
}

#[test]
fn the_salt_is_as_long_as_the_hash() {
    let key = RsaVerifyingKey::from_public_key(&rsa(&hex(N), &[1, 0, 1])).unwrap();
    let verified = key.verify(Algorithm::PS256, MESSAGE, &hex(PS256_SHORT_SALT));
    assert_eq!(verified, Err(VerifyError::InvalidSignature));
}

#[test]
fn other_algorithms_and_prehashes_are_refused() {
    let key = RsaVerifyingKey::from_public_key(&rsa(&hex(N), &[1, 0, 1])).unwrap();
    for other in [Algorithm::ES256, Algorithm::EDDSA] {
        let verified = key.verify(other, MESSAGE, &hex(RS256));
        assert_eq!(verified, Err(VerifyError::Unsupported));
    }
    let prehash = Sha256.hash(MESSAGE);
    let verify = |prehash: &[u8]| key.verify_prehash(Algorithm::PS256, prehash, &hex(PS256));
    assert_eq!(verify(prehash.as_ref()), Ok(()));
    assert_eq!(verify(&prehash.as_ref()[..31]), Err(VerifyError::InvalidSignature));
}

#[test]
fn c24_modulus_and_exponent_are_minimal_odd_and_bounded() {
    let n = hex(N);
    for e in [&[3][..], &[1, 0, 1], &[1, 0xff, 0xff, 0xff, 0xff]] {
        assert_eq!(parse(&rsa(&n, e)), Ok(()));
    }
    let malformed = Err(InvalidKey::Malformed);
    for e in [&[][..], &[0], &[1], &[2], &[0, 1, 0, 1], &[2, 0, 0, 0, 1], &[1, 0, 0, 0, 0, 1]] {
        assert_eq!(parse(&rsa(&n, e)), malformed);
    }
    let zero_first = [&[0], &n[..]].concat();
    let mut even = n.clone();
    even[255] &= 0xfe;
    let longest: Vec<u8> = [0xff; 1024].to_vec();
    assert_eq!(parse(&rsa(&longest, &[1, 0, 1])), Ok(()));
    let too_long: Vec<u8> = [0xff; 1025].to_vec();
    for n in [&[][..], &zero_first, &even, &too_long, &hex(N_1024), &[0; 256], &n[..255]] {
        assert_eq!(parse(&rsa(n, &[1, 0, 1])), malformed);
    }
}
