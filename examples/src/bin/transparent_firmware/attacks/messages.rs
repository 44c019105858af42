//! Evidence of others, and messages that a broker repeats.

use crate::{
    Trouble,
    cast::IMAGE_7,
    evidence::{self, Measured, PUMP_17, PUMP_18},
    tam::Said,
    told::Told,
    verifier::Refusal,
    world::{NONCE, Which, World},
};

pub(super) fn all(world: &mut World, told: &mut Told) -> Result<(), Trouble> {
    evidence_of_others(world, told)?;
    repeated(world, told)
}

fn evidence_of_others(world: &mut World, told: &mut Told) -> Result<(), Trouble> {
    let replayed = evidence::of(&PUMP_17, &world.pump, b"an older nonce!!", Measured::All)?;
    told.refused("evidence that answers another nonce", "E91", world.appraised(&replayed), rule);
    // The report is the one of release 8, and the image is not.
    let mut swapped = world.pump.clone();
    swapped.image = IMAGE_7.to_vec();
    let evidence = evidence::of(&PUMP_17, &swapped, &NONCE, Measured::All)?;
    told.refused(
        "evidence of an image that the reported manifest does not have",
        "RFC 10013",
        world.appraised(&evidence),
        rule,
    );
    let mut forged = evidence::of(&PUMP_17, &world.pump, &NONCE, Measured::All)?;
    if let Some(last) = forged.last_mut() {
        *last ^= 1;
    }
    told.refused("evidence that nobody signed", "C20", world.appraised(&forged), rule);
    // The Agent of one pump shows what another pump attests.
    world.agent.shows = PUMP_18;
    let said = world.meet(Which::First)?;
    world.agent.shows = PUMP_17;
    told.refused(
        "evidence of another device, shown to the TAM by the Agent of this one",
        "TM37",
        refusal_of(said),
        rule,
    );
    world.agent.measured = Measured::ImageOnly;
    let said = world.meet(Which::First)?;
    world.agent.measured = Measured::All;
    told.refused(
        "evidence without what a SUIT_Report asks for, shown to the TAM",
        "SUIT report 5",
        refusal_of(said),
        rule,
    );
    Ok(())
}

fn rule(refusal: &Refusal) -> String {
    refusal.rule.clone()
}

/// Why the TAM refused or dropped something.
fn refusal_of(said: Said) -> Result<Said, Refusal> {
    match said {
        Said::Refused(refusal) | Said::Dropped(refusal) => Err(refusal),
        other => Ok(other),
    }
}

/// The broker has kept everything.
fn repeated(world: &mut World, told: &mut Told) -> Result<(), Trouble> {
    let [unlinked, _, installed, ..] = &world.carried[..] else {
        return Err("few meetings".into());
    };
    let success = installed.of_agent.last().ok_or("no Success")?.clone();
    let unlink = unlinked.of_tam.last().ok_or("no Update")?.clone();
    let update = installed.of_tam.last().ok_or("no Update")?.clone();

    let nobody = |_: &[u8], _: &[u8]| Err(Refusal::from(Trouble::from("nobody asks")));
    let nothing = |_: &crate::verifier::Attested| Ok(crate::tam::Wish::Nothing);
    let call = teep_msg::http::ServerCall::Message(&success);
    world.tam.answer(call, &nobody, &nothing)?;
    let said = world.tam.said.last().cloned().ok_or("the TAM said nothing")?;
    told.refused(
        "the Success of release 8 once more, to a TAM that waits for another answer",
        "TM24",
        refusal_of(said),
        rule,
    );

    // Somebody has put the diagnostics back, on purpose.
    world.pump.has_diagnostics = true;
    for (what, message) in [
        ("the Update that unlinked the diagnostics once more", unlink),
        ("the Update to release 8 once more", update),
    ] {
        let before = world.pump.number;
        world.agent.process(&message, &mut world.pump, &world.services)?;
        let outcome = match world.agent.refusals.last() {
            Some(refusal) => Err(refusal.clone()),
            None => Ok(()),
        };
        told.refused(what, "TA2", outcome, rule);
        world.agent.refusals.clear();
        told.holds(
            "  and nothing has changed",
            "the diagnostics are there, and release 8 is",
            world.pump.has_diagnostics && world.pump.number == before,
        );
    }
    Ok(())
}
