//! What things cost as they grow: over the size of a payload, of a tree, the number of receipts, the number of components.
//! Writes `docs/curves`, times of this machine.
#![allow(missing_docs)]

use std::{error::Error, hint::black_box, path::Path};

use benches::{
    cases::{verify_es256, view, view_by_coset},
    compare::duration,
    curve::{Curve, Spacing, Way},
    message,
    proof::Inclusion,
    say,
    statement::{Cryptography, RelyingParty, Signatures},
    update::{MOST, Update},
};

fn payload_size() -> Curve {
    let mut curve = Curve {
        name: "payload-size",
        title: "A COSE_Sign1 viewed, and verified with ES256",
        size: "message, bytes",
        spacing: Spacing::Logarithmic,
        lines: Vec::new(),
    };
    for len in [512, 2048, 8192, 32_768, 131_072, 524_288, 1_048_576] {
        let bytes: &'static [u8] = message(len).0.leak();
        let ways: [Way<'_>; 2] = [
            ("cose-ext, viewed", Box::new(|| _ = black_box(view(bytes)))),
            ("coset, viewed", Box::new(|| _ = black_box(view_by_coset(bytes)))),
        ];
        curve.measure(len as f64, &ways);
        curve.measure(len as f64, &verify_es256(bytes));
    }
    curve
}

fn tree_size() -> Curve {
    let mut curve = Curve {
        name: "tree-size",
        title: "An inclusion proof verified, leaf hash included",
        size: "leaves of the tree",
        spacing: Spacing::Logarithmic,
        lines: Vec::new(),
    };
    for rows in (2..=32).step_by(3) {
        let proof = Inclusion::in_tree_of(rows);
        let ways: [Way<'_>; 5] = [
            ("merkle-proof", Box::new(|| black_box(&proof).ours())),
            ("ct-merkle", Box::new(|| black_box(&proof).ct_merkle())),
            ("rs_merkle", Box::new(|| black_box(&proof).rs_merkle())),
            ("tlog_tiles", Box::new(|| black_box(&proof).tlog_tiles())),
            ("the hashes alone", Box::new(|| _ = black_box(black_box(&proof).hashes()))),
        ];
        curve.measure((1_u64 << rows) as f64, &ways);
    }
    curve
}

/// Nobody else verifies receipts: beside it stands what cryptography takes.
fn receipts() -> Curve {
    let mut curve = Curve {
        name: "receipts",
        title: "A transparent statement verified, trees of 2^20",
        size: "receipts",
        spacing: Spacing::Linear,
        lines: Vec::new(),
    };
    for receipts in [1, 2, 4, 8, 12, 16, 24, 32] {
        let checked = RelyingParty::of(receipts, Signatures::Checked);
        let accepted = RelyingParty::of(receipts, Signatures::Accepted);
        let cryptography = Cryptography::of(receipts);
        let ways: [Way<'_>; 4] = [
            ("scitt-core, ES256", Box::new(|| checked.verify())),
            (
                "p256 and sha2 alone",
                Box::new(|| {
                    cryptography.hashes();
                    cryptography.signatures();
                }),
            ),
            ("scitt-core, without the signatures", Box::new(|| accepted.verify())),
            ("the hashes alone", Box::new(|| cryptography.hashes())),
        ];
        curve.measure(f64::from(receipts), &ways);
    }
    curve
}

fn components() -> Curve {
    let mut curve = Curve {
        name: "components",
        title: "A SUIT envelope read, its digest checked; and invoked without its signature",
        size: "components",
        spacing: Spacing::Linear,
        lines: Vec::new(),
    };
    for components in [1, 2, 4, 6, 8, 10, 12, 14, MOST] {
        let update = Update::of(components);
        let ways: [Way<'_>; 3] = [
            ("suit-manifest, read", Box::new(|| _ = black_box(update.intact()))),
            ("suit_validator, read", Box::new(|| _ = black_box(update.suit_validator()))),
            ("suit-manifest, verified and invoked", Box::new(|| _ = black_box(update.invoked()))),
        ];
        curve.measure(components as f64, &ways);
    }
    curve
}

fn main() -> Result<(), Box<dyn Error>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/curves");
    for curve in [payload_size(), tree_size(), receipts(), components()] {
        curve.write(&folder)?;
        say!("{}, first and last point:", curve.title);
        for line in &curve.lines {
            if let [(low, first), .., (high, last)] = line.points[..] {
                let (first, last) = (duration(first), duration(last));
                say!("  {:36} {low:>6}: {first:>8}, {high:>10}: {last:>8}", line.by);
            }
        }
    }
    Ok(())
}
