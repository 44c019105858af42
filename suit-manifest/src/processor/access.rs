//! Who may do what to which component (SUIT manifest 9).

use cose_ext::sign::Signers;

use super::{ComponentName, Processor};
use crate::{Parameter, Rule, command::CommandKind};

/// Who may do what to which component: rights by signer, component, command and parameter, as the
/// device grants them ([`Processor::with_access`]).
pub trait AccessControl {
    /// Returns the role of a dependency, which stands in `component`, by who signed it; `None` if
    /// it may do nothing. The digest that its dependent states vouches for it too: a device may
    /// give it the role of its dependent.
    fn role(&self, component: &ComponentName<'_>, signers: &Signers) -> Option<Role>;

    /// Returns the role of a dependency whose own signature is not asked for
    /// ([`DependencySignature::Waived`](super::DependencySignature::Waived)), by the role of its
    /// dependent; `None` if it may do nothing, which is the answer of a device that does not say
    /// otherwise. Where the signer of the dependent has rights to everything, the dependency may
    /// have the same ones (trust domains 5.1).
    fn unsigned_role(&self, component: &ComponentName<'_>, dependent: Role) -> Option<Role> {
        let _ = (component, dependent);
        None
    }

    /// Returns whether a manifest of this role may do this.
    fn permits(&self, role: Role, access: &Access<'_>) -> bool;
}

/// The role of a manifest, by a number of the device's own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Role(pub u8);

/// What a manifest is about to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Access<'c> {
    /// To which component.
    pub component: ComponentName<'c>,
    /// By which command.
    pub command: CommandKind,
    /// Which parameter the command sets, if it sets parameters; it is asked for each of them.
    pub parameter: Option<Parameter>,
}

/// The access control of a processor, if it has one.
#[derive(Clone, Copy)]
pub(super) struct Rights<'m>(pub(super) Option<&'m dyn AccessControl>);

impl core::fmt::Debug for Rights<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_tuple("Rights").field(&self.0.is_some()).finish()
    }
}

impl<'m, const COMPONENTS: usize, const DEPTH: usize> Processor<'m, COMPONENTS, DEPTH> {
    /// Lets `control` decide about each command, for each component that it is run for, and about
    /// each parameter. `role` is that of the manifest, whose signers its
    /// [`Verified`](cose_ext::Verified) tells. What is not permitted ends the procedure, before the
    /// device is asked for anything.
    #[must_use]
    pub fn with_access(mut self, control: &'m dyn AccessControl, role: Role) -> Self {
        self.rights = Rights(Some(control));
        if let Some(Some(root)) = self.levels.first_mut() {
            root.role = role;
        }
        self
    }

    /// Whether the manifest that is being run may do this; if not, the procedure has ended.
    #[inline]
    pub(super) fn is_permitted(
        &mut self,
        at: u8,
        command: CommandKind,
        parameter: Option<Parameter>,
    ) -> bool {
        match self.rights.0 {
            None => true,
            Some(control) => self.is_granted(control, at, command, parameter),
        }
    }

    #[inline(never)]
    fn is_granted(
        &mut self,
        control: &dyn AccessControl,
        at: u8,
        command: CommandKind,
        parameter: Option<Parameter>,
    ) -> bool {
        let Some(component) = self.component(at).map(|one| one.name) else { return true };
        let role = self.current().map_or(Role::default(), |level| level.role);
        let is_permitted = control.permits(role, &Access { component, command, parameter });
        if !is_permitted {
            self.abort(Rule::AccessGranted);
        }
        is_permitted
    }
}
