//! From an envelope to a manifest that somebody vouches for.

use cose_ext::{
    Context, Digest, Profile, Verified,
    cbor::Raw,
    error::{ErrorKind as CoseErrorKind, Verification},
    sign::Signers,
};

use crate::{
    AuthenticationPolicy, Authenticator, Envelope, Error, ErrorKind, Manifest, Member, Mud, Rule,
    Section, SectionBytes, Text, Unsupported, Vouchers, error::Breaks, label::manifest,
    manifest::NO_LABEL, strictness,
};

impl<'a> Envelope<'a> {
    /// Checks who made the manifest, and reads it: as many authentication blocks as `policy` asks
    /// for, the digest of the manifest, and the digests of all severed members that are there. Only
    /// then is a byte of the manifest read, and none of a severed member.
    ///
    /// ```
    /// use suit_manifest::cose_ext::{Context, Trust, Verified, key::TrustStore, sign::Signers};
    /// use suit_manifest::{AuthenticationPolicy, Envelope, Error, Manifest};
    /// fn accept<'a>(
    ///     envelope: &[u8],
    ///     keys: &TrustStore<'_>,
    ///     context: &Context<'_>,
    /// ) -> Result<u64, Error> {
    ///     let envelope = Envelope::decode(envelope, &context.profile)?;
    ///     let manifest =
    ///         envelope.verify(&Trust::keys(keys), &AuthenticationPolicy::ANY_BLOCK, context)?;
    ///     Ok(manifest.value().sequence_number())
    /// }
    /// ```
    ///
    /// # Errors
    ///
    /// Those of [`authenticate`](Self::authenticate) and [`Manifest::read`];
    /// [`ErrorKind::Historic`] for members of older drafts; [`Rule::SeveredDigest`] and
    /// [`Rule::SeveredStated`].
    pub fn verify(
        &self,
        trust: &dyn Authenticator,
        policy: &AuthenticationPolicy<'_>,
        context: &Context<'_>,
    ) -> Result<Verified<Manifest<'a>, Signers>, Error> {
        self.verify_with_mud::<NO_LABEL>(trust, policy, context)
    }

    /// Verifies as [`verify`](Self::verify) does, and takes the member `MUD` for the MUD container,
    /// whose number is not assigned yet: [`mud`](Self::mud).
    ///
    /// # Errors
    ///
    /// Those of [`verify`](Self::verify).
    pub fn verify_with_mud<const MUD: i64>(
        &self,
        trust: &dyn Authenticator,
        policy: &AuthenticationPolicy<'_>,
        context: &Context<'_>,
    ) -> Result<Verified<Manifest<'a>, Signers>, Error> {
        let mut vouchers = Vouchers::NOBODY;
        self.read_verified::<MUD>(trust, policy, &mut vouchers, context).map(Verified::by_value)
    }

    /// Verifies as [`verify`](Self::verify) does, and calls `then` with the manifest, by those who
    /// vouch for it where they stand. They are large, for several may have signed: on a device with
    /// little stack there is then no second place for them while signatures are checked.
    ///
    /// # Errors
    ///
    /// Those of [`verify`](Self::verify); `then` is not called.
    pub fn verify_then<R>(
        &self,
        trust: &dyn Authenticator,
        policy: &AuthenticationPolicy<'_>,
        context: &Context<'_>,
        then: impl FnOnce(&Verified<Manifest<'a>, &Signers>) -> R,
    ) -> Result<R, Error> {
        let mut vouchers = Vouchers::NOBODY;
        // Matched where it is made: it is large.
        match &self.read_verified::<NO_LABEL>(trust, policy, &mut vouchers, context) {
            Ok(manifest) => Ok(then(manifest)),
            Err(error) => Err(*error),
        }
    }

    /// The manifest, by those who are put into `vouchers`.
    #[inline(never)] // What it holds is not in the frame of who holds the vouchers.
    fn read_verified<'v, const MUD: i64>(
        &self,
        trust: &dyn Authenticator,
        policy: &AuthenticationPolicy<'_>,
        vouchers: &'v mut Vouchers<'a>,
        context: &Context<'_>,
    ) -> Result<Verified<Manifest<'a>, &'v Signers>, Error> {
        context.begin(self.bytes().len(), |context| {
            let digest = self.authentication().verify(trust, policy, vouchers, context)?;
            self.read_vouched::<MUD, _>(&digest, context)
        })
    }

    /// The manifest that has this digest.
    #[inline(never)] // What it reads with is not there while signatures are checked.
    fn read_vouched<const MUD: i64, B: Copy>(
        &self,
        digest: &Verified<Digest<'a>, B>,
        context: &Context<'_>,
    ) -> Result<Verified<Manifest<'a>, B>, Error> {
        let item = vouch(digest, &self.manifest_item(), Rule::ManifestDigest, context)?;
        self.check_current()?;
        let read = Manifest::read_with_mud::<MUD>;
        let manifest = item.try_map_within(&context.profile, read)?;
        self.check_severed(manifest.value(), context)?;
        Ok(manifest)
    }

    /// Checks who made the manifest, and does not read it: as many authentication blocks as
    /// `policy` asks for, and the digest of the manifest. What comes back is the byte string that
    /// wraps it.
    ///
    /// An envelope of an older draft may be authentic too; [`Manifest::read`] tells.
    ///
    /// # Errors
    ///
    /// [`Rule::BlockPresent`], [`Rule::BlockForm`], [`Rule::BlockDetached`];
    /// [`Rule::BlockVerifies`] where some blocks verify and fewer than the policy asks for; where
    /// none does, why; [`Rule::ManifestDigest`].
    pub fn authenticate(
        &self,
        trust: &dyn Authenticator,
        policy: &AuthenticationPolicy<'_>,
        context: &Context<'_>,
    ) -> Result<Verified<Raw<'a>, Signers>, Error> {
        context.begin(self.bytes().len(), |context| {
            let mut vouchers = Vouchers::NOBODY;
            let digest = self.authentication().verify(trust, policy, &mut vouchers, context)?;
            let item = vouch(&digest, &self.manifest_item(), Rule::ManifestDigest, context)?;
            Ok(item.by_value())
        })
    }

    /// Lets a digest vouch for the manifest in place of authentication blocks: the image digest of
    /// a dependency, which the dependent states (SUIT trust domains 5.2.2). The digest of the
    /// wrapper has to agree.
    ///
    /// The dependency's own signature is not looked at: call [`verify`](Self::verify) first to
    /// check it as well.
    ///
    /// # Errors
    ///
    /// [`Rule::ManifestDigest`], and those of [`verify`](Self::verify) after the authentication.
    pub fn vouched_by<B: Copy>(
        &self,
        digest: &Verified<Digest<'_>, B>,
        context: &Context<'_>,
    ) -> Result<Verified<Manifest<'a>, B>, Error> {
        context.begin(self.bytes().len(), |context| {
            let item = self.manifest_item();
            let manifest = vouch(digest, &item, Rule::ManifestDigest, context)?;
            let stated = self.authentication().digest();
            // Equal digests need no second hash.
            if stated != *digest.value() {
                let computed = context.hash(stated.algorithm(), &[item.bytes()])?;
                if computed.as_ref() != stated.value() {
                    return Err(mismatch(Rule::ManifestDigest).at(item.offset()));
                }
            }
            self.check_current()?;
            let manifest = manifest.try_map_within(&context.profile, Manifest::read)?;
            self.check_severed(manifest.value(), context)?;
            Ok(manifest)
        })
    }

    /// Returns the content of a section, from the manifest or, severed, from the envelope, where
    /// its digest vouches for it before a byte of it is read; `None` if the manifest has no such
    /// section.
    ///
    /// The content is one item, well-formed and in deterministic encoding; its commands are not
    /// looked at.
    ///
    /// # Errors
    ///
    /// [`Unsupported::SeveredAbsent`]; [`Rule::SeveredDigest`]; those of the encoding.
    pub fn section<B: Copy>(
        &self,
        manifest: &Verified<Manifest<'a>, B>,
        section: Section,
        context: &Context<'_>,
    ) -> Result<Option<Verified<Raw<'a>, B>>, Error> {
        self.content(manifest, section.label(), context)
    }

    /// Returns the text, as [`section`](Self::section) does a section.
    ///
    /// # Errors
    ///
    /// As [`section`](Self::section), and those of [`Text::read`].
    pub fn text<B: Copy>(
        &self,
        manifest: &Verified<Manifest<'a>, B>,
        context: &Context<'_>,
    ) -> Result<Option<Verified<Text<'a>, B>>, Error> {
        context.begin(self.bytes().len(), |context| {
            let content = self.content(manifest, manifest::TEXT, context)?;
            let text = content.map(|content| content.try_map(Text::read)).transpose()?;
            if let Some(text) = &text {
                let components = manifest.value().common().components();
                text.value().check_components(&components, context)?;
            }
            Ok(text)
        })
    }

    /// Returns the MUD container under the member `MUD` of a manifest that
    /// [`verify_with_mud`](Self::verify_with_mud) read; `None` if it has none.
    ///
    /// # Errors
    ///
    /// Those of the encoding, and of [`Mud::read`].
    pub fn mud<const MUD: i64, B: Copy>(
        &self,
        manifest: &Verified<Manifest<'a>, B>,
        context: &Context<'_>,
    ) -> Result<Option<Verified<Mud<'a>, B>>, Error> {
        let content = self.content(manifest, MUD, context)?;
        content.map(|content| content.try_map(Mud::read)).transpose()
    }

    /// Puts the contents of the sections that are `wanted` into `places`, in one walk over the
    /// manifest. Nobody has looked at them; of severed ones the digest was checked.
    pub(crate) fn sections<const N: usize>(
        &self,
        manifest: &Manifest<'a>,
        wanted: &[Section],
        places: &mut [Option<Raw<'a>>; N],
        context: &Context<'_>,
    ) -> Result<(), Error> {
        for Member { label, value } in manifest.members() {
            let at = wanted.iter().position(|section| section.label() == label);
            let Some(place) = at.and_then(|at| places.get_mut(at)) else { continue };
            let item = match SectionBytes::read(&value)? {
                SectionBytes::Inline(item) => item,
                SectionBytes::Severed(digest) => {
                    let absent = ErrorKind::Unsupported(Unsupported::SeveredAbsent(label));
                    let severed = self.severed_member(label).ok_or(Error::new(absent))?;
                    has_digest(&digest, &severed, Rule::SeveredDigest, context)?;
                    severed
                }
            };
            *place = Some(strictness::unread(&item, Rule::ManifestForm)?);
        }
        Ok(())
    }

    fn content<B: Copy>(
        &self,
        manifest: &Verified<Manifest<'a>, B>,
        label: i64,
        context: &Context<'_>,
    ) -> Result<Option<Verified<Raw<'a>, B>>, Error> {
        let mut members = manifest.into_items();
        let Some(member) = members.find(|member| member.value().label == label) else {
            return Ok(None);
        };
        self.content_of(member, context)
    }

    /// The content of a member, from the manifest or, severed, from the envelope.
    fn content_of<B: Copy>(
        &self,
        member: Verified<Member<'a>, B>,
        context: &Context<'_>,
    ) -> Result<Option<Verified<Raw<'a>, B>>, Error> {
        let label = member.value().label;
        let bytes = member.try_map(section_bytes)?;
        let item = match bytes.map(inline).transpose() {
            Some(item) => item,
            None => {
                let absent = ErrorKind::Unsupported(Unsupported::SeveredAbsent(label));
                let severed = self.severed_member(label).ok_or(Error::new(absent))?;
                let Some(digest) = bytes.map(severed_digest).transpose() else { return Ok(None) };
                vouch(&digest, &severed, Rule::SeveredDigest, context)?
            }
        };
        item.try_map_within(&context.profile, embedded).map(Some)
    }

    /// Checks that every severed member of the envelope has the digest that the manifest states.
    fn check_severed(&self, manifest: &Manifest<'a>, context: &Context<'_>) -> Result<(), Error> {
        for (label, severed) in self.severed_members() {
            match manifest.severable(label)? {
                Some(SectionBytes::Severed(digest)) => {
                    has_digest(&digest, &severed, Rule::SeveredDigest, context)?;
                }
                _ => return Err(mismatch(Rule::SeveredStated).at(severed.offset())),
            }
        }
        Ok(())
    }

    /// The manifest, if the digests that the envelope states are right.
    pub(crate) fn intact(&self, context: &Context<'_>) -> Result<Manifest<'a>, Error> {
        let digest = self.authentication().digest();
        has_digest(&digest, &self.manifest_item(), Rule::ManifestDigest, context)?;
        self.check_current()?;
        let manifest = Manifest::read(self.manifest_item(), &context.profile)?;
        self.check_severed(&manifest, context)?;
        Ok(manifest)
    }
}

/// Checks that `item` has this digest; names `rule` where it has another.
fn has_digest(
    digest: &Digest<'_>,
    item: &Raw<'_>,
    rule: Rule,
    context: &Context<'_>,
) -> Result<(), Error> {
    let computed = context.hash(digest.algorithm(), &[item.bytes()])?;
    if computed.as_ref() == digest.value() { Ok(()) } else { Err(mismatch(rule).at(item.offset())) }
}

/// Lets `digest` vouch for `item`; names `rule` where it does not.
fn vouch<'a, B: Copy>(
    digest: &Verified<Digest<'_>, B>,
    item: &Raw<'a>,
    rule: Rule,
    context: &Context<'_>,
) -> Result<Verified<Raw<'a>, B>, Error> {
    digest.vouch_for_item(item, context).map_err(|error| match error.kind() {
        CoseErrorKind::Verification(Verification::DigestMismatch) => {
            mismatch(rule).at(item.offset())
        }
        _ => error.into(),
    })
}

const fn mismatch(rule: Rule) -> Error {
    Error::new(ErrorKind::Verification(rule))
}

fn section_bytes(member: Member<'_>) -> Result<SectionBytes<'_>, Error> {
    SectionBytes::read(&member.value)
}

fn inline(bytes: SectionBytes<'_>) -> Option<Raw<'_>> {
    match bytes {
        SectionBytes::Inline(item) => Some(item),
        SectionBytes::Severed(_) => None,
    }
}

fn severed_digest(bytes: SectionBytes<'_>) -> Option<Digest<'_>> {
    match bytes {
        SectionBytes::Inline(_) => None,
        SectionBytes::Severed(digest) => Some(digest),
    }
}

fn embedded<'a>(item: Raw<'a>, profile: &Profile) -> Result<Raw<'a>, Error> {
    strictness::embedded(&item, profile).breaks(Rule::ManifestForm)
}
