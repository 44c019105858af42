//! How the story is told.

use std::{
    sync::atomic::{AtomicUsize, Ordering},
    time::Instant,
};

/// Begins a numbered step.
pub(crate) fn step(title: &str) {
    static STEP: AtomicUsize = AtomicUsize::new(1);
    println!("\n{}. {title}", STEP.fetch_add(1, Ordering::Relaxed));
}

/// What `work` gives, and how long it took, for people.
pub(crate) fn took<T>(work: impl FnOnce() -> T) -> (T, String) {
    let start = Instant::now();
    let value = work();
    let micros = start.elapsed().as_micros();
    (value, format!("{}.{:03} ms", micros / 1000, micros % 1000))
}
