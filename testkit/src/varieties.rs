//! Many values of a type that is `Arbitrary`, and how many different ones there are.

use std::collections::BTreeSet;

use arbitrary::{Arbitrary, Error, Unstructured};
use rand_chacha::rand_core::Rng;

use crate::rng::seeded;

/// So many inputs, each of so many bytes that look random, and the same in every run.
#[derive(Clone, Copy, Debug)]
pub struct Inputs {
    /// How many.
    pub count: u64,
    /// How long each is, in bytes.
    pub len: usize,
}

impl Inputs {
    /// The inputs, one after the other.
    pub fn each(self) -> impl Iterator<Item = Vec<u8>> {
        (0..self.count).map(move |seed| {
            let mut bytes = vec![0; self.len];
            seeded(seed).fill_bytes(&mut bytes);
            bytes
        })
    }

    /// Gives `each` the value of every input, and returns how many different answers there were. One value of ten
    /// may need more bytes than there are; none takes more than the type's hint says.
    pub fn variety<T: for<'a> Arbitrary<'a>, A: Ord>(self, each: impl Fn(&T) -> A) -> usize {
        let (least, most) = T::size_hint(0);
        assert!(most.is_none_or(|most| least <= most), "the hint is a range");
        let (mut made, mut seen) = (0, BTreeSet::new());
        for bytes in self.each() {
            let mut u = Unstructured::new(&bytes);
            match T::arbitrary(&mut u) {
                Ok(value) => {
                    made += 1;
                    let taken = bytes.len() - u.len();
                    assert!(most.is_none_or(|most| taken <= most), "{taken} of {most:?} bytes");
                    seen.insert(each(&value));
                }
                Err(Error::NotEnoughData) => {}
                Err(error) => panic!("{error}"),
            }
        }
        assert!(made > self.count / 10 * 9, "{made} of {}", self.count);
        seen.len()
    }
}

/// Demands that no input at all makes a value too.
pub fn needs_no_input<T: for<'a> Arbitrary<'a>>() {
    assert!(T::arbitrary(&mut Unstructured::new(&[])).is_ok());
}
