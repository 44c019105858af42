//! What a thief, a broker and a service may try.

mod envelopes;
mod logs;
mod messages;

use crate::{Trouble, told::Told, world::World};

pub(crate) fn all(world: &mut World, told: &mut Told) -> Result<(), Trouble> {
    envelopes::all(world, told)?;
    logs::all(world, told)?;
    messages::all(world, told)
}

fn rule(error: &transparent_suit::Error) -> String {
    error.rule().map_or("none".into(), |rule| rule.id.to_owned())
}
