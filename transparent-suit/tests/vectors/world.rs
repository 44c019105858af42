//! The device of a case, and the keys of everybody.

use cose_ext::{
    crypto::Algorithm,
    header::{ContentType, Vds},
    key::{Jwk, TrustStore, TrustedKey},
};
use scitt_core::{ServiceKey, TrustedService};
use serde_json::Value;
use testkit::vectors::{Case, Trouble};
use transparent_suit::{Device, cose_ext, profile::ENTRY_RULE, scitt_core};

use crate::context;

/// What a case says of a device.
pub(crate) struct World {
    classes: Vec<String>,
    typ: String,
    required: usize,
    pub(crate) stored_sequence: Option<u64>,
    pub(crate) stored_digest: Option<Vec<u8>>,
    firmware: Vec<Named>,
    /// All keys that the case names, by their names: whoever may have signed a block.
    pub(crate) everybody: Vec<Named>,
    services: Vec<Service>,
}

/// A key with the name of its file.
pub(crate) struct Named {
    pub(crate) name: String,
    issuer: Option<String>,
    jwk: Jwk,
}

struct Service {
    name: String,
    issuer: String,
    jwk: Jwk,
    algorithm: Algorithm,
    vds: Vds,
}

impl Named {
    fn read(case: &Case, file: &str, issuers: &Value) -> Result<Self, Trouble> {
        let name = file.rsplit('/').next().unwrap_or(file).trim_end_matches(".jwk.json");
        let issuer = issuers.get(name).and_then(Value::as_str).map(str::to_owned);
        Ok(Self { name: name.into(), issuer, jwk: Jwk::decode(&case.sibling(file)?)? })
    }

    pub(crate) fn trusted(&self) -> Result<TrustedKey<'_>, Trouble> {
        Ok(TrustedKey::new(self.jwk.public_key()?, &context())?)
    }
}

impl World {
    pub(crate) fn of(case: &Case) -> Result<Self, Trouble> {
        let device = case.fact("device").ok_or("no device")?;
        let texts = |value: &Value| -> Vec<String> {
            value
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(Value::as_str)
                .map(Into::into)
                .collect()
        };
        let text = |value: &Value| value.as_str().map(str::to_owned).ok_or("no text");
        let issuers = &device["issuer_of_key"];
        let firmware = texts(&device["firmware_keys"]);
        let mut everybody = firmware.clone();
        everybody.extend(case.keys.iter().filter(|key| !firmware.contains(key)).cloned());
        let read = |files: &[String]| {
            files.iter().map(|file| Named::read(case, file, issuers)).collect::<Result<Vec<_>, _>>()
        };
        let services = device["services"].as_array().into_iter().flatten().map(|service| {
            if service["entry_rule"] != "attached form" {
                return Err(Trouble::from("an entry rule that this test does not know"));
            }
            Ok(Service {
                name: text(&service["name"])?,
                issuer: text(&service["iss"])?,
                jwk: Jwk::decode(&case.sibling(&text(&service["key"])?)?)?,
                algorithm: Algorithm::new(service["alg"].as_i64().ok_or("no alg")?),
                vds: Vds::new(service["vds"].as_i64().ok_or("no vds")?.into()),
            })
        });
        let required = device["k"].as_u64().and_then(|k| usize::try_from(k).ok()).ok_or("no k")?;
        let is_required = device["receipts_required"].as_bool().ok_or("no receipts_required")?;
        Ok(Self {
            classes: texts(&device["classes"]),
            typ: text(&device["typ"])?,
            required: if is_required { required } else { 0 },
            stored_sequence: device["stored_sequence"].as_u64(),
            stored_digest: device["stored_digest"].as_str().map(hex::decode).transpose()?,
            firmware: read(&firmware)?,
            everybody: read(&everybody)?,
            services: services.collect::<Result<_, _>>()?,
        })
    }

    /// Whether the device has the key of this name in the firmware role.
    pub(crate) fn is_firmware(&self, name: &str) -> bool {
        self.firmware.iter().any(|key| key.name == name)
    }

    /// Calls `with` with the device, and its firmware keys as a processor has them that knows of no
    /// issuers.
    pub(crate) fn with_device<R>(
        &self,
        with: impl FnOnce(&Device<'_>, &TrustStore<'_>) -> Result<R, Trouble>,
    ) -> Result<R, Trouble> {
        let (mut keys, mut plain) = (Vec::new(), Vec::new());
        for key in &self.firmware {
            let trusted = key.trusted()?;
            plain.push(trusted);
            keys.push(match &key.issuer {
                Some(issuer) => trusted.for_issuer(issuer),
                None => trusted,
            });
        }
        let mut pinned = Vec::new();
        for service in &self.services {
            let key = TrustedKey::new(service.jwk.public_key()?, &context())?;
            pinned.push([ServiceKey::new(key, service.algorithm)
                .with_vds(service.vds)
                .with_entry_rule(ENTRY_RULE)]);
        }
        let services = self.services.iter().zip(&pinned).map(|(service, keys)| TrustedService {
            name: &service.name,
            issuer: Some(&service.issuer),
            keys,
        });
        let services = services.collect::<Vec<_>>();
        let classes: Vec<_> = self.classes.iter().map(String::as_str).collect();
        let firmware = TrustStore::new(&keys);
        let device = Device::new(&firmware, &services, &classes)
            .requiring(self.required)
            .with_typ(ContentType::MediaType(&self.typ));
        with(&device, &TrustStore::new(&plain))
    }
}
