//! Detached bundles.

use super::ATTESTER;
use super::Vectors;
use super::basis;
use super::claims;
use super::token;
use cose_ext::Digest;
use cose_ext::crypto::Algorithm;
use cose_ext::crypto::HashFunction;
use cose_ext::cwt::ClaimKey;
use cose_ext::rustcrypto::Sha256;
use rats_eat::attester;
use serde_json::json;

impl Vectors {
    pub(crate) fn bundles(&mut self) {
        let set = claims(&|claims| _ = claims.uint(ClaimKey::UPTIME, 5));
        let hash = Sha256.hash(&[&set]);
        let digest = Digest::new(Algorithm::SHA256, hash.as_ref()).unwrap();
        let elsewhere = [0x66; 32];
        let absent = Digest::new(Algorithm::SHA256, &elsewhere).unwrap();
        let main = token(&|claims| {
            basis(claims)
                .submodules(&|parts| _ = parts.digest("GPU", &digest).digest("TEE", &absent));
        });
        let bundle = |detached: &[(&str, &[u8])]| {
            let mut buffer = [0; 2048];
            attester::bundle(&mut buffer, &main, detached).unwrap().to_vec()
        };
        let (kind, spec) = ("eat-detached-bundle-cbor", "RFC 9711 5");
        let facts = json!({ "not_supplied": ["TEE"], "detached": {"GPU": {"261": 5}}, "tag": 602 });
        let id = ("own-deb", kind, spec);
        self.add(id, &[ATTESTER], (true, ""), &bundle(&[("GPU", &set)]), facts);
        let other = claims(&|claims| _ = claims.uint(ClaimKey::UPTIME, 6));
        let id = ("own-deb-other-set", kind, spec);
        let why = (false, "claims: the set is not the one of the digest");
        self.add(id, &[ATTESTER], why, &bundle(&[("GPU", &other)]), json!({}));
        let id = ("own-deb-surplus", kind, spec);
        let why = (false, "claims: no digest names the set");
        self.add(id, &[ATTESTER], why, &bundle(&[("CPU", &set)]), json!({}));
    }
}
