//! The story goes wrong when its files do: an exit code of 0 has a meaning.

use canary_story::{Chapter, Files};

const FILES: Files<'static> = canary_story::committed_files!();

/// The file that `choose` gives, with its last byte changed.
fn changed(
    choose: impl for<'f, 'x> Fn(&'x mut Files<'f>) -> &'x mut &'f [u8],
) -> Result<(), Chapter> {
    let mut files = FILES;
    let mut bytes = choose(&mut files).to_vec();
    if let Some(last) = bytes.last_mut() {
        *last ^= 1;
    }
    let mut files: Files<'_> = FILES;
    *choose(&mut files) = &bytes;
    canary_story::tell(&files)
}

#[test]
fn the_committed_files_end_well() {
    assert_eq!(canary_story::tell(&FILES), Ok(()));
}

#[test]
fn each_changed_file_ends_the_story_in_its_chapter() {
    assert_eq!(changed(|files| &mut files.sign1), Err(Chapter::Sign1));
    assert_eq!(changed(|files| &mut files.issuer_key), Err(Chapter::Sign1));
    assert_eq!(changed(|files| &mut files.artifact), Err(Chapter::Sign1));
    assert_eq!(changed(|files| &mut files.service_key), Err(Chapter::Receipt));
    assert_eq!(changed(|files| &mut files.receipt), Err(Chapter::Receipt));
    assert_eq!(changed(|files| &mut files.entry), Err(Chapter::Receipt));
    assert_eq!(changed(|files| &mut files.root), Err(Chapter::Receipt));
    let statement = changed(|files| &mut files.transparent_statement);
    assert_eq!(statement, Err(Chapter::TransparentStatement));
}

#[test]
fn an_attack_that_succeeds_ends_the_story() {
    let files = Files { grafted_statement: FILES.transparent_statement, ..FILES };
    assert_eq!(canary_story::tell(&files), Err(Chapter::TamperedStatement));
}
