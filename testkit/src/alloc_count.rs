//! Counts heap allocations, thread by thread.
//!
//! ```
//! use testkit::alloc_count::{Counting, allocations_during, heap_during};
//!
//! #[global_allocator]
//! static ALLOCATOR: Counting = Counting;
//!
//! let (sum, allocations) = allocations_during(|| [1, 2].iter().sum::<u32>());
//! assert_eq!((sum, allocations.count), (3, 0));
//!
//! let (_, heap) = heap_during(|| drop((vec![0_u8; 100], vec![0_u8; 50])));
//! assert_eq!((heap.allocations.count, heap.peak), (2, 150));
//! ```

// A global allocator is an unsafe trait; this file only counts and hands every call on to the system's allocator.
#![allow(unsafe_code)]

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::hint::black_box;

/// What was allocated; releases are not counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Allocations {
    /// How many times memory was asked for, growing included.
    pub count: usize,
    /// All bytes asked for; growing counts the whole new size.
    pub bytes: usize,
    /// The largest single request.
    pub largest: usize,
}

/// What was allocated, and how much of it was held at once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Heap {
    /// What was allocated.
    pub allocations: Allocations,
    /// The most bytes that were held at once, beyond those that were held at the start. A growing
    /// allocation counts with its new size alone, although it may have been copied.
    pub peak: usize,
}

/// What this thread holds, in bytes, and the most that it held since the measurement began. Less
/// than nothing is held where more is released than was allocated since.
#[derive(Clone, Copy)]
struct Held {
    now: isize,
    most: isize,
}

thread_local! {
    // Without destructor and without lazy start, so that counting never allocates.
    static COUNTED: Cell<Allocations> = const { Cell::new(Allocations { count: 0, bytes: 0, largest: 0 }) };
    static HELD: Cell<Held> = const { Cell::new(Held { now: 0, most: 0 }) };
}

/// The system's allocator, counting. A test binary installs it with `#[global_allocator]`.
pub struct Counting;

fn count(size: usize) {
    // A thread that is being torn down has no counter any more, and nobody who would read it.
    let _ = COUNTED.try_with(|counted| {
        let Allocations { count, bytes, largest } = counted.get();
        counted.set(Allocations {
            count: count.wrapping_add(1),
            bytes: bytes.wrapping_add(size),
            largest: largest.max(size),
        });
    });
}

/// Counts what is held: `grown` bytes more, and `released` bytes less.
fn hold(grown: usize, released: usize) {
    let _ = HELD.try_with(|held| {
        let Held { now, most } = held.get();
        let now = now.wrapping_add_unsigned(grown).wrapping_sub_unsigned(released);
        held.set(Held { now, most: most.max(now) });
    });
}

// SAFETY: every method passes its arguments unchanged to `System`, which upholds the contract of the trait.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(layout.size());
        hold(layout.size(), 0);
        // SAFETY: the caller's promises are those of `System::alloc`.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        count(layout.size());
        hold(layout.size(), 0);
        // SAFETY: as above.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, new_size: usize) -> *mut u8 {
        count(new_size);
        hold(new_size, layout.size());
        // SAFETY: as above; the pointer came from `System`.
        unsafe { System.realloc(pointer, layout, new_size) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        hold(0, layout.size());
        // SAFETY: as above; the pointer came from `System`.
        unsafe { System.dealloc(pointer, layout) }
    }
}

/// Runs `f` and says what this thread allocated meanwhile. Other threads do not disturb it; calls do not nest.
///
/// # Panics
///
/// If [`Counting`] is not the global allocator of this program: a count of zero would then mean nothing.
pub fn allocations_during<T>(f: impl FnOnce() -> T) -> (T, Allocations) {
    COUNTED.set(Allocations::default());
    drop(black_box(Box::new(0u8)));
    assert!(
        COUNTED.get().count > 0,
        "Counting is not installed: #[global_allocator] static A: Counting = Counting;"
    );
    COUNTED.set(Allocations::default());
    let value = f();
    (value, COUNTED.get())
}

/// Runs `f` and says what this thread allocated meanwhile, and how much of it was held at once.
///
/// # Panics
///
/// If [`Counting`] is not the global allocator of this program.
pub fn heap_during<T>(f: impl FnOnce() -> T) -> (T, Heap) {
    let ((value, held), allocations) = allocations_during(|| {
        HELD.set(Held { now: 0, most: 0 });
        let value = f();
        (value, HELD.get())
    });
    (value, Heap { allocations, peak: held.most.unsigned_abs() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[global_allocator]
    static ALLOCATOR: Counting = Counting;

    #[test]
    fn counts_what_this_thread_asks_for() {
        let ((), nothing) = allocations_during(|| ());
        assert_eq!(nothing, Allocations::default());
        let (vec, some) = allocations_during(|| {
            let mut vec: Vec<u8> = Vec::with_capacity(100);
            vec.resize(100, 1);
            vec.reserve_exact(300);
            black_box(vec)
        });
        assert_eq!(
            some,
            Allocations { count: 2, bytes: 100 + vec.capacity(), largest: vec.capacity() }
        );
        let (_, zeroed) = allocations_during(|| black_box(vec![0u8; 64]));
        assert_eq!(zeroed, Allocations { count: 1, bytes: 64, largest: 64 });
    }

    #[test]
    fn what_is_held_at_once_is_the_peak() {
        let before = black_box(vec![0_u8; 1000]);
        let (kept, heap) = heap_during(|| {
            drop(before);
            drop(black_box(vec![0_u8; 1300]));
            let kept = black_box(vec![0_u8; 200]);
            drop(black_box(vec![0_u8; 1050]));
            kept
        });
        // The thousand bytes that were given back are room: 1050 + 200 - 1000 is less than 1300 - 1000.
        assert_eq!(heap, Heap { allocations: heap.allocations, peak: 300 });
        assert_eq!((heap.allocations.count, kept.len()), (3, 200));
        let (_, growing) = heap_during(|| {
            let mut vec: Vec<u8> = Vec::with_capacity(100);
            vec.reserve_exact(300);
            black_box(vec)
        });
        assert_eq!(growing.peak, 300);
    }

    #[test]
    fn other_threads_do_not_count() {
        let (started, go) = (std::sync::Barrier::new(2), std::sync::Barrier::new(2));
        std::thread::scope(|scope| {
            scope.spawn(|| {
                started.wait();
                drop(black_box(vec![0u8; 1000]));
                go.wait();
            });
            let ((), allocations) = allocations_during(|| {
                started.wait();
                go.wait();
            });
            assert_eq!(allocations, Allocations::default());
        });
    }
}
