//! The processor beside a naive interpreter, on random sequences: the same effects in the same order, the
//! same contents, the same verdict.
//!
//! `REFERENCE_CASES` says how many; `REFERENCE_SEED` where the random numbers start.

#[path = "support/beside_naive.rs"]
mod beside_naive;
#[path = "support/device.rs"]
mod device;
#[path = "support/naive.rs"]
mod naive;
#[path = "support/procedures.rs"]
mod procedures;

use beside_naive::compare;
use suit_manifest::Procedure;
use testkit::rng::seeded;

fn from_environment(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().and_then(|value| value.parse().ok()).unwrap_or(default)
}

#[test]
fn the_processor_does_what_a_naive_interpreter_does() {
    let cases = from_environment("REFERENCE_CASES", 500);
    let seed = from_environment("REFERENCE_SEED", 1);
    let mut successes = 0;
    let mut longest = 0;
    for case in 0..cases {
        let mut rng = seeded(seed.wrapping_add(case));
        let (succeeded, effects) = compare(&mut rng, &format!("case {case}"), |made, device| {
            made.run(Procedure::Update, device)
        });
        successes += u64::from(succeeded);
        longest = longest.max(effects);
    }
    // The sequences are worth the while: some succeed, some fail, and some do much.
    assert!(successes > cases / 20 && successes < cases, "{successes} of {cases}");
    assert!(longest > 8, "{longest}");
}
