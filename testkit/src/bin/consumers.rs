//! Writes packages of users, outside the workspace, who add a crate as its README says: `consumers PACKED OUT` takes the packed
//! `.crate` files of a folder, and prints a line for each package that it wrote: its folder, and its tier.
//!
//! Each block of a README that begins with `[dependencies] #` is one tier and becomes one package; the first holds the README's first
//! example as a program, the others are libraries without std. What they depend on is what was packed, never the workspace.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use testkit::Trouble;
use testkit::workspace::Workspace;

/// The words after `[dependencies] #`, and the name of the tier in the folder of its package.
const TIERS: [(&str, &str); 3] =
    [("with std", "std"), ("no std, with a heap", "alloc"), ("no heap", "none")];

fn unpack(packed: &Path, out: &Path) -> Result<Vec<(String, PathBuf)>, Trouble> {
    let mut crates = Vec::new();
    for library in Workspace::read()?.libraries() {
        let is_it = |name: &str| {
            let version = name.strip_prefix(&library.name).and_then(|name| name.strip_prefix('-'));
            version.is_some_and(|version| version.starts_with(|c: char| c.is_ascii_digit()))
        };
        let file = fs::read_dir(packed)?
            .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
            .find(|name| name.ends_with(".crate") && is_it(name))
            .ok_or_else(|| Trouble::from(format!("{} was not packed", library.name)))?;
        let status =
            Command::new("tar").arg("-xzf").arg(packed.join(&file)).arg("-C").arg(out).status()?;
        if !status.success() {
            return Err(format!("tar does not unpack {file}").into());
        }
        crates.push((library.name.clone(), out.join(file.trim_end_matches(".crate"))));
    }
    Ok(crates)
}

/// Returns the fenced blocks of that language.
fn blocks(page: &str, language: &str) -> Vec<String> {
    let (mut found, mut open) = (Vec::new(), None);
    for line in page.lines() {
        match (line.strip_prefix("```"), &mut open) {
            (Some(named), None) => open = Some((named == language, String::new())),
            (Some(_), Some(_)) => {
                if let Some((true, block)) = open.take() {
                    found.push(block);
                }
            }
            (None, Some((_, block))) => {
                block.push_str(line);
                block.push('\n');
            }
            (None, None) => {}
        }
    }
    found
}

fn write_package(
    folder: &Path,
    dependencies: &str,
    patches: &str,
    program: Option<&str>,
) -> Result<(), Trouble> {
    fs::create_dir_all(folder.join("src"))?;
    let head = "[package]\nname = \"consumer\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n\n";
    fs::write(folder.join("Cargo.toml"), format!("{head}{dependencies}\n{patches}"))?;
    if let Some(program) = program {
        fs::write(folder.join("src/main.rs"), program)?;
        return Ok(());
    }
    let mut library = String::from("#![no_std]\n");
    for line in dependencies.lines().skip(1) {
        if let Some((name, _)) = line.split_once(" = ") {
            writeln!(library, "pub use {};", name.replace('-', "_"))?;
        }
    }
    fs::write(folder.join("src/lib.rs"), library)?;
    Ok(())
}

fn write_all(packed: &Path, out: &Path) -> Result<(), Trouble> {
    fs::create_dir_all(out)?;
    let crates = unpack(packed, out)?;
    let mut patches = String::from("[patch.crates-io]\n");
    for (name, folder) in &crates {
        writeln!(patches, "{name} = {{ path = {:?} }}", folder.display().to_string())?;
    }
    for (name, folder) in &crates {
        let page = fs::read_to_string(folder.join("README.md"))?;
        let example = blocks(&page, "rust").into_iter().next();
        for block in blocks(&page, "toml") {
            let Some(words) = block.strip_prefix("[dependencies] # ") else { continue };
            let tier = TIERS.iter().find(|(start, _)| words.starts_with(start));
            let (_, tier) = tier.ok_or_else(|| Trouble::from(format!("{name}: {words}")))?;
            let package = out.join(format!("{name}-for-{tier}"));
            let program = if *tier == "std" { example.as_deref() } else { None };
            write_package(&package, &block, &patches, program)?;
            println!("{} {tier}", package.display());
        }
    }
    Ok(())
}

fn main() -> ExitCode {
    let arguments: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    let [packed, out] = arguments.as_slice() else {
        eprintln!("consumers PACKED OUT");
        return ExitCode::FAILURE;
    };
    match write_all(packed, out) {
        Ok(()) => ExitCode::SUCCESS,
        Err(trouble) => {
            eprintln!("{}", trouble.message());
            ExitCode::FAILURE
        }
    }
}
