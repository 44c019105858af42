//! Every rule of RFC 9711 that a claims set breaks.

use cose_ext::{
    cbor::{Raw, Reader},
    cwt::ClaimKey,
};

use crate::{
    Claims, Error, Finding, Path, Rule, Step,
    claim::{
        self, Contents, DebugStatus, Dloas, IntendedUse, Location, MeasurementResults, Nonces,
        OemId, ProfileId, Submodule, Submodules, Sueids, Ueid, Version,
    },
    error::Breaks,
};

/// Takes findings as they are made.
pub(crate) type Report<'r> = dyn FnMut(&Finding<'_>) + 'r;

impl Claims<'_> {
    /// Calls `report` with every rule of RFC 9711 and RFC 8392 that this set breaks, those of its
    /// submodules that are claims sets included. Unknown claims break none.
    ///
    /// Decoding accepts what is found here: published tokens break rules about companions.
    ///
    /// # State, invariant, cost
    ///
    /// One walk over the claims. A submodule that is a claims set is walked in the same way; how
    /// deep they nest was bounded when the bytes were read. Tokens and digests inside are told
    /// apart, and not opened.
    pub fn validate(&self, report: &mut dyn FnMut(&Finding<'_>)) {
        validate_at(self, &Path::TOKEN, report);
    }
}

/// Which claims of a set are there, as far as others depend on them.
#[derive(Default)]
struct Companions {
    oem_id: bool,
    hardware_model: bool,
    software_name: bool,
}

pub(crate) fn validate_at(claims: &Claims<'_>, path: &Path<'_>, report: &mut Report<'_>) {
    let mut companions = Companions::default();
    for (key, _) in claims.iter() {
        companions.oem_id |= key == ClaimKey::OEMID;
        companions.hardware_model |= key == ClaimKey::HWMODEL;
        companions.software_name |= key == ClaimKey::SWNAME;
    }
    for (key, value) in claims.iter() {
        let here = path.then(Step::Claim(key));
        let form = if key == ClaimKey::CNF {
            claims.confirmation().map(|_| ())
        } else {
            check_form(key, &value)
        };
        match form {
            Err(error) => report(&Finding { error, path: &here }),
            Ok(()) => {
                if let Err(error) = companions.check(key, &value) {
                    report(&Finding { error, path: &here });
                }
            }
        }
        if key == ClaimKey::SUBMODS
            && let Ok(submodules) = Submodules::read(&value)
        {
            validate_submodules(&submodules, &here, report);
        }
    }
}

fn validate_submodules(submodules: &Submodules<'_>, path: &Path<'_>, report: &mut Report<'_>) {
    for (name, value) in submodules.iter() {
        let here = path.then(Step::Submodule(name));
        let nested = match Submodule::read(&value) {
            Ok(Submodule::Claims(set)) => Claims::of(&set),
            Ok(_) => continue,
            Err(error) => Err(error),
        };
        match nested {
            Ok(claims) => validate_at(&claims, &here, report),
            Err(error) => report(&Finding { error, path: &here }),
        }
    }
}

/// Reads a registered claim as its own type; any other is of any type.
fn check_form(key: ClaimKey<'_>, value: &Raw<'_>) -> Result<(), Error> {
    match key {
        ClaimKey::ISS | ClaimKey::SUB | ClaimKey::AUD => {
            claim::text(value, Rule::CwtText).map(|_| ())
        }
        ClaimKey::EXP | ClaimKey::NBF => claim::numeric_date(value).map(|_| ()),
        ClaimKey::IAT => claim::integer_date(value).map(|_| ()),
        ClaimKey::CTI => claim::bytes(value, Rule::TokenId).map(|_| ()),
        ClaimKey::EAT_NONCE => Nonces::read(value).map(|_| ()),
        ClaimKey::UEID => Ueid::read(value).map(|_| ()),
        ClaimKey::SUEIDS => Sueids::read(value).map(|_| ()),
        ClaimKey::OEMID => OemId::read(value).map(|_| ()),
        ClaimKey::HWMODEL => claim::sized(value, 1, 32, Rule::HwModel).map(|_| ()),
        ClaimKey::HWVERSION => Version::read(value, Rule::HwVersion).map(|_| ()),
        ClaimKey::SWNAME => claim::text(value, Rule::SwName).map(|_| ()),
        ClaimKey::SWVERSION => Version::read(value, Rule::SwVersion).map(|_| ()),
        ClaimKey::OEMBOOT => value.read(Reader::bool).breaks(Rule::OemBoot).map(|_| ()),
        ClaimKey::DBGSTAT => DebugStatus::read(value).map(|_| ()),
        ClaimKey::LOCATION => Location::read(value).map(|_| ()),
        ClaimKey::UPTIME => claim::uint(value, Rule::Uptime).map(|_| ()),
        ClaimKey::BOOTCOUNT => claim::uint(value, Rule::BootCount).map(|_| ()),
        ClaimKey::BOOTSEED => claim::bytes(value, Rule::BootSeed).map(|_| ()),
        ClaimKey::DLOAS => Dloas::read(value).map(|_| ()),
        ClaimKey::MANIFESTS => Contents::read(value, Rule::Manifests).map(|_| ()),
        ClaimKey::MEASUREMENTS => Contents::read(value, Rule::Measurements).map(|_| ()),
        ClaimKey::MEASRES => MeasurementResults::read(value).map(|_| ()),
        ClaimKey::EAT_PROFILE => ProfileId::read(value).map(|_| ()),
        ClaimKey::INTUSE => IntendedUse::read(value).map(|_| ()),
        ClaimKey::SUBMODS => Submodules::read(value).map(|_| ()),
        _ => Ok(()),
    }
}

impl Companions {
    /// Checks what has to stand beside a claim that can be read.
    fn check(&self, key: ClaimKey<'_>, value: &Raw<'_>) -> Result<(), Error> {
        let broken = |rule| Err(Error::refused(rule).at(value.offset()));
        match key {
            ClaimKey::HWMODEL if !self.oem_id => broken(Rule::HwModelNeedsOemId),
            ClaimKey::HWVERSION if !self.hardware_model => broken(Rule::HwVersionNeedsHwModel),
            ClaimKey::SWVERSION if !self.software_name => broken(Rule::SwVersionNeedsSwName),
            ClaimKey::OEMBOOT if !self.oem_id => broken(Rule::OemBootNeedsOemId),
            ClaimKey::DBGSTAT if !self.oem_id => match DebugStatus::read(value)? {
                DebugStatus::DisabledPermanently => broken(Rule::DebugStatusNeedsOemId),
                _ => Ok(()),
            },
            ClaimKey::OEMID => match OemId::read(value)? {
                OemId::Pen(pen) if pen.is_negative() => broken(Rule::PenUnsigned),
                _ => Ok(()),
            },
            _ => Ok(()),
        }
    }
}
