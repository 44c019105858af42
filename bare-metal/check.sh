#!/usr/bin/env bash
# Everything that is shown here, from nothing: what README.md says, in its order. Fails at the first thing that is not so.
#
# Needs the Rust toolchain, a C linker and crates.io. `nm` and `size` (binutils) make it see more; where they are
# missing it says what was not looked at. A board's target is asked of rustup, and an emulator (qemu-system-arm) is used
# if there is one.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

mkdir -p "${CARGO_TARGET_DIR:=target}"
CARGO_TARGET_DIR=$(cd "$CARGO_TARGET_DIR" && pwd)
export CARGO_TARGET_DIR
host=$("${RUSTC:-rustc}" -vV | sed -n 's/^host: //p')
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# The programs in firmware/ are for this target, and take at most so many bytes of text.
BOARD=thumbv7em-none-eabi
declare -A TEXT_AT_MOST=([attester]=18800 [teep-agent]=89000 [one-sign1]=50500 [transparent-statement]=74800 [suit-invoke]=77600 [transparent-suit-invoke]=106200 [device]=206800)
# So much may the Agent of TEEP take beside what verifies one COSE_Sign1.
AGENT_AT_MOST=49152
# So many bytes of stack, below `main`.
declare -A STACK_AT_MOST=([teep-agent]=16896 [raw-signature]=7040 [one-sign1]=8128 [transparent-statement]=10240 [suit-invoke]=9472 [transparent-suit-invoke]=12480 [device]=14848)
# Each whole program, and the one that only checks its signatures and hashes: beside that it may take so many thousandths
# of the instructions.
PAIRS=(one-sign1:raw-signature transparent-statement:raw-statement suit-invoke:raw-suit transparent-suit-invoke:raw-transparent-suit)
BESIDE_AT_MOST=5
BARE_TARGETS=(thumbv7em-none-eabi thumbv7em-none-eabihf thumbv6m-none-eabi riscv32imac-unknown-none-elf)

# Paths of std and alloc, core::alloc excepted, and what calls an allocator.
STD='(^|[^[:alnum:]_:])std::'
ALLOC='(^|[^[:alnum:]_:])alloc::|__rust_(re|de)?alloc|__rust_alloc_zeroed|__rg_(re|de)?alloc'

step() { printf '\n== %s\n' "$*"; }
fail() {
    echo "FAILED: $*" >&2
    exit 1
}
not_shown() {
    echo "NOT SHOWN: $*"
    missing+=("$*")
}
missing=()
has() { command -v "$1" >/dev/null; }

# Packages are built one by one: members that are built together share their features.
cargo_build() { cargo build --locked --quiet "$@"; }

# matches PATTERN FILE...: how many symbols of these files match.
matches() {
    local pattern=$1
    shift
    nm --demangle "$@" >"$work/symbols" 2>/dev/null || fail "nm cannot read $*"
    grep -cE "$pattern" "$work/symbols" || true
}

# runs NAME: the program says by its exit code that all is well.
runs() {
    local status=0
    "$CARGO_TARGET_DIR/release/$1" || status=$?
    [ "$status" -eq 0 ] || fail "$1 exits with $status; canary/story/src/chapter.rs says what that means"
    echo "$1 exits with 0"
}

# dies PACKAGE FEATURE MESSAGE: with this feature the program does not build, for this reason.
dies() {
    if cargo build --locked --release --color never -p "$1" --features "$2" >"$work/log" 2>&1; then
        fail "$1 builds with $2: the canary cannot die"
    fi
    grep -qF "$3" "$work/log" || { cat "$work/log"; fail "$1 with $2 does not build for another reason than: $3"; }
    echo "$1 with $2: $3"
}

step "formatting and lints"
cargo fmt --all --check
for package in canary-story canary-heapless canary-alloc canary-fixtures stubs; do # firmware and device are for another target
    cargo clippy --locked --quiet -p "$package" --all-targets -- -D warnings
done

step "fixtures: made again from the test keys, the same bytes"
cargo run --locked --quiet -p canary-fixtures --bin write-fixtures -- "$work/fixtures"
diff -r canary/fixtures "$work/fixtures" || fail "canary/fixtures is not what write-fixtures makes"
echo "$(find canary/fixtures -type f | wc -l) files"

step "no std, no allocator: the program builds, verifies and refuses"
cargo_build --release -p canary-heapless
runs canary-heapless

step "no std, an allocator of its own: the program makes the same bytes, verifies and refuses"
cargo_build --release -p canary-alloc
runs canary-alloc

step "the canaries die of what they watch for"
dies canary-heapless leak-std 'found duplicate lang item `panic_impl`'
dies canary-heapless leak-alloc 'no global memory allocator found but one is required'
dies canary-alloc leak-std 'found duplicate lang item `panic_impl`'

step "no crate below the heapless program has a feature std or alloc on"
cargo tree --locked -p canary-heapless -e normal,no-proc-macro --prefix none -f '{p} [{f}]' | sort -u >"$work/tree"
if grep -E '[[,](std|alloc)[],]' "$work/tree"; then fail "a feature std or alloc is on"; fi
echo "$(grep -cv '(\*)' "$work/tree") crates"

step "libraries and stubs without std and heap, and no symbol of either in them or in the program"
cargo_build --target "$host" -p canary-story -p stubs --message-format json >"$work/artifacts"
# What runs on the host while building, procedural macros for one, is in another folder.
grep -oE "\"[^\"]*/$host/[^\"]*\.rlib\"" "$work/artifacts" | tr -d '"' | sort -u >"$work/rlibs"
mapfile -t rlibs <"$work/rlibs"
[ "${#rlibs[@]}" -gt 3 ] || fail "the libraries were not found in what cargo says it has built"
if has nm; then
    heapless=$CARGO_TARGET_DIR/release/canary-heapless
    for pattern in "$STD" "$ALLOC"; do
        found=$(matches "$pattern" "$heapless" "${rlibs[@]}")
        if [ "$found" -ne 0 ]; then grep -E "$pattern" "$work/symbols" | head; fail "$found symbols match $pattern"; fi
        # The same look at a program that has both finds them.
        [ "$(matches "$pattern" "$CARGO_TARGET_DIR/debug/write-fixtures")" -gt 0 ] || fail "$pattern finds nothing anywhere"
    done
    [ "$(matches "$STD" "$CARGO_TARGET_DIR/release/canary-alloc")" -eq 0 ] || fail "canary-alloc has symbols of std"
    echo "none in the program, none in ${#rlibs[@]} libraries; the same look finds them in write-fixtures"
    nm --undefined-only --format=posix "$heapless" | awk '$2 == "U" { sub(/@.*/, "", $1); print $1 }' | sort >"$work/libc"
    if grep -xE 'malloc|calloc|realloc|free|posix_memalign|aligned_alloc|mmap|s?brk' "$work/libc"; then
        fail "the program takes memory from the C library"
    fi
    echo "from the C library it takes: $(tr '\n' ' ' <"$work/libc")"
else
    not_shown "symbols: there is no nm (binutils)"
fi

step "stubs and story: their tests"
cargo test --locked --quiet -p canary-story
cargo test --locked --quiet -p stubs

step "size of the heapless program on $host"
if has size; then
    size "$CARGO_TARGET_DIR/release/canary-heapless"
    size -A "$CARGO_TARGET_DIR/release/canary-heapless" | awk '$1 == ".text" || $1 == ".rodata" { print $1, $2 }'
else
    not_shown "size: there is no size (binutils)"
fi

# has_target TARGET: the toolchain has the libraries of this target.
has_target() {
    local libraries
    libraries=$("${RUSTC:-rustc}" --print target-libdir --target "$1" 2>/dev/null || true)
    compgen -G "$libraries/libcore-*.rlib" >/dev/null
}

step "firmware: whole programs for $BOARD, with what they take of the flash"
if ! has_target "$BOARD" && has rustup; then rustup target add "$BOARD" >"$work/log" 2>&1 || cat "$work/log"; fi
if ! has_target "$BOARD"; then
    not_shown "firmware was not built, because this toolchain does not have $BOARD"
else
    cargo clippy --locked --quiet --target "$BOARD" -p firmware -- -D warnings
    cargo clippy --locked --quiet --target "$BOARD" -p device -- -D warnings
    cargo tree --locked -p firmware -e normal,no-proc-macro --prefix none -f '{p} [{f}]' | sort -u >"$work/tree"
    if grep -E '^(ed25519-dalek|curve25519-dalek) |[[,](std|alloc|sha512)[],]' "$work/tree"; then
        fail "firmware asks for more than p256"
    fi
    declare -A texts=() counts=()
    for program in nothing attester teep-agent raw-signature one-sign1 raw-statement transparent-statement raw-suit suit-invoke raw-transparent-suit transparent-suit-invoke device; do
        package=firmware
        if [ "$program" = device ]; then package=device; fi
        cargo_build --release --target "$BOARD" -p "$package" --bin "$program"
        image=$CARGO_TARGET_DIR/$BOARD/release/$program
        at_most=${TEXT_AT_MOST[$program]:-}
        if has size; then
            text=$(size "$image" | awk 'NR == 2 { print $1 }')
            texts[$program]=$text
            echo "$program: $text bytes of text${at_most:+, at most $at_most}"
            if [ -n "$at_most" ] && [ "$text" -gt "$at_most" ]; then
                nm --demangle --size-sort -S "$image" | tail -n 20
                fail "$program takes more flash than it may; the largest symbols are above"
            fi
        fi
        if has qemu-system-arm; then
            timeout 60 qemu-system-arm -machine mps2-an386 -nographic -monitor none -serial none -icount shift=0 \
                -semihosting-config enable=on,target=native -kernel "$image" >"$work/said" 2>&1 \
                || fail "$program does not end well"
            if [ "$program" = device ]; then
                tr -d '\000' <"$work/said" | grep -vE '^(stack|counted|took):' | diff - device/verdicts.txt ||
                    fail "device says something else than device/verdicts.txt"
                cat device/verdicts.txt
            fi
            stack=$(tr -d '\000' <"$work/said" | awk '$1 == "stack:" { print $2 }')
            counts[$program]=$(tr -d '\000' <"$work/said" | awk '$1 == "counted:" { print $2 }')
            at_most=${STACK_AT_MOST[$program]:-}
            echo "$program runs on an emulated Cortex-M4 and exits with 0: $stack bytes of stack${at_most:+, at most $at_most}"
            if [ -n "$at_most" ] && [ "$stack" -gt "$at_most" ]; then fail "$program takes more stack than it may"; fi
        fi
    done
    if has qemu-system-arm; then
        for pair in "${PAIRS[@]}"; do
            raw=${counts[${pair#*:}]} beside=$((counts[${pair%:*}] - counts[${pair#*:}]))
            echo "${pair%:*}: $beside instructions beside $raw for signatures and hashes"
            [ $((beside * 1000)) -le $((raw * BESIDE_AT_MOST)) ] || fail "that is more than $BESIDE_AT_MOST thousandths"
        done
    fi
    if has size; then
        above=$((texts[teep-agent] - texts[one-sign1]))
        echo "teep-agent: $above bytes above one-sign1, at most $AGENT_AT_MOST"
        [ "$above" -le "$AGENT_AT_MOST" ] || fail "the Agent takes more flash than it may"
    fi
    has size || not_shown "bytes of text: there is no size (binutils)"
    has qemu-system-arm || not_shown "firmware did not run: there is no qemu-system-arm"
fi

step "bare targets"
built=0
for target in "${BARE_TARGETS[@]}"; do
    if has_target "$target"; then
        cargo_build --release --target "$target" -p canary-story -p stubs
        echo "$target: canary-story and stubs built, and all below them"
        built=$((built + 1))
    else
        echo "$target: this toolchain does not have it"
    fi
done
[ "$built" -gt 0 ] || not_shown "bare targets were not built, because this toolchain has none of ${BARE_TARGETS[*]}"

step "done"
for what in ${missing[@]+"${missing[@]}"}; do echo "not shown: $what"; done
echo "all that was looked at is as it should be"
