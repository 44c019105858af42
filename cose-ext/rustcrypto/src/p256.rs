//! ECDSA and ECDH on P-256.

use ::p256::{NistP256, ProjectivePoint, Scalar, elliptic_curve::Group};
use wnaf::{WnafBase, WnafScalar, array::typenum::U5};

super::ecdsa::curve_keys! {
    NistP256, P256, 32, "P-256", ES256, ESP256, SHA256, P256VerifyingKey, P256SigningKey, sum
}

/// What the crate beneath does, with each table built in its place: there they are built, copied
/// and copied again, which takes 2 KiB more of a stack.
#[inline(never)] // The tables are gone before the sum is divided by its z.
fn sum(of_generator: &Scalar, of_point: &Scalar, point: &ProjectivePoint) -> ProjectivePoint {
    let (mut table_of_generator, mut table_of_point) = (Table::default(), Table::default());
    table_of_generator.init_from_base(&ProjectivePoint::generator());
    table_of_point.init_from_base(point);
    let (of_generator, of_point) = (Digits::new(of_generator), Digits::new(of_point));
    let terms = [(&table_of_generator, &of_generator), (&table_of_point, &of_point)];
    Table::multiscalar_mul(terms.into_iter())
}

/// Odd multiples of a point, for windows of five bits.
type Table = WnafBase<ProjectivePoint, U5>;
type Digits = WnafScalar<Scalar, U5>;
