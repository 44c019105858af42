//! ECDSA on secp256k1 and on brainpool curves: answers of OpenSSL, keys of which every byte is 7.

use std::vec::Vec;

use super::{RustCrypto, hex};
use crate::{BrainpoolP256r1SigningKey, BrainpoolP384r1SigningKey, Secp256k1SigningKey};
use cose_crypto::{
    Algorithm, AlgorithmPolicy, Curve, KeyMaterial, Provider, PublicKey, Signer, VerifyError,
    YCoordinate,
};

const MESSAGE: &[&[u8]] = &[b"signed by ", b"another program"];

/// Algorithm, curve, x, y and a signature of [`MESSAGE`].
const ANSWERS: [(Algorithm, Curve, &str, &str, &str); 3] = [
    // s is above half of the order.
    (
        Algorithm::ES256K,
        Curve::SECP256K1,
        "989c0b76cb563971fdc9bef31ec06c3560f3249d6ee9e5d83c57625596e05f6f",
        "631f4d05b3ae518776ee08755a7703e64b2ebc32547504de0b55a142d4ecdf80",
        "5014bba060db80fc688a33459903c1b3dcde689d19cb2a83b6a1fff0f830dc81\
         c2a712c71763b71fc429f2b1c86bd456e4b974bb8ce6317a2696a7c9efee545d",
    ),
    (
        Algorithm::ESB256,
        Curve::BRAINPOOL_P256R1,
        "028ec4ffd1f989083b4dea1542e8f61d15c28deb3a61ddadffba11ab76d1d8d7",
        "5eb8e2d46ec7c23353469bd0ed08c292152987e4367f977a3ff80e1a086c4348",
        "4a1e7ce900766d062f15da8ca3d69209d66fb815af6f3f9afaa0a209f6ba1473\
         98d5227669c3d8c645ef73ce71b4d682081a7c1bd78d92bd3cf6308cf11e2c9c",
    ),
    (
        Algorithm::ESB384,
        Curve::BRAINPOOL_P384R1,
        "49dd247f168d73664a8f26ace5d9f34aad77f84998edbbcec898f92d30a4548f4d274c98a08d172afd0d5c86342c8efd",
        "16522b32f0dbc8afc0a5493b8d7e09237df15ee7a8b257edac927f7b6d0a5a7de561ecfff0151f73b9070e385e8be376",
        "048e98e19094c9dc99056ad8cd888712c82f44e1f45ad3aadf96e9d056fedb771697e314798fcf8bd55140ed9d2a93a5\
         0a3fb4f7443587066b8b1222ce0abd4f9a81f3349869b4ce6e93b691ccce4b1bf00930b1ba4ef2eccaff784112d42f88",
    ),
];

fn signers() -> [(Curve, std::boxed::Box<dyn Signer>); 3] {
    [
        (
            Curve::SECP256K1,
            std::boxed::Box::new(Secp256k1SigningKey::from_bytes(&[7; 32]).unwrap()),
        ),
        (
            Curve::BRAINPOOL_P256R1,
            std::boxed::Box::new(BrainpoolP256r1SigningKey::from_bytes(&[7; 32]).unwrap()),
        ),
        (
            Curve::BRAINPOOL_P384R1,
            std::boxed::Box::new(BrainpoolP384r1SigningKey::from_bytes(&[7; 48]).unwrap()),
        ),
    ]
}

#[test]
fn signatures_of_another_program_verify() {
    for (algorithm, curve, x, y, signature) in ANSWERS {
        let (x, y, signature) = (hex(x), hex(y), hex(signature));
        let material = KeyMaterial::Ec2 { curve, x: &x, y: YCoordinate::Value(&y) };
        let key = PublicKey { material, algorithm: None };
        let mut signer = signers().into_iter().find(|(of, _)| *of == curve).unwrap().1;
        let mut own = [0; 96];
        let len = signer.as_mut().sign(MESSAGE, &mut own).unwrap();
        let mut asked = false;
        RustCrypto
            .with_verifier(&key, &mut |verifier| {
                asked = true;
                assert!(AlgorithmPolicy::STANDARD.permits(algorithm, &verifier.profile()));
                assert_eq!(verifier.verify(algorithm, MESSAGE, &signature), Ok(()), "{curve}");
                assert_eq!(verifier.verify(algorithm, MESSAGE, &own[..len]), Ok(()), "{curve}");
                for at in [0, signature.len() - 1] {
                    let mut changed: Vec<u8> = signature.clone();
                    changed[at] ^= 1;
                    let refused = Err(VerifyError::InvalidSignature);
                    assert_eq!(verifier.verify(algorithm, MESSAGE, &changed), refused, "{curve}");
                }
                let other = verifier.verify(Algorithm::ESP256, MESSAGE, &signature);
                assert_eq!(other, Err(VerifyError::Unsupported), "{curve}");
            })
            .unwrap();
        assert!(asked, "{curve}");
    }
}

#[test]
fn each_curve_signs_by_its_own_algorithm() {
    for ((algorithm, curve, ..), (of, signer)) in ANSWERS.iter().zip(signers()) {
        assert_eq!((*curve, signer.algorithm()), (of, *algorithm));
    }
}
