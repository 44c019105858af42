#!/usr/bin/env bash
# Writes docs/footprint.md: what the programs in firmware/ take of flash, stack and time. `./ci.sh footprint` calls it.
#
# Needs the board's target (rustup), nm and size (binutils), and an emulator (qemu-system-arm).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

BOARD=thumbv7em-none-eabi
PROGRAMS=(nothing raw-signature one-sign1 transparent-statement suit-invoke transparent-suit-invoke)
mkdir -p "${CARGO_TARGET_DIR:=target}"
CARGO_TARGET_DIR=$(cd "$CARGO_TARGET_DIR" && pwd)
export CARGO_TARGET_DIR
for tool in nm size qemu-system-arm; do
    command -v "$tool" >/dev/null || { echo "cannot run: there is no $tool" >&2; exit 1; }
done
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

image() { echo "$CARGO_TARGET_DIR/$BOARD/release/$1"; }
# value PROGRAM NAME: a number that the program reported when it ran.
value() { awk -v name="$2:" '$1 == name { print $2 }' "$work/$1.said"; }
text() { size "$(image "$1")" | awk 'NR == 2 { print $1 }'; }
# symbols PROGRAM: bytes and name of each symbol, names without the parameters of generics where they begin.
symbols() { nm --radix=d --demangle --print-size "$(image "$1")" | awk '$2 ~ /^[0-9]+$/ && NF >= 4 { size = $2 + 0; $1 = $2 = $3 = ""; print size, $0 }'; }
# crates PROGRAM: bytes by crate, the greatest first. A generic of core counts for the first other crate that it names.
crates() {
    symbols "$1" | awk '
        {
            rest = $0; crate = ""
            while (match(rest, /[a-z_0-9]+::/)) {
                name = substr(rest, RSTART, RLENGTH - 2); rest = substr(rest, RSTART + RLENGTH)
                if (crate == "" || crate == "core") crate = (name ~ /^[a-z][a-z_0-9]*$/) ? name : crate
                if (crate != "core" && crate != "") break
            }
            if (crate == "" || crate ~ /^(option|result|iter|slice|ops|str|ptr|cmp|convert|array|fmt|num)$/) crate = "core, and the compiler'"'"'s"
            if (crate == "core" || crate == "compiler_builtins") crate = "core, and the compiler'"'"'s"
            sum[crate] += $1
        }
        END { for (crate in sum) print sum[crate], crate }' | sort -rn
}

for program in "${PROGRAMS[@]}"; do
    cargo build --locked --quiet --release --target "$BOARD" -p firmware --bin "$program" --manifest-path Cargo.toml
    timeout 300 qemu-system-arm -machine mps2-an386 -nographic -monitor none -serial none -icount shift=0 \
        -semihosting-config enable=on,target=native -kernel "$(image "$program")" 2>&1 | tr -d '\000' >"$work/$program.said"
done

{
    echo "# Footprint"
    echo
    echo "What whole programs for a Cortex-M4 ($BOARD) take, start-up code and P-256 included: \`bare-metal/firmware\`, built for"
    echo "size (dependencies at \`z\`, SHA-256 with its rounds in a loop), each with one thing to do. \`./ci.sh footprint\` writes this"
    echo "page; \`bare-metal/check.sh\` holds the programs to bounds. Instructions are counted by the timer of an emulated core,"
    echo "40 to a tick. With $(rustc --version | cut -d' ' -f1,2)."
    echo
    echo "| program | text, bytes | stack, bytes | instructions |"
    echo "|---|---|---|---|"
    for program in "${PROGRAMS[@]}"; do
        echo "| $program | $(text "$program") | $(value "$program" stack) | $(value "$program" counted) |"
    done
    raw=$(value raw-signature counted) one=$(value one-sign1 counted)
    echo
    echo "\`raw-signature\` checks the signature of the message that \`one-sign1\` verifies, its key parsed and the signed bytes hashed:"
    echo "all that \`one-sign1\` does beside, from the start of its \`main\`, is" \
        "$(awk -v raw="$raw" -v one="$one" 'BEGIN { printf "%d instructions, %.2f %%", one - raw, (one - raw) * 100 / raw }') of that:"
    echo "the COSE_Key is read, its thumbprint hashed as the trust store wants it, and the message decoded and looked at."
    for program in suit-invoke transparent-suit-invoke; do
        echo
        echo "## $program by crate"
        echo
        echo "| bytes | crate |"
        echo "|---|---|"
        crates "$program" | head -n 16 | awk '{ size = $1; $1 = ""; print "| " size " |" $0 " |" }'
        echo
        echo "The largest symbols:"
        echo
        echo '```text'
        symbols "$program" | sort -rn | head -n 16 | sed 's/  */ /g' | cut -c1-110
        echo '```'
    done
    ours=$(crates suit-invoke | awk '$2 == "suit_manifest" || $2 == "suit_invoke" { sum += $1 } END { print sum + 0 }')
    ground=$(crates suit-invoke | awk '$2 == "cose_ext" { print $1 }')
    echo
    echo "## Beside libcsuit"
    echo
    echo "libcsuit's own code without cryptography is 11 KiB on a 32-bit ARM, 5.6 of it the processor and 5.5 CBOR; it has a buffer as"
    echo "large as the payload. Of suit-invoke, suit-manifest takes $ours bytes, the driver that is inlined into the program included,"
    echo "and cose-ext $ground. What keeps it above: every item is checked for strict encoding, its errors with rule and offset"
    echo "(each made at its own place); COSE headers by RFC 9052 with critical parameters, both buckets and thumbprints; dependencies,"
    echo "which the processor always carries; and a scan of all sequences before the first effect."
} >"$work/page"
mv "$work/page" ../docs/footprint.md
cat ../docs/footprint.md
