use core::{
    alloc::{GlobalAlloc, Layout},
    cell::UnsafeCell,
    ptr::null_mut,
    sync::atomic::{AtomicUsize, Ordering},
};

/// What the story takes without giving anything back is below this, in bytes.
const SIZE: usize = 256 * 1024;

/// A heap that only grows: enough for a program that ends.
pub(crate) struct Bump {
    memory: UnsafeCell<[u8; SIZE]>,
    /// How much of the memory is in use.
    used: AtomicUsize,
}

impl Bump {
    pub(crate) const fn new() -> Self {
        Self { memory: UnsafeCell::new([0; SIZE]), used: AtomicUsize::new(0) }
    }
}

// The memory is reached only through pointers that `alloc` hands out, to one caller each.
#[allow(unsafe_code)] // An allocator is shared by all threads.
unsafe impl Sync for Bump {}

// SAFETY: what is handed out lies inside of the memory, is aligned, and is never handed out again.
#[allow(unsafe_code)] // The trait is unsafe.
unsafe impl GlobalAlloc for Bump {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let memory = self.memory.get().cast::<u8>();
        let mut start = 0;
        let taken = self.used.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |used| {
            let padding = memory.wrapping_add(used).align_offset(layout.align());
            start = used.checked_add(padding)?;
            start.checked_add(layout.size()).filter(|end| *end <= SIZE)
        });
        if taken.is_ok() { memory.wrapping_add(start) } else { null_mut() }
    }

    unsafe fn dealloc(&self, _: *mut u8, _: Layout) {}
}
