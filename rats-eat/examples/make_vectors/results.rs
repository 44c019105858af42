//! Attestation results.

use super::IAT;
use super::NONCE;
use super::VERIFIER;
use super::Vectors;
use super::cbor;
use super::verifier_key;
use cose_ext::Content;
use cose_ext::Profile;
use cose_ext::sign1::Sign1Builder;
use rats_eat::ar4si::Tier;
use rats_eat::ar4si::TrustClaim;
use rats_eat::ar4si::TrustDimension;
use rats_eat::ar4si::TrustVector;
use rats_eat::cmw::Cmw;
use rats_eat::ear::AppraisalBuilder;
use rats_eat::ear::Ear;
use rats_eat::ear::EarBuilder;
use rats_eat::ear::VerifierId;
use rats_eat::jws;
use serde_json::json;

impl Vectors {
    pub(crate) fn results(&mut self) {
        let result = |status: u64, claim: i64| {
            cbor(|writer| {
                writer.map(4).int(6).int(IAT).int(265).text("tag:ietf.org,2026:rats/ear#04");
                writer.int(266).map(1).text("PSA").map(2).int(1000).int(status);
                writer.int(1001).map(1).int(2).int(claim);
                writer.int(1004).map(2).int(0).text("https://verifier.example").int(1).text("1");
            })
        };
        let sign = |payload: &[u8]| {
            Sign1Builder::new().sign(Content::Embedded(payload), &verifier_key()).unwrap()
        };
        let (kind, spec) = ("ear-cwt", "draft-ietf-rats-ear-04");
        let facts =
            json!({ "status": "affirming", "worst_claim_tier": "affirming", "must_report": false });
        let id = ("own-ear-affirming", kind, spec);
        self.add(
            id,
            &[VERIFIER],
            (true, "31 is the last affirming value"),
            &sign(&result(2, 31)),
            facts,
        );
        let facts = json!({
            "status": "affirming", "worst_claim_tier": "warning", "must_report": true,
            "strict_violation": "ear-status-better-than-worst-claim",
        });
        let id = ("own-ear-too-good", kind, spec);
        self.add(
            id,
            &[VERIFIER],
            (true, "affirming over a warning: reported"),
            &sign(&result(2, 32)),
            facts,
        );
        let id = ("own-ear-claim-128", kind, spec);
        self.add(
            id,
            &[VERIFIER],
            (false, "claims: 128 is out of range"),
            &sign(&result(96, 128)),
            json!({}),
        );
        let json_of = format!(
            r#"{{"eat_profile":"tag:ietf.org,2026:rats/ear#04","iat":{IAT},"ear_verifier_id":{{"developer":"https://verifier.example","build":"1"}},"submods":{{"PSA":{{"ear_status":"warning","ear_trustworthiness_vector":{{"executables":33}}}}}}}}"#
        );
        let jwt = jws::sign(json_of.as_bytes(), None, &verifier_key()).unwrap();
        let id = ("own-ear-jwt", "ear-jwt", spec);
        let facts = json!({ "status": "warning", "worst_claim_tier": "warning" });
        self.add(id, &[VERIFIER], (true, ""), jwt.as_bytes(), facts);
    }

    /// Results of draft -04 with all that it brought: the topology of the device, claims of attester and verifier, the
    /// nonce of the evidence, evidence in a wrapper, a status of the whole.
    pub(crate) fn new_results(&mut self) {
        let verifier = VerifierId { developer: "https://verifier.example", build: "1" };
        let vector = TrustVector::EMPTY.with(TrustDimension::Executables, TrustClaim::new(33));
        let evidence =
            cbor(|writer| _ = writer.array(3).text("application/eat+cwt").bytes(&[1]).int(4));
        let made = cbor(|writer| _ = writer.map(1).int(2394).int(-1));
        let found = cbor(|writer| _ = writer.map(1).int(-70_002).text("verified"));
        let appraisal = AppraisalBuilder::of(&vector)
            .policy_ids(["https://policy.example/1"])
            .nonce(&NONCE)
            .attester_claims(&made)
            .unwrap()
            .verifier_claims(&found)
            .unwrap();
        let board = AppraisalBuilder::new(Tier::Affirming);
        let result = |status: Tier| {
            EarBuilder::new(&verifier, IAT)
                .expires_at(IAT + 3600)
                .nonce(&NONCE)
                .raw_evidence(&Cmw::decode(&evidence, &Profile::LENIENT).unwrap())
                .unwrap()
                .device_topology(&[("board", &["PSA"])])
                .status(status)
                .appraisal("PSA", &appraisal)
                .unwrap()
                .appraisal("board", &board)
                .unwrap()
                .to_bytes()
                .unwrap()
        };
        let claims = result(Tier::Warning);
        let token = Sign1Builder::new().sign(Content::Embedded(&claims), &verifier_key()).unwrap();
        let stated = json!({
            "4": IAT + 3600, "6": IAT, "10": "h'6e6f6e6365206f662066616d696c7921'",
            "265": "tag:ietf.org,2026:rats/ear#04", "1000": 32,
            "1002": ["application/eat+cwt", "h'01'", 4],
            "1004": {"0": "https://verifier.example", "1": "1"}, "1007": {"board": ["PSA"]},
            "266": {
                "PSA": {
                    "10": "h'6e6f6e6365206f662066616d696c7921'", "1000": 32, "1001": {"2": 33},
                    "1003": ["https://policy.example/1"], "1005": {"2394": -1}, "1006": {"-70002": "verified"},
                },
                "board": {"1000": 2},
            },
        });
        let facts = json!({
            "status": "warning", "worst_claim_tier": "warning", "global_status": "warning", "claims": stated,
        });
        let (kind, spec) = ("ear-cwt", "draft-ietf-rats-ear-04");
        let id = ("own-ear-all-fields", kind, spec);
        self.add(id, &[VERIFIER], (true, "all fields of -04"), &token, facts.clone());
        let ear = Ear::decode(&claims, &Profile::LENIENT).unwrap();
        let jwt = jws::sign(ear.to_json().unwrap().to_string().as_bytes(), None, &verifier_key())
            .unwrap();
        let mut facts = facts;
        facts.as_object_mut().unwrap().remove("claims");
        let id = ("own-ear-jwt-all-fields", "ear-jwt", spec);
        self.add(id, &[VERIFIER], (true, "all fields of -04"), jwt.as_bytes(), facts);
        let bare = cbor(|writer| {
            writer.map(5).int(6).int(IAT).int(265).text("tag:ietf.org,2026:rats/ear#04");
            writer.int(266).map(1).text("PSA").map(1).int(1000).int(32).int(1002).bytes(&[1]);
            writer.int(1004).map(2).int(0).text("https://verifier.example").int(1).text("1");
        });
        let token = Sign1Builder::new().sign(Content::Embedded(&bare), &verifier_key()).unwrap();
        let id = ("own-ear-evidence-bytes", kind, spec);
        let why = (false, "claims: evidence of -04 is a record, not bytes");
        self.add(id, &[VERIFIER], why, &token, json!({}));
    }
}
