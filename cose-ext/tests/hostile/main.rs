//! Input by somebody who means harm: no panic, no stack that runs over, no heap, no work without bound, and no byte of
//! what is signed that could be changed.

// Not every test uses every helper.
#![allow(dead_code, unreachable_pub)]

#[path = "../support/corpus.rs"]
mod corpus;
#[path = "../support/messages.rs"]
mod messages;
#[path = "../support/mutate.rs"]
mod mutate;

mod changes;
mod exercise;
mod mutations;
mod size;

#[global_allocator]
static ALLOCATOR: testkit::alloc_count::Counting = testkit::alloc_count::Counting;
