//! One RSA key for tests, which protects nothing.

const KEY: &[u8] = include_bytes!("rsa-2048.private");

/// The numbers of a key of 2048 bits, big-endian, in the order of RFC 8230 4: n, e, d, p, q, dP, dQ, qInv.
pub fn numbers() -> [&'static [u8]; 8] {
    let mut rest = KEY;
    [256, 3, 256, 128, 128, 128, 128, 128].map(|len| {
        let (number, behind) = rest.split_at(len);
        rest = behind;
        number
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_numbers_are_all_there_and_minimal() {
        let numbers = numbers();
        assert_eq!(numbers.iter().map(|number| number.len()).sum::<usize>(), KEY.len());
        assert!(numbers.iter().all(|number| number[0] != 0));
        assert_eq!(numbers[1], [1, 0, 1]);
    }
}
