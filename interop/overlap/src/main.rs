//! Writes `docs/benchmarks-peers.md`: `./ci.sh benchmarks_peers` runs it. What is compared stands in `overlap.rs`.
#![forbid(unsafe_code)]

mod overlap;
#[path = "../../../benches/src/timing.rs"]
#[allow(dead_code)]
mod timing;
#[path = "../../../benches/src/work.rs"]
mod work;

use std::{error::Error, fmt::Write as _, process::Command, time::Duration};

use work::Work;

const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/benchmarks-peers.md");

fn said(program: &str, argument: &str) -> Result<String, Box<dyn Error>> {
    let said = String::from_utf8(Command::new(program).arg(argument).output()?.stdout)?;
    Ok(said.split_whitespace().take(2).collect::<Vec<_>>().join(" "))
}

fn main() -> Result<(), Box<dyn Error>> {
    let works = overlap::works();
    let heap = Command::new(std::env::current_exe()?.with_file_name("heap")).output()?;
    let heap = String::from_utf8(heap.stdout)?;
    let heap_of = |work: &Work| {
        let line = format!("{}\t{}\t", work.what, work.by);
        let counted = heap.lines().find_map(|found| found.strip_prefix(&line));
        counted.ok_or("nobody counted").map(|counted| counted.replace('\t', " | "))
    };
    let info = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let machine = info.lines().find_map(|line| line.strip_prefix("model name"));
    let machine =
        machine.map_or(std::env::consts::ARCH, |name| name.trim_matches([' ', '\t', ':']));
    let mut page = format!(
        "# Benchmarks beside cmw and ear\n\n\
         Written by `./ci.sh benchmarks_peers` on {}: {machine}, {}.\n\
         cmw 0.1.2 and ear 0.6.0 bring sixty crates, OpenSSL and an HTTP client among them, so they are not in `docs/benchmarks.md`.\n\
         Times are of that machine, in one run, minima of calls that take turns; the ratios are what counts: how many times as long as\n\
         ours, which stands first. Allocations, and the most bytes of heap at once, depend on no machine. What is compared, and what is\n\
         not, stands in `interop/overlap/src/overlap.rs`.\n\n\
         | what | by | time, ns | of ours | allocations | peak heap, bytes |\n\
         |---|---|--:|--:|--:|--:|\n",
        said("date", "+%Y-%m-%d")?,
        said("rustc", "--version")?,
    );
    for works in works.chunk_by(|one, next| one.what == next.what) {
        let runs: Vec<_> = works.iter().map(|work| || work.run()).collect();
        let runs: Vec<&dyn Fn()> = runs.iter().map(|run| run as &dyn Fn()).collect();
        let times = timing::least(&runs, Duration::from_millis(500));
        for (place, (work, time)) in works.iter().zip(&times).enumerate() {
            let (what, ratio) = (if place == 0 { work.what } else { "" }, time / times[0]);
            writeln!(
                page,
                "| {what} | {} | {time:.0} | {ratio:.2} | {} |",
                work.by,
                heap_of(work)?
            )?;
        }
    }
    std::fs::write(PAGE, &page)?;
    print!("{page}");
    Ok(())
}
