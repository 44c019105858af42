//! Dependencies: which are processed, what is asked of them first, and what is left when they go.

use super::*;

#[test]
fn p28_only_a_listed_dependency_is_processed() {
    let made = dependent(&dependency(20, &write(b"x")), &[(12, int(1)), (11, int(0))]);
    failed(&made, two(), "P28", &RESOLVED);
    // The index true means all dependencies, and the rest is passed over.
    let made = dependent(&dependency(20, &write(b"x")), &[(12, TRUE.to_vec()), (11, int(0))]);
    succeeded(&made, two(), &[&RESOLVED[..], &["write 01", "commit-sequence 1"]].concat());
}

#[test]
fn p29_a_dependency_is_checked_before_it_is_processed() {
    let dependency = dependency(20, &write(b"x"));
    let mut made = dependent(&dependency, &[(12, int(0)), (11, int(0))]);
    succeeded(&made, two(), &[&RESOLVED[..], &["write 01", "commit-sequence 1"]].concat());
    let unchecked =
        [(12, int(0)), set(&[(3, dependency.digest()), (21, text("#dep"))]), (21, int(0))];
    made.sections[0].1 = sequence(&unchecked);
    failed(&made, two(), "P29", &["fetch 00"]);
    let changed = [(12, int(0)), (21, int(0)), (11, int(0))];
    let made = dependent(&dependency, &changed);
    failed(&made, two(), "P29", &[&RESOLVED[..], &["fetch 00"]].concat());
}

#[test]
fn p30_a_dependency_is_the_one_that_is_meant_and_signed() {
    let dependency = dependency(20, &write(b"x"));
    let good = dependent(&dependency, &[(12, int(0)), (11, int(0))]);
    let with = |envelope| Made { integrated: vec![("#dep", envelope)], ..good.clone() };
    let other = Made { number: 2, ..dependency.clone() };
    failed(&with(other.envelope()), two(), "P30", &RESOLVED);
    let stranger = procedures::key_of(9);
    failed(&with(dependency.signed_by(&stranger)), two(), "P30", &RESOLVED);
    failed(&with(b"no envelope".to_vec()), two(), "P30", &RESOLVED);
    // However softly the sequence fails.
    let mut soft = with(dependency.signed_by(&stranger));
    let tried = alternatives(&[&[(7, int(0))], &[]]);
    soft.sections[0].1 = sequence(&[
        (12, int(0)),
        set(&[(3, dependency.digest()), (21, text("#dep"))]),
        (21, int(0)),
        (15, tried),
    ]);
    failed(&soft, two(), "P30", &RESOLVED);
}

#[test]
fn p31_every_section_of_a_dependency_is_processed() {
    let made = dependent(&dependency(20, &write(b"x")), &[(12, int(1))]);
    failed(&made, two(), "P31", &RESOLVED);
    // One that the dependent does not have either is not asked for.
    let made = dependent(&dependency(7, &write(b"x")), &[(12, int(1))]);
    succeeded(&made, two(), &[&RESOLVED[..], &["commit-sequence 1"]].concat());
}

#[test]
fn p32_nothing_changes_what_others_refer_to() {
    let counted = |references| {
        let mut device = two().holding("00", b"x").holding("01", b"y");
        device.components.get_mut("01").unwrap().references = references;
        device.network.insert("http://example.com/x".into(), b"z".to_vec());
        device
    };
    let parameters = set(&[(18, bstr(b"z")), (21, text("http://example.com/x")), (22, int(0))]);
    for (directive, effect) in [(18, "write 01"), (21, "fetch 01"), (22, "copy 00")] {
        let made = Made::new(2, 20, &[(12, int(1)), parameters.clone(), (directive, int(0))]);
        failed(&made, counted(1), "P32", &[]);
        succeeded(&made, counted(0), &[effect, "commit-sequence 1"]);
    }
    // A swap changes both.
    for index in [0, 1] {
        let swap = [(12, int(index)), set(&[(22, int(1 - index))]), (31, int(0))];
        let made = Made::new(2, 20, &swap);
        failed(&made, counted(1), "P32", &[]);
        let name = format!("swap {:02x}", 1 - index);
        succeeded(&made, counted(0), &[&name, "commit-sequence 1"]);
    }
}

#[test]
fn p33_a_manifest_unlinks_once() {
    let made = install(&[(33, int(0)), (33, int(0))]);
    let mut device = one();
    device.components.get_mut("00").unwrap().references = 3;
    made.run(UPDATE, &mut device).unwrap();
    assert_eq!(device.components["00"].references, 2);
}

#[test]
fn p36_the_number_of_a_dependency_does_not_go_back() {
    let dependency = dependency(20, &write(b"x")).number(5);
    let made = dependent(&dependency, &[(12, int(0)), (11, int(0))]);
    let holding = |number| {
        let mut device = two();
        device.numbers.insert("00".into(), number);
        device
    };
    failed(&made, holding(6), "P36", &["fetch 00"]);
    for number in [4, 5] {
        let mut device = holding(number);
        made.run(UPDATE, &mut device).unwrap();
        assert_eq!(device.numbers["00"], 5);
    }
    // An update that fails moves nothing.
    let made = dependent(&dependency, &[(12, int(0)), (11, int(0)), (14, int(0))]);
    let mut device = holding(4);
    made.run(UPDATE, &mut device).unwrap_err();
    assert_eq!(device.numbers["00"], 4);
}

#[test]
fn a_dependency_that_nothing_refers_to_is_uninstalled() {
    let dependency = dependency(24, &write(b"")).with(20, &write(b"x"));
    let made = dependent(&dependency, &[(12, int(0)), (11, int(0)), (33, int(0))]);
    let counted = |references| {
        let mut device = two();
        device.components.get_mut("00").unwrap().content = Some(dependency.envelope());
        device.components.get_mut("00").unwrap().references = references;
        device
    };
    // It is there already: nothing is fetched onto a component that others refer to.
    let mut made = made;
    made.sections[0].1 = sequence(&[(12, int(0)), set(&[(3, dependency.digest())]), (7, int(0))]);
    let before = ["check-dependency 00", "write 01", "unlink 00"];
    let mut device = counted(1);
    made.run(UPDATE, &mut device).unwrap();
    assert_eq!(device.log(), [&before[..], &["write 01", "commit-sequence 1"]].concat());
    let mut device = counted(2);
    made.run(UPDATE, &mut device).unwrap();
    assert_eq!(device.log(), [&before[..], &["commit-sequence 1"]].concat());
}

#[test]
fn p35_a_dependency_is_scanned_before_it_is_run() {
    let process = [(12, int(0)), (11, int(0))];
    let unknown = [write(b"x").to_vec(), vec![(99, int(0))]].concat();
    failed(&dependent(&dependency(20, &unknown), &process), two(), "P35", &RESOLVED);
    let mut elsewhere = dependency(20, &write(b"x"));
    elsewhere.first = 9;
    failed(&dependent(&elsewhere, &process), two(), "P35", &RESOLVED);
}

/// A dependency that has a dependency: what the inner one sets is there in the outermost, each has the
/// component indices of its own, and the shared sequence of each runs before its section.
#[test]
fn dependencies_have_dependencies() {
    let vendor = [(12, int(0)), set(&[(1, bstr(&[1; 16]))]), (1, int(0))];
    let mut inner = Made::new(1, 20, &[set(&[(18, bstr(b"x"))]), (18, int(0))]).shared(&vendor);
    inner.first = 2;
    // Its components are 01, which holds the inner one, and 02.
    let middle = |install: &[(i64, Vec<u8>)]| {
        let resolve = [
            (12, int(0)),
            set(&[(3, inner.digest()), (21, text("#inner"))]),
            (21, int(0)),
            (7, int(0)),
        ];
        let mut middle = Made::new(2, 15, &resolve).with(20, install);
        (middle.first, middle.dependencies) = (1, vec![0]);
        middle.integrated = vec![("#inner", inner.envelope())];
        middle
    };
    let outer = |middle: &Made| {
        let resolve = [
            (12, int(0)),
            set(&[(3, middle.digest()), (21, text("#dep"))]),
            (21, int(0)),
            (7, int(0)),
            (11, int(0)),
        ];
        let install = [(12, int(0)), (11, int(0)), (12, int(1)), (6, int(0))];
        let mut outer = Made::new(2, 15, &resolve).with(20, &install);
        outer.dependencies = vec![0];
        outer.integrated = vec![("#dep", middle.envelope())];
        outer
    };
    let three = || Device::with_components(0..3);
    let resolved = ["fetch 00", "check-dependency 00", "fetch 01", "check-dependency 01"];
    let processing = middle(&[(12, int(0)), (11, int(0)), (12, int(1)), (6, int(0))]);
    // check-content of 01 in the outermost: its content is the envelope, and the parameter is not set.
    let effects = ["check-vendor 02", "write 02", "check-content 02"];
    failed(&outer(&processing), three(), "P20", &[&resolved[..], &effects].concat());
    // The middle one has to process the inner one in each section that it has.
    let not_processing = middle(&[(12, int(1))]);
    failed(&outer(&not_processing), three(), "P31", &resolved);
}

/// Any command that changes a component drops what dependency-integrity found in it.
#[test]
fn p29_a_change_drops_the_result() {
    let dependency = dependency(20, &write(b"x"));
    let parameters = set(&[(18, bstr(b"y")), (22, int(1))]);
    for (directive, effect) in [(18, "write 00"), (22, "copy 01"), (31, "swap 01")] {
        let changed = [(12, int(0)), parameters.clone(), (directive, int(0)), (11, int(0))];
        let device = two().holding("01", b"y");
        let effects = [&RESOLVED[..], &[effect]].concat();
        failed(&dependent(&dependency, &changed), device, "P29", &effects);
    }
}

#[test]
fn p39_an_envelope_needs_room_in_the_arena() {
    let made = dependent(&dependency(20, &write(b"x")), &[(12, int(0)), (11, int(0))]);
    let len = made.integrated[0].1.len();
    // One byte more, so that an envelope that fills the arena is not taken for one that was cut off.
    let run = |arena| {
        let ended = made.run_within(UPDATE, &mut two(), Limits::DEFAULT, arena);
        ended.map_err(|ended| (ended.rule(), ended.is_refused()))
    };
    assert_eq!(run(len + 1), Ok(()));
    for arena in [len, 100, 0] {
        assert_eq!(run(arena), Err(("P39", false)));
    }
}

#[test]
fn p40_a_dependency_has_room_as_the_root_has() {
    let process = [(12, int(0)), (11, int(0))];
    let device = || Device::with_components(0..8);
    // Components: two of the root, of which one is the dependency's too, and three further ones.
    let with = |components| {
        let mut made = Made::new(components, 20, &[&[(12, int(0))][..], &write(b"x")].concat());
        made.first = 1;
        made
    };
    let effects = ["write 01", "commit-sequence 1"];
    succeeded(&dependent(&with(3), &process), device(), &[&RESOLVED[..], &effects].concat());
    failed(&dependent(&with(4), &process), device(), "P40", &RESOLVED);
    // Sequences inside of each other.
    let nested = |depth| {
        let mut commands = write(b"x").to_vec();
        for _ in 0..depth {
            commands = vec![(32, bstr(&sequence(&commands)))];
        }
        dependency(20, &commands)
    };
    let effects = [&RESOLVED[..], &effects].concat();
    succeeded(&dependent(&nested(DEPTH - 2), &process), device(), &effects);
    failed(&dependent(&nested(DEPTH - 1), &process), device(), "P40", &RESOLVED);
}
