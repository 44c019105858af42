//! The published vectors of trees, proofs and receipts.

#[path = "vectors/ccf.rs"]
mod ccf;
#[path = "../../cose-ext/tests/vectors/named.rs"]
mod named;
#[path = "vectors/probes.rs"]
mod probes;
#[path = "vectors/ranges.rs"]
mod ranges;
#[path = "vectors/receipts.rs"]
mod receipts;
#[path = "vectors/tile_logs.rs"]
mod tile_logs;
#[path = "vectors/trees.rs"]
mod trees;

use testkit::vectors::{Facts, Outcome, Suite};

fn main() -> std::process::ExitCode {
    Suite::new(env!("CARGO_MANIFEST_DIR"))
        .kind("merkle", "rfc9162-inclusion", probes::inclusion)
        .kind("merkle", "rfc9162-consistency", probes::consistency)
        .kind("merkle", "mtc-subtree-inclusion", probes::subtree_inclusion)
        .kind("merkle", "mtc-subtree-consistency", probes::subtree_consistency)
        .kind("merkle", "tree", trees::tree)
        .kind("merkle", "rolling-digest", trees::rolling_digest)
        .kind("merkle", "rfc6962-get-proof-by-hash", trees::get_proof_by_hash)
        .kind("merkle", "signed-note", tile_logs::signed_note)
        .kind("merkle", "ecdsa-note-signature", tile_logs::signed_note)
        .kind("merkle", "rfc6962-note-signature", tile_logs::tree_head_signature)
        .kind("merkle", "tlog-cosignature", tile_logs::cosignature)
        .kind("merkle", "tlog-checkpoint", tile_logs::checkpoint)
        .kind("merkle", "tlog-proof", tile_logs::tlog_proof)
        .kind("merkle", "rfc9162-inclusion-list", probes::inclusion_list)
        .kind("merkle", "rfc6962-get-sth-consistency", trees::get_sth_consistency)
        .kind("merkle", "checkpoint-update", tile_logs::checkpoint_update)
        .kind("merkle", "tlog-checkpoint-and-tiles", tile_logs::checkpoint_and_tiles)
        .kind("merkle", "tlog-witness-add-checkpoint", tile_logs::add_checkpoint)
        .kind("merkle", "tile-coordinates", tile_logs::coordinates)
        .kind("merkle", "mmr-tree", ranges::tree)
        .kind("merkle", "mmr-peaks", ranges::peak_table)
        .kind("merkle", "mmr-inclusion", ranges::paths)
        .kind("merkle", "mmr-included-roots", ranges::included_roots)
        .kind("scitt", "mmr-inclusion-known-answers", ranges::known_answers)
        .kind("merkle", "ccf-receipt", receipts::inclusion)
        .kind("scitt", "receipt-of-inclusion", receipts::inclusion)
        .kind("scitt", "receipt-of-consistency", receipts::consistency)
        .kind("scitt", "ccf-consistency-proof", ccf::consistency)
        .run()
}

/// What this crate says of a proof.
fn outcome(result: Result<(), merkle_proof::Error>, facts: Facts) -> Outcome {
    match result {
        Ok(()) => Outcome::Accepted(facts),
        Err(error) => {
            let rule = error.rule().map(|rule| rule.id);
            Outcome::Refused { rule, error: error.to_string(), facts }
        }
    }
}
