//! An Agent over a device that keeps its manifests, and over tokens of `rats_eat`: what an Update installs stands in the next
//! tc-list, what is unneeded goes, and results confirm the key of the Agent.

#[path = "../../suit-manifest/tests/support/device.rs"]
mod device;
#[path = "support/parties.rs"]
mod parties;

use cose_ext::{
    Digest, Profile, Trust,
    cbor::Writer,
    crypto::{Algorithm, SecretKey, SymmetricKey},
    key::Thumbprint,
    rustcrypto::RustCrypto,
    sign1,
};
use device::Device;
use parties::*;
use suit_manifest::{
    AuthenticationPolicy, Limits, Readings, Section,
    author::{ManifestBuilder, ParameterSet, RECORD_ALL, Sequence},
    label::{condition, directive, parameter},
    report::{Conclusion, Report},
    store::{ManifestStore, Slots},
};
use teep_msg::{
    AgentAnswer, AgentEvent, DataItems, ErrorCode, InstalledTc, MessageType, ResultRules,
    TamConfig, TamEvent, UpdateContent, UpdateOutcome, UpdateStep, WithoutStatus, check_result,
    rats::{check_profile, ear_standing},
    suit::{
        Inventory, KeepError, ManifestMemory, ManifestRules, manifest_sha256, process_and_keep,
        unlink,
    },
};

const SLOT: usize = 1024;
const SIGNER: Party = Party::new(9);

/// Slots in memory.
struct Memory(Vec<Vec<u8>>);

impl Slots for Memory {
    type Error = std::convert::Infallible;

    fn count(&self) -> usize {
        self.0.len()
    }

    fn read(&mut self, slot: usize, out: &mut [u8]) -> Result<usize, Self::Error> {
        let len = out.len().min(SLOT);
        out[..len].copy_from_slice(&self.0[slot][..len]);
        Ok(len)
    }

    fn write(&mut self, slot: usize, record: &[u8]) -> Result<bool, Self::Error> {
        if record.len() > SLOT {
            return Ok(false);
        }
        self.0[slot][..record.len()].copy_from_slice(record);
        Ok(true)
    }

    fn erase(&mut self, slot: usize) -> Result<(), Self::Error> {
        self.0[slot].fill(0xff);
        Ok(())
    }
}

fn array_of(name: &[u8]) -> Vec<u8> {
    let mut out = [0; 64];
    let mut writer = Writer::new(&mut out);
    writer.array(1).bytes(name);
    writer.finish().unwrap().to_vec()
}

fn sha256(bytes: &[u8]) -> Vec<u8> {
    context().hash(Algorithm::SHA256, &[bytes]).unwrap().as_ref().to_vec()
}

fn with_image(image: &[u8]) -> ParameterSet {
    let digest = sha256(image);
    let digest = Digest::new(Algorithm::SHA256, &digest).unwrap();
    ParameterSet::new().image_digest(&digest).image_size(image.len() as u64).uri("#image")
}

/// The envelope that installs `image` as `component` and removes it again; the manifest may have a name.
fn envelope(
    number: u64,
    name: Option<&[u8]>,
    component: &[u8],
    parameters: &ParameterSet,
) -> Vec<u8> {
    let install = Sequence::new()
        .command(directive::FETCH, RECORD_ALL)
        .command(condition::IMAGE_MATCH, RECORD_ALL);
    let builder = ManifestBuilder::new(number)
        .component(&[component])
        .shared(Sequence::new().override_parameters(parameters))
        .section(Section::Install, install)
        .section(Section::Uninstall, Sequence::new().command(directive::UNLINK, RECORD_ALL))
        .section(Section::Validate, Sequence::new().command(condition::IMAGE_MATCH, RECORD_ALL));
    let builder = match name {
        Some(name) => builder.manifest_component_id(&[name]),
        None => builder,
    };
    let context = context();
    let mut envelope = builder.build(Algorithm::SHA256, &context).unwrap();
    envelope = envelope.integrate("#image", component);
    envelope.sign(sign1::Sign1Builder::new(), &SIGNER.signer(Algorithm::ESP256), &context).unwrap();
    envelope.to_untagged_bytes()
}

/// Identifier, digest and size of a component.
type Entry = (Vec<u8>, Option<Vec<u8>>, Option<u64>);

/// A device, its flash, and the Agent that serves it.
struct Served {
    device: Device,
    flash: Memory,
    agent: AgentSide,
}

/// The images are the names of their components.
const ONE: &[u8] = b"one";
const TWO: &[u8] = b"two";

impl Served {
    fn new() -> Self {
        let device = Device::with_components([]).holding("6f6e65", b"").holding("74776f", b"");
        let flash = Memory(vec![vec![0xff; SLOT]; 4]);
        Self { device, flash, agent: AgentSide::new(agent_config()) }
    }

    /// Acts upon an Update and answers it.
    fn act(&mut self, update: &[u8]) -> Vec<u8> {
        let AgentEvent::Update(order) = self.agent.receive(update) else { panic!() };
        let token = order.update().value().options().token().map(<[u8]>::to_vec);
        let context = context();
        let secret = device_secret();
        let mut store = ManifestStore::new(&mut self.flash, &secret);
        let signers = SIGNER.store();
        let rules = rules(&signers);
        let (mut outcome, mut reports) = (UpdateOutcome::Done, Vec::new());
        for step in order.steps() {
            let mut buffer = [0; SLOT];
            outcome = match step {
                UpdateStep::Unlink(id) => unlink::<_, _, 1, 2>(
                    &id,
                    &rules,
                    &mut self.device,
                    &mut store,
                    &mut buffer,
                    &mut [],
                    &context,
                )
                .unwrap_or_else(|error| panic!("{error:?}")),
                UpdateStep::Process(envelope) => {
                    let (mut log, mut report) = ([0; 512], [0; 1024]);
                    let memory =
                        ManifestMemory { arena: &mut [], log: &mut log, report: &mut report };
                    let processed = process_and_keep::<_, _, 1, 2>(
                        envelope,
                        token.as_deref(),
                        &rules,
                        &mut self.device,
                        &mut store,
                        &mut buffer,
                        memory,
                        &context,
                    );
                    let processed = processed.unwrap_or_else(|error| panic!("{error:?}"));
                    reports.extend(processed.report.map(<[u8]>::to_vec));
                    processed.outcome
                }
            };
            if outcome != UpdateOutcome::Done {
                break;
            }
        }
        self.agent.session.finish(outcome).unwrap();
        let reports: Vec<_> = reports.iter().map(Vec::as_slice).collect();
        self.agent.send_with(&AgentAnswer::default(), &reports).unwrap()
    }

    /// The tc-list of the device, each entry as name, digest and size.
    fn installed(&mut self) -> Vec<Entry> {
        let secret = device_secret();
        let mut store = ManifestStore::new(&mut self.flash, &secret);
        let (mut buffer, mut room) = ([0; SLOT], [0; 256]);
        let list = Inventory::<4>::read(&mut store, &mut buffer, &mut room, &context()).unwrap();
        let entry = |one: &InstalledTc<'_>| {
            (one.component_id.to_vec(), one.image_digest.map(<[u8]>::to_vec), one.image_size)
        };
        let mut list: Vec<_> = list.components().iter().map(entry).collect();
        list.sort();
        list
    }

    /// A new session in which the Agent says what is installed; the TAM, and what it read of that.
    fn met(&mut self) -> (TamSide, teep_msg::InstallPermit, usize) {
        let items = DataItems::TRUSTED_COMPONENTS;
        let config = TamConfig { data_item_requested: items, ..tam_config() };
        let (mut tam, request) = TamSide::connected(config);
        self.agent.session = teep_msg::AgentSession::new(agent_config());
        assert!(matches!(self.agent.receive(&request), AgentEvent::Query { .. }));
        let secret = device_secret();
        let mut store = ManifestStore::new(&mut self.flash, &secret);
        let (mut buffer, mut room) = ([0; SLOT], [0; 256]);
        let list = Inventory::<4>::read(&mut store, &mut buffer, &mut room, &context()).unwrap();
        let answer = AgentAnswer { tc_list: list.components(), ..AgentAnswer::default() };
        let response = self.agent.send_with(&answer, &[]).unwrap();
        tam.random.skip(self.agent.seen.digests().count() as u8 * 10 + 50);
        match tam.receive(&response) {
            TamEvent::Checked { response, permit } => {
                let list = response.value().options().tc_list();
                let count = list.map_or(0, |list| list.iter().count());
                (tam, permit, count)
            }
            other => panic!("{other:?}"),
        }
    }
}

fn device_secret() -> SecretKey<'static> {
    SecretKey::symmetric(SymmetricKey { k: &[7; 32], algorithm: None }, &RustCrypto)
}

fn rules(signers: &dyn cose_ext::key::KeyResolver) -> ManifestRules<'_> {
    ManifestRules {
        trust: Trust::keys(signers),
        policy: AuthenticationPolicy::ANY_BLOCK,
        components: 2,
        limits: Limits::DEFAULT,
        readings: Readings::default(),
    }
}

fn code(message: &[u8]) -> Option<ErrorCode> {
    read(&payload(message)).error_code()
}

/// Orders `content` about these manifests and lets the device act.
fn ordered(
    served: &mut Served,
    tam: &mut TamSide,
    content: &UpdateContent<'_>,
    envelopes: &[&[u8]],
) -> Vec<u8> {
    let digests: Vec<_> =
        envelopes.iter().filter_map(|it| manifest_sha256(it, &context())).collect();
    tam.session.order(&digests).unwrap();
    let update = tam.send(content, None).message();
    served.act(&update)
}

/// Orders these manifests to be installed.
fn install(
    served: &mut Served,
    tam: &mut TamSide,
    permit: &teep_msg::InstallPermit,
    envelopes: &[&[u8]],
) -> Vec<u8> {
    ordered(served, tam, &UpdateContent::installing(permit, envelopes), envelopes)
}

#[test]
fn what_updates_install_and_unlink_is_what_the_next_list_says() {
    let mut served = Served::new();
    let (mut tam, permit, count) = served.met();
    assert_eq!(count, 0, "an empty list has no form");
    let one = envelope(1, Some(b"m1"), ONE, &with_image(ONE));
    let two = envelope(1, Some(b"m2"), TWO, &with_image(TWO));
    let success = install(&mut served, &mut tam, &permit, &[&one, &two]);
    let read_success = payload(&success);
    assert_eq!(read(&read_success).options().suit_reports().unwrap().iter().count(), 2);
    // The reports have the token as their nonce and are about these manifests, or it would be dropped.
    assert!(matches!(tam.receive(&success), TamEvent::Installed { .. }));
    let of = |name: &[u8]| {
        let mut out = [0; 64];
        let mut writer = Writer::new(&mut out);
        writer.array(2).int(-16).bytes(&sha256(name));
        let digest = writer.finish().unwrap().to_vec();
        (array_of(name), Some(digest), Some(name.len() as u64))
    };
    assert_eq!(served.installed(), [of(ONE), of(TWO)]);

    // The next session says so, and a newer manifest takes the place of the older one.
    let (mut tam, permit, count) = served.met();
    assert_eq!(count, 2);
    let newer = envelope(2, Some(b"m1"), ONE, &with_image(ONE));
    let success = install(&mut served, &mut tam, &permit, &[&newer]);
    assert!(matches!(tam.receive(&success), TamEvent::Installed { .. }));
    assert_eq!(served.installed(), [of(ONE), of(TWO)]);

    // The one before is refused by the number of the one that is kept.
    let (mut tam, permit, _) = served.met();
    let failure = install(&mut served, &mut tam, &permit, &[&one]);
    assert_eq!(code(&failure), Some(ErrorCode::ManifestProcessingFailed));
    assert!(matches!(tam.receive(&failure), TamEvent::Failed { .. }));

    // Unneeded goes by the name of its manifest, and all manifests of the name with it.
    let (mut tam, _, _) = served.met();
    let m1 = array_of(b"m1");
    served.device.components.get_mut("6f6e65").unwrap().references = 1;
    let success = ordered(&mut served, &mut tam, &UpdateContent::unlinking(&[&m1]), &[]);
    assert_eq!(read(&payload(&success)).message_type(), MessageType::Success);
    assert!(matches!(tam.receive(&success), TamEvent::Installed { .. }));
    assert!(served.device.log().contains(&String::from("unlink 6f6e65")));
    assert_eq!(served.installed(), [of(TWO)]);
    let (_, _, count) = served.met();
    assert_eq!(count, 1);
}

/// M49: what cannot be unlinked ends the Update before anything is installed.
#[test]
fn an_unknown_manifest_cannot_be_unlinked_and_nothing_follows() {
    let mut served = Served::new();
    let (mut tam, permit, _) = served.met();
    let one = envelope(1, Some(b"m1"), ONE, &with_image(ONE));
    let (manifests, m3) = ([&one[..]], array_of(b"m3"));
    let unneeded = [&m3[..]];
    let content = UpdateContent::installing(&permit, &manifests).and_unlinking(&unneeded);
    let failure = ordered(&mut served, &mut tam, &content, &[&one]);
    assert_eq!(code(&failure), Some(ErrorCode::ManifestProcessingFailed));
    assert_eq!(served.installed(), []);
    assert_eq!(served.device.log(), Vec::<String>::new());
}

/// A manifest without a name is meant by its only component.
#[test]
fn a_manifest_without_a_name_goes_by_its_component() {
    let mut served = Served::new();
    let (mut tam, permit, _) = served.met();
    let one = envelope(1, None, ONE, &with_image(ONE));
    let success = install(&mut served, &mut tam, &permit, &[&one]);
    assert!(matches!(tam.receive(&success), TamEvent::Installed { .. }));
    for (id, is_there) in [(array_of(TWO), true), (array_of(ONE), false)] {
        let (mut tam, _, _) = served.met();
        let unneeded = [&id[..]];
        ordered(&mut served, &mut tam, &UpdateContent::unlinking(&unneeded), &[]);
        assert_eq!(!served.installed().is_empty(), is_there);
    }
}

/// Scenario 3: personalization data is encrypted to the device. The message is read, and the manifest refused.
#[test]
fn personalization_data_is_read_and_refused_as_unsupported() {
    let mut served = Served::new();
    let (mut tam, permit, _) = served.met();
    // A COSE_Encrypt without content, in a byte string: what suit-parameter-encryption-info holds.
    let info =
        hex::decode("58 18 d8608443a10101a1054c26682306d4fb28ca01b43b80f680".replace(' ', ""));
    let parameters = with_image(ONE).encoded(parameter::ENCRYPTION_INFO, &info.unwrap());
    let secret = envelope(1, Some(b"m1"), ONE, &parameters);
    let failure = install(&mut served, &mut tam, &permit, &[&secret]);
    assert_eq!(code(&failure), Some(ErrorCode::ManifestProcessingFailed));
    assert_eq!(served.installed(), []);
    assert_eq!(served.device.log(), Vec::<String>::new(), "nothing was done");
    let failed = payload(&failure);
    let reports = read(&failed).options().suit_reports().unwrap();
    let report = reports.iter().next().unwrap();
    let report = Report::decode(report, &Profile::LENIENT).unwrap();
    assert!(matches!(report.result(), Conclusion::Failed(_)));
    assert!(matches!(tam.receive(&failure), TamEvent::Failed { .. }));
}

/// A store without room is the fault of the device, not of the manifest.
#[test]
fn a_store_without_room_is_told_apart_from_a_bad_manifest() {
    let mut served = Served::new();
    served.flash = Memory(Vec::new());
    let secret = device_secret();
    let mut store = ManifestStore::new(&mut served.flash, &secret);
    let signers = SIGNER.store();
    let one = envelope(1, Some(b"m1"), ONE, &with_image(ONE));
    let (mut log, mut report, mut buffer) = ([0; 512], [0; 1024], [0; SLOT]);
    let memory = ManifestMemory { arena: &mut [], log: &mut log, report: &mut report };
    let processed = process_and_keep::<_, _, 1, 2>(
        &one,
        None,
        &rules(&signers),
        &mut served.device,
        &mut store,
        &mut buffer,
        memory,
        &context(),
    );
    assert!(matches!(processed, Err(KeepError::Store(_))), "{processed:?}");
}

#[test]
fn an_inventory_that_is_too_small_says_so() {
    let mut served = Served::new();
    let (mut tam, permit, _) = served.met();
    let one = envelope(1, Some(b"m1"), ONE, &with_image(ONE));
    let two = envelope(1, Some(b"m2"), TWO, &with_image(TWO));
    install(&mut served, &mut tam, &permit, &[&one, &two]);
    let secret = device_secret();
    let mut store = ManifestStore::new(&mut served.flash, &secret);
    let (mut buffer, mut room) = ([0; SLOT], [0; 256]);
    assert!(Inventory::<1>::read(&mut store, &mut buffer, &mut room, &context()).is_err());
    let mut room = [0; 8];
    assert!(Inventory::<4>::read(&mut store, &mut buffer, &mut room, &context()).is_err());
}

/// Claims of a result: about the key of the Agent, as a thumbprint or as the key itself.
fn result(write: impl Fn(&mut Writer<'_>)) -> Vec<u8> {
    let mut out = [0; 1024];
    let draft = sign1::Draft::write(&mut out, Algorithm::ESP256, 0, |_| {}).payload(write).unwrap();
    draft.sign(&VERIFIER.signer(Algorithm::ESP256)).unwrap().to_vec()
}

fn judged<'r>(
    result: &'r [u8],
    peer: &Party,
) -> Result<cose_ext::Verified<teep_msg::AttestationResult<'r>>, teep_msg::Error> {
    let verifiers = VERIFIER.store();
    let rules = ResultRules {
        verifiers: &verifiers,
        nonce: Some(&[5; 16]),
        issued_within: None,
        without_status: WithoutStatus::Refused,
    };
    check_result(result, &Thumbprint::from_bytes(peer.thumbprint()), &rules, &context())
}

#[test]
fn a_result_of_teeps_profile_has_its_claims_and_confirms_the_key() {
    let kid = AGENT.thumbprint();
    let whole = result(|writer| {
        writer.map(8).int(8).map(1).int(3).bytes(&kid).int(10).bytes(&[5; 16]);
        writer.int(256).bytes(b"\x01device").int(258).bytes(&[1; 3]).int(259).bytes(b"model");
        writer.int(260).array(1).text("1.0").int(272).array(0).int(1000).int(2);
    });
    let verified = judged(&whole, &AGENT).unwrap();
    let mut missing = 0;
    check_profile(&verified, &mut |_| missing += 1);
    assert_eq!(missing, 0);
    assert!(verified.value().affirms(WithoutStatus::Refused));
    assert_eq!(rule_of(&judged(&whole, &OTHER_AGENT).unwrap_err()), "TM37");
    // Of the six claims that the profile requires, this one has two.
    let bare = affirming(&[5; 16], &AGENT);
    let verified = judged(&bare, &AGENT).unwrap();
    check_profile(&verified, &mut |_| missing += 1);
    assert_eq!(missing, 5);
}

#[test]
fn a_key_in_the_confirmation_counts_by_its_thumbprint() {
    let public = AGENT.signer(Algorithm::ESP256).public_key();
    let public = cose_ext::crypto::PublicKey::from(&public);
    let key = cose_ext::key::CoseKeyEncoder::new(public).unwrap().to_vec();
    let with_key = result(|writer| {
        writer.map(3).int(8).map(1).int(1).encoded(&key).int(10).bytes(&[5; 16]);
        writer.int(1000).int(2);
    });
    assert!(judged(&with_key, &AGENT).is_ok());
    assert_eq!(rule_of(&judged(&with_key, &OTHER_AGENT).unwrap_err()), "TM37");
}

#[test]
fn an_ear_says_its_worst_status() {
    let kid = AGENT.thumbprint();
    for (status, standing) in [
        (2, teep_msg::Standing::Affirming),
        (32, teep_msg::Standing::Warning),
        (96, teep_msg::Standing::Contraindicated),
    ] {
        let ear = result(|writer| {
            writer.map(6).int(8).map(1).int(3).bytes(&kid).int(10).bytes(&[5; 16]);
            writer.int(265).text("tag:ietf.org,2026:rats/ear#04").int(6).int(NOW);
            writer.int(1004).map(2).int(0).text("a verifier").int(1).text("1");
            writer.int(266).map(1).text("platform").map(1).int(1000).int(status);
        });
        let verified = judged(&ear, &AGENT).unwrap();
        assert_eq!(verified.value().standing(), Some(standing));
        assert_eq!(verified.value().affirms(WithoutStatus::Affirms), status == 2);
        if let Some(of_ear) = ear_standing(&verified, &Profile::LENIENT) {
            assert_eq!(of_ear, standing);
        }
    }
}
