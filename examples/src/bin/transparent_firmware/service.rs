//! A transparency service whose policy stands in its own log.

use cose_ext::{
    Context, Profile, crypto::Algorithm, header::ContentType, rustcrypto::Ed25519SigningKey,
};
use merkle_proof::Sha256Tree;
use scitt_core::{
    AttestedKey, Bootstrap, EntryId, Evidence, GovernedService, Log, MemoryLog, NoSuchNode,
    OwnedClaimKey, Policy, PolicyIssuer, PolicyRule, ReceiptKey, SignedStatement, StatementBuilder,
    TransparencyService,
};
use transparent_suit::{FirmwareRegistry, RegisterError, SignedBlock, profile};

use crate::{
    Trouble,
    cast::{
        LOGS, NOW, OFFICE, OTHER_SCANNER, Role, SCANNER, UNKNOWN_SCANNER, VENDOR, context, key,
    },
    rating::{SBOM, SCAN, WITHDRAWAL},
};

/// Whoever runs each service.
const OPERATORS: [(&str, Role); 2] = [
    ("https://operator-a.example", Role::OperatorA),
    ("https://operator-b.example", Role::OperatorB),
];

/// What a service makes of a submission.
pub(crate) type Registered = Result<EntryId, RegisterError<NoSuchNode>>;

/// A service that knows the profile.
pub(crate) struct Service {
    pub(crate) name: &'static str,
    pub(crate) issuer: &'static str,
    pub(crate) governed: GovernedService<MemoryLog<Sha256Tree>>,
    registry: FirmwareRegistry,
    pub(crate) key: Ed25519SigningKey,
}

fn named(issuer: &str, role: Role, context: &Context<'_>) -> Result<PolicyIssuer, Trouble> {
    let public = key(role)?.public_key();
    Ok(PolicyIssuer::new(issuer).with_key(&public, &[role as u8], context)?)
}

/// Who may be the first to say what the policy is: enrolled out of band.
pub(crate) fn bootstrap(place: usize) -> Result<Bootstrap, Trouble> {
    let (operator, role) = OPERATORS[place];
    Ok(Bootstrap::Administrators(vec![named(operator, role, &context())?]))
}

/// Who may register what: releases the maker's firmware key, bills of material and withdrawals its office, scans three
/// laboratories, and the service itself what environment it runs in.
fn policy(place: usize) -> Result<Policy, Trouble> {
    let context = context();
    let (operator, role) = OPERATORS[place];
    let (_, itself) = LOGS[place];
    let typ = |typ| ContentType::MediaType(typ);
    let by = |issuer| PolicyRule::new().issuer(issuer);
    let all = [SBOM, SCAN, WITHDRAWAL, AttestedKey::TYP];
    let all = all.iter().fold(PolicyRule::new().typ(profile::TYP), |rule, it| rule.typ(typ(it)));
    let number = OwnedClaimKey::Text("suit-sequence".into());
    Ok(Policy::new()
        .administered_by(named(operator, role, &context)?)
        .registering(named(VENDOR, Role::Firmware, &context)?)
        .registering(named(OFFICE, Role::Office, &context)?)
        .registering(named(SCANNER, Role::Scanner, &context)?)
        .registering(named(OTHER_SCANNER, Role::OtherScanner, &context)?)
        .registering(named(UNKNOWN_SCANNER, Role::UnknownScanner, &context)?)
        .registering(named(itself, Role::LogB, &context)?)
        .with_rule(all)
        .with_rule_for(profile::TYP, by(VENDOR).algorithm(Algorithm::ESP256).claim(number))
        .with_rule_for(typ(SBOM), by(OFFICE))
        .with_rule_for(typ(WITHDRAWAL), by(OFFICE))
        .with_rule_for(typ(SCAN), by(SCANNER).issuer(OTHER_SCANNER).issuer(UNKNOWN_SCANNER))
        .with_rule_for(typ(AttestedKey::TYP), by(itself)))
}

impl Service {
    /// Opens an empty log, whose first entry is the policy that its operator registers.
    pub(crate) fn open(place: usize) -> Result<Self, Trouble> {
        let (name, issuer) = LOGS[place];
        let receipt_key = ReceiptKey::new(b"1", Algorithm::EDDSA);
        let service = TransparencyService::in_memory(Sha256Tree, issuer, receipt_key)
            .with_entry_rule(profile::ENTRY_RULE);
        let governed = GovernedService::open(service, bootstrap(place)?, &context())?;
        let seed = 20_u8.saturating_add(u8::try_from(place)?);
        let key_of_receipts = Ed25519SigningKey::from_bytes(&[seed; 32])?;
        let mut service = Self {
            name,
            issuer,
            governed,
            registry: FirmwareRegistry::new(),
            key: key_of_receipts,
        };
        let (operator, role) = OPERATORS[place];
        let statement = StatementBuilder::new(operator, issuer)
            .key_id(&[role as u8])
            .typ(ContentType::MediaType(Policy::TYP))
            .content_type(ContentType::MediaType(Policy::CONTENT_TYPE))
            .sign(&policy(place)?.encode(), &key(role)?)?;
        service.offer(&statement)?;
        Ok(service)
    }

    /// How many entries the log has.
    pub(crate) fn size(&self) -> u64 {
        self.governed.service().size()
    }

    /// Registers a release, and signs a receipt.
    pub(crate) fn register(&mut self, block: &SignedBlock) -> Result<Vec<u8>, Trouble> {
        let entry = self.submit(&block.submission()?)?;
        self.receipt(entry)
    }

    /// Takes a release, or says why not.
    pub(crate) fn submit(&mut self, submission: &[u8]) -> Registered {
        let Self { governed, registry, .. } = self;
        registry.register_governed(governed, submission, NOW, profile::TYP, &context())
    }

    /// Takes a statement of another kind, or says why not.
    pub(crate) fn offer(&mut self, statement: &[u8]) -> Registered {
        let Self { governed, registry, .. } = self;
        registry.register_other_governed(governed, statement, NOW, profile::TYP, &context())
    }

    /// Registers a statement of another kind, and returns it with its receipt.
    pub(crate) fn transparent(&mut self, statement: &[u8]) -> Result<Vec<u8>, Trouble> {
        let entry = self.offer(statement)?;
        let receipt = self.receipt(entry)?;
        Ok(SignedStatement::decode(statement, &Profile::LENIENT)?.with_receipts(&[&receipt])?)
    }

    fn receipt(&self, entry: EntryId) -> Result<Vec<u8>, Trouble> {
        let pending = self.governed.service().prepare_receipt(entry, NOW, &context())?;
        Ok(pending.sign(&self.key)?)
    }

    /// What the decision about each entry rested on: what an auditor is given.
    pub(crate) fn evidence(&self) -> Result<Vec<Vec<u8>>, Trouble> {
        let log = self.governed.service().log();
        let kept = (0..self.size()).map(|index| log.evidence(index)?.ok_or("nothing".into()));
        kept.collect()
    }

    /// The statements in the order of the log, as they were submitted.
    pub(crate) fn submissions(&self) -> Result<Vec<Vec<u8>>, Trouble> {
        let evidence = self.evidence()?;
        let submitted = evidence
            .iter()
            .map(|evidence| Ok(Evidence::decode(evidence, &Profile::LENIENT)?.submitted.to_vec()));
        submitted.collect()
    }

    /// Whether the log has, or had at an earlier size, this root.
    pub(crate) fn has_root(&self, root: &[u8]) -> bool {
        let service = self.governed.service();
        (1..=service.size())
            .any(|size| service.root(size, &context()).is_ok_and(|found| found == *root))
    }
}
