//! Keys that are found by what a token says of its device.

use core::ops::ControlFlow;

use cose_ext::{
    Context,
    cwt::ClaimKey,
    key::{Candidate, KeyHint, KeyResolver},
};

use crate::{
    Claims, Rule, claim,
    label::{psa, psa_1},
};

/// What a token that nobody has verified says of its device: hints to the key, and nothing else.
///
/// PSA tokens have no kid (RFC 9783 5): the key is found by these.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DeviceHint<'a> {
    /// `ueid`; of a PSA token the instance id.
    pub ueid: Option<&'a [u8]>,
    /// Implementation id of a PSA token, or of a CCA platform token.
    pub implementation_id: Option<&'a [u8]>,
}

impl<'a> DeviceHint<'a> {
    /// Takes the hints from claims that nobody has verified; what cannot be read is not a hint.
    #[must_use]
    pub fn of(claims: &Claims<'a>) -> Self {
        let bytes = |keys: [i64; 2]| {
            let value = keys.iter().find_map(|key| claims.find(ClaimKey::int(*key)))?;
            claim::bytes(&value, Rule::Ueid).ok()
        };
        const UEID: i64 = 256;
        Self {
            ueid: bytes([UEID, psa_1::INSTANCE_ID]),
            implementation_id: bytes([psa::IMPLEMENTATION_ID, psa_1::IMPLEMENTATION_ID]),
        }
    }
}

/// Finds the keys of devices.
pub trait DeviceKeys: Send + Sync {
    /// Calls `each` with every key to which `device` and `hint` lead, until told to stop.
    fn candidates(
        &self,
        device: &DeviceHint<'_>,
        hint: &KeyHint<'_>,
        context: &Context<'_>,
        each: &mut dyn FnMut(Candidate<'_>) -> ControlFlow<()>,
    );
}

/// The keys of one device, as keys for its messages:
///
/// ```
/// # use cose_ext::{Context, Trust, Verified, sign::Signers};
/// # use rats_eat::{Claims, DeviceHint, DeviceKeys, Error, KeysOfDevice, Requirements, Token};
/// # fn verify<'a>(token: &Token<'a>, keys: &dyn DeviceKeys, context: &Context<'_>)
/// # -> Result<Verified<Claims<'a>, Signers>, Error> {
/// let hint = DeviceHint::of(&token.danger_unverified_claims(&context.profile)?);
/// let keys = KeysOfDevice::new(keys, hint);
/// token.verify(&Trust::keys(&keys), &Requirements::DEFAULT, context)
/// # }
/// ```
#[derive(Clone, Copy)]
pub struct KeysOfDevice<'k> {
    keys: &'k dyn DeviceKeys,
    device: DeviceHint<'k>,
}

impl<'k> KeysOfDevice<'k> {
    /// Returns those of `keys` to which `device` leads.
    pub const fn new(keys: &'k dyn DeviceKeys, device: DeviceHint<'k>) -> Self {
        Self { keys, device }
    }
}

impl KeyResolver for KeysOfDevice<'_> {
    fn candidates(
        &self,
        hint: &KeyHint<'_>,
        context: &Context<'_>,
        each: &mut dyn FnMut(Candidate<'_>) -> ControlFlow<()>,
    ) {
        self.keys.candidates(&self.device, hint, context, each);
    }
}

impl core::fmt::Debug for KeysOfDevice<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("KeysOfDevice").field("device", &self.device).finish_non_exhaustive()
    }
}
