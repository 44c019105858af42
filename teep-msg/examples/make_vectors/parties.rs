//! Keys that everybody may have, and what they sign.

use std::collections::BTreeMap;

use cose_ext::{
    cbor::Writer,
    crypto::{Algorithm, Signer},
    key::Thumbprint,
    rustcrypto::{Ed25519SigningKey, P256SigningKey, RustCrypto},
    sign1,
};
use serde_json::{Value, json};
use teep_msg::{SigningKey, Suite};

/// A key of one role: a file of that name holds it.
pub(crate) struct Party {
    pub(crate) name: &'static str,
    secret: [u8; 32],
    is_ed: bool,
}

const fn party(name: &'static str, number: u8, is_ed: bool) -> Party {
    Party { name, secret: [number; 32], is_ed }
}

pub(crate) const TAM: Party = party("tam-p256", 0x11, false);
pub(crate) const TAM_ED: Party = party("tam-ed25519", 0x12, true);
pub(crate) const AGENT: Party = party("agent-p256", 0x13, false);
pub(crate) const AGENT_ED: Party = party("agent-ed25519", 0x14, true);
pub(crate) const VERIFIER: Party = party("verifier-p256", 0x15, false);
pub(crate) const ATTESTER: Party = party("attester-p256", 0x16, false);
pub(crate) const RECIPIENT: Party = party("tam-ecdh-p256", 0x17, false);
pub(crate) const SIGNER: Party = party("tc-signer-p256", 0x18, false);
pub(crate) const STRANGER: Party = party("stranger-p256", 0x19, false);

const ALL: [&Party; 9] =
    [&TAM, &TAM_ED, &AGENT, &AGENT_ED, &VERIFIER, &ATTESTER, &RECIPIENT, &SIGNER, &STRANGER];

impl Party {
    pub(crate) fn path(&self) -> String {
        format!("keys/{}.jwk.json", self.name)
    }

    fn p256(&self) -> P256SigningKey {
        P256SigningKey::from_bytes(&self.secret).unwrap()
    }

    fn ed25519(&self) -> Ed25519SigningKey {
        Ed25519SigningKey::from_bytes(&self.secret).unwrap()
    }

    /// The public part of a key on P-256.
    pub(crate) fn public(&self) -> cose_ext::crypto::Ec2PublicKey<32> {
        self.p256().public_key()
    }

    pub(crate) fn signer(&self, algorithm: Algorithm) -> Box<dyn Signer> {
        if self.is_ed {
            Box::new(self.ed25519().with_algorithm(algorithm).unwrap())
        } else {
            Box::new(self.p256().with_algorithm(algorithm).unwrap())
        }
    }

    pub(crate) fn thumbprint(&self) -> [u8; 32] {
        let of = |key| *Thumbprint::of(key, &RustCrypto).unwrap().as_bytes();
        if self.is_ed {
            of(&(&self.ed25519().public_key()).into())
        } else {
            of(&(&self.p256().public_key()).into())
        }
    }

    /// The key as the machines want it, under the suite of an age.
    pub(crate) fn key(&self, is_older: bool) -> SigningKey {
        let suite = match (self.is_ed, is_older) {
            (false, false) => Suite::Esp256,
            (true, false) => Suite::Ed25519,
            (false, true) => Suite::Es256,
            (true, true) => Suite::EdDsa,
        };
        SigningKey { suite, thumbprint: Some(self.thumbprint()) }
    }

    /// A COSE_Sign1 by this key, whose payload `write` writes.
    pub(crate) fn sign1(&self, algorithm: Algorithm, write: impl Fn(&mut Writer<'_>)) -> Vec<u8> {
        let mut out = vec![0; 2048];
        let draft = sign1::Draft::write(&mut out, algorithm, 0, |_| {}).payload(write).unwrap();
        draft.sign(&*self.signer(algorithm)).unwrap().to_vec()
    }

    fn jwk(&self) -> Value {
        let d = url64(&self.secret);
        if self.is_ed {
            let public = self.ed25519().public_key();
            json!({"kty": "OKP", "crv": "Ed25519", "x": url64(&public.x), "d": d})
        } else {
            let public = self.p256().public_key();
            json!({"kty": "EC", "crv": "P-256", "x": url64(&public.x), "y": url64(&public.y), "d": d})
        }
    }
}

/// The files of all keys.
pub(crate) fn key_files() -> BTreeMap<String, Vec<u8>> {
    let text = |key: &&Party| serde_json::to_string_pretty(&key.jwk()).unwrap() + "\n";
    ALL.iter().map(|key| (key.path(), text(key).into_bytes())).collect()
}

fn url64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let group = |group: &[u8]| {
        let number = (0..3).fold(0, |sum, at| sum << 8 | usize::from(*group.get(at).unwrap_or(&0)));
        let letter = move |place: usize| char::from(LETTERS[number >> (18 - 6 * place) & 63]);
        (0..=group.len()).map(letter).collect::<String>()
    };
    bytes.chunks(3).map(group).collect()
}

/// What the claims of Evidence or of a result say.
pub(crate) struct Says<'s> {
    pub(crate) nonce: Option<&'s [u8]>,
    pub(crate) status: Option<i64>,
    pub(crate) issued_at: u64,
}

/// Claims about the Agent's key, signed by `by`.
pub(crate) fn claims(says: &Says<'_>, by: &Party) -> Vec<u8> {
    let kid = AGENT.thumbprint();
    let count = 2 + usize::from(says.nonce.is_some()) + usize::from(says.status.is_some());
    by.sign1(Algorithm::ESP256, |writer| {
        writer.map(count).int(6).int(says.issued_at).int(8).map(1).int(3).bytes(&kid);
        if let Some(nonce) = says.nonce {
            writer.int(10).bytes(nonce);
        }
        if let Some(status) = says.status {
            writer.int(1000).int(status);
        }
    })
}
