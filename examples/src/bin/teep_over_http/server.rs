//! The TAM behind HTTP. Its sessions are bytes under their tokens and challenges, so any front end that shares the
//! store finishes what another began.

use std::collections::HashMap;
use std::sync::{
    Mutex, PoisonError,
    atomic::{AtomicBool, Ordering},
};
use std::time::{SystemTime, UNIX_EPOCH};

use cose_ext::{
    Context, Profile,
    cbor::Writer,
    crypto::{Algorithm, Signer},
    key::{KeyResolver, OwnedTrustStore, Thumbprint},
    rustcrypto::{P256SigningKey, RustCrypto},
    sign1,
};
use getrandom::SysRng;
use rand_core::{Rng, UnwrapErr};
use teep_msg::{
    InstallPermit, Numbering, PayloadKind, TamConfig, TamEvent, TamOutput, TamSession, TamTrust,
    UpdateContent, WithoutStatus, handle_of, http::ServerCall, suit::manifest_sha256,
};

use super::{COMPONENT, Keys, Outcome, manifest, signing_key, store};

/// What all requests share.
pub(crate) struct Front {
    config: TamConfig,
    keys: Keys,
    agents: OwnedTrustStore,
    verifiers: OwnedTrustStore,
    manifest: Vec<u8>,
    sessions: Mutex<HashMap<Vec<u8>, Vec<u8>>>,
    /// Whether the component is to be on devices.
    pub(crate) is_wanted: AtomicBool,
}

impl Front {
    pub(crate) fn new(is_older: bool) -> Outcome<Self> {
        let keys = Keys::new(is_older)?;
        let signing = signing_key(&keys.tam, is_older)?;
        Ok(Self {
            config: TamConfig {
                numbering: age(is_older).0,
                ..TamConfig::new(&[signing], WithoutStatus::Refused)
            },
            agents: store(&keys.agent)?,
            verifiers: store(&keys.verifier)?,
            manifest: manifest(&keys.signer)?,
            keys,
            sessions: Mutex::default(),
            is_wanted: AtomicBool::new(true),
        })
    }

    /// Answers a request; an empty answer ends the exchange.
    pub(crate) fn answer(&self, call: ServerCall<'_>) -> Outcome<Vec<u8>> {
        let mut sessions = self.sessions.lock().unwrap_or_else(PoisonError::into_inner);
        let mut tam = Tam {
            config: self.config,
            key: &self.keys.tam,
            agents: &self.agents,
            verifiers: &self.verifiers,
            verifier: &self.keys.verifier,
            manifest: &self.manifest,
            context: Context::new(&RustCrypto),
            store: &mut sessions,
            is_wanted: self.is_wanted.load(Ordering::Relaxed),
        };
        tam.answer(call)
    }
}

/// What the TAM wants of its Agents, and with whom it checks them.
struct Tam<'t> {
    config: TamConfig,
    key: &'t dyn Signer,
    agents: &'t dyn KeyResolver,
    verifiers: &'t dyn KeyResolver,
    /// The Verifier's key: in this story it lives next door.
    verifier: &'t P256SigningKey,
    manifest: &'t [u8],
    context: Context<'t>,
    store: &'t mut HashMap<Vec<u8>, Vec<u8>>,
    /// Whether the component is wanted on devices at all.
    is_wanted: bool,
}

impl Tam<'_> {
    /// Answers a request; an empty answer ends the exchange.
    fn answer(&mut self, call: ServerCall<'_>) -> Outcome<Vec<u8>> {
        match call {
            ServerCall::Connect => {
                let mut session = TamSession::new(self.config);
                session.connect()?;
                self.send(session, None)
            }
            ServerCall::Message(message) => self.message(message),
        }
    }

    fn message(&mut self, message: &[u8]) -> Outcome<Vec<u8>> {
        let handle = handle_of(message, self.config.numbering, &Profile::LENIENT);
        let stored = handle.and_then(|handle| self.store.remove(handle));
        // Nobody waits for it: dropped.
        let Some(stored) = stored else { return Ok(Vec::new()) };
        let mut session = TamSession::read_state(self.config, &stored)?;
        let trust = TamTrust { agents: self.agents, verifiers: self.verifiers };
        let now = now();
        let (mut permit, mut has, mut wants) = (None, false, false);
        match session.receive(message, now, &trust, &self.context) {
            TamEvent::Evidence { payload, response } => {
                let options = response.value().options();
                has = options.tc_list().is_some();
                wants = options.requested_tc_list().is_some();
                let result = appraise(&payload.kind(&Profile::LENIENT), &session, self.verifier)?;
                let event = session.attestation_result(&result, now, &trust, &self.context)?;
                if let TamEvent::Attested { permit: granted, .. } = event {
                    permit = Some(granted);
                }
            }
            TamEvent::Checked { response, permit: granted } => {
                has = response.value().options().tc_list().is_some();
                wants = response.value().options().requested_tc_list().is_some();
                permit = Some(granted);
            }
            TamEvent::Installed { .. } => println!("  TAM: the Agent reports success"),
            TamEvent::Failed { code, .. } => println!("  TAM: the Agent reports {code:?}"),
            TamEvent::Dropped(error) => println!("  TAM: dropped: {error}"),
            other => println!("  TAM: {other:?}"),
        }
        if let Some(permit) = permit {
            let installs = self.is_wanted && wants && !has;
            let removes = !self.is_wanted && has;
            if !installs && !removes {
                session.nothing_to_do();
                return Ok(Vec::new());
            }
            let digest = manifest_sha256(self.manifest, &self.context);
            session.order(digest.as_slice())?;
            return self.send(session, installs.then_some(permit));
        }
        self.send(session, None)
    }

    fn send(&mut self, mut session: TamSession, permit: Option<InstallPermit>) -> Outcome<Vec<u8>> {
        let mut out = vec![0; 8192];
        let message = loop {
            match session.poll(&mut out, now())? {
                TamOutput::Random { len } => {
                    let mut drawn = vec![0; len];
                    UnwrapErr(SysRng).fill_bytes(&mut drawn);
                    session.random(&drawn)?;
                }
                TamOutput::Sign(draft) => break draft.sign(&[self.key])?.to_vec(),
                TamOutput::Update(form) => {
                    let manifests = [self.manifest];
                    let content = match &permit {
                        Some(permit) => UpdateContent::installing(permit, &manifests),
                        None => UpdateContent::unlinking(&[COMPONENT]),
                    };
                    break form.write(&content)?.sign(&[self.key])?.to_vec();
                }
                TamOutput::Attest(_) | TamOutput::Idle => break Vec::new(),
            }
        };
        let mut state = [0; 1024];
        let state = session.write_state(&mut state)?.to_vec();
        for handle in session.handles() {
            self.store.insert(handle.to_vec(), state.clone());
        }
        Ok(message)
    }
}

fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

/// The Verifier: it takes the Evidence of this story at its word, and says so about the key that the TAM names.
fn appraise(
    evidence: &PayloadKind<'_>,
    session: &TamSession,
    verifier: &P256SigningKey,
) -> Outcome<Vec<u8>> {
    let PayloadKind::Eat { nonce: Some(nonce), .. } = evidence else {
        return Err("no Evidence that this Verifier knows".into());
    };
    let about = session.agent().copied().unwrap_or_default();
    let mut out = [0; 512];
    let write = |writer: &mut Writer<'_>| {
        writer.map(3).int(8).map(1).int(3).bytes(&about);
        writer.int(10).bytes(nonce).int(1000).int(2);
    };
    let draft = sign1::Draft::write(&mut out, Algorithm::ESP256, 0, |_| {}).payload(write)?;
    Ok(draft.sign(verifier)?.to_vec())
}

/// The thumbprint of a key, for its kid.
pub(crate) fn thumbprint(key: &P256SigningKey) -> Outcome<[u8; 32]> {
    let public = key.public_key();
    let thumbprint = Thumbprint::of(&(&public).into(), &cose_ext::rustcrypto::RustCrypto)?;
    Ok(*thumbprint.as_bytes())
}

/// The numbering and the suite of an age.
pub(crate) fn age(is_older: bool) -> (Numbering, teep_msg::Suite) {
    if is_older {
        (Numbering::Draft25, teep_msg::Suite::Es256)
    } else {
        (Numbering::Iana, teep_msg::Suite::Esp256)
    }
}
