//! Claims in forms that they must not have.

use super::Vectors;
use super::basis;
use super::signed;
use super::token;
use serde_json::json;

impl Vectors {
    /// One claim in a form that it must not have, each beside a nonce.
    pub(crate) fn negatives(&mut self) {
        let bad: [(&str, &str, &str); 14] = [
            ("iat-float", "06fb41dac7b2a0000000", "iat is a float"),
            ("exp-infinity", "04f97c00", "exp is infinite"),
            ("nonce-7-bytes", "0a4700000000000000", "the nonce has 7 bytes"),
            ("nonce-set-of-one", "0a814800000000000000 00", "an array of one nonce"),
            ("ueid-34-bytes", "190100582201", "the ueid has 34 bytes"),
            ("oemid-4-bytes", "1901024400000000", "the oemid has 4 bytes"),
            ("hwmodel-empty", "19010340", "hwmodel is empty"),
            ("dbgstat-5", "19010705", "dbgstat is 5"),
            ("location-no-longitude", "190108a10100", "location without longitude"),
            ("profile-tagged", "190109d820 6161", "eat_profile is a tagged URI"),
            ("bootcount-negative", "19010b20", "bootcount is negative"),
            ("manifests-empty", "19011080", "manifests is empty"),
            ("measres-5", "1901128182617381826161 05", "a result of 5"),
            ("intuse-text", "1901136161", "intuse is a text"),
        ];
        for (name, claim, why) in bad {
            let mut claim = hex::decode(claim.replace(' ', "")).unwrap();
            if name == "ueid-34-bytes" {
                claim.extend([0; 33]);
            }
            let nonce: &[u8] = b"\x0a\x48\x07\x07\x07\x07\x07\x07\x07\x07";
            let has_nonce = name.starts_with("nonce");
            let parts: [&[u8]; 3] = [
                if has_nonce { &[0xa1] } else { &[0xa2] },
                if has_nonce { &[] } else { nonce },
                &claim,
            ];
            let name = format!("own-eat-{name}");
            self.eat(
                &name,
                (false, &format!("claims: {why}")),
                &signed(&parts.concat()),
                json!({}),
            );
        }
        let twice = hex::decode("a2190105011901 0502".replace(' ', "")).unwrap();
        self.eat(
            "own-eat-claim-twice",
            (false, "claims: uptime is there twice"),
            &signed(&twice),
            json!({}),
        );
        let long = hex::decode("a219010501190107").unwrap();
        self.eat(
            "own-eat-claims-cut",
            (false, "framing: the claims set is cut"),
            &signed(&long),
            json!({}),
        );
        let mut forged = token(&|claims| _ = basis(claims));
        let last = forged.len() - 1;
        forged[last] ^= 1;
        self.eat(
            "own-eat-bad-signature",
            (false, "signature: one bit changed"),
            &forged,
            json!({}),
        );
    }
}
