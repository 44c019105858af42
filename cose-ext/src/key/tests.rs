//! Keys in every form, by the rules of `Rule`.

mod cose_key;
#[cfg(feature = "pkcs8")]
mod der;
mod encoder;
#[cfg(all(feature = "pkcs5", feature = "pem"))]
mod encrypted;
#[cfg(all(feature = "pem", feature = "jwk"))]
mod hostile;
#[cfg(feature = "jwk")]
mod jwk;
#[cfg(feature = "p256")]
mod key_set;
#[cfg(feature = "pkcs8")]
mod pkcs8;
#[cfg(all(feature = "pem", feature = "jwk"))]
mod round_trip;
#[cfg(all(feature = "pem", feature = "jwk", feature = "rsa"))]
mod rsa;
mod secret_encoder;
#[cfg(feature = "sha256")]
mod thumbprint;
#[cfg(all(feature = "pem", feature = "jwk", feature = "sha256"))]
mod whole;

use std::vec::Vec;

/// The public key of RFC 9679 6.
const X: &str = "65eda5a12577c2bae829437fe338701a10aaa375e1bb5b5de108de439c08551d";
const Y: &str = "1e52ed75701163f7f9e40ddf9f341b3dc9ba860af7e0ca7ca7e9eecd0084d19c";

fn hex(text: &str) -> Vec<u8> {
    ::hex::decode(text).unwrap()
}
