//! What the processor asks of its caller, and what the caller answers.

use cose_ext::{Digest, crypto::Algorithm};

#[cfg(feature = "hierarchy")]
use super::Delegated;
use super::{ComponentName, Failure};
use crate::{ReportingPolicy, Section, command::CommandKind};

/// What is to be done next. It borrows the manifest and not the machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Step<'m> {
    /// Find out whether the device has this component, before anything is done: [`Answer::Held`].
    FindComponent(ComponentName<'m>),
    /// Compare the vendor of the device: [`Answer::Held`].
    CheckVendor {
        /// Which component.
        component: ComponentName<'m>,
        /// The identifier: 16 bytes, or a Private Enterprise Number as it is encoded, tag included.
        vendor: &'m [u8],
    },
    /// Compare the class of the device: [`Answer::Held`].
    CheckClass {
        /// Which component.
        component: ComponentName<'m>,
        /// The identifier.
        class: &'m [u8],
    },
    /// Compare the identifier of the device: [`Answer::Held`].
    CheckDevice {
        /// Which component.
        component: ComponentName<'m>,
        /// The identifier.
        device: &'m [u8],
    },
    /// Digest the component: [`Answer::Image`], or [`Answer::Held`] with `false` if there is none
    /// or the algorithm is not at hand. The processor compares.
    DigestImage {
        /// Which component.
        component: ComponentName<'m>,
        /// By which hash function.
        algorithm: Algorithm,
        /// How large it has to be, in bytes; nothing beyond it need be read.
        size: Option<u64>,
    },
    /// Compare the slot of the component: [`Answer::Held`].
    CheckSlot {
        /// Which component.
        component: ComponentName<'m>,
        /// The slot.
        slot: u64,
    },
    /// Compare what the component holds, all of it and in constant time: [`Answer::Held`].
    CheckContent {
        /// Which component.
        component: ComponentName<'m>,
        /// What it has to hold.
        content: &'m [u8],
    },
    /// Read the envelope that the component holds into
    /// [`Processor::arena`](super::Processor::arena), and call
    /// [`Processor::loaded`](super::Processor::loaded); or [`Answer::Held`] with `false` if there
    /// is none.
    LoadDependency(ComponentName<'m>),
    /// Hash the manifest again where it stands, byte string head included, and compare:
    /// [`Answer::Held`].
    HashManifest {
        /// The digest that it has to have.
        manifest: Digest<'m>,
    },
    /// Count what refers to the component: [`Answer::Count`]. Asked before a command changes it.
    CountReferences(ComponentName<'m>),
    /// Fetch the component: [`Answer::Done`].
    Fetch {
        /// Where to.
        component: ComponentName<'m>,
        /// Where from.
        uri: &'m str,
        /// The payload, if a member of the envelope has the URI as its key. Nothing vouches for it
        /// but what the manifest checks afterwards.
        integrated: Option<&'m [u8]>,
        /// What the fetch needs besides.
        arguments: Option<&'m [u8]>,
        /// How large it has to be, in bytes: stop at the first byte beyond.
        size: Option<u64>,
    },
    /// Write the component: [`Answer::Done`].
    Write {
        /// Where to.
        component: ComponentName<'m>,
        /// What.
        content: &'m [u8],
    },
    /// Copy a component: [`Answer::Done`], or [`Answer::Failed`] if there is no source.
    Copy {
        /// Where from.
        source: ComponentName<'m>,
        /// Where to.
        destination: ComponentName<'m>,
    },
    /// Exchange two components: [`Answer::Done`], or [`Answer::Failed`] if there is no source.
    Swap {
        /// The one.
        source: ComponentName<'m>,
        /// The other.
        destination: ComponentName<'m>,
    },
    /// Start the component: [`Answer::Done`], if the machine is still there then.
    Invoke {
        /// Which component.
        component: ComponentName<'m>,
        /// What it is started with; `None` is not the same as empty.
        arguments: Option<&'m [u8]>,
    },
    /// Lower the count of what refers to the component: [`Answer::Count`] with how many still do.
    /// At zero, the uninstall section of a dependency is run.
    Unlink(ComponentName<'m>),
    /// Move the sequence number that is stored for the dependency in this component, at once or
    /// when the new image has confirmed itself: [`Answer::Done`].
    CommitDependency {
        /// Which component.
        component: ComponentName<'m>,
        /// The number of its manifest.
        sequence_number: u64,
    },
    /// Move the stored sequence number, at once or when the new image has confirmed itself:
    /// [`Answer::Done`].
    Commit {
        /// The number of the manifest.
        sequence_number: u64,
    },
    /// Pass the request on to the second processor, which runs what stands under its prefix: see
    /// [`Delegated`] for the answer.
    #[cfg(feature = "hierarchy")]
    Delegate {
        /// Which component: the one that holds the dependency, or whose parameters are set.
        component: ComponentName<'m>,
        /// What the second processor is asked for.
        request: Delegated<'m>,
    },
    /// The procedure has ended. No answer is due.
    Ended(Result<(), Failure>),
}

/// What the caller answers to a [`Step`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Answer<'a> {
    /// It is done.
    Done,
    /// It could not be done.
    Failed,
    /// Whether what was asked holds.
    Held(bool),
    /// The component as it is.
    Image {
        /// Its digest.
        digest: &'a [u8],
        /// Its size in bytes.
        size: u64,
    },
    /// So many refer to it.
    Count(u64),
}

/// The outcome of a command that was put to the device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Outcome<'m> {
    /// Which component.
    pub component: ComponentName<'m>,
    /// Which command.
    pub command: CommandKind,
    /// Whether the condition holds, or the directive was carried out.
    pub succeeded: bool,
    /// Where the command stands.
    pub place: Place,
    /// What the manifest wants to be told about the command.
    pub policy: ReportingPolicy,
}

/// Where a command stands in its manifest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Place {
    /// The section that is run.
    pub section: Section,
    /// Whether the command stands in the shared sequence, which runs before the section.
    pub is_shared: bool,
    /// Where it stands, in bytes from the start of the content of the byte string that holds the
    /// section or the shared sequence.
    pub offset: usize,
    /// The component that it is run for, by its index in the manifest.
    pub component_index: u8,
}
