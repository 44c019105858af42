//! merkle-proof
