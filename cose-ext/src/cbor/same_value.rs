//! Equality of whole data items as values: the encoding and the order of maps do not matter.

use core::cmp::Ordering;

use super::{
    Array, Elements, Entries, Error, ErrorKind, Item, MAX_DEPTH, Map, Raw, Reader, Strictness,
    key_order::compare,
};

/// Whether `a` and `b`, both checked, are one value.
///
/// Halves and doubles of one value are equal, an integer and a float never are, as for map keys. A
/// map inside of a map key is not supported. What is looked at is taken from `left`, the budget of
/// the whole call.
///
/// # Errors
///
/// [`ErrorKind::ItemLimit`] and [`ErrorKind::UnsupportedKey`].
pub(crate) fn same_value(a: &Raw<'_>, b: &Raw<'_>, left: &mut usize) -> Result<bool, Error> {
    let mut walk = Walk { open: [const { None }; MAX_DEPTH], depth: 0, left };
    let mut pair = Some((*a, *b));
    while let Some((a, b)) = pair {
        if !walk.enter(&a, &b)? {
            return Ok(false);
        }
        pair = match walk.next()? {
            Step::Pair(a, b) => Some((a, b)),
            Step::Differ => return Ok(false),
            Step::Done => None,
        };
    }
    Ok(true)
}

/// What is being compared member by member.
enum Open<'b> {
    Arrays(Elements<'b>, Elements<'b>),
    /// The entries of one, looked up in the other, which has as many.
    Maps(Entries<'b>, Map<'b>),
    /// The contents of two tags of one number.
    Tags(Option<(Raw<'b>, Raw<'b>)>),
}

enum Step<'b> {
    Pair(Raw<'b>, Raw<'b>),
    Differ,
    Done,
}

struct Walk<'b, 'l> {
    open: [Option<Open<'b>>; MAX_DEPTH],
    depth: usize,
    left: &'l mut usize,
}

impl<'b> Walk<'b, '_> {
    fn spend(&mut self, items: usize, at: usize) -> Result<(), Error> {
        let less = self.left.checked_sub(items);
        *self.left = less.ok_or(Error::new(ErrorKind::ItemLimit, at))?;
        Ok(())
    }

    /// Compares two items as far as their heads go, and opens what is inside of them.
    fn enter(&mut self, a: &Raw<'b>, b: &Raw<'b>) -> Result<bool, Error> {
        self.spend(1, a.offset())?;
        if a.bytes() == b.bytes() {
            return Ok(true);
        }
        let (mut head_a, mut head_b) = (reader(a), reader(b));
        let open = match (head_a.item()?, head_b.item()?) {
            (Item::Array(_), Item::Array(_)) => {
                Open::Arrays(Array::new(a)?.iter(), Array::new(b)?.iter())
            }
            (Item::Map(_), Item::Map(_)) => {
                let (a, b) = (Map::new(a)?, Map::new(b)?);
                if a.len() != b.len() {
                    return Ok(false);
                }
                Open::Maps(a.iter(), b)
            }
            (Item::Tag(x), Item::Tag(y)) => {
                if x != y {
                    return Ok(false);
                }
                Open::Tags(Some((rest(a, &head_a), rest(b, &head_b))))
            }
            (Item::Array(_) | Item::Map(_) | Item::Tag(_), _)
            | (_, Item::Array(_) | Item::Map(_) | Item::Tag(_)) => return Ok(false),
            _ => return Ok(compare(&reader(a), &reader(b))?.0 == Ordering::Equal),
        };
        let slot = self.open.get_mut(self.depth);
        *slot.ok_or(Error::new(ErrorKind::DepthLimit, a.offset()))? = Some(open);
        self.depth = self.depth.saturating_add(1);
        Ok(true)
    }

    /// The next two items that have to be one value.
    fn next(&mut self) -> Result<Step<'b>, Error> {
        while let Some(level) = self.depth.checked_sub(1) {
            let Some(Some(open)) = self.open.get_mut(level) else { break };
            let pair = match open {
                Open::Arrays(a, b) => match (a.next(), b.next()) {
                    (None, None) => None,
                    (Some(a), Some(b)) => Some((a, b)),
                    _ => return Ok(Step::Differ),
                },
                Open::Maps(entries, other) => match entries.next() {
                    None => None,
                    Some((key, value)) => {
                        let other = *other;
                        match self.look_up(&key, &other)? {
                            None => return Ok(Step::Differ),
                            Some(found) => Some((value, found)),
                        }
                    }
                },
                Open::Tags(contents) => contents.take(),
            };
            match pair {
                Some((a, b)) => return Ok(Step::Pair(a, b)),
                None => self.depth = level,
            }
        }
        Ok(Step::Done)
    }

    fn look_up(&mut self, key: &Raw<'b>, map: &Map<'b>) -> Result<Option<Raw<'b>>, Error> {
        for (candidate, value) in map {
            let (order, steps) = compare(&reader(key), &reader(&candidate))
                .map_err(|error| Error::new(error.kind(), key.offset()))?;
            self.spend(steps, key.offset())?;
            if order == Ordering::Equal {
                return Ok(Some(value));
            }
        }
        Ok(None)
    }
}

fn reader<'b>(raw: &Raw<'b>) -> Reader<'b> {
    Reader::new(raw.bytes(), Strictness::LENIENT)
}

/// What `raw` has after its head.
fn rest<'b>(raw: &Raw<'b>, head: &Reader<'b>) -> Raw<'b> {
    let (_, content) = raw.bytes().split_at_checked(head.position()).unwrap_or_default();
    Raw::new(content, raw.offset().saturating_add(head.position()))
}

#[cfg(test)]
mod tests {
    use std::format;

    use super::*;

    fn same(a: &str, b: &str) -> Result<bool, ErrorKind> {
        let (a, b) = (hex::decode(a).unwrap(), hex::decode(b).unwrap());
        let read = |bytes| {
            Raw::decode(bytes, 0, Strictness::LENIENT, &super::super::Limits::DEFAULT).unwrap()
        };
        let (a, b) = (read(&a), read(&b));
        let forth = same_value(&a, &b, &mut 64).map_err(|error| error.kind());
        assert_eq!(same_value(&b, &a, &mut 64).map_err(|error| error.kind()), forth);
        forth
    }

    #[test]
    fn encodings_of_one_value_are_equal() {
        for (a, b) in [
            ("01", "1801"),
            ("20", "3800"),
            ("6161", "7f6161ff"),
            ("6162", "7f60616260ff"),
            ("430102 03", "5f4101420203ff"),
            ("f93c00", "fb3ff0000000000000"),
            ("820102", "9f01 1802ff"),
            ("a201020304", "a203040102"),
            ("a201020304", "bf1803041801 1802ff"),
            ("c101", "d8011801"),
            ("a101a1028103", "bf01bf029f03ffffff"),
            ("80", "9fff"),
            ("a0", "bfff"),
            ("c1a201020304", "c1a203040102"),
        ] {
            let (a, b) = (a.replace(' ', ""), b.replace(' ', ""));
            assert_eq!(same(&a, &b), Ok(true), "{a} {b}");
        }
    }

    #[test]
    fn other_values_differ() {
        for (a, b) in [
            ("01", "02"),
            ("01", "20"),
            ("01", "f93c00"),
            ("4161", "6161"),
            ("6161", "7f616161 62ff"),
            ("80", "a0"),
            ("80", "f6"),
            ("8101", "820101"),
            ("9f01ff", "9f0101ff"),
            ("820102", "820201"),
            ("a10102", "a10103"),
            ("a10102", "a10202"),
            ("a10102", "a201020304"),
            ("c101", "c201"),
            ("c101", "01"),
            ("a101a10203", "a101a10204"),
            ("f4", "f5"),
        ] {
            let (a, b) = (a.replace(' ', ""), b.replace(' ', ""));
            assert_eq!(same(&a, &b), Ok(false), "{a} {b}");
        }
    }

    #[test]
    fn work_and_depth_are_bounded() {
        let ones = |len: usize| format!("98{len:02x}{}", "01".repeat(len));
        let long = |len: usize| format!("98{len:02x}{}", "1801".repeat(len));
        assert_eq!(same(&ones(40), &long(40)), Ok(true));
        assert_eq!(same(&ones(62), &long(62)), Ok(true));
        let (a, b) = (hex::decode(ones(60)).unwrap(), hex::decode(long(60)).unwrap());
        let (a, b) = (Raw::new(&a, 0), Raw::new(&b, 0));
        let error = same_value(&a, &b, &mut 50).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::ItemLimit);

        let nested = |depth: usize, end: &str| [&"81".repeat(depth), end].concat();
        assert_eq!(same(&nested(15, "01"), &nested(15, "1801")), Ok(true));
        let (a, b) = (nested(MAX_DEPTH + 1, "01"), nested(MAX_DEPTH + 1, "1801"));
        let (a, b) = (hex::decode(a).unwrap(), hex::decode(b).unwrap());
        let (a, b) = (Raw::new(&a, 0), Raw::new(&b, 0));
        let error = same_value(&a, &b, &mut 1000).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::DepthLimit);
    }
}
