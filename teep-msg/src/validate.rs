//! The rules that a message can break although it decodes, each by its number.

use cose_ext::{Profile, crypto::Algorithm, key::Thumbprint};

use crate::{
    ByteStrings, DataItems, ErrorCode, Finding, Message, MessageType, Rule, SuitReport, Suite,
    finding::Departure,
};

/// What the receiver of a message knows of the exchange that it belongs to. What is not known is
/// not judged.
#[derive(Clone, Copy, Debug)]
pub struct Exchange<'c> {
    /// The token of the QueryRequest that the message answers.
    pub request_token: Known<Option<&'c [u8]>>,
    /// The challenge of that request.
    pub request_challenge: Known<Option<&'c [u8]>>,
    /// What that request asked for.
    pub data_item_requested: Known<DataItems>,
    /// The token of the Update that the message answers.
    pub update_token: Known<Option<&'c [u8]>>,
    /// How the TAM gets its attestation results.
    pub model: Known<Model>,
    /// The suites that were offered.
    pub offered_suites: Known<&'c [Suite]>,
    /// The algorithm of the signature.
    pub algorithm: Known<Algorithm>,
    /// The key that signed the message.
    pub message_key: Known<Thumbprint>,
    /// The name of TEEP's EAT profile: a placeholder until the RFC has its number.
    pub eat_profile: &'c str,
}

/// A fact of a context, or that nothing is known of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_enums, reason = "it is known, or not")]
pub enum Known<T> {
    /// Not known.
    No,
    /// Known to be this.
    Is(T),
}

/// How a TAM gets attestation results (RFC 9334 5).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_enums, reason = "whoever acts on it has to handle each")]
pub enum Model {
    /// The Agent sends Evidence, and the TAM asks a Verifier.
    BackgroundCheck,
    /// The Agent brings a result along.
    Passport,
}

impl<'c> Exchange<'c> {
    /// Knows nothing.
    pub const UNKNOWN: Self = Self {
        request_token: Known::No,
        request_challenge: Known::No,
        data_item_requested: Known::No,
        update_token: Known::No,
        model: Known::No,
        offered_suites: Known::No,
        algorithm: Known::No,
        message_key: Known::No,
        eat_profile: crate::EAT_PROFILE,
    };
}

impl Default for Exchange<'_> {
    fn default() -> Self {
        Self::UNKNOWN
    }
}

/// Walks one message and tells of each broken rule.
struct Walk<'m, 'a, 'c, 'r> {
    message: &'m Message<'a>,
    exchange: &'m Exchange<'c>,
    profile: &'m Profile,
    report: &'r mut dyn FnMut(Finding),
}

impl Message<'_> {
    /// Tells `report` of every rule that the message breaks although it decodes, in the light of
    /// what is known of its exchange.
    ///
    /// Reports of the Agent and attestation payloads are looked at without a key: their nonces and
    /// profiles are what the message says, and the signatures within are checked elsewhere.
    pub fn validate(
        &self,
        exchange: &Exchange<'_>,
        profile: &Profile,
        report: &mut dyn FnMut(Finding),
    ) {
        let mut walk = Walk { message: self, exchange, profile, report };
        walk.suite();
        walk.attestation_payload();
        match self.message_type() {
            MessageType::QueryRequest => walk.query_request(),
            MessageType::QueryResponse => walk.query_response(),
            MessageType::Update => {}
            MessageType::Success => walk.answer_to_update(),
            MessageType::Error => {
                walk.answer_to_update();
                walk.lists_of_error();
            }
        }
    }
}

impl Walk<'_, '_, '_, '_> {
    fn tell(&mut self, rule: Rule, departure: Departure, offset: Option<usize>) {
        let offset = offset.unwrap_or(self.message.offset());
        (self.report)(Finding { rule, departure, offset });
    }

    fn tell_if(&mut self, broken: bool, rule: Rule, departure: Departure) {
        if broken {
            self.tell(rule, departure, None);
        }
    }

    fn suite(&mut self) {
        let Known::Is(algorithm) = self.exchange.algorithm else { return };
        let suite = Suite::from_algorithm(algorithm);
        let is_offered = match (self.message.query_request(), self.exchange.offered_suites) {
            (Some(request), _) => {
                suite.is_some_and(|suite| request.supported_teep_cipher_suites.offers(suite))
            }
            (None, Known::Is(offered)) => suite.is_some_and(|suite| offered.contains(&suite)),
            (None, Known::No) => return,
        };
        self.tell_if(!is_offered, Rule::SuiteUsed, Departure::Different);
    }

    fn attestation_payload(&mut self) {
        let Some(payload) = self.message.options().attestation_payload() else { return };
        if let Some(rule) = payload.broken_rule(self.exchange.eat_profile, self.profile) {
            let departure = match rule {
                Rule::FormatPresent => Departure::Missing,
                _ => Departure::Different,
            };
            self.tell(rule, departure, Some(payload.offset()));
        }
    }

    fn query_request(&mut self) {
        let Some(request) = self.message.query_request() else { return };
        let options = self.message.options();
        let asks = request.data_item_requested.contains(DataItems::ATTESTATION);
        match (options.token().is_some(), asks) {
            (true, true) => {
                self.tell(Rule::TokenIffNoAttestation, Departure::Unexpected, None);
            }
            (false, false) => self.tell(Rule::TokenIffNoAttestation, Departure::Missing, None),
            _ => {}
        }
        let freshness = options.supported_freshness_mechanisms().is_some();
        self.tell_if(freshness && !asks, Rule::FreshnessIffAttestation, Departure::Unexpected);
        let is_passport = self.exchange.model == Known::Is(Model::Passport);
        let misplaced = options.challenge().is_some() && (!asks || is_passport);
        self.tell_if(misplaced, Rule::ChallengePlace, Departure::Unexpected);
    }

    fn query_response(&mut self) {
        let options = *self.message.options();
        let exchange = self.exchange;
        if let Known::Is(expected) = exchange.request_token {
            self.token(expected, Rule::TokenCopied);
        }
        if let Known::Is(items) = exchange.data_item_requested {
            let required = [
                (
                    DataItems::ATTESTATION,
                    Rule::AttestationPresent,
                    options.attestation_payload().is_some(),
                ),
                (DataItems::TRUSTED_COMPONENTS, Rule::TcListPresent, options.tc_list().is_some()),
                (DataItems::EXTENSIONS, Rule::ExtListPresent, options.ext_list().is_some()),
            ];
            for (item, rule, is_there) in required {
                self.tell_if(items.contains(item) && !is_there, rule, Departure::Missing);
            }
        }
        if let (Known::Is(Some(challenge)), Some(payload)) =
            (exchange.request_challenge, options.attestation_payload())
        {
            use crate::PayloadKind::Eat;
            let other = matches!(
                payload.kind(self.profile),
                Eat { nonce: Some(nonce), .. } if nonce != challenge
            );
            self.tell_if(other, Rule::ChallengeCopied, Departure::Different);
        }
        for component in options.tc_list().iter().flat_map(|list| list.iter()) {
            if let Some(version) = component.odd_version() {
                self.tell(Rule::VersionBytes, Departure::Different, Some(version.offset()));
            }
        }
        for wanted in options.requested_tc_list().iter().flat_map(|list| list.iter()) {
            if wanted.have_binary() == Some(true) && wanted.sequence_number().is_none() {
                self.tell(Rule::HaveBinaryNumbered, Departure::Missing, Some(wanted.offset()));
            }
        }
        let nonce = match exchange.request_token {
            Known::Is(token) => token,
            Known::No => options.token(),
        };
        if let Some(reports) = options.suit_reports() {
            self.reports(&reports, nonce, Rule::ReportNonceOfRequest, Rule::ReportKeyOfResponse);
        }
    }

    fn answer_to_update(&mut self) {
        let options = *self.message.options();
        if let Known::Is(expected) = self.exchange.update_token {
            self.token(expected, Rule::TokenOfUpdate);
        }
        let nonce = match self.exchange.update_token {
            Known::Is(token) => token,
            Known::No => options.token(),
        };
        if let Some(reports) = options.suit_reports() {
            self.reports(&reports, nonce, Rule::ReportNonceOfUpdate, Rule::ReportKeyOfSuccess);
        }
    }

    fn token(&mut self, expected: Option<&[u8]>, rule: Rule) {
        let found = self.message.options().find(crate::OptionName::Token);
        let offset = found.map(|raw| raw.offset());
        match (self.message.options().token(), expected) {
            (None, Some(_)) => self.tell(rule, Departure::Missing, None),
            (Some(_), None) => self.tell(rule, Departure::Unexpected, offset),
            (Some(found), Some(expected)) if found != expected => {
                self.tell(rule, Departure::Different, offset);
            }
            _ => {}
        }
    }

    fn reports(&mut self, reports: &ByteStrings<'_>, token: Option<&[u8]>, nonce: Rule, key: Rule) {
        let profile = self.profile;
        for report in reports.items().filter_map(|element| SuitReport::of(&element, profile)) {
            let offset = Some(report.offset());
            match (report.nonce(), token) {
                (None, Some(_)) if report.is_readable() => {
                    self.tell(nonce, Departure::Missing, offset);
                }
                (Some(found), Some(expected)) if found != expected => {
                    self.tell(nonce, Departure::Different, offset);
                }
                _ => {}
            }
            if let Known::Is(message_key) = &self.exchange.message_key
                && report.names_key(message_key)
            {
                self.tell(key, Departure::Unexpected, offset);
            }
        }
    }

    fn lists_of_error(&mut self) {
        let options = self.message.options();
        let missing = match self.message.error_code() {
            Some(ErrorCode::UnsupportedCipherSuites) => {
                (options.supported_teep_cipher_suites().is_none(), Rule::ErrorSuites)
            }
            Some(ErrorCode::UnsupportedFreshnessMechanisms) => {
                (options.supported_freshness_mechanisms().is_none(), Rule::ErrorFreshness)
            }
            Some(ErrorCode::UnsupportedSuitReport) => {
                (options.supported_suit_cose_profiles().is_none(), Rule::ErrorProfiles)
            }
            Some(ErrorCode::UnsupportedMsgVersion) => {
                (options.versions().is_none(), Rule::ErrorVersions)
            }
            _ => return,
        };
        self.tell_if(missing.0, missing.1, Departure::Missing);
    }
}
