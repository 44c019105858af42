//! Notes, checkpoints, tiles and a witness.

use cose_ext::rustcrypto::RustCrypto;
use merkle_proof::tlog::{
    AddCheckpoint, Checkpoint, CoseNoteCrypto, Cosignature, EntryBundle, Error, Note, Refusal,
    Tile, TileKind, TileReader, TlogProof, TreeHeadSignature, VerifierKey, tiles,
};
use merkle_proof::{
    MemoryTree, Rfc9162Tree, Sha256Tree, TreeHash, TreeHead, TreeSize, TrustedRoot,
    verify_consistency,
};
use serde_json::{Value, json};
use testkit::vectors::{Case, Facts, Outcome, SubCases, Trouble};

use crate::trees::from_hex;

type Head = TreeHead<Rfc9162Tree, [u8; 32]>;

fn crypto() -> CoseNoteCrypto<'static> {
    CoseNoteCrypto::new(&RustCrypto).expect("it has SHA-256")
}

fn key_text(case: &Case) -> Result<String, Trouble> {
    let text = String::from_utf8(case.key_bytes(0)?).map_err(|error| error.to_string())?;
    Ok(text.trim_end().to_owned())
}

fn refused(error: Error, facts: Facts) -> Outcome {
    let rule = error.rule().map(|rule| rule.id);
    Outcome::Refused { rule, error: error.to_string(), facts }
}

pub(crate) fn signed_note(case: &Case) -> Result<Outcome, Trouble> {
    let (note, key, mut facts) = (case.bytes()?, key_text(case)?, Facts::new());
    let mut verify = || {
        let key = VerifierKey::parse(&key, &crypto())?;
        facts.is("key_name", key.name()).is_hex("key_id", key.id());
        Note::parse(&note)?.verify(&[key], &crypto()).map(|_| ())
    };
    Ok(match verify() {
        Ok(()) => Outcome::Accepted(facts),
        Err(error) => refused(error, facts),
    })
}

/// The head of a signed checkpoint of the log whose key the case has.
fn verified_head(note: &[u8], key: &str) -> Result<(String, Head), Error> {
    let key = VerifierKey::parse(key, &crypto())?;
    let checkpoint = Checkpoint::parse(Note::parse(note)?.verify(&[key], &crypto())?)?;
    Ok((checkpoint.origin().to_owned(), checkpoint.head(key.name())?))
}

/// The file is the path; the notes lie beside it, named after the sizes.
pub(crate) fn checkpoint_update(case: &Case) -> Result<Outcome, Trouble> {
    let Some(prefix) = case.file.strip_suffix("-consistency-5-8.json") else {
        return Ok(Outcome::not_run("notes that are not named as the known ones"));
    };
    let notes = [5, 8].map(|size| case.sibling(&format!("{prefix}-{size}.txt")));
    let [older, newer] = notes;
    let (older, newer, key) = (older?, newer?, key_text(case)?);
    let json = case.json()?;
    let path = json.as_array().ok_or("the file is no list")?.iter().map(from_hex);
    let path = path.collect::<Result<Vec<_>, _>>()?;
    let mut facts = Facts::new();
    let verify = |facts: &mut Facts| {
        let heads = [verified_head(&older, &key)?.1, verified_head(&newer, &key)?.1];
        for (head, number) in heads.iter().zip(1..) {
            facts.is(format!("size{number}"), head.size);
            facts.is_hex(format!("root{number}"), head.root.hash());
        }
        verify_consistency(&Sha256Tree, &heads[0], &heads[1], path)?;
        Ok(())
    };
    Ok(match verify(&mut facts) {
        Ok(()) => Outcome::Accepted(facts),
        Err(error) => refused(error, facts),
    })
}

pub(crate) fn checkpoint_and_tiles(case: &Case) -> Result<Outcome, Trouble> {
    let mut facts = Facts::new();
    let (origin, head) = match verified_head(&case.bytes()?, &key_text(case)?) {
        Ok(head) => head,
        Err(error) => return Ok(refused(error, facts)),
    };
    facts.is("origin_line", origin).is("tree_size", head.size);
    facts.is_hex("root", head.root.hash());
    let mut tree = MemoryTree::new(Sha256Tree);
    let (mut files, mut entries) = (Vec::new(), Vec::new());
    if head.size > 0 {
        // File names stand for paths: tile/0/000.p/8 is tessera-log-tile-0-000-p-8.bin.
        let name_of = |tile: &Tile| {
            let path = tile.to_string().replace(".p/", "-p-").replace('/', "-");
            format!("tessera-log-{}.bin", path.replace("tile-entries", "entries"))
        };
        let mut fetch = |tile: &Tile, room: &mut [u8]| {
            let (name, bytes) = (name_of(tile), case.sibling(&name_of(tile))?);
            files.push(Value::String(name));
            let place = room.get_mut(..bytes.len()).ok_or("a tile that is too long")?;
            place.copy_from_slice(&bytes);
            Ok::<_, Trouble>(bytes.len())
        };
        let reader = TileReader::new(&Sha256Tree, head);
        let hashes = reader.tile(0, 0, &mut fetch).map_err(|error| format!("{error:?}"))?;
        let bundle = Tile::in_tree(TileKind::Entries, 0, TreeSize(head.size)).ok_or("no bundle")?;
        let bytes = case.sibling(&name_of(&bundle))?;
        files.push(Value::String(name_of(&bundle)));
        let entry_bundle =
            EntryBundle::new(&bytes, bundle.width()).map_err(|error| error.to_string())?;
        entry_bundle.verify(&Sha256Tree, &hashes).map_err(|error| error.to_string())?;
        for entry in entry_bundle.entries() {
            entries.push(hex::encode(entry));
            tree.append(&[entry]);
        }
    }
    facts.is("other_files", files).is("entries_hex", entries);
    facts.is("root_matches_entries", tree.head() == head);
    Ok(Outcome::Accepted(facts))
}

/// One step of a witness whose state the case states.
pub(crate) fn add_checkpoint(case: &Case) -> Result<Outcome, Trouble> {
    let (body, key, mut facts) = (case.bytes()?, key_text(case)?, Facts::new());
    let key = VerifierKey::parse(&key, &crypto()).map_err(|error| error.to_string())?;
    let state = case.fact_u64("witness_state_before")?;
    let answer = || {
        let request = AddCheckpoint::parse(&body)?;
        if request.origin() != key.name() {
            return Err(Refusal::UnknownLog);
        }
        let stated = case.fact("roots_by_size").and_then(|roots| roots.get(state.to_string()));
        let root = match stated.map(from_hex) {
            Some(Ok(root)) => root,
            // Of size 5 the case states no root; no step compares it.
            _ if state == 0 => Sha256Tree.empty().to_vec(),
            _ => vec![0; 32],
        };
        let root = TrustedRoot::vouched_for_bytes(&root);
        let latest = TreeHead::new(state, root.map_err(|error| Refusal::BadRequest(error.into()))?);
        request.check(&Sha256Tree, &[key], &latest, &crypto()).map(|accepted| accepted.head().size)
    };
    let answer = answer();
    facts.is("http_status", answer.map_or_else(|refusal| refusal.status(), |_| 200));
    let old = body.split(|byte| *byte == b'\n').next().and_then(|line| line.strip_prefix(b"old "));
    let old = old.and_then(|old| std::str::from_utf8(old).ok()?.parse::<u64>().ok());
    let (signature, consistency) = parts(case, &body, &key, old)?;
    facts.is("log_signature_ok", signature).is("consistency_ok", consistency);
    let lines: Vec<&[u8]> = body.split(|byte| *byte == b'\n').collect();
    facts.is("proof_len", lines.iter().skip(1).take_while(|line| !line.is_empty()).count());
    facts.is("witness_state_before", state);
    facts.is("old_size", old);
    Ok(match answer {
        Ok(_) => Outcome::Accepted(facts),
        Err(refusal) => {
            let rule = refusal.rule().map(|rule| rule.id);
            Outcome::Refused { rule, error: refusal.to_string(), facts }
        }
    })
}

/// What holds of the signature and of the proof, each for itself, whatever the witness answers: null where there is
/// nothing to be looked at.
fn parts(
    case: &Case,
    body: &[u8],
    key: &VerifierKey<'_>,
    old: Option<u64>,
) -> Result<(Value, Value), Trouble> {
    let text = String::from_utf8_lossy(body);
    let note = text.split_once("\n\n").map_or("", |(_, note)| note);
    // Lines that are none leave nothing that a signature could be of.
    let Some(Ok(note)) = (!text.contains('\r')).then(|| Note::parse(note.as_bytes())) else {
        return Ok((Value::Null, Value::Null));
    };
    let signed = note.verify(&[*key], &crypto()).is_ok();
    let roots = case.fact("roots_by_size");
    let root = old.and_then(|old| roots?.get(old.to_string())).map(from_hex).transpose()?;
    let (Some(old), Some(root), true) = (old, root, signed) else {
        return Ok((json!(signed), Value::Null));
    };
    let root = TrustedRoot::vouched_for_bytes(&root).map_err(|error| error.to_string())?;
    let consistent = AddCheckpoint::parse(body).ok().and_then(|request| {
        match request.check(&Sha256Tree, &[*key], &TreeHead::new(old, root), &crypto()) {
            Ok(_) => Some(true),
            Err(Refusal::NotConsistent(_)) => Some(false),
            Err(_) => None,
        }
    });
    Ok((json!(signed), json!(consistent)))
}

pub(crate) fn cosignature(case: &Case) -> Result<Outcome, Trouble> {
    let (note, key, mut facts) = (case.bytes()?, key_text(case)?, Facts::new());
    let verify = || {
        let key = VerifierKey::parse(&key, &crypto())?;
        Cosignature::verify(&Note::parse(&note)?, &key, &crypto())
    };
    Ok(match verify() {
        Ok(Some(cosignature)) => {
            facts.is("time", cosignature.time());
            Outcome::Accepted(facts)
        }
        Ok(None) => {
            let rule = Some("M94");
            Outcome::Refused { rule, error: "no cosignature of the witness".into(), facts }
        }
        Err(error) => refused(error, facts),
    })
}

pub(crate) fn tree_head_signature(case: &Case) -> Result<Outcome, Trouble> {
    let (note, key, mut facts) = (case.bytes()?, key_text(case)?, Facts::new());
    let mut verify = || {
        let key = VerifierKey::parse(&key, &crypto())?;
        let note = Note::parse(&note)?;
        let checkpoint = Checkpoint::parse(note.verify(&[key], &crypto())?)?;
        facts.is("size", checkpoint.size());
        let signature = TreeHeadSignature::verify(&note, &key, &crypto())?;
        facts.is("timestamp", signature.map(|signature| signature.timestamp()));
        Ok(())
    };
    Ok(match verify() {
        Ok(()) => Outcome::Accepted(facts),
        Err(error) => refused(error, facts),
    })
}

pub(crate) fn checkpoint(case: &Case) -> Result<Outcome, Trouble> {
    let (note, key, mut facts) = (case.bytes()?, key_text(case)?, Facts::new());
    let mut verify = || {
        let key = VerifierKey::parse(&key, &crypto())?;
        let checkpoint = Checkpoint::parse(Note::parse(&note)?.verify(&[key], &crypto())?)?;
        facts.is("origin_line", checkpoint.origin()).is("tree_size", checkpoint.size());
        facts.is_hex("root", checkpoint.root());
        Ok(())
    };
    Ok(match verify() {
        Ok(()) => Outcome::Accepted(facts),
        Err(error) => refused(error, facts),
    })
}

/// A proof in a file of its own; the case states the entry.
pub(crate) fn tlog_proof(case: &Case) -> Result<Outcome, Trouble> {
    let (bytes, key, mut facts) = (case.bytes()?, key_text(case)?, Facts::new());
    let leaf = Sha256Tree.leaf(&[&case.fact_hex("entry_hex")?]);
    let mut verify = || {
        let key = VerifierKey::parse(&key, &crypto())?;
        let proof = TlogProof::parse(&bytes)?;
        facts.is("index", proof.index());
        facts.is("size", proof.verify(&Sha256Tree, &leaf, &[key], &crypto())?.size());
        Ok(())
    };
    Ok(match verify() {
        Ok(()) => Outcome::Accepted(facts),
        Err(error) => refused(error, facts),
    })
}

pub(crate) fn coordinates(case: &Case) -> Result<Outcome, Trouble> {
    let json = case.json()?;
    let rows = json.as_array().ok_or("the file is no list")?;
    let mut checks = SubCases::new();
    for row in rows {
        let result = if let Some(index) = row.get("index").and_then(Value::as_u64) {
            let kind = TileKind::Hashes { level: 0 };
            let tile = Tile::in_tree(kind, index, TreeSize(u64::MAX)).ok_or("no such tile")?;
            let path = format!("tile/0/{}", row["path_elements"].as_str().unwrap_or_default());
            let same = tile.to_string() == path && Tile::parse(&path) == Ok(tile);
            if same { Ok(()) } else { Err(tile.to_string()) }
        } else {
            let size = row.get("tree_size").and_then(Value::as_u64).ok_or("no `tree_size`")?;
            let found: Vec<_> = tiles(size).collect();
            let full: Vec<u64> = found.iter().map(|(_, full, _)| *full).collect();
            let partial: Vec<u16> = found.iter().map(|(_, _, partial)| *partial).collect();
            let same = row["full_tiles_by_level"] == json!(full)
                && row["partial_width_by_level"] == json!(partial);
            if same { Ok(()) } else { Err(format!("{full:?} {partial:?}")) }
        };
        checks.check(row, result);
    }
    let mut facts = Facts::new();
    facts.is("count", rows.len());
    Ok(checks.outcome(facts))
}
