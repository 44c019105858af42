//! The rules that this crate enforces.

spec_rules::rules! {
    /// The rules of TEEP (draft-ietf-teep-protocol-26, draft-ietf-teep-otrp-over-http-15), the
    /// attacks of its formal analyses, and the rules that this project adds where the texts are
    /// silent.
    ///
    /// Errors and findings name them, tests are named by them.
    pub enum Rule {
        FirstTokenRandom = "TM1", "TEEP 4.1.1",
            holds "the first token that a TAM draws comes from a cryptographic source of randomness",
            broken "the token does not come from the source of randomness";
        TokensDiffer = "TM2", "TEEP 4.1.1",
            holds "each token differs from those drawn before",
            broken "the token was drawn before";
        HeaderValid = "TM3", "TEEP 4.1.1",
            holds "a message is made with a valid COSE header that names algorithm and key",
            broken "the COSE header is not valid";
        MessageForm = "TM4", "TEEP 4.1.2",
            holds "a message is signed by COSE_Sign1 or COSE_Sign with embedded payload, its header is understood, its signature verifies, and its fields keep the CDDL",
            broken "the message is not formed or signed as TEEP wants";
        TokenIffNoAttestation = "TM5", "TEEP 4.2",
            holds "a QueryRequest has a token if and only if the attestation bit is clear",
            broken "the token and the attestation bit contradict each other";
        TokenNoIdentity = "TM6", "TEEP 4.2",
            holds "a token tells requests apart, and never who sent a message",
            broken "the token was taken for an identity";
        TokenExpires = "TM7", "TEEP 4.2",
            holds "a response with an expired token is ignored",
            broken "the token has expired";
        TokenOnce = "TM8", "TEEP 4.2",
            holds "a token is dead after the first validly signed response",
            broken "the token was answered before";
        FreshnessIffAttestation = "TM9", "TEEP 4.2",
            holds "supported-freshness-mechanisms are absent where the attestation bit is clear",
            broken "supported-freshness-mechanisms are there without the attestation bit";
        ChallengePlace = "TM10", "TEEP 4.2",
            holds "a challenge is absent where the attestation bit is clear, and in the passport model",
            broken "the challenge has no place in this request";
        ChallengeCopied = "TM11", "TEEP 4.2",
            holds "Evidence repeats the challenge of the request as eat_nonce",
            broken "the nonce of the attestation payload is not the challenge of the request";
        FormatPresent = "TM12", "TEEP 4.3",
            holds "an attestation payload that is no EAT of the TEEP profile comes with its media type",
            broken "the attestation payload is of another profile, and has no format";
        PayloadIsEat = "TM13", "TEEP 4.3",
            holds "an attestation payload without format is an EAT",
            broken "the attestation payload has no format, and is no EAT";
        ReportKeyOfResponse = "TM14", "TEEP 4.3",
            holds "the key of a SUIT Report in a QueryResponse is not the key of the message",
            broken "the SUIT Report is signed by the key of the message";
        TokenCopied = "TM15", "TEEP 4.3",
            holds "a QueryResponse has the token of the request, and none if the request had none",
            broken "the token is not the one of the request";
        AttestationPresent = "TM16", "TEEP 4.3",
            holds "an attestation payload is there if the attestation bit was set",
            broken "the attestation payload that was asked for is missing";
        TcListPresent = "TM17", "TEEP 4.3",
            holds "tc-list is there if trusted components were asked for",
            broken "the tc-list that was asked for is missing";
        ExtListPresent = "TM18", "TEEP 4.3",
            holds "ext-list is there if extensions were asked for",
            broken "the ext-list that was asked for is missing";
        ReportNonceOfRequest = "TM19", "TEEP 4.3",
            holds "the nonce of a SUIT Report in a QueryResponse is the token of the request",
            broken "the nonce of the SUIT Report is not the token of the request";
        HaveBinaryNumbered = "TM20", "TEEP 4.3",
            holds "a requested component whose binary is there comes with its sequence number",
            broken "have-binary is true, and tc-manifest-sequence-number is missing";
        UpdateErrorNotZero = "TM21", "TEEP 4.4",
            holds "err-code of an Update is not 0",
            broken "err-code of the Update is 0";
        ErrMsgForm = "TM22", "TEEP 4.4",
            holds "err-msg is Net-Unicode of at most 128 bytes",
            broken "err-msg is no Net-Unicode of 1 to 128 bytes";
        ErrLang = "TM23", "TEEP 4.4",
            holds "err-code counts also where the language of err-msg is unknown",
            broken "err-code was passed over for the language of err-msg";
        TokenOfUpdate = "TM24", "TEEP 4.5",
            holds "Success and Error have the token of the Update, and none if it had none",
            broken "the token is not the one of the Update";
        ReportNonceOfUpdate = "TM25", "TEEP 4.5",
            holds "the nonce of a SUIT Report in Success and Error is the token of the Update",
            broken "the nonce of the SUIT Report is not the token of the Update";
        ReportKeyOfSuccess = "TM26", "TEEP 4.5",
            holds "the key of a SUIT Report in Success and Error is not the key of the message",
            broken "the SUIT Report is signed by the key of the message";
        ErrorSuites = "TM27", "TEEP 4.6",
            holds "UNSUPPORTED_CIPHER_SUITES comes with the suites that are supported",
            broken "the error lists no cipher suites";
        ErrorFreshness = "TM28", "TEEP 4.6",
            holds "UNSUPPORTED_FRESHNESS_MECHANISMS comes with the mechanisms that are supported",
            broken "the error lists no freshness mechanisms";
        ErrorProfiles = "TM29", "TEEP 4.6",
            holds "UNSUPPORTED_SUIT_REPORT comes with the profiles that are supported",
            broken "the error lists no SUIT profiles";
        ErrorVersions = "TM30", "TEEP 4.6",
            holds "UNSUPPORTED_MSG_VERSION comes with the versions that are supported",
            broken "the error lists no versions";
        ErrorChallengeCopied = "TM31", "TEEP 4.6",
            holds "the attestation payload of a TAM repeats the challenge of the Agent's Error",
            broken "the nonce of the TAM's attestation payload is not the challenge of the Error";
        ErrorNotZero = "TM32", "TEEP 4.6",
            holds "err-code of an Error is not 0",
            broken "err-code of the Error is 0";
        ConnectQueries = "TM33", "TEEP 7.1",
            holds "ProcessConnect is answered with a QueryRequest",
            broken "ProcessConnect was not answered with a QueryRequest";
        InvalidDropped = "TM34", "TEEP 7.1",
            holds "a TAM drops a message that is not valid",
            broken "the message is not valid, and is dropped";
        RequestsBounded = "TM35", "TEEP 7.1",
            holds "requests that nobody answers end, and their number is bounded",
            broken "the request was not answered in time";
        ResponseChecked = "TM36", "TEEP 7.1.1",
            holds "a QueryResponse without a required item or with a wrong nonce is dropped, and answered with an error in an Update",
            broken "the QueryResponse lacks what was asked for";
        ResultChecked = "TM37", "TEEP 7.1.1.1",
            holds "an Attestation Result counts if a trusted Verifier signed it and it confirms the key that signed the message",
            broken "the Attestation Result is not by a trusted Verifier, or not about this peer";
        AttestationFailed = "TM38", "TEEP 7.1.1.1",
            holds "an Agent that could not be attested gets an Update with ATTESTATION_REQUIRED",
            broken "the Agent is not attested";
        ResultPassedBack = "TM39", "TEEP 7.1.1.1",
            holds "where nothing has to change, an Update may pass the Attestation Result back",
            broken "there is no Attestation Result to pass back";
        ReportNonceChecked = "TM40", "TEEP 7.1.2",
            holds "a Success or Error whose report has another nonce than the Update's token is dropped",
            broken "the report is about another Update";
        TamAttests = "TM41", "TEEP 7.1.2",
            holds "ATTESTATION_REQUIRED is answered with another QueryRequest that has an attestation payload",
            broken "the QueryRequest lacks the attestation payload that the Agent asked for";
        TamSupportsAll = "TM42", "TEEP 8",
            holds "a TAM supports both cipher suites and all SUIT profiles",
            broken "the TAM lacks a mandatory suite or profile";
        RequestTa = "TM43", "TEEP 7.2",
            holds "RequestTA needs nothing where the component is installed, and attaches an unsolicited QueryResponse only under the conditions of the text",
            broken "an unsolicited QueryResponse may not be sent now";
        PolicyChecked = "TM44", "TEEP 7.2",
            holds "RequestPolicyCheck returns one TAM a call until none is left",
            broken "RequestPolicyCheck passed over a TAM";
        InvalidAnswered = "TM45", "TEEP 7.2",
            holds "an Agent answers a message that is not valid with an Error",
            broken "the message is not valid";
        TamAttestationRequired = "TM46", "TEEP 7.2.1",
            holds "an Agent that needs the TAM attested answers a request without attestation payload with ATTESTATION_REQUIRED",
            broken "the TAM is not attested";
        ReportProfile = "TM47", "TEEP 7.2.1",
            holds "a report that is asked for under profiles which the Agent lacks is answered with UNSUPPORTED_SUIT_REPORT",
            broken "no profile for the SUIT Report is supported";
        RequestAnswered = "TM48", "TEEP 7.2.1",
            holds "a good QueryRequest is answered with a QueryResponse, any other with an Error",
            broken "the QueryRequest cannot be answered";
        UpdateOrder = "TM49", "TEEP 7.2.2",
            holds "unneeded components go first, manifests follow, and Success is sent only if all are installed",
            broken "the steps of the Update are out of order";
        EvidenceShown = "TM50", "TEEP 10",
            holds "an Agent shows its attestation payload only to an authenticated TAM",
            broken "the TAM is not authenticated";
        SuiteUsed = "TM51", "TEEP 8.1",
            holds "the suite of a session is one that was offered, and serves both directions",
            broken "the message uses another cipher suite than the session";
        SuiteErrorProtected = "TM52", "TEEP 8.1",
            holds "UNSUPPORTED_CIPHER_SUITES is protected by a mandatory suite",
            broken "the error is protected by no mandatory suite";
        NonceImplemented = "TM53", "TEEP 9",
            holds "the nonce mechanism is implemented",
            broken "the nonce mechanism is missing";
        LogsClean = "TM54", "TEEP 10",
            holds "logs hold no Evidence, no tokens and no keys",
            broken "a log holds what is confidential";
        HttpPost = "TH1", "TEEP over HTTP 4",
            holds "requests are POST",
            broken "the request is no POST";
        HttpNoRedirect = "TH2", "TEEP over HTTP 4",
            holds "redirects are not followed automatically",
            broken "the response is a redirect";
        HttpNoCookies = "TH3", "TEEP over HTTP 4",
            holds "no cookies are used",
            broken "the message has a cookie";
        HttpStart = "TH4", "TEEP over HTTP 5.1.1",
            holds "a session starts with an empty POST that has Accept and no Content-Type",
            broken "the first request is not an empty POST with Accept";
        HttpMessage = "TH5", "TEEP over HTTP 5.3",
            holds "later requests have Accept and Content-Type",
            broken "Accept or Content-Type of the request is missing";
        HttpUri = "TH6", "TEEP over HTTP 5.3",
            holds "a request goes to the URI that the Agent returned",
            broken "the request goes to another URI";
        HttpResponse = "TH7", "TEEP over HTTP 5.4",
            holds "an empty response ends the session, any other goes to the Agent",
            broken "the response was not passed to the Agent";
        HttpFailure = "TH8", "TEEP over HTTP 5.6",
            holds "an HTTP error or one below goes to ProcessError and ends the session",
            broken "the session outlived an error";
        HttpAccepts = "TH9", "TEEP over HTTP 6.1",
            holds "a server refuses another Content-Type with 415, and a request without Accept",
            broken "the request has no usable Content-Type or Accept";
        HttpNoContent = "TH10", "TEEP over HTTP 6.2",
            holds "an empty buffer of the TAM is a response with 204 and no body",
            broken "an empty buffer was sent as a message";
        HttpContent = "TH11", "TEEP over HTTP 6.3",
            holds "a message of the TAM is a response with 200 and Content-Type, a failure one with 5xx",
            broken "the response has no Content-Type, or hides a failure";
        HttpHeaders = "TH12", "TEEP over HTTP 4",
            holds "responses have X-Content-Type-Options, Content-Security-Policy and Referrer-Policy",
            broken "a protective header of the response is missing";
        HttpsUri = "TH13", "TEEP over HTTP 8",
            holds "the URI of a TAM is https",
            broken "the URI of the TAM is not https";
        HttpPolicyTimer = "TH14", "TEEP over HTTP 5.5",
            holds "policies are checked periodically",
            broken "no policy check was due";
        ReplayedRequest = "TA1", "attack (a) of the formal analyses",
            holds "a replayed QueryRequest does no damage, and Evidence is never repeated to another nonce",
            broken "a QueryRequest was replayed";
        ReplayedUpdate = "TA2", "attack (b) of the formal analyses",
            holds "a replayed Update installs nothing",
            broken "the Update was seen before";
        OlderUpdate = "TA3", "attack (c) of the formal analyses",
            holds "an Update that arrives after a newer one installs nothing older",
            broken "the Update is older than what is installed";
        ResponseOfOtherSession = "TA4", "attack (d) of the formal analyses",
            holds "a QueryResponse of another session is no answer",
            broken "the response is of another session";
        EvidenceOfOtherDevice = "TA5", "attack (e) of the formal analyses",
            holds "Evidence of another device does not attest the sender",
            broken "the Attestation Result confirms another key";
        SuccessOfOtherUpdate = "TA6", "attack (f) of the formal analyses",
            holds "the Success of one Update is not that of another",
            broken "the Success is of another Update";
        DuplicateResponse = "TA7", "attack (g) of the formal analyses",
            holds "the second of two equal responses is dropped",
            broken "the response came twice";
        HostileBroker = "TA8", "attack (h) of the formal analyses",
            holds "loss, repetition and reordering lead to no installation that the TAM did not order",
            broken "the broker made a difference";
        OtherRole = "TA9", "attack (i) of the formal analyses",
            holds "a message signed by a key of another role is refused",
            broken "the key has another role";
        OtherAlgorithm = "TA10", "attack (j) of the formal analyses",
            holds "one key under another algorithm, and a stripped signature, are not accepted for a suite",
            broken "the algorithm is not the one of the suite";
        Downgrade = "TA11", "attack (k) of the formal analyses",
            holds "a shortened list of suites does not verify, and an unknown critical header is refused",
            broken "the list of suites was changed";
        ReplayedUnlink = "TA12", "attack (l) of the formal analyses",
            holds "an Update that only unlinks removes nothing when it is replayed",
            broken "the unlinking Update was seen before";
        NumberingFixed = "TX1", "this project",
            holds "the first signed message fixes the numbering of the session; one that reads only under the other is refused",
            broken "the message is of the other numbering";
        UpdateTokenRequired = "TX2", "this project",
            holds "an Update that asks for anything has a fresh token, and a Success or Error without it is dropped",
            broken "the answer to the Update has no token";
        SessionAgentOnly = "TX3", "this project",
            holds "only the Agent of the session consumes a token, once it is known",
            broken "the message is by another Agent than the session's";
        AffirmingStatus = "TX4", "this project",
            holds "a negative Attestation Result does not attest; one without status does so only by explicit policy",
            broken "the Attestation Result does not affirm";
        EvidenceNoResult = "TX5", "this project",
            holds "what an attester signed is never an Attestation Result, whatever its format says",
            broken "Evidence stands where an Attestation Result is due";
        OneUpdate = "TX6", "this project",
            holds "an Agent takes one Update for each QueryResponse of its own",
            broken "no QueryResponse of this Agent waits for an Update";
        ErrorOnce = "TX7", "this project",
            holds "bytes that nobody authenticated are answered once in an exchange, with a code and lists alone",
            broken "an error was answered before";
        PermitNeeded = "TX8", "this project",
            holds "an Update that installs needs a checked response or an explicit override",
            broken "the TAM has no permission to install";
        EncryptedTagged = "TX9", "this project",
            holds "an encrypted EAT is a tagged COSE_Encrypt for this purpose",
            broken "the encrypted payload has no tag, or is for another purpose";
        VersionBytes = "TX10", "SUIT update management",
            holds "suit-parameter-version in a tc-list is a byte string",
            broken "a version in the tc-list is no byte string";
    }
}
