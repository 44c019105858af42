//! Points of EC2 keys (RFC 9053 7.1.1), for signatures and for key agreement.

use ::ecdsa::elliptic_curve::{
    FieldBytes, FieldBytesSize,
    sec1::{ModulusSize, Sec1Point},
};

use cose_crypto::{Curve, InvalidKey, KeyMaterial, YCoordinate};

/// The point of a key on `curve`, which is `C`; not checked to be on it.
pub(super) fn point<C>(curve: Curve, material: &KeyMaterial<'_>) -> Result<Sec1Point<C>, InvalidKey>
where
    C: ::ecdsa::elliptic_curve::Curve,
    FieldBytesSize<C>: ModulusSize,
{
    let (x, y) = match *material {
        KeyMaterial::Ec2 { curve: named, x, y } if named == curve => (x, y),
        _ => return Err(InvalidKey::Unsupported),
    };
    let field = |bytes: &[u8]| FieldBytes::<C>::try_from(bytes).map_err(|_| InvalidKey::Malformed);
    Ok(match y {
        YCoordinate::Value(y) => {
            Sec1Point::<C>::from_affine_coordinates(&field(x)?, &field(y)?, false)
        }
        YCoordinate::Sign(odd) => {
            // Only the lowest bit of y enters the compressed form.
            let mut y = FieldBytes::<C>::default();
            if let Some(last) = y.last_mut() {
                *last = u8::from(odd);
            }
            Sec1Point::<C>::from_affine_coordinates(&field(x)?, &y, true)
        }
    })
}
