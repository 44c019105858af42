//! Cases of key agreement (RFC 9053 6.3).

use rand_core::{TryCryptoRng, TryRng};

use super::{
    Taken,
    known::{CONTEXT, KNOWN_AGREED_KEYS, KnownAgreedKey, SALT},
};
use crate::{
    Algorithm, Curve, Hkdf, InvalidKey, KeyAgreement, KeyDerivation, KeyMaterial, PrivateKey,
    PrivateKeyMaterial, PublicKey, SecretError, SecretProvider, YCoordinate,
    conformance::{
        altered::{Altered, places},
        report::{Found, Run},
    },
};

/// What agreed keys are derived by (RFC 9053 6.3).
pub(super) const KDFS: [Hkdf; 2] = [Hkdf::Sha256, Hkdf::Sha512];

const fn algorithms(hkdf: Hkdf) -> [Algorithm; 2] {
    match hkdf {
        Hkdf::Sha512 => [Algorithm::ECDH_ES_HKDF_512, Algorithm::ECDH_SS_HKDF_512],
        _ => [Algorithm::ECDH_ES_HKDF_256, Algorithm::ECDH_SS_HKDF_256],
    }
}

pub(super) fn all(run: &mut Run<'_>, provider: &dyn SecretProvider, required: &[Algorithm]) {
    for hkdf in KDFS {
        let [algorithm, _] = algorithms(hkdf);
        let mut curves = 0_usize;
        for known in KNOWN_AGREED_KEYS {
            let case = Case { provider, known, hkdf, algorithm };
            let mut taken = Taken::NOT_YET;
            taken.given = provider.with_key_agreement(&case.private(None), &mut |own| {
                taken.called();
                let derived = own.derive(&case.peer(), &case.derivation(), &mut [0; 32]);
                taken.does = derived != Err(SecretError::Unsupported);
                if taken.does {
                    case.own(run, own);
                    case.peers(run, own);
                    case.ephemeral(run, own);
                }
            });
            taken.check(run, algorithm, &[]);
            if taken.does {
                curves = curves.saturating_add(1);
                case.keys(run);
            }
        }
        for algorithm in algorithms(hkdf) {
            let holds = curves > 0 || !required.contains(&algorithm);
            run.check(algorithm, "what is required is there", 0, holds, Found::Calls(curves));
        }
    }
    foreign(run, provider);
}

/// A key pair, the public key of the other side, and how their secret becomes a key.
struct Case<'c> {
    provider: &'c dyn SecretProvider,
    known: &'static KnownAgreedKey,
    hkdf: Hkdf,
    algorithm: Algorithm,
}

impl Case<'_> {
    fn material<'k>(&self, x: &'k [u8], y: &'k [u8]) -> KeyMaterial<'k> {
        let curve = self.known.curve;
        if self.known.y.is_empty() {
            KeyMaterial::Okp { curve, x }
        } else {
            KeyMaterial::Ec2 { curve, x, y: YCoordinate::Value(y) }
        }
    }

    fn secret<'k>(&self, d: &'k [u8], public: Option<KeyMaterial<'k>>) -> PrivateKey<'k> {
        let curve = self.known.curve;
        let material = if self.known.y.is_empty() {
            PrivateKeyMaterial::Okp { curve, d }
        } else {
            PrivateKeyMaterial::Ec2 { curve, d }
        };
        PrivateKey { material, public, algorithm: None }
    }

    fn private(&self, public: Option<KeyMaterial<'static>>) -> PrivateKey<'static> {
        self.secret(self.known.d, public)
    }

    fn public(&self) -> PublicKey<'static> {
        PublicKey { material: self.material(self.known.x, self.known.y), algorithm: None }
    }

    fn peer(&self) -> PublicKey<'static> {
        let material = self.material(self.known.peer_x, self.known.peer_y);
        PublicKey { material, algorithm: None }
    }

    fn derivation(&self) -> KeyDerivation<'static> {
        KeyDerivation { hkdf: self.hkdf, salt: SALT, context: &[CONTEXT] }
    }

    /// The compressed form of a point.
    fn compressed<'k>(&self, x: &'k [u8], y: &[u8]) -> KeyMaterial<'k> {
        let is_odd = y.last().is_some_and(|last| last & 1 == 1);
        KeyMaterial::Ec2 { curve: self.known.curve, x, y: YCoordinate::Sign(is_odd) }
    }

    fn key(&self) -> &'static [u8] {
        match self.hkdf {
            Hkdf::Sha512 => self.known.key_512,
            _ => self.known.key_256,
        }
    }

    fn agrees(
        &self,
        run: &mut Run<'_>,
        case: &'static str,
        own: &dyn KeyAgreement,
        peer: KeyMaterial<'_>,
    ) {
        let mut key = [0; 32];
        let peer = PublicKey { material: peer, algorithm: None };
        let derived = own.derive(&peer, &self.derivation(), &mut key);
        let holds = derived.is_ok() && key == self.key();
        run.check(self.algorithm, case, 0, holds, Found::Made(derived.map(|()| key.len())));
    }

    fn own(&self, run: &mut Run<'_>, own: &dyn KeyAgreement) {
        run.profile_is(self.algorithm, own.profile(), self.private(None).profile());
        let (mut calls, mut same) = (0_usize, false);
        own.with_public_key(&mut |public| {
            calls = calls.saturating_add(1);
            same = *public == self.public();
        });
        let name = "the public key is known";
        run.check(self.algorithm, name, 0, same && calls == 1, Found::Calls(calls));
        self.agrees(run, "the known key", own, self.peer().material);
        if !self.known.y.is_empty() {
            let compressed = self.compressed(self.known.peer_x, self.known.peer_y);
            self.agrees(run, "the known key, with a compressed point", own, compressed);
        }
        let (mut split, mut key) = (self.derivation(), [0; 32]);
        split.context = &[b"con", b"", b"text"];
        let derived = own.derive(&self.peer(), &split, &mut key);
        let holds = derived.is_ok() && key == self.key();
        let name = "the known key, context in parts";
        run.check(self.algorithm, name, 0, holds, Found::Made(derived.map(|()| key.len())));
    }

    /// Peers that are not points of the curve, or of no use.
    fn peers(&self, run: &mut Run<'_>, own: &dyn KeyAgreement) {
        let KnownAgreedKey { peer_x, peer_y, .. } = *self.known;
        let mut refused = |case, at, material: KeyMaterial<'_>| {
            let peer = PublicKey { material, algorithm: None };
            let derived = own.derive(&peer, &self.derivation(), &mut [0; 32]);
            let holds = derived == Err(SecretError::Malformed);
            run.check(self.algorithm, case, at, holds, Found::Made(derived.map(|()| 32)));
        };
        for (at, altered) in Altered::lengths(peer_x).iter().enumerate() {
            refused("x of another length", at, self.material(altered.bytes(), peer_y));
        }
        for other in KNOWN_AGREED_KEYS.iter().filter(|other| other.curve != self.known.curve) {
            let case = Case { known: other, ..*self };
            refused("a peer on another curve", 0, case.peer().material);
        }
        if peer_y.is_empty() {
            // RFC 7748 6.1: the secret would be zero, whatever the own key is.
            let mut one = [0; 32];
            if let Some(first) = one.first_mut() {
                *first = 1;
            }
            refused("X25519 of small order", 0, self.material(&[0; 32], &[]));
            refused("X25519 of small order", 1, self.material(&one, &[]));
            let curve = Curve::X25519;
            let as_ec2 = KeyMaterial::Ec2 { curve, x: peer_x, y: YCoordinate::Value(peer_x) };
            refused("X25519 as a point with two coordinates", 0, as_ec2);
            return;
        }
        for (at, altered) in Altered::lengths(peer_y).iter().enumerate() {
            refused("y of another length", at, self.material(peer_x, altered.bytes()));
        }
        for at in places(peer_y.len()) {
            let altered = Altered::flipped(peer_y, at);
            refused("not on the curve", at, self.material(peer_x, altered.bytes()));
        }
        let zero = Altered::filled(peer_x, 0);
        let zero = zero.bytes().get(..peer_x.len()).unwrap_or_default();
        refused("the point at infinity", 0, self.material(zero, zero));
    }

    /// What a fresh key agrees on, the other side agrees on too.
    fn ephemeral(&self, run: &mut Run<'_>, own: &dyn KeyAgreement) {
        let (mut random, mut calls) = (Draws::default(), 0_usize);
        let mut drawn = [[0; 32]; 2];
        for draw in &mut drawn {
            let mut holds = false;
            let given =
                self.provider.with_ephemeral_key(self.known.curve, &mut random, &mut |ephemeral| {
                    calls = calls.saturating_add(1);
                    let derived = ephemeral.derive(&self.public(), &self.derivation(), draw);
                    let (mut here, mut back) = ([0; 32], Err(SecretError::Unsupported));
                    ephemeral.with_public_key(&mut |public| {
                        back = own.derive(public, &self.derivation(), &mut here);
                    });
                    holds = derived.is_ok() && back.is_ok() && here == *draw;
                });
            let name = "a fresh key agrees";
            run.check(self.algorithm, name, calls, holds && given.is_ok(), Found::Key(given));
        }
        let [first, second] = drawn;
        let name = "a fresh key is another each time";
        run.check(self.algorithm, name, calls, first != second && calls == 2, Found::Calls(calls));
    }

    /// Private keys that are none, and public keys that came along.
    fn keys(&self, run: &mut Run<'_>) {
        let KnownAgreedKey { d, x, y, peer_x, peer_y, order, .. } = *self.known;
        let mut given_is = |case, at, key: &PrivateKey<'_>, expected| {
            let mut calls = 0_usize;
            let given =
                self.provider.with_key_agreement(key, &mut |_| calls = calls.saturating_add(1));
            let holds = given == expected && (calls == 1) == given.is_ok();
            run.check(self.algorithm, case, at, holds, Found::Key(given));
        };
        let malformed = Err(InvalidKey::Malformed);
        for (at, altered) in Altered::lengths(d).iter().enumerate() {
            let key = self.secret(altered.bytes(), None);
            given_is("a private key of another length", at, &key, malformed);
        }
        let public = Some(self.material(x, y));
        given_is("a public key that is its own", 0, &self.private(public), Ok(()));
        let public = Some(self.material(peer_x, peer_y));
        given_is("a public key that is another's", 0, &self.private(public), malformed);
        if !y.is_empty() {
            let public = Some(self.compressed(x, y));
            given_is("a compressed public key that is its own", 0, &self.private(public), Ok(()));
            let public = Some(self.compressed(peer_x, peer_y));
            given_is("a public key that is another's", 1, &self.private(public), malformed);
            given_is("a scalar that is the order", 0, &self.secret(order, None), malformed);
            let zero = Altered::filled(d, 0);
            let zero = zero.bytes().get(..d.len()).unwrap_or_default();
            given_is("a scalar that is zero", 0, &self.secret(zero, None), malformed);
        }
    }
}

/// Curves that the suite knows nobody to agree on are unsupported, not malformed.
fn foreign(run: &mut Run<'_>, provider: &dyn SecretProvider) {
    for curve in [Curve::ED25519, Curve::new(i64::MAX)] {
        let mut calls = 0_usize;
        let mut count = |_: &dyn KeyAgreement| calls = calls.saturating_add(1);
        for material in [
            PrivateKeyMaterial::Okp { curve, d: &[7; 32] },
            PrivateKeyMaterial::Ec2 { curve, d: &[7; 32] },
        ] {
            let key = PrivateKey { material, public: None, algorithm: None };
            let given = provider.with_key_agreement(&key, &mut count);
            let holds = given == Err(InvalidKey::Unsupported);
            let name = "a private key on a curve for something else";
            run.check(Algorithm::new(0), name, 0, holds, Found::Key(given));
        }
        let given = provider.with_ephemeral_key(curve, &mut Draws::default(), &mut count);
        let holds = given == Err(InvalidKey::Unsupported) && calls == 0;
        let name = "a fresh key on a curve for something else";
        run.check(Algorithm::new(0), name, 0, holds, Found::Key(given));
    }
}

/// Draws one number after the other. For tests of what is made of the numbers; random it is not.
#[derive(Default)]
struct Draws(u8);

impl TryRng for Draws {
    type Error = core::convert::Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Self::Error> {
        let mut bytes = [0; 4];
        self.try_fill_bytes(&mut bytes).map(|()| u32::from_le_bytes(bytes))
    }

    fn try_next_u64(&mut self) -> Result<u64, Self::Error> {
        let mut bytes = [0; 8];
        self.try_fill_bytes(&mut bytes).map(|()| u64::from_le_bytes(bytes))
    }

    fn try_fill_bytes(&mut self, dst: &mut [u8]) -> Result<(), Self::Error> {
        for byte in dst {
            self.0 = self.0.wrapping_add(1);
            *byte = self.0;
        }
        Ok(())
    }
}

impl TryCryptoRng for Draws {}
