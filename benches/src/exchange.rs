//! An exchange of TEEP between both machines, and an Update of 64 KiB.

use cose_ext::{Context, crypto::Signer, key::KeyResolver};
use teep_msg::{
    AgentAnswer, AgentConfig, AgentEvent, AgentOutput, AgentSession, AgentTrust, DataItems,
    InstallPermit, Numbering, RequestedTc, SeenUpdates, SigningKey, Suite, TamConfig, TamEvent,
    TamOutput, TamSession, TamTrust, UpdateContent, UpdateOutcome, WithoutStatus,
};

/// Who signs, and who is trusted.
pub struct Parties<'p> {
    /// Signs for the TAM.
    pub tam: &'p dyn Signer,
    /// Signs for the Agent.
    pub agent: &'p dyn Signer,
    /// The keys of TAMs.
    pub tams: &'p dyn KeyResolver,
    /// The keys of Agents.
    pub agents: &'p dyn KeyResolver,
}

/// Every Update is new: what is measured is one exchange after the other with equal tokens.
struct Forgetful;

impl SeenUpdates for Forgetful {
    fn has(&self, _: &[u8; 32]) -> bool {
        false
    }

    fn insert(&mut self, _: &[u8; 32]) {}
}

const NOW: u64 = 1_790_000_000;
/// An envelope: for the messages a map is enough.
const ENVELOPE: &[u8] = b"\xa1\x03\x41\xa0";

/// One exchange of four signed messages: the TAM asks for components, the Agent wants one, gets an
/// Update and reports its success. Returns the length of all messages in bytes.
///
/// # Panics
///
/// If a step is refused.
#[must_use]
pub fn exchange(parties: &Parties<'_>, context: &Context<'_>) -> usize {
    let key = SigningKey { suite: Suite::Esp256, thumbprint: None };
    let mut tam = TamSession::new(TamConfig {
        data_item_requested: DataItems::TRUSTED_COMPONENTS,
        agent_suite: Some(Suite::Esp256),
        ..TamConfig::new(&[key], WithoutStatus::Refused)
    });
    let mut agent = AgentSession::new(AgentConfig::new(&[key]));
    let at_tam = TamTrust { agents: parties.agents, verifiers: parties.tams };
    let at_agent = AgentTrust { tams: parties.tams, verifiers: parties.tams };
    let mut buffers = [[0; 512]; 4];
    let [first, second, third, fourth] = &mut buffers;
    tam.connect().expect("a new session");
    let request = tam_sends(&mut tam, first, 1, None, parties.tam);
    let event = agent.receive(request, &at_agent, &mut Forgetful, context);
    assert!(matches!(event, AgentEvent::Query { .. }), "{event:?}");
    let response = agent_sends(&mut agent, second, parties.agent);
    let TamEvent::Checked { permit, .. } = tam.receive(response, NOW, &at_tam, context) else {
        panic!("the response is refused");
    };
    tam.order(&[]).expect("an order");
    let update = tam_sends(&mut tam, third, 2, Some(&permit), parties.tam);
    let event = agent.receive(update, &at_agent, &mut Forgetful, context);
    let AgentEvent::Update(order) = event else { panic!("{event:?}") };
    assert_eq!(order.steps().count(), 1);
    agent.finish(UpdateOutcome::Done).expect("an Update");
    let success = agent_sends(&mut agent, fourth, parties.agent);
    let event = tam.receive(success, NOW, &at_tam, context);
    assert!(matches!(event, TamEvent::Installed { .. }), "{event:?}");
    request.len() + response.len() + update.len() + success.len()
}

fn tam_sends<'o>(
    tam: &mut TamSession,
    out: &'o mut [u8; 512],
    drawn: u8,
    permit: Option<&InstallPermit>,
    signer: &dyn Signer,
) -> &'o [u8] {
    let TamOutput::Random { len } = tam.poll(&mut [], NOW).expect("something is due") else {
        panic!("no token is due");
    };
    tam.random(&[drawn; 64][..len]).expect("a token");
    let draft = match (tam.poll(out, NOW).expect("something is due"), permit) {
        (TamOutput::Sign(draft), None) => draft,
        (TamOutput::Update(form), Some(permit)) => {
            form.write(&UpdateContent::installing(permit, &[ENVELOPE])).expect("an Update")
        }
        (other, _) => panic!("{other:?}"),
    };
    draft.sign(&[signer]).expect("a signature")
}

fn agent_sends<'o>(
    agent: &mut AgentSession,
    out: &'o mut [u8; 512],
    signer: &dyn Signer,
) -> &'o [u8] {
    let wanted = [RequestedTc { component_id: b"\x81\x43app", ..Default::default() }];
    let draft = match agent.poll(out).expect("something is due") {
        AgentOutput::Respond(form) => {
            form.write(&AgentAnswer { requested: &wanted, ..Default::default() })
        }
        AgentOutput::Report(form) => form.write(&[], None),
        other => panic!("{other:?}"),
    };
    draft.expect("a message").sign(&[signer]).expect("a signature")
}

/// An Update of 65 536 bytes, without COSE around it: a token and four manifests.
///
/// # Panics
///
/// Never: the lengths are fixed.
#[must_use]
pub fn update_of_64_kib() -> Vec<u8> {
    const LEN: usize = 65_536;
    // Each manifest is a map of one byte string.
    let manifest = |len: usize| {
        let len = u16::try_from(len).expect("a short string").to_be_bytes();
        let mut manifest = vec![0xa1, 0x03, 0x59, len[0], len[1]];
        manifest.resize(manifest.len() + usize::from(u16::from_be_bytes(len)), 0x5a);
        manifest
    };
    let permit = InstallPermit::danger_override();
    let mut out = vec![0; LEN + 16];
    let last = (16_000..17_000).find_map(|last| {
        let manifests = [manifest(16_300), manifest(16_300), manifest(16_300), manifest(last)];
        let manifests = manifests.each_ref().map(Vec::as_slice);
        let content = UpdateContent::installing(&permit, &manifests).with_token(&[7; 16]);
        let encoded = content.encode(Numbering::Iana, &mut out).ok()?;
        (encoded.len() == LEN).then(|| encoded.to_vec())
    });
    last.expect("a length that fits")
}

/// What is read of such an Update: the token, and how many bytes the manifests have.
#[derive(Debug, PartialEq, Eq)]
pub struct ReadUpdate<'u> {
    /// The token.
    pub token: &'u [u8],
    /// The length of all manifests in bytes.
    pub manifests: usize,
}

/// Reads an Update with all checks of this project: the CDDL, duplicate labels, well-formed envelopes.
///
/// # Panics
///
/// If it is no Update.
#[must_use]
pub fn read(update: &[u8]) -> ReadUpdate<'_> {
    let profile = cose_ext::Profile::LENIENT;
    let message = teep_msg::Message::decode(update, Numbering::Iana, &profile).expect("an Update");
    let options = *message.options();
    let manifests = options.manifest_list().expect("manifests");
    let token = options.token().expect("a token");
    ReadUpdate { token, manifests: manifests.iter().map(<[u8]>::len).sum() }
}

/// Reads it as somebody would who takes `minicbor` and knows what is in it: nothing is checked that is
/// not needed to read on.
///
/// # Panics
///
/// If it is no Update.
#[must_use]
pub fn read_with_minicbor(update: &[u8]) -> ReadUpdate<'_> {
    let mut decoder = minicbor::Decoder::new(update);
    assert_eq!(decoder.array().expect("an array"), Some(2));
    assert_eq!(decoder.u8().expect("a type"), 3);
    let (mut token, mut manifests) = (&[][..], 0);
    for _ in 0..decoder.map().expect("options").expect("a definite length") {
        match decoder.u64().expect("a label") {
            9 => {
                for manifest in decoder.array_iter::<&minicbor::bytes::ByteSlice>().expect("a list")
                {
                    manifests += manifest.expect("a manifest").len();
                }
            }
            19 => token = decoder.bytes().expect("a token"),
            _ => decoder.skip().expect("an option"),
        }
    }
    ReadUpdate { token, manifests }
}

/// Reads it as somebody would who takes `ciborium`: a tree of values.
///
/// # Panics
///
/// If it is no CBOR.
#[must_use]
pub fn read_with_ciborium(update: &[u8]) -> ciborium::Value {
    ciborium::from_reader(update).expect("a value")
}
