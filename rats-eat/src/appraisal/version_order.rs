//! How versions compare.

use core::cmp::Ordering;

/// Compares two versions that are numbers between dots, of any length; a number that is not there
/// is 0. `None` for any other version, but that equal texts are equal.
pub(super) fn compare(one: &str, other: &str) -> Option<Ordering> {
    if one == other {
        return Some(Ordering::Equal);
    }
    let (mut one, mut other) = (one.split('.'), other.split('.'));
    let mut order = Ordering::Equal;
    loop {
        let (left, right) = match (one.next(), other.next()) {
            (None, None) => return Some(order),
            (left, right) => (number(left)?, number(right)?),
        };
        let compared = left.len().cmp(&right.len()).then_with(|| left.cmp(right));
        order = order.then(compared);
    }
}

/// The digits of a number without the zeros before it.
fn number(part: Option<&str>) -> Option<&str> {
    let digits = part.unwrap_or("0");
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| digits.trim_start_matches('0'))
}

#[cfg(test)]
mod tests {
    use core::cmp::Ordering::{Equal, Greater, Less};

    use super::compare;

    #[test]
    fn numbers_compare_as_numbers() {
        for (one, other, order) in [
            ("1.3", "1.3", Some(Equal)),
            ("1.10", "1.9", Some(Greater)),
            ("1.9", "1.10", Some(Less)),
            ("2", "1.99.99", Some(Greater)),
            ("1.3", "1.3.0", Some(Equal)),
            ("1.3", "1.3.1", Some(Less)),
            ("01.3", "1.03", Some(Equal)),
            ("99999999999999999999999", "100000000000000000000000", Some(Less)),
            ("1.3-rc1", "1.3-rc1", Some(Equal)),
            ("1.3-rc1", "1.2", None),
            ("1.2", "1.3-rc1", None),
            ("", "1", None),
            ("1.", "1", None),
            ("1.-2", "1", None),
            ("2.x", "1.0", None),
        ] {
            assert_eq!(compare(one, other), order, "{one} {other}");
        }
    }
}
