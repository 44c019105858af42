//! What can be done by several crates.

use std::hint::black_box;

/// One way to do something.
pub struct Work {
    /// What is done. Neighbours with an equal `what` are compared; the first of them is of this
    /// project.
    pub what: &'static str,
    /// The crate that does it.
    pub by: &'static str,
    run: Box<dyn Fn()>,
}

impl Work {
    /// Makes one way out of a function that can be called again and again.
    pub fn new<R>(what: &'static str, by: &'static str, run: impl Fn() -> R + 'static) -> Self {
        Self { what, by, run: Box::new(move || drop(black_box(run()))) }
    }

    /// Does it once.
    pub fn run(&self) {
        (self.run)();
    }
}

/// Keeps a value until the program ends: works borrow from each other's keys and messages.
pub fn kept<T>(value: T) -> &'static T {
    Box::leak(Box::new(value))
}
