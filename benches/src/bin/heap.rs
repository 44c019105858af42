//! Counts what each small thing takes from the heap: section, what, by whom, how often, and the most bytes at once.
//!
//! A program of its own: the counter is the allocator of the whole program, and would slow down what takes from the heap.

use benches::cases;
use testkit::alloc_count::{Counting, heap_during};

#[global_allocator]
static ALLOCATOR: Counting = Counting;

fn main() {
    for (section, works) in cases::ALL {
        for work in works() {
            // What is made once.
            work.run();
            let ((), heap) = heap_during(|| work.run());
            let (count, peak) = (heap.allocations.count, heap.peak);
            println!("{section}\t{}\t{}\t{count}\t{peak}", work.what, work.by);
        }
    }
}
