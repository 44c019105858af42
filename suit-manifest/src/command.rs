//! One command of a command sequence.

use core::fmt;

use cose_ext::cbor::{Int, Raw};

use crate::label::{condition, directive};

/// A command as it stands in a command sequence: its number, its argument, and where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Command<'m> {
    code: Int,
    argument: Raw<'m>,
    offset: usize,
}

impl<'m> Command<'m> {
    pub(crate) const fn new(code: Int, argument: Raw<'m>, offset: usize) -> Self {
        Self { code, argument, offset }
    }

    /// Returns the number of the command as it stands in the sequence.
    #[must_use]
    pub const fn code(&self) -> Int {
        self.code
    }

    /// Returns the command that the number names; `None` if the registry has none.
    #[must_use]
    pub const fn kind(&self) -> Option<CommandKind> {
        CommandKind::new(self.code)
    }

    /// Returns the argument as it stands in the sequence.
    #[must_use]
    pub const fn argument(&self) -> Raw<'m> {
        self.argument
    }

    /// Returns where the number of the command starts, in bytes of the input.
    #[must_use]
    pub const fn offset(&self) -> usize {
        self.offset
    }
}

/// What a command tests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Condition {
    /// The vendor of the device is the one of the parameter.
    VendorIdentifier,
    /// The class of the device is the one of the parameter.
    ClassIdentifier,
    /// The component has the digest of the parameter, and its size if one is set.
    ImageMatch,
    /// The time has not come yet (update management).
    UseBefore,
    /// The device runs from, or keeps the component in, this slot.
    ComponentSlot,
    /// The component holds exactly the content of the parameter.
    CheckContent,
    /// The component holds the dependency of the parameter, authentic and whole (trust domains).
    DependencyIntegrity,
    /// The component is listed as a dependency (trust domains).
    IsDependency,
    /// Never holds.
    Abort,
    /// The device is the one of the parameter.
    DeviceIdentifier,
    /// The component has another digest than the one of the parameter (update management).
    ImageNotMatch,
    /// The battery holds at least so much (update management).
    MinimumBattery,
    /// The update is authorized (update management).
    UpdateAuthorized,
    /// The component has a version in the range of the parameter (update management).
    Version,
}

/// What a command does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Directive {
    /// Runs the section of the dependency that the dependent is in (trust domains).
    ProcessDependency,
    /// Says which components the commands that follow are about.
    SetComponentIndex,
    /// Runs sequences until one does not fail.
    TryEach,
    /// Writes the content of the parameter into the component.
    Write,
    /// Sets parameters that are not set (trust domains).
    SetParameters,
    /// Sets parameters.
    OverrideParameters,
    /// Fetches the component from the URI of the parameter.
    Fetch,
    /// Copies the source component into the component.
    Copy,
    /// Starts the component.
    Invoke,
    /// Waits for events (update management).
    Wait,
    /// Exchanges the component and the source component.
    Swap,
    /// Runs a sequence.
    RunSequence,
    /// Lowers the number of references to the component (trust domains).
    Unlink,
    /// Sets parameters of several components (update management).
    OverrideMultiple,
    /// Copies parameters of other components (update management).
    CopyParams,
}

/// A command of the registry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(clippy::exhaustive_enums, reason = "the specification has no others")]
pub enum CommandKind {
    /// A command whose outcome is the outcome of a test.
    Condition(Condition),
    /// A command that does something.
    Directive(Directive),
}

macro_rules! registry {
    ($($kind:ident :: $variant:ident = $module:ident :: $label:ident, $name:literal;)*) => {
        impl CommandKind {
            /// Returns the command of this number; `None` if the registry has none.
            pub const fn new(code: Int) -> Option<Self> {
                match code.to_i64() {
                    Some(code) => Self::of_code(code),
                    None => None,
                }
            }

            #[cfg_attr(target_pointer_width = "64", inline(always))]
            #[cfg_attr(not(target_pointer_width = "64"), inline(never))]
            pub(crate) const fn of_code(code: i64) -> Option<Self> {
                Some(match code {
                    $($module::$label => Self::$kind($kind::$variant),)*
                    _ => return None,
                })
            }

            /// Returns the number of the command.
            pub const fn code(self) -> i64 {
                match self {
                    $(Self::$kind($kind::$variant) => $module::$label,)*
                }
            }

            /// Returns the name of the command without its prefix.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$kind($kind::$variant) => $name,)*
                }
            }

            pub(crate) const ALL: &'static [Self] = &[$(Self::$kind($kind::$variant)),*];
        }
    };
}

registry! {
    Condition::VendorIdentifier = condition::VENDOR_IDENTIFIER, "vendor-identifier";
    Condition::ClassIdentifier = condition::CLASS_IDENTIFIER, "class-identifier";
    Condition::ImageMatch = condition::IMAGE_MATCH, "image-match";
    Condition::UseBefore = condition::USE_BEFORE, "use-before";
    Condition::ComponentSlot = condition::COMPONENT_SLOT, "component-slot";
    Condition::CheckContent = condition::CHECK_CONTENT, "check-content";
    Condition::DependencyIntegrity = condition::DEPENDENCY_INTEGRITY, "dependency-integrity";
    Condition::IsDependency = condition::IS_DEPENDENCY, "is-dependency";
    Condition::Abort = condition::ABORT, "abort";
    Condition::DeviceIdentifier = condition::DEVICE_IDENTIFIER, "device-identifier";
    Condition::ImageNotMatch = condition::IMAGE_NOT_MATCH, "image-not-match";
    Condition::MinimumBattery = condition::MINIMUM_BATTERY, "minimum-battery";
    Condition::UpdateAuthorized = condition::UPDATE_AUTHORIZED, "update-authorized";
    Condition::Version = condition::VERSION, "version";
    Directive::ProcessDependency = directive::PROCESS_DEPENDENCY, "process-dependency";
    Directive::SetComponentIndex = directive::SET_COMPONENT_INDEX, "set-component-index";
    Directive::TryEach = directive::TRY_EACH, "try-each";
    Directive::Write = directive::WRITE, "write";
    Directive::SetParameters = directive::SET_PARAMETERS, "set-parameters";
    Directive::OverrideParameters = directive::OVERRIDE_PARAMETERS, "override-parameters";
    Directive::Fetch = directive::FETCH, "fetch";
    Directive::Copy = directive::COPY, "copy";
    Directive::Invoke = directive::INVOKE, "invoke";
    Directive::Wait = directive::WAIT, "wait";
    Directive::Swap = directive::SWAP, "swap";
    Directive::RunSequence = directive::RUN_SEQUENCE, "run-sequence";
    Directive::Unlink = directive::UNLINK, "unlink";
    Directive::OverrideMultiple = directive::OVERRIDE_MULTIPLE, "override-multiple";
    Directive::CopyParams = directive::COPY_PARAMS, "copy-params";
}

impl CommandKind {
    /// Returns whether the processor carries the command out; the others belong to extensions that
    /// it recognises and refuses. Those of trust domains are carried out with the feature
    /// `trust-domains`.
    #[must_use]
    pub const fn is_supported(self) -> bool {
        if self.is_of_trust_domains() {
            return cfg!(feature = "trust-domains");
        }
        !matches!(
            self,
            Self::Condition(
                Condition::UseBefore
                    | Condition::ImageNotMatch
                    | Condition::MinimumBattery
                    | Condition::UpdateAuthorized
                    | Condition::Version
            ) | Self::Directive(
                Directive::Wait | Directive::OverrideMultiple | Directive::CopyParams
            )
        )
    }

    /// Whether the command belongs to the extension for dependencies (SUIT trust domains).
    const fn is_of_trust_domains(self) -> bool {
        matches!(
            self,
            Self::Condition(Condition::DependencyIntegrity | Condition::IsDependency)
                | Self::Directive(
                    Directive::ProcessDependency | Directive::SetParameters | Directive::Unlink
                )
        )
    }

    /// Returns whether the command may stand in the shared sequence: what is there has no effect
    /// outside of the machine (draft-ietf-suit-manifest-37, appendix A, SUIT_Shared_Commands).
    #[must_use]
    pub const fn is_shared(self) -> bool {
        matches!(
            self,
            Self::Condition(_)
                | Self::Directive(
                    Directive::SetComponentIndex
                        | Directive::TryEach
                        | Directive::RunSequence
                        | Directive::OverrideParameters
                        | Directive::SetParameters
                )
        )
    }

    /// Returns whether the argument of the command is a reporting policy.
    #[must_use]
    pub const fn takes_policy(self) -> bool {
        !matches!(
            self,
            Self::Directive(
                Directive::SetComponentIndex
                    | Directive::TryEach
                    | Directive::RunSequence
                    | Directive::SetParameters
                    | Directive::OverrideParameters
                    | Directive::OverrideMultiple
                    | Directive::CopyParams
            )
        )
    }
}

impl fmt::Display for CommandKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use std::vec::Vec;

    use cose_ext::cbor::Int;

    use super::CommandKind;

    #[test]
    fn numbers_and_kinds_are_inverse() {
        for kind in CommandKind::ALL {
            assert_eq!(CommandKind::new(Int::new(kind.code())), Some(*kind));
        }
        for unknown in [0, 9, 10, 13, 16, 17, 30, 36, 99, -1, -300] {
            assert_eq!(CommandKind::new(Int::new(unknown)), None, "{unknown}");
        }
    }

    #[test]
    fn the_shared_sequence_takes_no_effects() {
        let excluded = CommandKind::ALL.iter().filter(|kind| !kind.is_shared());
        let names: Vec<_> = excluded.map(|kind| kind.name()).collect();
        assert_eq!(
            names,
            [
                "process-dependency",
                "write",
                "fetch",
                "copy",
                "invoke",
                "wait",
                "swap",
                "unlink",
                "override-multiple",
                "copy-params"
            ]
        );
    }
}
