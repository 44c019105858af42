//! Writes `docs/benchmarks.md` from what the benchmarks of this run handed over. It is the last of them, since cargo runs them
//! by name; where one is missing, or is of another run, nothing is written.
#![allow(missing_docs)]

use std::{error::Error, fmt::Write as _, fs, path::Path, process::ExitCode};

use benches::{
    compare::duration,
    page::{self, Heap},
    report,
};

/// All benchmarks, in the order of the page.
const SECTIONS: [&str; 11] = [
    "sign1",
    "claims",
    "tokens",
    "scitt",
    "transparent",
    "suit",
    "teep",
    "merkle",
    "durable",
    "audit",
    "curves",
];

/// What makes the page.
const COMMAND: &str = if cfg!(feature = "aws-lc") {
    "cargo bench -p benches --features aws-lc"
} else {
    "cargo bench -p benches"
};

/// What a benchmark handed over.
#[derive(Default)]
struct Section {
    times: Vec<(String, String, f64)>,
    text: Vec<String>,
}

fn read(name: &str) -> Result<Section, Box<dyn Error>> {
    let handed_over = fs::read_to_string(report::path(name, env!("CARGO_TARGET_TMPDIR")))
        .map_err(|_| format!("{name} handed nothing over"))?;
    let mut lines = handed_over.lines();
    if lines.next() != Some(&format!("run\t{}", report::run())) {
        return Err(format!("what {name} handed over is of another run").into());
    }
    let mut section = Section::default();
    for line in lines {
        match line.split('\t').collect::<Vec<_>>()[..] {
            ["text", text] => section.text.push(text.into()),
            ["time", what, by, time] => {
                section.times.push((what.into(), by.into(), time.parse()?));
            }
            _ => return Err(format!("{name} handed over: {line}").into()),
        }
    }
    Ok(section)
}

/// The processors of this machine, as Linux names them.
fn machine() -> String {
    let info = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let name = info.lines().find_map(|line| line.strip_prefix("model name"));
    let name = name.map_or(std::env::consts::ARCH, |name| name.trim_matches([' ', '\t', ':']));
    let count = std::thread::available_parallelism().map_or(1, usize::from);
    format!("{count} x {name}")
}

fn table(page: &mut String, section: &Section, heaps: &[Heap]) -> std::fmt::Result {
    if section.times.is_empty() {
        return Ok(());
    }
    writeln!(page, "\n| what | by | time | of ours | allocations | peak heap, bytes |")?;
    writeln!(page, "|---|---|--:|--:|--:|--:|")?;
    for rows in section.times.chunk_by(|one, next| one.0 == next.0) {
        for (place, (what, by, time)) in rows.iter().enumerate() {
            let shown = if place == 0 { what } else { "" };
            let (heap, ratio) = (page::heap_of(heaps, what, by), time / rows[0].2);
            writeln!(page, "| {shown} | {by} | {} | {ratio:.2} | {heap} |", duration(*time))?;
        }
    }
    Ok(())
}

fn write() -> Result<(), Box<dyn Error>> {
    let sections: Vec<_> = SECTIONS.iter().map(|name| Ok((name, read(name)?))).collect();
    let sections: Result<Vec<(_, Section)>, Box<dyn Error>> = sections.into_iter().collect();
    let sections = sections?;
    let heaps = page::heaps(Path::new(env!("CARGO_BIN_EXE_heap")))?;
    let mut page = format!(
        "# Benchmarks\n\n\
         Written by `{COMMAND}` on {}: {}, {}.\n\
         Times are of that machine, in one run, minima of calls that take turns; the ratios are what counts: how many times as long as\n\
         ours, which stands first. Allocations, and the most bytes of heap at once, depend on no machine. What each line does stands in\n\
         `benches/src/cases`; instructions are in `docs/instructions.md`, cmw and ear in `docs/benchmarks-peers.md`.\n\
         `durable` depends on what the disk did before: where ten thousand files were removed in the minutes before, ext4 makes new\n\
         files slowly, and the ratios fall to a half or a third. It prints what a new file takes (some 12 µs is usual).\n\n\
         {}\n",
        page::version("date", "+%Y-%m-%d")?,
        machine(),
        page::version("rustc", "--version")?,
        page::crates(),
    );
    for (name, section) in &sections {
        writeln!(page, "\n## {name}")?;
        table(&mut page, section, &heaps)?;
        if **name == "curves" {
            for curve in benches::curve::NAMES {
                writeln!(page, "\n![{}](curves/{curve}.svg)", curve.replace('-', " "))?;
            }
        }
        if !section.text.is_empty() {
            writeln!(page, "\n```text\n{}\n```", section.text.join("\n"))?;
        }
    }
    let place = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/benchmarks.md");
    fs::write(place, page)?;
    println!("docs/benchmarks.md is written");
    Ok(())
}

fn main() -> ExitCode {
    match write() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            println!("docs/benchmarks.md is left as it is: {error}");
            // One benchmark alone writes no page, which is no failure.
            ExitCode::SUCCESS
        }
    }
}
