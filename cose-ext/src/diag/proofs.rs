//! Proofs of verifiable data structures (RFC 9942 4, 5; the CCF and MMR profiles).

use super::{Each, Elements, Field, Names, Unnamed, Wrapped};
use crate::{IntOrText, header::Vdp};

/// `vdp`. The structures share its labels; their proofs differ in shape.
pub(super) struct Proofs;

impl Names for Proofs {
    fn label(&self, label: IntOrText<'_>) -> Field<'_> {
        match label {
            Vdp::INCLUSION => Field::new("inclusion-proof", &Each(&Wrapped(&Inclusion))),
            Vdp::CONSISTENCY => Field::new("consistency-proof", &Each(&Wrapped(&Consistency))),
            _ => Field::UNKNOWN,
        }
    }
}

struct Inclusion;

impl Names for Inclusion {
    fn element(&self, index: u64, len: Option<u64>) -> Field<'_> {
        match (len, index) {
            // MMR_SHA256
            (Some(2), 0) => Field::named("index"),
            (Some(2), 1) => Field::named("path"),
            // RFC9162_SHA256
            (_, 0) => Field::named("tree_size"),
            (_, 1) => Field::named("leaf_index"),
            (_, 2) => Field::named("path"),
            _ => Field::UNKNOWN,
        }
    }

    /// CCF_LEDGER_SHA256
    fn label(&self, label: IntOrText<'_>) -> Field<'_> {
        match label.to_i64() {
            Some(1) => Field::new("leaf", &CCF_LEAF),
            Some(2) => Field::new("path", &CCF_PATH),
            _ => Field::UNKNOWN,
        }
    }
}

struct Consistency;

impl Names for Consistency {
    fn element(&self, index: u64, _len: Option<u64>) -> Field<'_> {
        match index {
            0 => Field::named("tree_size_1"),
            1 => Field::named("tree_size_2"),
            2 => Field::named("path"),
            // MMR_SHA256 alone has a fourth.
            3 => Field::named("right_peaks"),
            _ => Field::UNKNOWN,
        }
    }

    /// CCF_LEDGER_SHA256
    fn label(&self, label: IntOrText<'_>) -> Field<'_> {
        match label.to_i64() {
            Some(1) => Field::named("anchor"),
            Some(2) => Field::new("path", &CCF_PATH),
            _ => Field::UNKNOWN,
        }
    }
}

const CCF_LEAF: Elements<'_> =
    Elements(&[("transaction_hash", &Unnamed), ("evidence", &Unnamed), ("data_hash", &Unnamed)]);

const CCF_PATH: Each<'_> = Each(&Elements(&[("left", &Unnamed), ("hash", &Unnamed)]));
