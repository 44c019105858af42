#!/usr/bin/env bash
# Everything that is checked, one function per step.
#
#   ./ci.sh STEP...   these steps          ./ci.sh quick   what every change must pass
#   ./ci.sh list      the names            ./ci.sh full    quick, and what takes longer
#
# A step that cannot run fails and says why. All steps of a run are carried out, then the failed ones are named.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

QUICK=(lock fmt clippy test test_default_features doctests lowest_tier each_feature doc arrows conformance canary quickstart)
FULL=("${QUICK[@]}" feature_powerset msrv minimal_versions spelling wasm package publish consumers deny interop api fuzz reference)

root=$PWD
mkdir -p "${CARGO_TARGET_DIR:=target}"
CARGO_TARGET_DIR=$(cd "$CARGO_TARGET_DIR" && pwd) # one for all steps, also for those that work in another folder
logs=$CARGO_TARGET_DIR/ci-logs
export CARGO_TARGET_DIR PATH="$CARGO_TARGET_DIR/ci-tools/bin:$PATH"
if [ "${CI:-}" = true ]; then
    # From nothing, on few cores and a small disk: no incremental files, and no debug information.
    export CARGO_INCREMENTAL=0 CARGO_PROFILE_DEV_DEBUG=0
fi

cannot() {
    echo "cannot run: $*" >&2
    exit 1
}

# The published library crates, and the features of one of them.
libraries() { cargo run -q -p testkit --bin features; }
features() { cargo run -q -p testkit --bin features -- "$1"; }

# tool NAME VERSION: a cargo subcommand, installed from crates.io if this very version is not here.
tool() {
    local here
    here=$(cargo "${1#cargo-}" --version 2>/dev/null || true)
    case "$here" in
        *" $2") ;;
        *) cargo install "$1" --version "$2" --locked --root "$CARGO_TARGET_DIR/ci-tools" ;;
    esac
}

step_lock() {
    cargo metadata --locked --format-version 1 >/dev/null
}

step_fmt() {
    cargo fmt --all --check
}

step_clippy() {
    cargo clippy --workspace --all-targets --all-features -- -D warnings
    local crates crate
    crates=$(libraries)
    for crate in $crates; do
        cargo clippy -p "$crate" --no-default-features -- -D warnings
    done
}

# The README's command. All features of cose-ext include `aws-lc`, whose library is C and assembly: from here on a C compiler
# (`cc`) is needed, as the Rust toolchain itself needs one to link, and no cmake.
step_test() {
    cargo test --workspace --all-features
}

# What a user has who adds a crate and says nothing.
# Without cose-aws-lc, whose tests ask the other provider for more than the default: features are one for a whole build.
step_test_default_features() {
    cargo test --workspace --exclude cose-aws-lc --lib --bins --tests --examples
}

# With the error codes of `compile_fail` examples checked: a door must be closed for the reason that it states.
step_doctests() {
    RUSTDOC="$root/.ci/rustdoc-checking-error-codes" cargo test --workspace --all-features --doc
}

step_lowest_tier() {
    local crates crate
    crates=$(libraries)
    for crate in $crates; do
        cargo build -p "$crate" --no-default-features
        cargo test -p "$crate" --no-default-features
    done
    # Without alloc, where a heap would not even be linked.
    cargo test -p cose-ext --no-default-features --features p256 --test writing --test seams
}

# A feature that cose-ext forwards to its provider is looked at once, in both.
step_each_feature() {
    local crates crate names name ground provider packages
    crates=$(libraries)
    ground=$(features cose-ext) provider=$(features cose-rustcrypto)
    for crate in $crates; do
        names=$(features "$crate")
        for name in $names; do
            packages=(-p "$crate")
            case "$crate" in
                cose-ext) ! grep -qx "$name" <<<"$provider" || packages+=(-p cose-rustcrypto) ;;
                cose-rustcrypto) ! grep -qx "$name" <<<"$ground" || continue ;;
            esac
            echo "${packages[*]}: $name"
            cargo clippy -q "${packages[@]}" --no-default-features --features "$crate/$name" -- -D warnings
        done
    done
}

step_doc() {
    RUSTDOCFLAGS="-D warnings" cargo doc --workspace --no-deps --all-features
}

step_arrows() {
    cargo test -p testkit --test arrows --test style
}

step_conformance() {
    cargo run -p testkit --features conformance --bin conformance -- --check
}

# Programs without std, and without heap: outside the workspace, so that no feature is unified in.
step_canary() {
    [ -f bare-metal/check.sh ] || cannot "there is no bare-metal/check.sh"
    bash bare-metal/check.sh
}

# Writes docs/footprint.md: flash, stack and instructions of the programs for a board. In neither set.
step_footprint() {
    bash bare-metal/footprint.sh
}

# The README's first command on a real file. It exits with 0 only if each attack was refused; the text must say so too.
step_quickstart() {
    local folder refusals
    folder=$(mktemp -d)
    trap "rm -rf '$folder'" EXIT # expanded now: the trap runs when the local name is gone
    (cd "$folder" && cargo run --release --manifest-path "$root/Cargo.toml" -p examples --bin quickstart -- \
        "$root/README.md") | tee "$folder/output.txt"
    refusals=$(grep -ciE 'refused.*\b[A-Z]+[0-9]+\b|\b[A-Z]+[0-9]+\b.*refused' "$folder/output.txt" || true)
    cargo run --release -p examples --bin remote_signer >"$folder/remote_signer.txt"
    cargo run --release -p examples --bin attest >"$folder/attest.txt"
    cargo run --release -p examples --bin after_log4j >"$folder/after_log4j.txt"
    cargo run --release -p examples --bin two_histories >"$folder/two_histories.txt"
    cargo run --release -p examples --features http --bin teep_over_http >"$folder/teep_over_http.txt"
    cargo run --release -p examples --features http --bin teep_over_http -- --older >"$folder/teep_older.txt"
    # It exits with 0 only if each scene, and each attack, came out as it should.
    cargo run --release -p examples --bin transparent_firmware >"$folder/transparent_firmware.txt"
    # It exits with 0 only if the update survived every cut and the three attacks were refused.
    cargo run --release -p examples --bin suit_update -- "$root/README.md" >"$folder/suit_update.txt"
    [ "$refusals" -ge 3 ] || { echo "$refusals refusals name a rule, not three" >&2; exit 1; }
}

step_feature_powerset() {
    tool cargo-hack 0.6.46
    local crates packages=() crate
    crates=$(libraries)
    for crate in $crates; do packages+=(-p "$crate"); done
    cargo hack check "${packages[@]}" --feature-powerset --depth 2 --skip default --lib
}

# The compiler that the manifest names still builds every library. It moves only in a minor release.
step_msrv() {
    local version crates packages=() crate
    version=$(sed -n 's/^rust-version = "\(.*\)"$/\1/p' Cargo.toml)
    cargo "+$version" --version >/dev/null 2>&1 || rustup toolchain install "$version" --profile minimal ||
        cannot "there is no toolchain $version"
    crates=$(libraries)
    for crate in $crates; do packages+=(-p "$crate"); done
    CARGO_TARGET_DIR=$CARGO_TARGET_DIR/msrv cargo "+$version" check "${packages[@]}" --all-features
}

# The least version of each dependency that the manifests allow builds every library: a user's lock may hold it. In a copy, since
# it writes a lock of its own.
step_minimal_versions() {
    local folder crates packages=() crate
    cargo +nightly --version >/dev/null 2>&1 || cannot "there is no nightly toolchain, which can choose least versions"
    folder=$(mktemp -d)
    trap "rm -rf '$folder'" EXIT
    crates=$(libraries)
    for crate in $crates; do packages+=(-p "$crate"); done
    git ls-files -z | xargs -0 cp --parents -t "$folder"
    cd "$folder"
    cargo +nightly update -q -Z direct-minimal-versions
    CARGO_TARGET_DIR=$CARGO_TARGET_DIR/minimal cargo check "${packages[@]}" --all-features
}

# Words, by a list of common misspellings; typos.toml has the exceptions.
step_spelling() {
    command -v python3 >/dev/null || cannot "there is no python3"
    local folder=$CARGO_TARGET_DIR/typos
    [ -x "$folder/bin/typos" ] || { python3 -m venv "$folder" && "$folder/bin/python" -m pip install -q typos==1.52.0; } ||
        cannot "typos 1.52.0 is not to be had"
    "$folder/bin/typos"
}

# In a browser: everything but AWS-LC and what needs files.
step_wasm() {
    local crates crate
    rustup target add wasm32-unknown-unknown >/dev/null || cannot "there is no target wasm32-unknown-unknown"
    crates=$(libraries)
    for crate in $crates; do
        case "$crate" in
            cose-aws-lc) ;;
            spec-rules) cargo check -p "$crate" --target wasm32-unknown-unknown ;;
            cose-crypto) cargo check -p "$crate" --target wasm32-unknown-unknown --no-default-features ;;
            cose-rustcrypto)
                cargo check -p "$crate" --target wasm32-unknown-unknown --no-default-features --features alloc,p256,ed25519
                ;;
            rats-eat)
                cargo check -p "$crate" --target wasm32-unknown-unknown --no-default-features \
                    --features attester,json,rustcrypto
                ;;
            *)
                cargo check -p "$crate" --target wasm32-unknown-unknown --no-default-features \
                    --features alloc,rustcrypto
                ;;
        esac
    done
}

# What a package holds: licences, a page, a changelog, and no test data that is not there for its tests.
step_package() {
    local crates crate file list missing=()
    crates=$(libraries)
    for crate in $crates; do
        list=$(cargo package -p "$crate" --list --allow-dirty)
        for file in LICENSE-APACHE LICENSE-MIT README.md CHANGELOG.md Cargo.toml src/lib.rs; do
            grep -qx "$file" <<<"$list" || missing+=("$crate/$file")
        done
    done
    [ ${#missing[@]} -eq 0 ] || { echo "not in the packages: ${missing[*]}" >&2; exit 1; }
}

# Each package builds from what it holds, after those that it depends on; nothing is sent.
step_publish() {
    # Cargo keeps what it unpacked and built of a version that was packed here before, and would build on that.
    export CARGO_TARGET_DIR=$CARGO_TARGET_DIR/published
    rm -rf "${CARGO_HOME:-$HOME/.cargo}"/registry/{src,cache}/-* "$CARGO_TARGET_DIR"
    cargo publish --workspace --dry-run --allow-dirty
}

# Packages of users, outside the workspace, who add a crate as its README says: each tier builds from the packed files, the first
# one's example runs, and the others build where there is no std.
step_consumers() {
    local folder=$CARGO_TARGET_DIR/consumers package tier
    rustup target add thumbv7em-none-eabi >/dev/null || cannot "there is no target thumbv7em-none-eabi"
    # What was built of earlier packages goes too: their files have the same times.
    rm -rf "$folder" "$CARGO_TARGET_DIR/package" "$CARGO_TARGET_DIR/consumers-built"
    cargo publish --workspace --dry-run --no-verify --allow-dirty
    cargo run -q -p testkit --bin consumers -- "$CARGO_TARGET_DIR/package/tmp-crate" "$folder" >"$CARGO_TARGET_DIR/consumers.txt"
    [ "$(wc -l <"$CARGO_TARGET_DIR/consumers.txt")" -ge 21 ] || { echo "fewer than three tiers of seven crates" >&2; exit 1; }
    export CARGO_TARGET_DIR=$CARGO_TARGET_DIR/consumers-built
    while read -r package tier; do
        echo "$package"
        cp "$root/Cargo.lock" "$package/"
        if [ "$tier" = std ]; then
            cargo run -q --offline --manifest-path "$package/Cargo.toml" >/dev/null
        else
            cargo build -q --offline --manifest-path "$package/Cargo.toml" --target thumbv7em-none-eabi
        fi
    done <"$folder.txt"
}

# Advisories need a database from outside, so they are not part of this step.
step_deny() {
    tool cargo-deny 0.20.2
    cargo deny --all-features check licenses bans sources
}

# Messages and keys, exchanged with COSE libraries of another language in both directions. What is known to differ stands
# in the scripts, each line with its reason; one that starts to agree fails the step.
step_interop() {
    command -v python3 >/dev/null || cannot "there is no python3"
    local folder=$CARGO_TARGET_DIR/interop python
    python=$folder/venv/bin/python
    [ -x "$python" ] || python3 -m venv "$folder/venv"
    "$python" -m pip install --quiet --disable-pip-version-check --no-deps -r interop/requirements.txt ||
        cannot "the packages of interop/requirements.txt are not to be had"
    "$python" -m pip check --disable-pip-version-check
    cargo build -p examples --features interop --bin interop
    "$python" -B interop/family.py vectors
    local published=${CONFORMANCE_VECTORS:-../shared/vectors}
    if [ -f "$published/suit/cases.json" ]; then
        "$python" -B interop/published.py vectors "$published"
    fi
    "$CARGO_TARGET_DIR/debug/interop" make "$folder/ours.json"
    "$python" -B interop/check.py "$folder/ours.json"
    "$python" -B interop/make.py "$folder/theirs.json"
    "$CARGO_TARGET_DIR/debug/interop" read "$folder/theirs.json"
    cargo build -p examples --features interop --bin interop_scitt
    "$CARGO_TARGET_DIR/debug/interop_scitt" make "$folder/our-statements.json"
    "$python" -B interop/scitt.py check "$folder/our-statements.json"
    "$python" -B interop/scitt.py make "$folder/their-statements.json"
    "$CARGO_TARGET_DIR/debug/interop_scitt" read "$folder/their-statements.json"
    "$python" -B interop/rats.py family vectors/rats
    cargo run -q -p teep-msg --all-features --example make_vectors -- vectors/teep --check
    "$python" -B interop/teep.py vectors/teep
    cargo run -q -p transparent-suit --example make_vectors -- vectors/transparent-suit --check
    "$python" -B interop/transparent.py vectors/transparent-suit docs/transparent-suit.md
    cargo build -p examples --features interop --bin interop_rats
    "$CARGO_TARGET_DIR/debug/interop_rats" make "$folder/our-tokens.json"
    "$python" -B interop/rats.py check "$folder/our-tokens.json"
    "$python" -B interop/rats.py make "$folder/their-tokens.json"
    "$CARGO_TARGET_DIR/debug/interop_rats" read "$folder/their-tokens.json"
}

# Writes docs/benchmarks.md and docs/curves: ours beside what people would use instead, from one run; the last of the benchmarks
# writes the page. Quick is about what criterion says on top, which is not on the page. In neither set; on a quiet machine, with a
# C compiler for AWS-LC.
step_benchmarks() {
    cargo bench -p benches --features aws-lc -- --quick
}

# Writes docs/instructions.md: instructions and heap of small things, which do not depend on how busy the machine is. In neither
# set. Built as the benchmarks are.
step_instructions() {
    command -v valgrind >/dev/null || cannot "there is no valgrind"
    cargo build --profile bench -p benches --features aws-lc --bins
    cargo run -q --profile bench -p benches --features aws-lc --bin instructions
}

# Writes docs/conformance-peers.md: what libraries of others agree with. In neither set; one of the crates builds OpenSSL.
step_peers() {
    local vectors=${CONFORMANCE_VECTORS:-$root/../shared/vectors} python=$CARGO_TARGET_DIR/interop/venv/bin/python
    [ -d "$vectors/cose" ] || cannot "there are no published vectors"
    [ -x "$python" ] || python3 -m venv "$CARGO_TARGET_DIR/interop/venv"
    "$python" -m pip install --quiet --disable-pip-version-check --no-deps -r interop/requirements.txt ||
        cannot "the packages of interop/requirements.txt are not to be had"
    CARGO_TARGET_DIR=$CARGO_TARGET_DIR/peers cargo run -q --locked --manifest-path interop/peers/Cargo.toml -- "$vectors" \
        >"$CARGO_TARGET_DIR/interop/judged"
    "$python" -B interop/peers.py "$vectors" "$CARGO_TARGET_DIR/interop/judged" docs/conformance-peers.md
}

# Writes docs/benchmarks-peers.md: ours beside crates that the main workspace does not take. In neither set; on a quiet machine.
step_benchmarks_peers() {
    export CARGO_TARGET_DIR=$CARGO_TARGET_DIR/peers
    cargo build --release --locked --manifest-path interop/overlap/Cargo.toml --bins
    cargo run -q --release --locked --manifest-path interop/overlap/Cargo.toml
}

# public_api FOLDER: what each library offers with all features, as text. cargo-public-api reads what rustdoc writes as JSON,
# which only a nightly compiler does.
public_api() {
    local crates crate
    cargo +nightly --version >/dev/null 2>&1 || cannot "there is no nightly toolchain, whose rustdoc writes JSON"
    tool cargo-public-api 0.52.0
    crates=$(libraries)
    for crate in $crates; do
        # Without what the compiler or a blanket implementation adds to every type.
        cargo +nightly public-api -p "$crate" --all-features -sss >"$1/$crate.txt"
    done
}

# The public API is what docs/api says: a change of it is seen in the change that makes it.
step_api() {
    local folder
    folder=$(mktemp -d)
    trap "rm -rf '$folder'" EXIT
    public_api "$folder"
    diff -ru --exclude=README.md docs/api "$folder" ||
        { echo "docs/api is out of date: ./ci.sh api_write writes it" >&2; exit 1; }
}

# Writes what step_api compares with. In neither set.
step_api_write() {
    rm -f docs/api/*.txt
    public_api docs/api
}

# Machines beside naive interpreters, on many random inputs.
step_reference() {
    REFERENCE_CASES=100000 cargo test -q -p suit-manifest --all-features --test reference
    # The power is cut at every operation, and once more at every operation of the restart.
    SECOND_CUTS=all cargo test -q -p suit-manifest --all-features --test power_cuts
}

# Builds all fuzz targets, and makes their seeds in $CORPUS. A target folder of its own: other compiler, other flags.
fuzz_targets() {
    local vectors=${CONFORMANCE_VECTORS:-$root/../shared/vectors}
    cargo +nightly --version >/dev/null 2>&1 || cannot "there is no nightly toolchain, which cargo-fuzz needs"
    command -v c++ >/dev/null || cannot "there is no C++ compiler, which libFuzzer is built with"
    command -v python3 >/dev/null || cannot "there is no python3, which makes the seeds"
    tool cargo-fuzz 0.13.2
    export CARGO_TARGET_DIR=$CARGO_TARGET_DIR/fuzz CORPUS=$CARGO_TARGET_DIR/fuzz-corpus
    python3 -B "$root/fuzz/seeds.py" "$vectors" "$CORPUS"
    cd "$root/fuzz"
    cargo fmt --check
    cargo +nightly fuzz build --sanitizer none
}

# fuzz_one TARGET: one target for FUZZ_SECONDS.
fuzz_one() {
    cargo +nightly fuzz run --sanitizer none "$1" "$CORPUS/$1" -- -max_total_time="${FUZZ_SECONDS:-30}" -max_len=65536 \
        -timeout=10 -rss_limit_mb=2048 -print_final_stats=1
}

# Each fuzz target for FUZZ_SECONDS, from seeds that the vectors give. What was found stands in fuzz/artifacts.
step_fuzz() {
    local target
    fuzz_targets
    for target in $(cargo +nightly fuzz list); do fuzz_one "$target"; done
}

# Each fuzz target for FUZZ_SECONDS, two at a time; writes docs/fuzzing.md. FUZZ_TARGETS names the targets that are run again, where
# the others were run before and stand as they were. In neither set.
step_fuzzing() {
    local page=$root/docs/fuzzing.md logs targets target runs edges peak found
    fuzz_targets
    logs=$CARGO_TARGET_DIR/campaign
    targets=${FUZZ_TARGETS:-$(cargo +nightly fuzz list)}
    mkdir -p "$logs"
    for target in $targets; do rm -f "$logs/$target"; done
    export FUZZ_SECONDS=${FUZZ_SECONDS:-600} logs
    export -f fuzz_one
    printf '%s\n' $targets | xargs -P 2 -I TARGET bash -c 'fuzz_one TARGET >"$logs/TARGET" 2>&1 || true'
    {
        echo "# Fuzzing"
        echo
        echo "Written by \`FUZZ_SECONDS=$FUZZ_SECONDS ./ci.sh fuzzing\` on $(date -u +%Y-%m-%d): each target of \`fuzz/\` for $FUZZ_SECONDS seconds, two at a time,"
        echo "without sanitizer (there is no unsafe code), with debug assertions and overflow checks. Edges are those that the seeds and"
        echo "the run together reached; a find is an input that failed an assertion, took ten seconds, or 2 GiB."
        echo
        echo "| target | executions | edges | peak memory, MB | finds |"
        echo "|---|---|---|---|---|"
        for target in $(cargo +nightly fuzz list); do
            runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$logs/$target")
            peak=$(sed -n 's/^stat::peak_rss_mb: *//p' "$logs/$target")
            edges=$(grep -oE ' cov: [0-9]+' "$logs/$target" | tail -1 | grep -oE '[0-9]+')
            found=$(grep -cE "^SUMMARY: libFuzzer" "$logs/$target" || true)
            [ "$found" -eq 0 ] && found=none
            echo "| \`$target\` | ${runs:-not ended} | ${edges:-} | ${peak:-} | $found |"
        done
    } >"$page"
    ! grep -l 'ERROR: libFuzzer' "$logs"/*
}

# One fault for each fuzz target, planted in a copy of the sources: the target finds it from its seeds, within PLANTED_SECONDS; writes
# docs/planted-faults.md. In neither set.
step_planted_faults() {
    local vectors=${CONFORMANCE_VECTORS:-$root/../shared/vectors} folder=$CARGO_TARGET_DIR/planted
    cargo +nightly --version >/dev/null 2>&1 || cannot "there is no nightly toolchain, which cargo-fuzz needs"
    command -v c++ >/dev/null || cannot "there is no C++ compiler, which libFuzzer is built with"
    tool cargo-fuzz 0.13.2
    export PLANTED_SECONDS=${PLANTED_SECONDS:-120}
    rm -rf "$folder/seeds"
    python3 -B "$root/fuzz/seeds.py" "$vectors" "$folder/seeds"
    python3 -B "$root/fuzz/planted.py" plant "$folder/source"
    (cd "$folder/source/fuzz" && CARGO_TARGET_DIR=$folder/built cargo +nightly fuzz build --sanitizer none)
    python3 -B "$root/fuzz/planted.py" run "$folder" "$root/docs/planted-faults.md" \
        "PLANTED_SECONDS=$PLANTED_SECONDS ./ci.sh planted_faults"
}

# Writes docs/fuzz-coverage.md: the lines of the libraries that the seeds, and what earlier runs added to them, reach. In neither set;
# a target folder of its own, since the compiler counts lines there. With a --target, or build scripts would be counted too.
step_fuzz_coverage() {
    local vectors=${CONFORMANCE_VECTORS:-$root/../shared/vectors} host tools built profiles target
    cargo +nightly --version >/dev/null 2>&1 || cannot "there is no nightly toolchain"
    host=$(rustc +nightly -vV | sed -n 's/^host: //p')
    tools=$(rustc +nightly --print sysroot)/lib/rustlib/$host/bin
    [ -x "$tools/llvm-cov" ] || rustup +nightly component add llvm-tools || cannot "there are no llvm-tools of the nightly toolchain"
    export CORPUS=$CARGO_TARGET_DIR/fuzz-corpus CARGO_TARGET_DIR=$CARGO_TARGET_DIR/fuzz-coverage
    built=$CARGO_TARGET_DIR/$host/coverage profiles=$CARGO_TARGET_DIR/profiles
    python3 -B "$root/fuzz/seeds.py" "$vectors" "$CORPUS"
    cd "$root/fuzz"
    RUSTFLAGS="-C instrument-coverage --cfg fuzzing" cargo +nightly build --locked --profile coverage --bins --target "$host"
    rm -rf "$profiles"
    mkdir -p "$profiles"
    for target in fuzz_targets/*.rs; do
        target=$(basename "$target" .rs)
        # Each input once, by name: libFuzzer learns nothing from a program that it did not instrument.
        (cd "$CORPUS/$target" && find . -type f -print0 |
            LLVM_PROFILE_FILE="$profiles/$target-%m.profraw" xargs -0 -r "$built/$target") >"$profiles/$target.log" 2>&1 ||
            { tail -20 "$profiles/$target.log" >&2; echo "$target fails on an input of its corpus" >&2; exit 1; }
        # Each program with its own counts: a function that one of them leaves out has another hash there than in the others.
        "$tools/llvm-profdata" merge -sparse "$profiles/$target"-*.profraw -o "$profiles/$target.profdata"
        "$tools/llvm-cov" export --format=lcov -instr-profile "$profiles/$target.profdata" "$built/$target" >"$profiles/$target.lcov"
    done
    python3 -B coverage.py "$profiles" "$root/docs/fuzz-coverage.md" "./ci.sh fuzz_coverage"
}

# Removes the test programs that a step has run: each holds the whole family, there are hundreds, and no later step runs them.
remove_programs() {
    local folder
    for folder in "$CARGO_TARGET_DIR"/debug/{deps,examples}; do
        [ ! -d "$folder" ] || find "$folder" -type f -executable ! -name '*.so' -delete
    done
}

# vectors LOG...: what the conformance suites of these runs add up to, as "N M".
vectors() {
    cat "$@" | awk '/^vectors: [0-9]+ run, [0-9]+ ignored$/ { run += $2; ignored += $4 } END { print run + 0, ignored + 0 }'
}

# A run of the tests that ran no vector although there are some has tested nothing.
check_vectors() {
    local run ignored
    read -r run ignored < <(vectors "$logs/$1.log")
    echo "$run vectors run, $ignored ignored"
    if [ "$run" -eq 0 ] && { [ -d ../shared/vectors ] || [ -n "${CONFORMANCE_VECTORS:-}" ]; }; then
        echo "no vector was run, and there are some" >&2
        return 1
    fi
}

run() {
    local name status started failed=() lines=()
    mkdir -p "$logs"
    rm -f "$logs"/*.log
    for name; do
        echo "==== $name"
        started=$SECONDS
        # Not in a condition, where bash would switch -e off inside the step.
        set +e
        (set -e; "step_$name") 2>&1 | tee "$logs/$name.log"
        status=${PIPESTATUS[0]}
        set -e
        case "$name" in
            test | test_default_features) check_vectors "$name" || status=1 ;;
        esac
        if [ "$status" -eq 0 ]; then status=ok; else status=FAILED failed+=("$name"); fi
        lines+=("$(printf '%-18s %-7s %4ds, %s used' "$name" "$status" $((SECONDS - started)) "$(du -sh "$CARGO_TARGET_DIR" | cut -f1)")")
        if [ "${CI:-}" = true ]; then remove_programs; fi
        echo "==== ${lines[-1]}"
    done
    echo
    printf '%s\n' "${lines[@]}"
    if [ -f "$logs/test.log" ]; then check_vectors test || true; fi
    # What the test runners closed with, added up in the words that a reader of logs looks for.
    cat "$logs"/*.log | awk '/^test result: / { for (i = 2; i <= NF; i++) n[$i] += $(i - 1) }
        END { if ("passed;" in n) printf "%d passed, %d failed, %d skipped\n", n["passed;"], n["failed;"], n["ignored;"] }'
    [ ${#failed[@]} -eq 0 ] || { echo "failed: ${failed[*]}" >&2; exit 1; }
}

[ $# -gt 0 ] || set -- list
steps=()
for name; do
    case "$name" in
        quick) steps+=("${QUICK[@]}") ;;
        full) steps+=("${FULL[@]}") ;;
        list) printf '%s\n' "${FULL[@]}" && exit 0 ;;
        *)
            [ "$(type -t "step_$name")" = function ] || cannot "there is no step $name; ./ci.sh list names them"
            steps+=("$name")
            ;;
    esac
done
run "${steps[@]}" </dev/null
