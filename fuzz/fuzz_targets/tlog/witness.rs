//! A witness: it moves forward only, along what is proved.

use fuzz::Chosen;
use merkle_proof::tlog::{AddCheckpoint, Base64, KeyKind, VerifierKey};
use merkle_proof::{Sha256Tree, TreeHead, TreeSize};

use crate::{LOG, crypto, head, log, policies, refused, size};

pub fn check(chosen: &mut Chosen<'_>) {
    let mut latest = TreeHead::empty(&Sha256Tree);
    for _ in 0..4 {
        // Where it says it begins, where it goes, and what is wrong with it.
        let new = size(chosen);
        let old = chosen.one_of([latest.size, latest.size, latest.size, new, new / 2, new + 1]);
        let wrong = chosen.byte();
        let mut path = match old {
            0 => Vec::new(),
            old => log().consistency_path(TreeSize(old), TreeSize(new)).unwrap_or_default(),
        };
        let before = path.clone();
        match wrong % 8 {
            0 => path.push([7; 32]),
            1 => _ = path.pop(),
            2 => path.iter_mut().for_each(|hash| hash[0] ^= 1),
            _ => {}
        }
        let right = path == before;
        let mut body = format!("old {old}\n");
        path.iter().for_each(|hash| body.push_str(&format!("{}\n", Base64(hash))));
        body.push_str(&format!("\n{}", policies::note(new, &[])));
        let request = AddCheckpoint::parse(body.as_bytes()).expect("it was made");
        assert_eq!(request.origin(), LOG);
        let name = if wrong == 77 { "stranger" } else { LOG };
        let key = VerifierKey::new(name, KeyKind::Ed25519, &[0x81; 32], &crypto()).expect("a name");
        match request.check(&Sha256Tree, &[key], &latest, &crypto()) {
            Ok(accepted) => {
                assert!(right && old == latest.size && old <= new && name == LOG);
                assert_eq!(accepted.head(), &head(new));
                assert!(accepted.text().starts_with(LOG));
                latest = *accepted.head();
            }
            Err(refusal) => {
                refused(&refusal);
                assert!(refusal.rule().is_some());
                let status = match () {
                    () if name != LOG => 403,
                    () if old > new => 400,
                    () if old != latest.size => 409,
                    () => 422,
                };
                assert_eq!(refusal.status(), status, "{refusal}");
                assert!(!right || status != 422);
                let is_size = refusal.content_type() == "text/x.tlog.size";
                assert_eq!(is_size, status == 409);
            }
        }
    }
    assert_eq!(merkle_proof::tlog::Refusal::UnknownLog.status(), 404);
    refused(&merkle_proof::tlog::Refusal::UnknownLog);
}
