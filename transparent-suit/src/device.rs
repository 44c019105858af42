//! The device: what it asks of an envelope, and in which order (docs/transparent-suit.md 7).

use core::fmt;

use cose_ext::{
    Context, Digest, Input, IssuerBinding, Label, Processed, Profile, Sign1, Verified,
    error::ErrorKind as CoseErrorKind, header::ContentType, key::KeyResolver,
};
use scitt_core::{Limits, SignedStatement, TrustedService};
use suit_manifest::{Block, Envelope, Manifest};

use crate::{
    Error, ReceiptOutcome, Rule, Step, TransparentManifest,
    header::{self, BlockClaims},
    issuer, manifest_claims, profile,
    receipts::{self, Asked},
    twin,
};

/// The configuration of a device: who may sign a block, for which classes, and how many services
/// have to have logged that very block. All of it is local: nothing in an envelope changes it.
#[derive(Clone, Copy)]
pub struct Device<'d> {
    /// Keys in the firmware role, each enrolled for its issuer. They have no other role.
    pub firmware: &'d dyn KeyResolver,
    /// Services, with pinned keys. Entries of one name are one service; at most 64 entries.
    pub services: &'d [TrustedService<'d>],
    /// The classes that the device belongs to, as URNs ([`ClassUrn`](crate::ClassUrn)).
    pub classes: &'d [&'d str],
    /// How many different services have to have logged a block. With 0, no receipt is asked for.
    pub required: usize,
    /// `typ` of blocks.
    pub typ: ContentType<'d>,
    /// How many receipts of a block are looked at.
    pub limits: Limits,
}

/// Reports what became of receipts.
type Report<'r, 'd> = dyn FnMut(ReceiptOutcome<'d>) + 'r;

impl<'d> Device<'d> {
    /// Makes a device of `classes` that trusts `firmware` and `services`, and requires one receipt.
    pub const fn new(
        firmware: &'d dyn KeyResolver,
        services: &'d [TrustedService<'d>],
        classes: &'d [&'d str],
    ) -> Self {
        let limits = Limits::DEFAULT;
        Self { firmware, services, classes, required: 1, typ: profile::TYP, limits }
    }

    /// Returns this device requiring `required` different services.
    #[must_use]
    pub const fn requiring(mut self, required: usize) -> Self {
        self.required = required;
        self
    }

    /// Returns this device with another `typ` of blocks.
    #[must_use]
    pub const fn with_typ(mut self, typ: ContentType<'d>) -> Self {
        self.typ = typ;
        self
    }

    /// Verifies an envelope offline: in the order of [`Step`], who signed a block and over which
    /// manifest, what its claims say, and which services logged that very block. The last step, the
    /// order of sequence numbers, is that of [`TransparentManifest::processor`].
    ///
    /// # Errors
    ///
    /// [`Error::step`] says which step refuses, [`Error::rule`] why. Of several blocks it is the
    /// one that came furthest.
    pub fn verify<'a>(
        &self,
        envelope: &Envelope<'a>,
        context: &Context<'_>,
    ) -> Result<TransparentManifest<'a>, Error>
    where
        'd: 'a,
    {
        self.verify_reporting(envelope, context, &mut |_| {})
    }

    /// Verifies as [`verify`](Self::verify) does, and tells `report` the result of each receipt of
    /// a block whose signature and claims are good.
    ///
    /// # Errors
    ///
    /// As [`verify`](Self::verify).
    #[inline(never)] // What it holds is not in the frame of a caller that does more.
    pub fn verify_reporting<'a>(
        &self,
        envelope: &Envelope<'a>,
        context: &Context<'_>,
        report: &mut Report<'_, 'd>,
    ) -> Result<TransparentManifest<'a>, Error>
    where
        'd: 'a,
    {
        context.begin(envelope.bytes().len(), |context| {
            let mut reason: Option<Error> = None;
            for block in envelope.authentication().blocks().enumerate() {
                match self.verify_block(envelope, &block, context, report) {
                    Err(error) if !error.is_final() => {
                        reason = Some(reason.map_or(error, |first| first.further(error)));
                    }
                    outcome => return outcome,
                }
            }
            let none = suit_manifest::ErrorKind::Verification(suit_manifest::Rule::BlockPresent);
            Err(reason.unwrap_or(Error::from(none).in_step(Step::Authenticity)))
        })
    }

    // Functions with large frames are not inlined: they stand beside each other on the stack, and
    // not all of them below a signature check.
    #[inline(never)]
    fn verify_block<'a>(
        &self,
        envelope: &Envelope<'a>,
        (place, block): &(usize, Block<'a>),
        context: &Context<'_>,
        report: &mut Report<'_, 'd>,
    ) -> Result<TransparentManifest<'a>, Error>
    where
        'd: 'a,
    {
        let within = |error: Error| error.within(block.offset());
        // Matched where they are made: they are large.
        let statement = &SignedStatement::decode(block.bytes(), &context.profile);
        let statement = statement
            .as_ref()
            .map_err(|error| within(of_form(*error)).in_step(Step::Authenticity))?;
        let manifest = &self.authenticate(envelope, statement.message(), block.offset(), context);
        let manifest = manifest.as_ref().map_err(|error| error.in_step(Step::Authenticity))?;
        let claims = self
            .check_claims(statement.message(), manifest, &context.profile)
            .map_err(|error| within(error).in_step(Step::Claims))?;
        let logged = match self.required {
            0 => None,
            required => {
                let asked = Asked { services: self.services, required, limits: self.limits };
                let input = Input::detached(envelope.authentication().signed_bytes());
                let mut tell = |receipt, offset: usize, outcome| {
                    let offset = offset.saturating_add(block.offset());
                    report(ReceiptOutcome { block: *place, receipt, offset, outcome });
                };
                let logged = receipts::count(&asked, statement, &input, context, &mut tell);
                Some(logged.map_err(|error| within(error).in_step(Step::Receipts))?)
            }
        };
        Ok(TransparentManifest {
            manifest: *manifest,
            claims,
            block: *place,
            services: logged.as_ref().map_or(0, |logged| logged.services),
            relied_on: logged.map(|logged| logged.first),
        })
    }

    /// The first step: form of the block, signature by a firmware key, no twin, digest of the
    /// manifest.
    #[inline(never)]
    fn authenticate<'a>(
        &self,
        envelope: &Envelope<'a>,
        message: &Sign1<'a>,
        offset: usize,
        context: &Context<'_>,
    ) -> Result<Verified<Manifest<'a>>, Error> {
        let authentication = envelope.authentication();
        let signed = header::check_form(message, self.typ)
            .and_then(|()| self.check_signature(message, authentication.signed_bytes(), context))
            .map_err(|error| error.within(offset))?;
        if self.required > 0 {
            twin::check(authentication, (message, offset), signed.by(), self.firmware, context)?;
        }
        let digest = signed.try_map_within(&context.profile, read_digest)?;
        envelope.vouched_by(&digest, context).map_err(of_manifest)
    }

    /// Returns the payload that a firmware key signed.
    #[inline(never)]
    fn check_signature<'a>(
        &self,
        message: &Sign1<'a>,
        digest: &'a [u8],
        context: &Context<'_>,
    ) -> Result<Verified<&'a [u8]>, Error> {
        let processed = Processed::new(&[Label::TYP, Label::CWT_CLAIMS]);
        let input = Input::detached(digest).with_processed(processed);
        let verify = |keys: &dyn KeyResolver| {
            message
                .verify(&input, keys, context)
                .map(|signed| signed.map(|signed| signed.payload()))
        };
        verify(self.firmware).map_err(|error| {
            issuer::refusal(error.into(), self.firmware, |keys| verify(keys).is_ok())
        })
    }

    /// The second step: the claims, which `manifest` shows to be signed, are those of the manifest
    /// and of the device.
    #[inline(never)]
    fn check_claims<'a>(
        &self,
        message: &Sign1<'a>,
        manifest: &Verified<Manifest<'_>>,
        profile: &Profile,
    ) -> Result<BlockClaims<'a>, Error> {
        let claims = header::read_claims(message.headers().protected())?;
        if manifest.by().issuer() != IssuerBinding::Checked {
            return Err(Error::refused(Rule::IssuerEnrolled));
        }
        manifest_claims::check(&claims, manifest.value(), profile)?;
        if self.classes.contains(&claims.subject) {
            Ok(claims)
        } else {
            Err(Error::refused(Rule::DeviceClass))
        }
    }
}

/// Reads the SUIT_Digest that a block signs; the envelope's wrapper, which it is, was read before.
fn read_digest<'a>(bytes: &'a [u8], profile: &Profile) -> Result<Digest<'a>, Error> {
    let item = profile.item(bytes, 0).map_err(cose_ext::Error::from)?;
    let (digest, _) = Digest::read(&item)?;
    Ok(digest)
}

/// A block that is no COSE_Sign1 is none of this profile, whatever else it is.
fn of_form(error: scitt_core::Error) -> Error {
    match error.kind() {
        scitt_core::ErrorKind::Cose(CoseErrorKind::Malformed { .. }) => {
            Error::broken(Rule::BlockIsSign1)
        }
        _ => error.into(),
    }
}

fn of_manifest(error: suit_manifest::Error) -> Error {
    match error.kind() {
        suit_manifest::ErrorKind::Verification(suit_manifest::Rule::ManifestDigest) => {
            let error = Error::broken(Rule::DigestOfManifest);
            error.within(error.offset().unwrap_or_default())
        }
        _ => error.into(),
    }
}

impl fmt::Debug for Device<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Device")
            .field("services", &self.services)
            .field("classes", &self.classes)
            .field("required", &self.required)
            .field("typ", &self.typ)
            .finish_non_exhaustive()
    }
}
