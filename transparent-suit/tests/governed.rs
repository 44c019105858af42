//! A service whose registered policy says whose keys sign releases, and the auditor who replays its log.

#[path = "support/world.rs"]
mod world;

use transparent_suit::{
    Error, FirmwareMonitor, FirmwareRegistry, RegisterError, Rule, SignedBlock,
    cose_ext::{
        Input, Label, Processed, crypto::Algorithm, header::ContentType, key::TrustStore,
        rustcrypto::P256SigningKey,
    },
    profile,
    scitt_core::{
        AuditedEntry, Auditor, Bootstrap, EntryId, Evidence, Governance, GovernedService, Log,
        MemoryLog, NoSuchNode, OwnedClaimKey, Policy, PolicyIssuer, PolicyRule, ReceiptKey,
        StatementBuilder, TransparencyService, merkle_proof::Sha256Tree,
    },
};
use world::*;

const LOG_ISS: &str = "https://log-a.example";
const OPERATOR: &str = "https://operator.example";
const OFFICE: &str = "https://office.example";
const SBOM: ContentType<'static> = ContentType::MediaType("application/sbom+cose");

fn key(seed: u8) -> P256SigningKey {
    let key = P256SigningKey::from_bytes(&[seed; 32]).unwrap();
    key.with_algorithm(Algorithm::ESP256).unwrap()
}

fn named(issuer: &str, key: &P256SigningKey) -> PolicyIssuer {
    let public = key.public_key();
    PolicyIssuer::new(issuer).with_key(&public, b"1", &context()).unwrap()
}

/// The author makes releases, the office other statements, and nobody both.
fn policy() -> Policy {
    let claim = OwnedClaimKey::Text("suit-sequence".into());
    Policy::new()
        .administered_by(named(OPERATOR, &key(90)))
        .registering(named(ISS, &author()))
        .registering(named(OFFICE, &key(91)))
        .with_rule(PolicyRule::new().typ(profile::TYP).typ(SBOM))
        .with_rule_for(profile::TYP, PolicyRule::new().issuer(ISS).claim(claim))
        .with_rule_for(SBOM, PolicyRule::new().issuer(OFFICE))
}

struct Governed {
    service: GovernedService<MemoryLog<Sha256Tree>>,
    registry: FirmwareRegistry,
}

type Outcome = Result<EntryId, RegisterError<NoSuchNode>>;

impl Governed {
    fn new() -> Self {
        let receipt_key = ReceiptKey::new(b"1", Algorithm::EDDSA);
        let service = TransparencyService::in_memory(Sha256Tree, LOG_ISS, receipt_key)
            .with_entry_rule(profile::ENTRY_RULE);
        let bootstrap = Bootstrap::FirstStatement;
        let service = GovernedService::open(service, bootstrap, &context()).unwrap();
        let mut governed = Self { service, registry: FirmwareRegistry::new() };
        let first = StatementBuilder::new(OPERATOR, LOG_ISS)
            .key_id(b"1")
            .typ(ContentType::MediaType(Policy::TYP))
            .sign(&policy().encode(), &key(90))
            .unwrap();
        assert_eq!(governed.other(&first).unwrap().index(), 0);
        governed
    }

    fn release(&mut self, block: &SignedBlock) -> Outcome {
        let submission = block.submission().unwrap();
        let Self { service, registry } = self;
        registry.register_governed(service, &submission, NOW, profile::TYP, &context())
    }

    fn other(&mut self, statement: &[u8]) -> Outcome {
        let Self { service, registry } = self;
        registry.register_other_governed(service, statement, NOW, profile::TYP, &context())
    }

    /// The submissions in the order of the log.
    fn evidence(&self) -> Vec<Vec<u8>> {
        let log = self.service.service().log();
        (0..self.service.service().size()).map(|at| log.evidence(at).unwrap().unwrap()).collect()
    }
}

fn rule(outcome: Outcome) -> &'static str {
    match outcome.unwrap_err() {
        RegisterError::Refused(error) => error.rule().unwrap().id,
        RegisterError::Service(error) => {
            let text = error.to_string();
            ["S31", "S14", "S13"].into_iter().find(|rule| text.contains(rule)).unwrap_or("none")
        }
        _ => "none",
    }
}

fn by_office(typ: ContentType<'_>, payload: &[u8]) -> Vec<u8> {
    let builder = StatementBuilder::new(OFFICE, &class()).key_id(b"1").typ(typ);
    builder.sign(payload, &key(91)).unwrap()
}

#[test]
fn f24_the_policy_in_the_log_says_who_releases_and_who_says_other_things() {
    let mut governed = Governed::new();
    let block = block_of(&release(8));
    let entry = governed.release(&block).unwrap();
    assert_eq!(entry.index(), 1);
    assert_eq!(governed.release(&block).unwrap(), entry);
    assert_eq!(rule(governed.release(&block_of(&release_named(8, "other")))), "F21");
    assert_eq!(rule(governed.release(&block_of(&release(7)))), "F20");
    assert_eq!(governed.other(&by_office(SBOM, b"parts")).unwrap().index(), 2);
    // A release does not go in by the other door, nor does an authorization under another typ.
    let submission = block_of(&release(9)).submission().unwrap();
    assert_eq!(rule(governed.other(&submission)), "F24");
    let oracle = any_block(&release(9), headers(ISS, &class(), number(9)).typ(SBOM), &author());
    assert_eq!(rule(governed.other(&oracle.submission().unwrap())), "F13");
    assert_eq!(governed.service.service().size(), 3);
}

#[test]
fn f26_only_the_issuer_that_the_policy_names_releases() {
    let mut governed = Governed::new();
    let signed = |issuer: &str, signer: &P256SigningKey, number| {
        let builder = block_builder(signer, issuer);
        builder.sign(&release(number), signer, &context()).unwrap()
    };
    // The office is let in, and not with releases.
    assert_eq!(rule(governed.release(&signed(OFFICE, &key(91), 8))), "S31");
    assert!(governed.release(&signed(OTHER_ISS, &partner(), 8)).is_err());
    assert!(governed.release(&signed(ISS, &stranger(), 8)).is_err());
    assert_eq!(governed.service.service().size(), 1);
    // Nor does the author say other things.
    let builder = StatementBuilder::new(ISS, &class()).key_id(b"1").typ(SBOM);
    assert_eq!(rule(governed.other(&builder.sign(b"parts", &author()).unwrap())), "S31");
    // Nobody gets an answer for a release that somebody else signed.
    governed.release(&signed(ISS, &author(), 8)).unwrap();
    assert!(governed.release(&signed(ISS, &stranger(), 8)).is_err());
    assert_eq!(governed.registry.last(ISS, &class()), Some(8));
}

/// Replays the log with nothing but the bootstrap, and says what is alarming, and what is faulty.
fn replayed(evidence: &[Vec<u8>], own: &[&[u8]]) -> (Vec<(u64, Rule)>, u64) {
    let class = class();
    let expected = [(ISS, class.as_str())];
    let nobody = TrustStore::new(&[]);
    let mut governance = Governance::new(LOG_ISS, Bootstrap::FirstStatement);
    let monitor = FirmwareMonitor::new(&nobody, &expected).under(&mut governance);
    let mut monitor = monitor.knowing(own.iter().copied());
    let mut auditor = Auditor::new(Sha256Tree, profile::ENTRY_RULE);
    let processed = Processed::new(&[Label::TYP]);
    for evidence in evidence {
        let evidence = Evidence::decode(evidence, &context().profile).unwrap();
        let input = Input::embedded().with_processed(processed);
        let entry = AuditedEntry::statement(evidence.submitted, input);
        let entry = entry.decided_at(evidence.decided_at);
        auditor.replay(&entry, &mut monitor, &context()).unwrap();
    }
    let alarms = monitor.alarms().iter().map(|alarm| (alarm.entry, alarm.rule)).collect();
    (alarms, auditor.report().faulty())
}

#[test]
fn f38_an_auditor_finds_keys_and_rules_in_the_log_itself() {
    let mut governed = Governed::new();
    let (eight, nine) = (block_of(&release(8)), block_of(&release(9)));
    governed.release(&eight).unwrap();
    governed.other(&by_office(SBOM, b"parts")).unwrap();
    governed.release(&nine).unwrap();
    let evidence = governed.evidence();
    assert_eq!(replayed(&evidence, &[eight.digest(), nine.digest()]), (vec![], 0));
    // Release 9 is one that the author did not make.
    assert_eq!(replayed(&evidence, &[eight.digest()]), (vec![(3, Rule::ReleaseKnown)], 0));
    // Without its policy no entry was let in by anybody.
    let (_, faulty) = replayed(&evidence[1..], &[eight.digest(), nine.digest()]);
    assert!(faulty > 0);
}

#[test]
fn a_refusal_by_the_policy_is_no_error_of_the_release() {
    let mut governed = Governed::new();
    let builder = block_builder(&key(91), OFFICE);
    let block = builder.sign(&release(8), &key(91), &context()).unwrap();
    let error = governed.release(&block).unwrap_err();
    assert_eq!(error.refusal(), None::<&Error>);
}
