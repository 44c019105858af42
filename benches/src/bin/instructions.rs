//! Writes `docs/instructions.md`: instructions and heap of each small thing. `./ci.sh instructions` runs it.
//!
//! With `measure` as its argument it does each thing twice, the second time inside of [`measured`]. Without, it runs itself
//! so under valgrind, which counts in that function alone and writes its count whenever the function is left. The order is
//! that of the lines that are printed: section, what, by whom.

use std::{
    error::Error,
    fmt::Write as _,
    fs,
    hint::black_box,
    path::{Path, PathBuf},
    process::{Command, ExitCode},
};

use benches::{
    cases,
    page::{self, Heap},
    work::Work,
};

/// What is counted: a call of this function.
#[inline(never)]
fn measured(work: &Work) {
    black_box(work).run();
}

fn measure() {
    // What calling costs.
    let nothing = Work::new("nothing", "nothing", || ());
    measured(&nothing);
    println!("-\tnothing\tnothing");
    for (section, works) in cases::ALL {
        for work in works() {
            // What is made once, as what a processor can do.
            work.run();
            measured(&work);
            println!("{section}\t{}\t{}", work.what, work.by);
        }
    }
}

/// How many instructions a thing takes.
struct Count {
    section: String,
    what: String,
    by: String,
    instructions: u64,
}

fn count(folder: &Path) -> Result<Vec<Count>, Box<dyn Error>> {
    fs::create_dir_all(folder)?;
    for old in fs::read_dir(folder)? {
        fs::remove_file(old?.path())?;
    }
    let out = folder.join("callgrind");
    let ran = Command::new("valgrind")
        .args(["--tool=callgrind", "--collect-atstart=no"])
        .args(["--toggle-collect=instructions::measured", "--dump-after=instructions::measured"])
        .arg(format!("--callgrind-out-file={}", out.display()))
        .arg(std::env::current_exe()?)
        .arg("measure")
        .output()
        .map_err(|error| format!("cannot run: there is no valgrind ({error})"))?;
    if !ran.status.success() {
        return Err(String::from_utf8_lossy(&ran.stderr).into());
    }
    let mut counts = Vec::new();
    let mut calling = 0;
    for (number, line) in (1..).zip(String::from_utf8(ran.stdout)?.lines()) {
        let dump = fs::read_to_string(out.with_extension(number.to_string()))?;
        let total = dump.lines().find_map(|line| line.strip_prefix("totals: "));
        let total: u64 = total.ok_or("a dump without totals")?.trim().parse()?;
        let &[section, what, by] = &line.split('\t').collect::<Vec<_>>()[..] else {
            return Err(format!("not a line of three: {line}").into());
        };
        if section == "-" {
            calling = total;
            continue;
        }
        counts.push(Count {
            section: section.into(),
            what: what.into(),
            by: by.into(),
            instructions: total - calling,
        });
    }
    Ok(counts)
}

fn page(counts: &[Count], heaps: &[Heap]) -> Result<String, Box<dyn Error>> {
    let mut page = format!(
        "# Instructions and heap\n\n\
         Written by `./ci.sh instructions` with {}, optimized, for {}, and {}.\n\n\
         Instructions of one call, counted by callgrind, what calling costs subtracted; allocations, and the most bytes of heap at\n\
         once. None of them depends on how busy the machine is; between runs instructions differ by less than one in a thousand,\n\
         since addresses do. Valgrind's processor has no instructions for SHA-256: a hash counts for more here than it costs where\n\
         there are some. Where a line leaves the signature out, the rest is still hashed: the key for its thumbprint, manifests,\n\
         paths. What each line does stands in `benches/src/cases`. Times are in `docs/benchmarks.md`.\n",
        page::version("rustc", "--version")?,
        std::env::consts::ARCH,
        page::version("valgrind", "--version")?,
    );
    writeln!(page, "\n{}", page::crates())?;
    for counts in counts.chunk_by(|one, next| one.section == next.section) {
        writeln!(page, "\n## {}\n", counts[0].section)?;
        writeln!(page, "| what | by | instructions | of ours | allocations | peak heap, bytes |")?;
        writeln!(page, "|---|---|--:|--:|--:|--:|")?;
        for counts in counts.chunk_by(|one, next| one.what == next.what) {
            for (place, Count { what, by, instructions, .. }) in counts.iter().enumerate() {
                let what = if place == 0 { what } else { "" };
                let ratio = *instructions as f64 / counts[0].instructions as f64;
                let heap = page::heap_of(heaps, &counts[0].what, by);
                let number = page::number(*instructions);
                writeln!(page, "| {what} | {by} | {number} | {ratio:.2} | {heap} |")?;
            }
        }
    }
    Ok(page)
}

fn write() -> Result<(), Box<dyn Error>> {
    let here = std::env::current_exe()?;
    let folder = here.parent().ok_or("a program in no folder")?;
    let heaps = page::heaps(&folder.join("heap"))?;
    let counts = count(&folder.join("callgrind"))?;
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..");
    fs::write(root.join("docs/instructions.md"), page(&counts, &heaps)?)?;
    Ok(())
}

fn main() -> ExitCode {
    if std::env::args().nth(1).as_deref() == Some("measure") {
        measure();
        return ExitCode::SUCCESS;
    }
    match write() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}
