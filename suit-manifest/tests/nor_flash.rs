//! Journals and slots over the traits of `embedded-storage`, on flashes of several shapes.

use embedded_storage::nor_flash::{
    ErrorType, NorFlash, NorFlashError, NorFlashErrorKind, ReadNorFlash,
};
use suit_manifest::{Journal, NorJournal, NorRegion, NorSlots, RECORD, store::Slots};
use testkit::nor_flash::{NorFlash as Fake, PowerLoss};

/// The flash of the test kit as a driver would show it, with words of `R` bytes to read and `W` to write.
struct Driver<const R: usize, const W: usize>(Fake);

#[derive(Debug)]
struct Lost;

impl From<PowerLoss> for Lost {
    fn from(_: PowerLoss) -> Self {
        Self
    }
}

impl NorFlashError for Lost {
    fn kind(&self) -> NorFlashErrorKind {
        NorFlashErrorKind::Other
    }
}

const PAGE: usize = 256;
const PAGES: usize = 12;

impl<const R: usize, const W: usize> ErrorType for Driver<R, W> {
    type Error = Lost;
}

impl<const R: usize, const W: usize> ReadNorFlash for Driver<R, W> {
    const READ_SIZE: usize = R;

    fn read(&mut self, offset: u32, bytes: &mut [u8]) -> Result<(), Lost> {
        assert_eq!((offset as usize % R, bytes.len() % R), (0, 0), "whole words are read");
        Ok(self.0.read(offset as usize, bytes)?)
    }

    fn capacity(&self) -> usize {
        PAGES * PAGE
    }
}

impl<const R: usize, const W: usize> NorFlash for Driver<R, W> {
    const WRITE_SIZE: usize = W;
    const ERASE_SIZE: usize = PAGE;

    fn erase(&mut self, from: u32, to: u32) -> Result<(), Lost> {
        for page in (from as usize..to as usize).step_by(PAGE) {
            self.0.erase(page)?;
        }
        Ok(())
    }

    fn write(&mut self, offset: u32, bytes: &[u8]) -> Result<(), Lost> {
        Ok(self.0.write(offset as usize, bytes)?)
    }
}

fn works<const R: usize, const W: usize>() {
    let driver = || Driver::<R, W>(Fake::new(PAGES, PAGE, W));
    let page = PAGE as u32;
    assert!(NorRegion::new(driver(), 1, page).is_none(), "pages are whole");
    assert!(NorRegion::new(driver(), page, PAGES as u32 * page).is_none(), "and there");
    let mut region = NorRegion::new(driver(), page, 10 * page).unwrap();
    // A last word that is not whole is filled up.
    assert!(region.write(0, b"abc").unwrap());
    let mut found = [0; 4];
    assert!(region.read(0, &mut found).unwrap());
    assert_eq!(found[..3], *b"abc");
    assert!(region.read(1, &mut found[..2]).unwrap());
    assert_eq!(found[..2], *b"bc");
    assert!(!region.read(10 * page - 1, &mut found).unwrap());
    assert!(!region.write(10 * page, b"x").unwrap());
    assert!(!region.erase(0, page - 1).unwrap());
    assert!(region.erase(0, 10 * page).unwrap());

    let mut journal = NorJournal::new(region);
    let mut record = [0; RECORD];
    let mut room = 0;
    while journal.write(room, &[room as u8; RECORD]).unwrap() {
        room += 1;
    }
    assert_eq!(room, 10 * PAGE / RECORD.next_multiple_of(W));
    assert!(journal.read(room - 1, &mut record).unwrap());
    assert_eq!(record, [(room - 1) as u8; RECORD]);
    assert!(!journal.read(room, &mut record).unwrap());
    journal.clear().unwrap();
    assert!(journal.read(0, &mut record).unwrap());
    assert_eq!(record, [0xff; RECORD]);

    let region = NorRegion::new(driver(), 0, 12 * page).unwrap();
    assert!(NorSlots::new(region, page + 1).is_none());
    let mut slots =
        NorSlots::new(NorRegion::new(driver(), 0, 12 * page).unwrap(), 2 * page).unwrap();
    assert_eq!(slots.count(), 6);
    for turn in 0..2 {
        let content = [turn; 300];
        assert!(slots.write(5, &content).unwrap());
        let mut out = [0; 301];
        assert_eq!(slots.read(5, &mut out).unwrap(), 301);
        assert_eq!(out[..300], content);
    }
    assert!(!slots.write(5, &[0; 2 * PAGE + 1]).unwrap());
    assert!(!slots.write(6, &[0; 1]).unwrap());
    slots.erase(5).unwrap();
    let mut out = [0; 8];
    slots.read(5, &mut out).unwrap();
    assert_eq!(out, [0xff; 8]);
}

#[test]
fn flashes_of_several_shapes_work() {
    works::<1, 1>();
    works::<1, 4>();
    works::<4, 8>();
    works::<8, 32>();
    works::<2, 64>();
}
