//! Messages that a secret key opens: MACs, encryption, and their recipients. What a specification allows is accepted,
//! what it forbids is refused, and by the rule that it breaks. A test is named by its rule.

// As in the rules' tests.
#![allow(unreachable_pub)]

#[path = "../rules/expect.rs"]
mod expect;
mod key_set;
mod keys;

mod cwt;
mod device;
mod encrypt;
mod kdf_context;
#[cfg(feature = "aws-lc")]
mod key_transport;
mod mac;
mod no_heap;
mod notation;
mod recipients;
mod structure;
mod unauthenticated;

use testkit::alloc_count::Counting;

#[global_allocator]
static ALLOCATOR: Counting = Counting;
