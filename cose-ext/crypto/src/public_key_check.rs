//! Whether a public key has the shape that its type and curve want.

use crate::{Curve, InvalidKey, KeyMaterial, PublicKey, YCoordinate};

impl Curve {
    /// Returns how many bytes a coordinate has: a field element of a Weierstrass curve (RFC 9053
    /// 7.1.1), or the public key of the others (RFC 8032, RFC 7748). `None` for curves that this
    /// crate does not know.
    pub const fn coordinate_len(self) -> Option<usize> {
        Some(match self {
            Self::P256 | Self::SECP256K1 | Self::ED25519 | Self::X25519 => 32,
            Self::P384 => 48,
            Self::P521 => 66,
            Self::X448 => 56,
            Self::ED448 => 57,
            _ => return None,
        })
    }

    /// Returns whether the keys on this curve have the type EC2, and not OKP; `None` for curves that
    /// this crate does not know.
    const fn is_weierstrass(self) -> Option<bool> {
        match self {
            Self::P256 | Self::P384 | Self::P521 | Self::SECP256K1 => Some(true),
            Self::X25519 | Self::X448 | Self::ED25519 | Self::ED448 => Some(false),
            _ => None,
        }
    }
}

impl PublicKey<'_> {
    /// Checks that the coordinates are as long as the curve wants them, and that the curve is one of
    /// the key's type (RFC 9053 7.1.1, 7.2).
    ///
    /// A point is not looked for on its curve: that is the provider's. Keys on curves that this crate
    /// does not know pass, and so do other key types. Whoever reads, enrols, names or writes a key
    /// calls this first: a key whose coordinates are shifted is written as another key.
    ///
    /// # Errors
    ///
    /// [`InvalidKey::Malformed`].
    pub fn check(&self) -> Result<(), InvalidKey> {
        let (curve, is_ec2, coordinates) = match self.material {
            KeyMaterial::Okp { curve, x } => (curve, false, [x, x]),
            KeyMaterial::Ec2 { curve, x, y: YCoordinate::Value(y) } => (curve, true, [x, y]),
            KeyMaterial::Ec2 { curve, x, y: YCoordinate::Sign(_) } => (curve, true, [x, x]),
            _ => return Ok(()),
        };
        let is_of_type = curve.is_weierstrass().is_none_or(|expected| expected == is_ec2);
        let is_whole = |len| coordinates.iter().all(|coordinate| coordinate.len() == len);
        if is_of_type && curve.coordinate_len().is_none_or(is_whole) {
            Ok(())
        } else {
            Err(InvalidKey::Malformed)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [(Curve, bool, usize); 8] = [
        (Curve::P256, true, 32),
        (Curve::P384, true, 48),
        (Curve::P521, true, 66),
        (Curve::SECP256K1, true, 32),
        (Curve::X25519, false, 32),
        (Curve::X448, false, 56),
        (Curve::ED25519, false, 32),
        (Curve::ED448, false, 57),
    ];

    fn check(material: KeyMaterial<'_>) -> Result<(), InvalidKey> {
        PublicKey { material, algorithm: None }.check()
    }

    #[test]
    fn coordinates_are_as_long_as_their_curve_wants() {
        let bytes = [1; 80];
        for (curve, is_ec2, len) in ALL {
            for x_len in 0..bytes.len() {
                let x = &bytes[..x_len];
                let expected = if x_len == len { Ok(()) } else { Err(InvalidKey::Malformed) };
                if !is_ec2 {
                    assert_eq!(check(KeyMaterial::Okp { curve, x }), expected, "{curve} {x_len}");
                    continue;
                }
                let whole = &bytes[..len];
                for (x, y) in [
                    (x, YCoordinate::Sign(true)),
                    (x, YCoordinate::Value(whole)),
                    (whole, YCoordinate::Value(x)),
                ] {
                    assert_eq!(
                        check(KeyMaterial::Ec2 { curve, x, y }),
                        expected,
                        "{curve} {x_len}"
                    );
                }
            }
        }
    }

    #[test]
    fn a_curve_is_one_of_the_type_of_the_key() {
        let bytes = [1; 66];
        for (curve, is_ec2, len) in ALL {
            let x = &bytes[..len];
            let other = if is_ec2 {
                KeyMaterial::Okp { curve, x }
            } else {
                KeyMaterial::Ec2 { curve, x, y: YCoordinate::Value(x) }
            };
            assert_eq!(check(other), Err(InvalidKey::Malformed), "{curve}");
        }
    }

    #[test]
    fn what_is_not_known_here_passes() {
        let curve = Curve::new(256);
        assert_eq!(check(KeyMaterial::Okp { curve, x: b"" }), Ok(()));
        let y = YCoordinate::Value(b"yy");
        assert_eq!(check(KeyMaterial::Ec2 { curve, x: b"x", y }), Ok(()));
        assert_eq!(check(KeyMaterial::Akp { public: b"" }), Ok(()));
    }
}
