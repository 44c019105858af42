//! The story, chapter by chapter.

use cose_ext::Profile;
use suit_manifest::{AuthenticationPolicy, Envelope};

use crate::{
    Trouble, attested_log,
    cast::{
        IMAGE_6, IMAGE_7, IMAGE_8, IMAGE_9, NOW, OTHER_SCANNER, Role, SCANNER, UNKNOWN_SCANNER,
        block, context, key, manifest, on_device, sealed,
    },
    evidence::{self, Measured, PUMP_17, PUMP_18},
    library, rating,
    replay::replay,
    tam::Said,
    told::Told,
    verifier::{Refusal, known},
    world::{NONCE, Offer, Which, World, is_logged, scitt_rule, service_rule},
};

impl World {
    pub(crate) fn two_services(&mut self, told: &mut Told) -> Result<(), Trouble> {
        told.chapter("Two services, whose policies stand in their own logs");
        for service in &self.services {
            let in_force = service.governed.governance().in_force().ok_or("no policy")?;
            told.holds(
                &format!(
                    "{} registers the policy of its operator as its first entry",
                    service.name
                ),
                "it says who may register what",
                in_force.since == Some(0),
            );
        }
        // What the pumps left the factory with, long ago.
        self.release(6, IMAGE_6)?;
        let envelope = self.envelope(6)?;
        told.holds(
            "log B says that it runs in a trusted environment; until that is checked, the TAM counts log A alone",
            "1 of 2 services, and 2 are needed",
            !is_logged(&self.services, self.is_log_b_attested, &envelope)?,
        );
        let [_, log_b] = &mut self.services;
        let other_program = attested_log::statement(log_b, b"some other code", NOW)?;
        told.refused(
            "a token of another program",
            "S38",
            attested_log::confirm(log_b, &other_program)?,
            scitt_rule,
        );
        let old = attested_log::statement(log_b, attested_log::CODE, NOW - 100_000)?;
        told.refused(
            "a token of the day before yesterday",
            "S38",
            attested_log::confirm(log_b, &old)?,
            scitt_rule,
        );
        let token = attested_log::statement(log_b, attested_log::CODE, NOW)?;
        let token = log_b.transparent(&token)?;
        let attested = attested_log::confirm(log_b, &token)?;
        self.is_log_b_attested = attested.is_ok();
        told.holds(
            "its token names the program that is known, and the key of its receipts",
            "2 of 2 services",
            is_logged(&self.services, self.is_log_b_attested, &envelope)?,
        );
        Ok(())
    }

    pub(crate) fn a_release(&mut self, told: &mut Told) -> Result<(), Trouble> {
        told.chapter("A release");
        let envelope = manifest(7, IMAGE_7)?;
        told.happens(
            "the maker writes a manifest for an image of the pump",
            &format!("{} bytes of image", IMAGE_7.len()),
        );
        let signed = block(&envelope)?;
        told.happens(
            "and signs the block, which is a statement too",
            &format!("{} bytes", signed.as_bytes().len()),
        );
        let mut receipts = Vec::new();
        for service in &mut self.services {
            let receipt = service.register(&signed)?;
            let entry = service.size().saturating_sub(1);
            told.happens(
                &format!("{} looks at the manifest and registers it", service.name),
                &format!("entry {entry}, receipt of {} bytes", receipt.len()),
            );
            receipts.push(receipt);
        }
        let envelope = sealed(envelope, &signed, &receipts)?;
        told.happens(
            "the receipts go into the block",
            &format!("an envelope of {} bytes", envelope.len()),
        );
        told.holds(
            "a processor that knows nothing of it takes the same envelope",
            "signature and digest",
            plain(&envelope)?,
        );
        let [log, _] = &mut self.services;
        let sbom = log.transparent(&rating::sbom(7, "2.14")?)?;
        told.happens(
            "the maker registers the bill of materials, about the same class and number",
            &format!("{} bytes with its receipt", sbom.len()),
        );
        self.about.push(sbom);
        self.known.push(known(7, IMAGE_7, &envelope)?);
        self.offers.push(Offer { number: 7, image: IMAGE_7, envelope });
        Ok(())
    }

    pub(crate) fn a_device_offline(&mut self, told: &mut Told) -> Result<(), Trouble> {
        told.chapter("A device, offline");
        let envelope = self.envelope(7)?;
        let counted = self.offered(&envelope)??;
        told.holds(
            "the pump verifies, and updates",
            &format!("{counted} services logged the block"),
            counted == 2 && self.pump.image == IMAGE_7,
        );
        let Self { services, pump, other_pump, .. } = self;
        on_device(services, |device, _| {
            pump.boot(device, &envelope)??;
            other_pump.update(device, &envelope, None)??;
            other_pump.boot(device, &envelope)?.map(drop).map_err(Into::into)
        })?;
        told.holds(
            "it starts the image",
            &format!("{} start", pump.starts),
            (pump.starts, other_pump.starts) == (1, 1),
        );
        Ok(())
    }

    pub(crate) fn evidence(&mut self, told: &mut Told) -> Result<(), Trouble> {
        told.chapter("The device attests");
        let evidence = evidence::of(&PUMP_17, &self.pump, &NONCE, Measured::All)?;
        told.happens(
            "an EAT: nonce, the measured image, the SUIT_Report, what wrote the report, the roots relied on",
            &format!("{} bytes, of which the report takes {}", evidence.len(), self.pump.report.len()),
        );
        let found = self.appraised(&evidence)?;
        told.holds(
            "the verifier knows device, release and both roots",
            &format!("release {}, {} roots of the logs", found.number, found.roots),
            found.number == 7 && found.roots == 2,
        );
        let bare = evidence::of(&PUMP_17, &self.pump, &NONCE, Measured::ImageOnly)?;
        told.refused(
            "the same without a measurement of what wrote the report",
            "SUIT report 5",
            self.appraised(&bare),
            |refusal: &Refusal| refusal.rule.clone(),
        );
        Ok(())
    }

    pub(crate) fn the_next_release(&mut self, told: &mut Told) -> Result<(), Trouble> {
        told.chapter("The next release, delivered over TEEP once it is rated");
        let said = self.meet(Which::First)?;
        told.holds(
            "the pump meets its TAM, which wants the diagnostics of the factory gone",
            "unlinked, and reported",
            matches!(said, Said::Installed { .. }) && !self.pump.has_diagnostics,
        );
        self.release(8, IMAGE_8)?;
        let [log, _] = &mut self.services;
        self.about.push(log.transparent(&rating::sbom(8, "2.17")?)?);
        let scan = |issuer, role| rating::scan(8, issuer, role, IMAGE_8);
        self.about.push(log.transparent(&scan(SCANNER, Role::Scanner)?)?);
        // The same scanner once more, and one that the services know, and the TAM does not.
        self.about.push(log.transparent(&scan(SCANNER, Role::Scanner)?)?);
        self.about.push(log.transparent(&scan(UNKNOWN_SCANNER, Role::UnknownScanner)?)?);
        told.refused(
            "a scanner that no policy names cannot register its scan",
            "C93",
            log.offer(&scan("https://stranger.example", Role::Stranger)?),
            service_rule,
        );
        let rating = self.rating(8)?;
        told.holds(
            "release 8 has a bill of materials, a scan, the same scanner's scan once more, and one of a scanner that the TAM does not know",
            &format!("{} rater of 2", rating.raters.len()),
            rating.raters.len() == 1 && !rating.suffices(),
        );
        let said = self.meet(Which::First)?;
        told.holds("the TAM delivers nothing", "release 7 stays", said == Said::NothingToDo);
        let [log, _] = &mut self.services;
        self.about.push(log.transparent(&scan(OTHER_SCANNER, Role::OtherScanner)?)?);
        let said = self.meet(Which::First)?;
        told.holds(
            "with a second rater it does: the pump is attested, takes release 8, and sends its report",
            &format!("number {}, {said:?}", self.pump.number.unwrap_or(0)),
            said == Said::Installed { reports: 1 } && self.pump.image == IMAGE_8,
        );
        let said = self.meet(Which::First)?;
        told.holds("and once more: nothing to do", "release 8 stays", said == Said::NothingToDo);
        Ok(())
    }

    pub(crate) fn a_withdrawal(&mut self, told: &mut Told) -> Result<(), Trouble> {
        told.chapter("A withdrawal");
        self.release(9, IMAGE_9)?;
        let [log, _] = &mut self.services;
        self.about.push(log.transparent(&rating::sbom(9, "2.17")?)?);
        let scan = |issuer, role| rating::scan(9, issuer, role, IMAGE_9);
        self.about.push(log.transparent(&scan(SCANNER, Role::Scanner)?)?);
        self.about.push(log.transparent(&scan(OTHER_SCANNER, Role::OtherScanner)?)?);
        told.holds(
            "release 9 is registered and rated by two",
            "it pumps backwards on Sundays, which nobody has seen yet",
            self.rating(9)?.suffices(),
        );
        let [log, _] = &mut self.services;
        self.about.push(log.transparent(&rating::withdrawal(9)?)?);
        let said = self.meet(Which::First)?;
        told.holds(
            "the maker's office withdraws it: the TAM delivers it to nobody",
            "the pump stays at 8",
            said == Said::NothingToDo && self.pump.number == Some(8),
        );
        Ok(())
    }

    pub(crate) fn a_library_turns_bad(&mut self, told: &mut Told) -> Result<(), Trouble> {
        told.chapter("A library turns bad");
        // The other pump was attested while it ran release 7, and was not seen since.
        let nonce = NONCE;
        let evidence = evidence::of(&PUMP_18, &self.other_pump, &nonce, Measured::All)?;
        let other = self.appraised(&evidence).map_err(|refusal| refusal.to_string())?;
        self.fleet.push(other);
        let [log, _] = &self.services;
        let releases = library::affected_releases(
            log,
            "pkg:maven/example.pumps/log4pump",
            "vers:maven/<2.16",
        )?;
        told.holds(
            "log4pump below 2.16: which firmware has it?",
            &format!("release {releases:?} of the pump, by the bills of material in {}", log.name),
            releases == [7],
        );
        let devices: Vec<_> = library::affected_devices(&self.fleet, &releases)
            .map(|device| String::from_utf8_lossy(&device.ueid[1..]).into_owned())
            .collect();
        told.holds(
            "and which devices run that?",
            &format!("{devices:?} of {} that were attested", self.fleet.len()),
            devices == ["pump number 18!!"],
        );
        let said = self.meet(Which::Other)?;
        let is_clean = matches!(said, Said::Installed { .. });
        let said = self.meet(Which::Other)?;
        told.holds(
            "the TAM brings that one to release 8",
            &format!("number {}", self.other_pump.number.unwrap_or(0)),
            is_clean && said == Said::Installed { reports: 1 },
        );
        let left = library::affected_devices(&self.fleet, &releases).count();
        told.holds("nothing runs it any more", &format!("{left} devices"), left == 0);
        Ok(())
    }

    pub(crate) fn the_logs_replayed(&mut self, told: &mut Told) -> Result<(), Trouble> {
        told.chapter("The logs, replayed");
        for (place, service) in self.services.iter().enumerate() {
            let replayed = replay(service, place)?;
            told.holds(
                &format!(
                    "every decision of {} is what its policy wants, its root is that of its entries, and nothing is alarming",
                    service.name
                ),
                &format!("{} entries, {} alarms", service.size(), replayed.alarms.len()),
                replayed.agrees && replayed.alarms.is_empty(),
            );
        }
        Ok(())
    }
}

/// Whether a processor takes the envelope that has the author's key and knows nothing of statements.
fn plain(envelope: &[u8]) -> Result<bool, Trouble> {
    let context = context();
    let public = key(Role::Firmware)?.public_key();
    let keys = [cose_ext::key::TrustedKey::new(&public, &context)?];
    let keys = cose_ext::key::TrustStore::new(&keys);
    let envelope = Envelope::decode(envelope, &Profile::LENIENT)?;
    let trust = cose_ext::Trust::keys(&keys);
    Ok(envelope.verify(&trust, &AuthenticationPolicy::ANY_BLOCK, &context).is_ok())
}
