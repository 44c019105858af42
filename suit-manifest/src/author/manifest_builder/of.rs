//! A manifest that is there, taken apart to be written anew.

use alloc::vec::Vec;

use cose_ext::{Context, Verified, cbor::Reader};

use super::{ManifestBuilder, Sequence};
use crate::{
    CommandSequence, ComponentId, Envelope, Error, ErrorKind, Manifest, Member, Section,
    SectionBytes, Unsupported, author::encoded::int, label::manifest,
};

impl ManifestBuilder {
    /// Takes a verified manifest apart, so that it can be changed, written and signed again: an
    /// author's next manifest begins with the last one. What is not changed is written as it
    /// was, byte for byte.
    ///
    /// A severed member whose content is not in `envelope` stays what it is, its digest. Whoever
    /// vouched for the manifest does not vouch for what is built from it.
    ///
    /// # Errors
    ///
    /// Those of [`Envelope::section`] and [`CommandSequence::new`].
    pub fn of<B: Copy>(
        envelope: &Envelope<'_>,
        manifest: &Verified<Manifest<'_>, B>,
        context: &Context<'_>,
    ) -> Result<Self, Error> {
        let read = manifest.value();
        let mut builder = Self::new(read.sequence_number());
        for component in read.common().components() {
            builder = builder.component(&segments(&component));
        }
        for dependency in read.common().dependencies() {
            let index = u64::try_from(dependency.index).unwrap_or(u64::MAX);
            builder = match dependency.prefix {
                None => builder.dependency(index),
                Some(prefix) => builder.dependency_under(index, &segments(&prefix)),
            };
        }
        if let Some(shared) = read.common().shared_sequence(&context.profile)? {
            // An empty one too, since it stands there.
            builder.shared = Some(Sequence::of(&CommandSequence::new(&shared)?)?);
        }
        for member in read.members() {
            builder = builder.member(&member, envelope, manifest, context)?;
        }
        Ok(builder)
    }

    fn member<B: Copy>(
        mut self,
        member: &Member<'_>,
        envelope: &Envelope<'_>,
        verified: &Verified<Manifest<'_>, B>,
        context: &Context<'_>,
    ) -> Result<Self, Error> {
        let Member { label, value } = member;
        if let Some(section) = Section::from_label(*label) {
            return match envelope.section(verified, section, context) {
                Ok(Some(content)) => {
                    let sequence = Sequence::of(&CommandSequence::new(content.value())?)?;
                    self.note_severed(member)?;
                    Ok(self.section(section, sequence))
                }
                Ok(None) => Ok(self),
                Err(error) if is_absent(&error) => Ok(self.encoded(member)),
                Err(error) => Err(error),
            };
        }
        match *label {
            manifest::VERSION | manifest::SEQUENCE_NUMBER | manifest::COMMON => Ok(self),
            manifest::REFERENCE_URI => Ok(self.reference_uri(value.read(Reader::text)?)),
            manifest::COMPONENT_ID => {
                let name = ComponentId::read(value)?;
                Ok(self.manifest_component_id(&segments(&name)))
            }
            manifest::TEXT | manifest::COSWID => {
                match envelope.severed_member(*label) {
                    // Its digest was checked when the manifest was verified.
                    Some(content) => {
                        self.note_severed(member)?;
                        self.members.set(int(*label), content.bytes().to_vec());
                        Ok(self)
                    }
                    None => Ok(self.encoded(member)),
                }
            }
            manifest::SET_VERSION => Ok(self.encoded(member)),
            // The only other member that a verified manifest can have.
            label => {
                self.mud = Some((label, value.bytes().to_vec()));
                Ok(self)
            }
        }
    }

    fn encoded(mut self, member: &Member<'_>) -> Self {
        self.members.set(int(member.label), member.value.bytes().to_vec());
        self
    }

    fn note_severed(&mut self, member: &Member<'_>) -> Result<(), Error> {
        if let SectionBytes::Severed(digest) = SectionBytes::read(&member.value)? {
            self.severed.push((member.label, Some(digest.algorithm())));
        }
        Ok(())
    }
}

fn segments<'a>(name: &ComponentId<'a>) -> Vec<&'a [u8]> {
    name.segments().collect()
}

fn is_absent(error: &Error) -> bool {
    matches!(error.kind(), ErrorKind::Unsupported(Unsupported::SeveredAbsent(_)))
}

impl Sequence {
    /// Takes a sequence that is there apart, to write it anew.
    ///
    /// # Errors
    ///
    /// [`Rule::SequenceForm`](crate::Rule::SequenceForm) for a command whose number is none.
    pub fn of(sequence: &CommandSequence<'_>) -> Result<Self, Error> {
        let mut written = Self::new();
        for command in sequence.iter() {
            let command = command?;
            written = written.item(&int(command.code()), command.argument().bytes());
        }
        Ok(written)
    }
}
