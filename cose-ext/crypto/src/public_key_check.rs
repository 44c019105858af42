//! Whether a public key has the shape that its type and curve want.

use crate::{Curve, InvalidKey, KeyMaterial, KeyType, PublicKey, YCoordinate};

impl Curve {
    /// Returns how many bytes a coordinate has: a field element of a Weierstrass curve (RFC 9053
    /// 7.1.1), or the public key of the others (RFC 8032, RFC 7748). `None` for curves that this
    /// crate does not know.
    #[must_use]
    pub const fn coordinate_len(self) -> Option<usize> {
        match self.shape() {
            Some((_, len)) => Some(len),
            None => None,
        }
    }

    /// The type of the keys on this curve, and the length of a coordinate.
    const fn shape(self) -> Option<(KeyType, usize)> {
        Some(match self {
            Self::P256 | Self::SECP256K1 | Self::BRAINPOOL_P256R1 => (KeyType::EC2, 32),
            Self::BRAINPOOL_P320R1 => (KeyType::EC2, 40),
            Self::P384 | Self::BRAINPOOL_P384R1 => (KeyType::EC2, 48),
            Self::BRAINPOOL_P512R1 => (KeyType::EC2, 64),
            Self::P521 => (KeyType::EC2, 66),
            Self::ED25519 | Self::X25519 => (KeyType::OKP, 32),
            Self::X448 => (KeyType::OKP, 56),
            Self::ED448 => (KeyType::OKP, 57),
            _ => return None,
        })
    }
}

impl PublicKey<'_> {
    /// Checks that the coordinates are as long as the curve needs them, and that the curve is one
    /// of the key's type (RFC 9053 7.1.1, 7.2).
    ///
    /// The provider finds out whether the point lies on its curve. Keys on curves that this crate
    /// does not know pass, and so do other key types. Whoever reads, enrols, names or writes a key
    /// calls this first: a key whose coordinates are shifted would be written as another key.
    ///
    /// # Errors
    ///
    /// [`InvalidKey::Malformed`].
    pub const fn check(&self) -> Result<(), InvalidKey> {
        self.material.check()
    }
}

impl KeyMaterial<'_> {
    /// Checks the lengths of coordinates, as [`PublicKey::check`].
    ///
    /// # Errors
    ///
    /// [`InvalidKey::Malformed`].
    pub const fn check(&self) -> Result<(), InvalidKey> {
        let (curve, key_type, first, second) = match self {
            Self::Okp { curve, x } => (*curve, KeyType::OKP, x.len(), x.len()),
            Self::Ec2 { curve, x, y: YCoordinate::Value(y) } => {
                (*curve, KeyType::EC2, x.len(), y.len())
            }
            Self::Ec2 { curve, x, y: YCoordinate::Sign(_) } => {
                (*curve, KeyType::EC2, x.len(), x.len())
            }
            Self::Rsa { .. } | Self::Akp { .. } | Self::HssLms { .. } => return Ok(()),
        };
        let Some((expected, len)) = curve.shape() else { return Ok(()) };
        if expected.value() == key_type.value() && first == len && second == len {
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
        let curve = Curve::new(99);
        assert_eq!(check(KeyMaterial::Okp { curve, x: b"" }), Ok(()));
        let y = YCoordinate::Value(b"yy");
        assert_eq!(check(KeyMaterial::Ec2 { curve, x: b"x", y }), Ok(()));
        assert_eq!(check(KeyMaterial::Akp { public: b"" }), Ok(()));
    }
}
