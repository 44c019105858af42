//! One random manifest on the processor and on the naive interpreter.

use crate::device::Device;
use crate::naive::{Command, Index, Model, encoded, random, random_index, uri};
use crate::procedures::{DEPTH, Ended, Made};
use rand_core::Rng;

/// Runs one random manifest on both, and returns whether it succeeded, and how many effects it had.
/// `update` signs it and carries out an update.
pub(crate) fn compare(
    rng: &mut dyn Rng,
    name: &str,
    update: impl FnOnce(&Made, &mut Device) -> Result<(), Ended>,
) -> (bool, usize) {
    let components = 1 + usize::try_from(rng.next_u32() % 3).unwrap();
    let contents: Vec<_> =
        (0..components).map(|_| [None, Some(0), Some(1)][(rng.next_u32() % 3) as usize]).collect();
    let mut sections = Vec::new();
    for section in [16, 20, 7] {
        let mut commands = random(rng, components, DEPTH - 1);
        if components > 1 {
            commands.insert(0, random_index(rng, components));
        }
        sections.push((section, commands));
    }

    let mut device = Device::with_components(0..u8::try_from(components).unwrap());
    for (index, content) in contents.iter().enumerate() {
        let component = device.components.get_mut(&format!("{index:02x}")).unwrap();
        component.content = content.map(|content| vec![content]);
        component.slot = Some(u64::try_from(index).unwrap());
    }
    device.network = (0..2).map(|payload| (uri(payload), vec![payload])).collect();
    let mut made = Made::new(components, 20, &[]);
    made.sections = sections.iter().map(|(key, commands)| (*key, encoded(commands))).collect();
    made.sections.sort();
    let ended = update(&made, &mut device);

    let mut model = Model::new(contents);
    let expected = sections
        .iter()
        .try_for_each(|(_, commands): &(_, Vec<Command>)| model.run(commands, Index::One(0), None));
    if expected.is_ok() {
        model.log.push("commit-sequence 1".into());
    }
    assert_eq!(device.log(), model.log, "{name}: {sections:?} ended {ended:?}");
    assert_eq!(ended.is_ok(), expected.is_ok(), "{name}: {sections:?} ended {ended:?}");
    for (index, content) in model.contents.iter().enumerate() {
        let found = device.components[&format!("{index:02x}")].content.as_deref();
        let expected = content.map(|content| [content]);
        assert_eq!(found, expected.as_ref().map(|content| &content[..]), "{name}");
    }
    (ended.is_ok(), model.log.len())
}
