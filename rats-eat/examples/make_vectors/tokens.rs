//! EATs by a signature and by a MAC.

use super::IAT;
use super::MAC_KEY;
use super::SECRET;
use super::UEID;
use super::Vectors;
use super::basis;
use super::claims;
use super::token;
use cose_ext::Content;
use cose_ext::crypto::Algorithm;
use cose_ext::crypto::SecretKey;
use cose_ext::crypto::SymmetricKey;
use cose_ext::cwt::ClaimKey;
use cose_ext::mac0::Mac0Builder;
use cose_ext::rustcrypto::RustCrypto;
use rats_eat::attester::VersionScheme;
use serde_json::json;

impl Vectors {
    pub(crate) fn tokens(&mut self) {
        let minimal = token(&|claims| _ = basis(claims));
        let stated = json!({ "claims": {
            "6": IAT, "10": "h'6e6f6e6365206f662066616d696c7921'",
            "256": "h'016465766963652d6f662d66616d696c79'",
        }, "tags": [61, 18], "protected": {"1": -7} });
        self.eat("own-eat-minimal", (true, ""), &minimal, stated.clone());
        let payload = claims(&|claims| _ = basis(claims));
        let secret = SymmetricKey { k: &MAC_KEY, algorithm: Some(Algorithm::HMAC_256) };
        let secret = SecretKey::symmetric(secret, &RustCrypto);
        let maced = Mac0Builder::new()
            .authenticate(Algorithm::HMAC_256, Content::Embedded(&payload), &secret)
            .unwrap();
        let maced = [&[0xd8, 0x3d][..], &maced].concat();
        let mut facts = stated;
        facts["tags"] = json!([61, 17]);
        facts["protected"] = json!({"1": 5});
        let id = ("own-eat-mac0", "eat-cwt", "RFC 9711");
        self.add(id, &[SECRET], (true, "a COSE_Mac0"), &maced, facts);
        let everything = token(&|claims| {
            basis(claims)
                .claim(ClaimKey::SUEIDS, |map| _ = map.map(1).text("board").bytes(&UEID))
                .int(ClaimKey::OEMID, 64242)
                .bytes(ClaimKey::HWMODEL, b"model")
                .version(ClaimKey::HWVERSION, "1.2.3", Some(VersionScheme::Number(1.into())))
                .uint(ClaimKey::UPTIME, 60)
                .bool(ClaimKey::OEMBOOT, true)
                .uint(ClaimKey::DBGSTAT, 3)
                .claim(ClaimKey::LOCATION, |map| {
                    _ = map.map(2).int(1).float(48.5).int(2).float(-3.25)
                })
                .text(ClaimKey::EAT_PROFILE, "https://profile.example")
                .uint(ClaimKey::BOOTCOUNT, 7)
                .bytes(ClaimKey::BOOTSEED, &[9; 16])
                .claim(ClaimKey::DLOAS, |array| {
                    array.array(1).array(2).text("https://dloa.example").text("platform");
                })
                .text(ClaimKey::SWNAME, "firmware")
                .version(ClaimKey::SWVERSION, "4.5", Some(VersionScheme::Name("semver")))
                .claim(ClaimKey::MANIFESTS, |array| {
                    _ = array.array(1).array(2).int(258).bytes(&[0xa0])
                })
                .claim(ClaimKey::MEASUREMENTS, |array| {
                    array.array(1).array(2).int(258).bytes(&[0xa0]);
                })
                .claim(ClaimKey::MEASRES, |array| {
                    array.array(1).array(2).text("system").array(1).array(2).text("id").int(1);
                })
                .claim(ClaimKey::INTUSE, |writer| _ = writer.int(5))
                .text(ClaimKey::int(-70_001), "unknown claims are kept");
        });
        self.eat(
            "own-eat-every-claim",
            (true, "each of RFC 9711 but submods"),
            &everything,
            json!({}),
        );
        let lone = token(&|claims| {
            _ = basis(claims).version(ClaimKey::SWVERSION, "1", None);
        });
        let facts = json!({ "strict_violation": "swversion-without-swname" });
        self.eat(
            "own-eat-swversion-alone",
            (true, "decodes; a validator reports it"),
            &lone,
            facts,
        );
    }
}
