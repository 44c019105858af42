//! Submodules of every form.

use super::ATTESTER;
use super::SUBSYSTEM;
use super::Vectors;
use super::b64;
use super::basis;
use super::claims;
use super::subsystem_key;
use super::thumbprint;
use super::token;
use cose_ext::Digest;
use cose_ext::crypto::Algorithm;
use cose_ext::crypto::HashFunction;
use cose_ext::cwt::ClaimKey;
use cose_ext::rustcrypto::Sha256;
use rats_eat::attester;
use rats_eat::attester::ClaimsWriter;
use rats_eat::jws;
use serde_json::json;

impl Vectors {
    pub(crate) fn submodules(&mut self) {
        let uptime = |claims: &mut ClaimsWriter<'_, '_>| _ = claims.uint(ClaimKey::UPTIME, 1);
        let mut buffer = [0; 512];
        let inner = attester::sign(
            &mut buffer,
            Some(&thumbprint(&subsystem_key())),
            &subsystem_key(),
            &uptime,
        )
        .unwrap()
        .to_vec();
        let jwt = jws::sign(br#"{"uptime":2}"#, None, &subsystem_key()).unwrap();
        let uccs = [&[0xd9, 0x02, 0x59][..], &claims(&uptime)].concat();
        let detached = claims(&uptime);
        let hash = Sha256.hash(&[&detached]);
        let digest = Digest::new(Algorithm::SHA256, hash.as_ref()).unwrap();
        let text = format!(r#"["JWT","{jwt}"]"#);
        let all = |inner: &[u8], text: &str| {
            token(&|claims| {
                basis(claims).uint(ClaimKey::DBGSTAT, 1).submodules(&|parts| {
                    parts.claims("c", &uptime).digest("d", &digest).json("j", text);
                    parts.token("t", inner).token("u", &uccs);
                });
            })
        };
        let facts = json!({ "submods": {
            "c": {"form": "claims set", "dbgstat": null, "nonce": null},
            "d": {"form": "digest"},
            "j": {"form": "nested JWT", "dbgstat": null, "nonce": null},
            "t": {"form": "nested CWT", "dbgstat": null, "nonce": null},
            "u": {"form": "UCCS", "dbgstat": null, "nonce": null},
        } });
        let (keys, spec) = ([ATTESTER, SUBSYSTEM], "RFC 9711 4.2.18");
        let id = ("own-eat-submods", "eat-cwt", spec);
        self.add(id, &keys, (true, "each form; nothing is inherited"), &all(&inner, &text), facts);
        let mut forged = inner.clone();
        let last = forged.len() - 1;
        forged[last] ^= 1;
        let id = ("own-eat-nested-cwt-bad-signature", "eat-cwt", spec);
        let why = (false, "signature: of the token within, one bit changed");
        self.add(id, &keys, why, &all(&forged, &text), json!({}));
        let (signed, signature) = jwt.rsplit_once('.').unwrap();
        let header = signed.split_once('.').unwrap().0;
        let forged = format!(r#"["JWT","{header}.{}.{signature}"]"#, b64(br#"{"uptime":3}"#));
        let id = ("own-eat-nested-jwt-bad-signature", "eat-cwt", spec);
        let why = (false, "signature: of the JWT within, another payload");
        self.add(id, &keys, why, &all(&inner, &forged), json!({}));
        let selector = token(&|claims| {
            basis(claims)
                .submodules(&|parts| _ = parts.json("j", r#"["DIGEST",["SHA-256","AA"]]"#));
        });
        let why = (false, "claims: a digest in JSON within CBOR");
        self.eat("own-eat-json-digest", why, &selector, json!({}));
        let untagged = token(&|claims| {
            basis(claims)
                .submodules(&|parts| _ = parts.token("t", &[0x84, 0x40, 0xa0, 0x40, 0x40]));
        });
        let why = (false, "claims: the token within has no tag");
        self.eat("own-eat-nested-untagged", why, &untagged, json!({}));
    }
}
