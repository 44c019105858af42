//! Shortest times of pieces of work that take turns: what disturbs one disturbs the others.

use std::{
    hint::black_box,
    time::{Duration, Instant},
};

/// The shortest times of two pieces of work that take turns, so that what disturbs one disturbs the
/// other. Each time is of one call.
pub fn minima(mut ours: impl FnMut(), mut theirs: impl FnMut(), rounds: u32) -> [Duration; 2] {
    const CALLS: u32 = 64;
    let mut best = [Duration::MAX; 2];
    for _ in 0..rounds {
        let mut time = |work: &mut dyn FnMut(), slot: usize| {
            let start = Instant::now();
            for _ in 0..CALLS {
                black_box(&mut *work)();
            }
            best[slot] = best[slot].min(start.elapsed() / CALLS);
        };
        time(&mut ours, 0);
        time(&mut theirs, 1);
    }
    best
}

/// The shortest times of one run of each piece of work, all taking turns.
pub fn shortest<const N: usize>(works: [&mut dyn FnMut(); N], rounds: u32) -> [Duration; N] {
    let mut works = works.map(|work| move |_: usize| work());
    shortest_parts(works.each_mut().map(|work| work as &mut dyn FnMut(usize)), 1, rounds)
}

/// The times of long pieces of work that are done in parts, numbered from 0, all taking turns. Of
/// each part the shortest time counts, since the whole is longer than a machine stays quiet.
pub fn shortest_parts<const N: usize>(
    mut works: [&mut dyn FnMut(usize); N],
    parts: usize,
    rounds: u32,
) -> [Duration; N] {
    let mut best = vec![[Duration::MAX; N]; parts];
    for _ in 0..rounds {
        for (part, best) in best.iter_mut().enumerate() {
            for (work, best) in works.iter_mut().zip(best) {
                let start = Instant::now();
                work(part);
                *best = start.elapsed().min(*best);
            }
        }
    }
    std::array::from_fn(|work| best.iter().map(|part| part[work]).sum())
}

/// How long a single measured stretch is at least: far above what the clock costs.
const STRETCH: Duration = Duration::from_micros(20);

/// The shortest times of one call of each piece of work, in nanoseconds. They take turns in
/// stretches of at least 20 µs until each has had `each` of time, and at least 20 stretches.
pub fn least(works: &[&dyn Fn()], each: Duration) -> Vec<f64> {
    let time = |work: &dyn Fn(), calls: u32| {
        let start = Instant::now();
        for _ in 0..calls {
            black_box(work)();
        }
        start.elapsed()
    };
    let calls: Vec<u32> = works
        .iter()
        .map(|work| {
            let mut calls = 1;
            while time(*work, calls) < STRETCH {
                calls *= 2;
            }
            calls
        })
        .collect();
    let mut best = vec![f64::INFINITY; works.len()];
    let (start, mut rounds) = (Instant::now(), 0);
    let whole = each * u32::try_from(works.len()).unwrap_or(u32::MAX);
    while rounds < 20 || start.elapsed() < whole {
        for ((work, calls), best) in works.iter().zip(&calls).zip(&mut best) {
            let nanoseconds = time(*work, *calls).as_secs_f64() * 1e9;
            *best = best.min(nanoseconds / f64::from(*calls));
        }
        rounds += 1;
    }
    best
}
