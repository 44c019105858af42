//! Lists what `ci.sh` loops over, so that no list is kept by hand: the library crates of the workspace that are
//! published, or with the name of one of them its features, one a line, `default` left out and those that are hidden from users (`_name`).

use std::process::ExitCode;

use testkit::Trouble;
use testkit::workspace::Workspace;

fn lines() -> Result<Vec<String>, Trouble> {
    let workspace = Workspace::read()?;
    match std::env::args().skip(1).collect::<Vec<_>>().as_slice() {
        [] => Ok(workspace.libraries().map(|library| library.name.clone()).collect()),
        [name] => {
            let package = workspace.package(name)?;
            let is_for_users = |name: &&String| *name != "default" && !name.starts_with('_');
            Ok(package.features.keys().filter(is_for_users).cloned().collect())
        }
        _ => Err("more than one argument".into()),
    }
}

fn main() -> ExitCode {
    match lines() {
        Ok(lines) => {
            for line in lines {
                println!("{line}");
            }
            ExitCode::SUCCESS
        }
        Err(trouble) => {
            eprintln!("{}", trouble.message());
            ExitCode::FAILURE
        }
    }
}
