//! Counts what each thing takes from the heap: what, by whom, how often, and the most bytes at once.

#[path = "../../../../testkit/src/alloc_count.rs"]
#[allow(dead_code)]
mod alloc_count;
#[path = "../overlap.rs"]
mod overlap;
#[path = "../../../../benches/src/work.rs"]
mod work;

#[global_allocator]
static ALLOCATOR: alloc_count::Counting = alloc_count::Counting;

fn main() {
    for work in overlap::works() {
        // What is made once.
        work.run();
        let ((), heap) = alloc_count::heap_during(|| work.run());
        println!("{}\t{}\t{}\t{}", work.what, work.by, heap.allocations.count, heap.peak);
    }
}
