//! The arrows of the house as they are: between the crates of this workspace, and between the modules of each library.

use testkit::arrows::{Floors, broken_edges, broken_floors};
use testkit::workspace::Workspace;

#[test]
fn dependencies_between_crates_point_down() {
    let lines = broken_edges(&Workspace::read().unwrap());
    assert!(lines.is_empty(), "\n{}", lines.join("\n"));
}

/// Each house: its folder, the module whose rooms are meant, and the floors from the ground up.
#[rustfmt::skip]
const HOUSES: [(&str, &[&str], Floors<'_>); 12] = [
    ("cose-ext/rules", &[], &[
        &["rule_ref"],
        &["rules"],
    ]),
    ("cose-ext/crypto", &[], &[
        &["algorithm", "error", "operations"],
        &["public_key"],
        &["aead", "cipher", "fixed_key", "key_agreement", "key_wrap", "policy",
            "private_key", "public_key_check", "symmetric_key", "verify"],
        &["hash", "parameters", "sign"],
        &["hss_lms", "mac", "provider"],
        &["key", "secret_provider"],
        &["arbitrary", "conformance", "secret"],
    ]),
    ("cose-ext/rustcrypto", &[], &[
        &["aead", "aes_cipher", "aes_kw", "ed448", "emit", "hkdf", "mac", "sha2", "shake", "weierstrass"],
        &["ecdsa", "ed25519", "ml_dsa", "rsa", "x25519"],
        &["bp256", "bp384", "ecdh", "k256", "p256", "p384", "p521"],
    ]),
    ("cose-ext/aws-lc", &[], &[
        &["aes_cipher", "aes_kw", "buffers", "hkdf", "hmac", "sha2"],
        &["aead", "ecdh", "ecdsa", "ed25519", "ml_dsa", "rsa", "rsa_oaep"],
    ]),
    ("cose-ext", &[], &[
        &["answer", "rule", "tag"],
        &["cbor"],
        &["error", "limits"],
        &["digest", "ecdsa", "label", "notes", "profile", "stream", "work"],
        &["context", "explain", "map_builder", "input"],
        &["header"],
        &["frame", "registry"],
        &["diag", "digest_item"],
        &["key"],
        &["verified"],
        &["reading", "recipient"],
        &["message"],
        &["countersignature", "cwt"],
        &["arbitrary", "coset", "timestamp", "x509"],
    ]),
    ("cose-ext", &["message"], &[
        &["content", "sig_structure", "mac_structure", "enc_structure", "unauthenticated", "signed", "nonce", "draft"],
        &["sign1", "sign", "mac0", "encrypt0"],
        &["bare", "mac", "encrypt"],
        &["authenticated", "with_unprotected"],
        &["any_message"],
    ]),
    ("merkle-proof", &[], &[
        &["leaf_index", "max_path", "position", "rule", "sha256", "tree_kind"],
        &["error", "tree_hash"],
        &["node_cache", "rfc9162", "root", "subtree"],
        &["mmr", "sha256_tree", "tree_head", "walk"],
        &["compact_range", "path_nodes"],
        &["consistency", "inclusion", "multi_inclusion"],
        &["extension", "inclusion_batch", "memory_tree", "subtree_proof"],
        &["ccf"],
        &["cose", "tlog"],
        &["store"],
        &["arbitrary"],
    ]),
    ("scitt-core", &[], &[
        &["at_time", "content_type", "entry_rule", "included", "limits", "log",
            "logged_statement", "ready", "rule", "suit_digest"],
        &["error"],
        &["checkpoint", "content_digest", "header_facts"],
        &["requirements"],
        &["did_x509", "ledger_leaf", "receipt", "statement", "subject"],
        &["attested_key", "evidence", "receipt_key", "registration_policy", "service_key",
            "statement_entries", "version_order"],
        &["found"],
        &["service", "transparent"],
        &["policy", "registrar", "signed_head", "statement_builder", "verifier"],
        &["relying_party_store", "sbom"],
        &["discrepancy", "evaluation", "explanation", "file_statement", "fork_proof", "governance", "monitor"],
        &["auditor"],
        &["transparency_service"],
        &["governed_replay", "governed_service"],
        &["arbitrary", "shared_service"],
    ]),
    ("rats-eat", &[], &[
        &["hash_name", "label", "lifecycle", "limits", "rule", "version_scheme"],
        &["error"],
        &["ar4si", "claim", "epoch_marker", "json", "path"],
        &["claims", "finding", "measured_component"],
        &["attester", "cmw", "device_keys", "freshness", "part", "profile", "requirements", "validate"],
        &["psa", "token"],
        &["appraisal"],
        &["ear", "eat_json"],
        &["jws", "owned_claims"],
        &["bundle", "cca", "json_bundle", "uccs"],
        &["arbitrary", "nested_json", "parsec"],
        &["tree"],
    ]),
    ("suit-manifest", &[], &[
        &["historic_draft", "label", "limits", "reporting_policy", "rule"],
        &["command", "section"],
        &["error"],
        &["cursor"],
        &["strictness"],
        &["command_sequence", "names", "parameters"],
        &["component_id", "digest"],
        &["dependency"],
        &["authentication", "common"],
        &["integrated", "manifest", "mud", "text"],
        &["envelope"],
        &["author", "verification"],
        &["processor"],
        &["arbitrary", "journal", "report"],
        &["flash_span", "platform"],
        &["store"],
        &["async_nor_flash", "nor_flash"],
    ]),
    ("teep-msg", &[], &[
        &["data_items", "freshness", "numbering", "redacted", "rule", "state", "token"],
        &["error_code", "option"],
        &["error", "finding"],
        &["decode", "http", "tam_directory", "trace"],
        &["agent_sessions", "broker"],
        &["attestation_payload", "attestation_result", "suit_report", "system_properties"],
        &["list"],
        &["cipher_suite", "suit_profile"],
        &["options", "x5chain"],
        &["message"],
        &["detect", "encode", "encrypted", "handle", "protection", "transcode", "validate"],
        &["draft"],
        &["content"],
        &["arbitrary"],
        &["agent", "rats", "tam"],
        &["suit"],
    ]),
    ("transparent-suit", &[], &[
        &["class_urn", "profile", "rule"],
        &["alarm", "error"],
        &["header", "issuer"],
        &["manifest_claims", "receipts", "twin"],
        &["author", "release", "transparent_manifest"],
        &["device"],
        &["registry"],
        &["firmware_policy", "monitor"],
        &["arbitrary", "register"],
    ]),
];

#[test]
fn modules_import_from_lower_floors_only() {
    let root = Workspace::read().unwrap().root;
    let mut lines = Vec::new();
    for (house, within, floors) in HOUSES {
        lines.extend(broken_floors(&root.join(house).join("src"), within, floors).unwrap());
    }
    assert!(lines.is_empty(), "\n{}", lines.join("\n"));
}
