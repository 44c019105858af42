//! What is burnt into the board: three keys, each in one role, and what else it believes.

use cose_ext::{
    crypto::{Algorithm, Curve, InvalidKey, KeyMaterial, PublicKey, YCoordinate},
    key::{Identity, TrustedKey},
    rustcrypto::P256VerifyingKey,
};
use scitt_core::{ServiceKey, TrustedService};
use transparent_suit::profile::ENTRY_RULE;

/// The coordinates of a key.
type Coordinates = [u8; 64];

/// Signs statements about the maker's products.
static STATEMENTS: &Coordinates = include_bytes!("../../canary/fixtures/suit/author-key.bin");
/// Signs releases, and nothing else.
static FIRMWARE: &Coordinates = include_bytes!("../../canary/fixtures/device/firmware-key.bin");
/// Signs receipts.
static SERVICE: &Coordinates = include_bytes!("../../canary/fixtures/suit/service-key.bin");

const STATEMENTS_ISSUER: &str = "https://maker.example";
const FIRMWARE_ISSUER: &str = "https://maker.example/firmware";
pub(crate) const SERVICE_NAME: &str = "https://transparency.example";
/// The class of the board, as a URN.
pub(crate) const CLASSES: [&str; 1] = ["urn:uuid:636c6173-7320-6f66-2064-657669636573"];

/// The keys, read once.
pub(crate) struct Anchors {
    statements: P256VerifyingKey,
    firmware: P256VerifyingKey,
    service: P256VerifyingKey,
}

impl Anchors {
    pub(crate) fn burnt_in() -> Result<Self, InvalidKey> {
        Ok(Self { statements: key(STATEMENTS)?, firmware: key(FIRMWARE)?, service: key(SERVICE)? })
    }

    pub(crate) fn statements(&self) -> TrustedKey<'_> {
        TrustedKey::parsed(&self.statements, Identity::new([1; 32])).for_issuer(STATEMENTS_ISSUER)
    }

    pub(crate) fn firmware(&self) -> TrustedKey<'_> {
        TrustedKey::parsed(&self.firmware, Identity::new([2; 32])).for_issuer(FIRMWARE_ISSUER)
    }

    /// The key of the service, as receipts of statements are read.
    pub(crate) fn service(&self) -> ServiceKey<'_> {
        let key = TrustedKey::parsed(&self.service, Identity::new([3; 32]));
        ServiceKey::new(key, Algorithm::ES256).with_key_id(b"test-service")
    }

    /// The key of the service, as receipts of releases are read.
    pub(crate) fn service_of_releases(&self) -> ServiceKey<'_> {
        self.service().with_entry_rule(ENTRY_RULE)
    }
}

/// The one service that this board believes.
pub(crate) const fn service<'k>(keys: &'k [ServiceKey<'k>]) -> TrustedService<'k> {
    TrustedService { name: SERVICE_NAME, issuer: Some(SERVICE_NAME), keys }
}

#[inline(never)]
fn key(key: &Coordinates) -> Result<P256VerifyingKey, InvalidKey> {
    let (x, y) = key.split_at_checked(32).ok_or(InvalidKey::Malformed)?;
    let material = KeyMaterial::Ec2 { curve: Curve::P256, x, y: YCoordinate::Value(y) };
    P256VerifyingKey::from_public_key(&PublicKey { material, algorithm: None })
}
