//! Keys of claims.

use super::label_type;

label_type! {
    /// The key of a claim: an integer or text (RFC 8392 1.1; IANA "CBOR Web Token (CWT) Claims").
    ///
    /// An open set: any integer and any text is a claim key. The label of a header parameter is not
    /// one:
    ///
    /// ```compile_fail,E0308
    /// # use cose_ext::{Profile, cwt::Claims};
    /// use cose_ext::header::Label;
    /// # fn main() -> Result<(), cose_ext::Error> {
    /// # let claims = Claims::decode(b"\xa1\x01\x61a", &Profile::LENIENT)?;
    /// assert!(claims.find(Label::ALG).is_none());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// With the key of a claim it is found:
    ///
    /// ```
    /// # use cose_ext::{Profile, cwt::Claims};
    /// use cose_ext::cwt::ClaimKey;
    /// # fn main() -> Result<(), cose_ext::Error> {
    /// # let claims = Claims::decode(b"\xa1\x01\x61a", &Profile::LENIENT)?;
    /// assert!(claims.find(ClaimKey::ISS).is_some());
    /// # Ok(())
    /// # }
    /// ```
    ClaimKey;

    /// `iss`, Issuer (RFC 8392 3.1.1).
    ISS = 1, "iss";
    /// `sub`, Subject (RFC 8392 3.1.2).
    SUB = 2, "sub";
    /// `aud`, Audience (RFC 8392 3.1.3).
    AUD = 3, "aud";
    /// `exp`, Expiration Time (RFC 8392 3.1.4).
    EXP = 4, "exp";
    /// `nbf`, Not Before (RFC 8392 3.1.5).
    NBF = 5, "nbf";
    /// `iat`, Issued At (RFC 8392 3.1.6).
    IAT = 6, "iat";
    /// `cti`, CWT ID (RFC 8392 3.1.7).
    CTI = 7, "cti";
    /// `cnf`, Confirmation (RFC 8747 3.1).
    CNF = 8, "cnf";
    /// `scope` (RFC 9200 8.10).
    SCOPE = 9, "scope";
    /// `eat_nonce` (RFC 9711 10.2).
    EAT_NONCE = 10, "eat_nonce";
    /// `ace_profile` (RFC 9200 8.10).
    ACE_PROFILE = 38, "ace_profile";
    /// `cnonce` (RFC 9200 8.10).
    CNONCE = 39, "cnonce";
    /// `exi` (RFC 9200 8.10).
    EXI = 40, "exi";
    /// `ueid` (RFC 9711 10.2).
    UEID = 256, "ueid";
    /// `sueids` (RFC 9711 10.2).
    SUEIDS = 257, "sueids";
    /// `oemid` (RFC 9711 10.2).
    OEMID = 258, "oemid";
    /// `hwmodel` (RFC 9711 10.2).
    HWMODEL = 259, "hwmodel";
    /// `hwversion` (RFC 9711 10.2).
    HWVERSION = 260, "hwversion";
    /// `uptime` (RFC 9711 10.2).
    UPTIME = 261, "uptime";
    /// `oemboot` (RFC 9711 10.2).
    OEMBOOT = 262, "oemboot";
    /// `dbgstat` (RFC 9711 10.2).
    DBGSTAT = 263, "dbgstat";
    /// `location` (RFC 9711 10.2).
    LOCATION = 264, "location";
    /// `eat_profile` (RFC 9711 10.2).
    EAT_PROFILE = 265, "eat_profile";
    /// `submods` (RFC 9711 10.2).
    SUBMODS = 266, "submods";
    /// `bootcount` (RFC 9711 10.2).
    BOOTCOUNT = 267, "bootcount";
    /// `bootseed` (RFC 9711 10.2).
    BOOTSEED = 268, "bootseed";
    /// `dloas` (RFC 9711 10.2).
    DLOAS = 269, "dloas";
    /// `swname` (RFC 9711 10.2).
    SWNAME = 270, "swname";
    /// `swversion` (RFC 9711 10.2).
    SWVERSION = 271, "swversion";
    /// `manifests` (RFC 9711 10.2).
    MANIFESTS = 272, "manifests";
    /// `measurements` (RFC 9711 10.2).
    MEASUREMENTS = 273, "measurements";
    /// `measres` (RFC 9711 10.2).
    MEASRES = 274, "measres";
    /// `intuse` (RFC 9711 10.2).
    INTUSE = 275, "intuse";
}
