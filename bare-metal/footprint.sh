#!/usr/bin/env bash
# Writes docs/footprint.md: what the programs in firmware/ take of flash, stack and time. `./ci.sh footprint` calls it.
#
# Needs the board's target (rustup), nm and size (binutils), and an emulator (qemu-system-arm).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

BOARD=thumbv7em-none-eabi
PROGRAMS=(nothing raw-signature one-sign1 raw-statement transparent-statement raw-suit suit-invoke raw-transparent-suit
    transparent-suit-invoke device)
# Each whole program, and the one that does what it cannot do without.
PAIRS=(one-sign1:raw-signature transparent-statement:raw-statement suit-invoke:raw-suit
    transparent-suit-invoke:raw-transparent-suit)
# How everything is built for the second column of sizes.
AT_S=(--config 'profile.release.package."*".opt-level="s"' --config 'profile.release.package.firmware.opt-level="s"'
    --config 'profile.release.package.device.opt-level="s"')
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

# frames PROGRAM: bytes of stack of the functions with the largest frames, and their names: what they push and take.
frames() {
    llvm-objdump -d --no-show-raw-insn "$(image "$1")" | c++filt | awk '
        /^[0-9a-f]+ <.*>:$/ { $1 = ""; name = $0; sub(/^ </, "", name); sub(/(::h[0-9a-f]+)?>:$/, "", name); size = 0; begins = 1; next }
        begins && $2 ~ /^v?push/ {
            registers = split($0, all, ","); size += registers * ($2 ~ /^vpush/ ? 8 : 4)
        }
        begins && $2 ~ /^sub/ && $3 == "sp," { match($0, /#[0-9]+/); size += substr($0, RSTART + 1, RLENGTH - 1) }
        begins && $2 ~ /^bl/ { begins = 0; if (size > 0) print size, name }'
}

# build PROGRAM [OPTION...]
build() {
    local program=$1 package=firmware
    shift
    if [ "$program" = device ]; then package=device; fi
    cargo build --locked --quiet --release --target "$BOARD" -p "$package" --bin "$program" "$@"
}

# run PROGRAM NAME: what the program says, into a file of that name.
run() {
    timeout 300 qemu-system-arm -machine mps2-an386 -nographic -monitor none -serial none -icount shift=0 \
        -semihosting-config enable=on,target=native -kernel "$(image "$1")" 2>&1 | tr -d '\000' >"$work/$2.said"
}

# What programs take at most that are built at `s`.
declare -A TEXT_AT_S_AT_MOST=([suit-invoke]=86016) STACK_AT_S_AT_MOST=([suit-invoke]=10240)
# at_most PROGRAM WHAT SIZE BOUND
at_most() { [ -z "$4" ] || [ "$3" -le "$4" ] || { echo "$1 takes $3 bytes of $2 at s, more than $4" >&2; exit 1; }; }

declare -A text_at_s=()
for program in "${PROGRAMS[@]}"; do
    build "$program" "${AT_S[@]}"
    text_at_s[$program]=$(text "$program")
    run "$program" "$program.s"
    at_most "$program" text "${text_at_s[$program]}" "${TEXT_AT_S_AT_MOST[$program]:-}"
    at_most "$program" stack "$(value "$program.s" stack)" "${STACK_AT_S_AT_MOST[$program]:-}"
done
for program in "${PROGRAMS[@]}"; do
    build "$program"
    run "$program" "$program"
done

{
    echo "# Footprint"
    echo
    echo "What whole programs for a Cortex-M4 ($BOARD) take, start-up code and P-256 included: \`bare-metal/firmware\`, built for"
    echo "size (dependencies at \`z\`, SHA-256 with its rounds in a loop), each with one thing to do. \`./ci.sh footprint\` writes this"
    echo "page; \`bare-metal/check.sh\` holds the programs to bounds. Instructions are counted by the timer of an emulated core,"
    echo "40 to a tick. With $(rustc --version | cut -d' ' -f1,2)."
    echo
    echo "| program | text, bytes | stack, bytes | instructions | text at \`s\` | stack at \`s\` | instructions at \`s\` |"
    echo "|---|---|---|---|---|---|---|"
    for program in "${PROGRAMS[@]}"; do
        echo "| $program | $(text "$program") | $(value "$program" stack) | $(value "$program" counted) |" \
            "${text_at_s[$program]} | $(value "$program.s" stack) | $(value "$program.s" counted) |"
    done
    echo
    echo "The last three columns are of the program with everything at opt-level \`s\`. The bounds of check.sh are held by what"
    echo "is built at \`z\`; of what is built at \`s\`, suit-invoke is held here to ${TEXT_AT_S_AT_MOST[suit-invoke]} bytes of text and ${STACK_AT_S_AT_MOST[suit-invoke]} of stack."
    echo "The programs for SUIT are built without the feature \`trust-domains\` of suit-manifest: they process the base commands, and"
    echo "refuse dependencies and the commands of that extension by name."
    echo
    echo "## Beside the signatures and the hashes"
    echo
    echo "The programs that begin with raw check the signatures of the message that the whole one verifies, their keys parsed, and"
    echo "hash what is signed, logged and installed; what they do that with was read before instructions are counted. All that the"
    echo "whole program does beside is reading what is signed and by whom, looking at it, and moving what was read. All but"
    echo "one-sign1 have their keys with the thumbprints in flash; one-sign1 reads a COSE_Key and hashes it."
    echo
    echo "| program | beside the signatures and hashes, instructions | of these | at \`s\` | of these |"
    echo "|---|---|---|---|---|"
    for pair in "${PAIRS[@]}"; do
        whole=$(value "${pair%:*}" counted) raw=$(value "${pair#*:}" counted)
        whole_s=$(value "${pair%:*}.s" counted) raw_s=$(value "${pair#*:}.s" counted)
        awk -v name="${pair%:*}" -v raw="$raw" -v whole="$whole" -v raw_s="$raw_s" -v whole_s="$whole_s" \
            'BEGIN { printf "| %s | %d | %.2f %% | %d | %.2f %% |\n", name, whole - raw, (whole - raw) * 100 / raw,
                whole_s - raw_s, (whole_s - raw_s) * 100 / raw_s }'
    done
    echo
    echo "## Each verification of the device"
    echo
    echo "What the program device is given, in its order, and the instructions from there to the verdict: keys are parsed before,"
    echo "the image is written where it is taken."
    echo
    echo "| verification | instructions |"
    echo "|---|---|"
    sed -n 's/^took: \([0-9]*\) instructions: \(.*\)$/| \2 | \1 |/p' "$work/device.said"
    echo
    echo "## What was done about the largest"
    echo
    echo "- P-256, of stack: the crate p256 holds the tables of the two multiples that it adds more than once. Nothing was done"
    echo "  about it: the ECDSA equation is the crate's."
    echo "- Results, of stack: what is verified is large (a statement 312 bytes, the root of a receipt 192, both 560), so it is"
    echo "  shown where it is read, after the signature was checked, and kept once; \`Sign1::verify_then\`, \`Verifier::verify_then\`,"
    echo "  \`TrustedService::with_root\` and \`Envelope::verify_then\` are for callers on a device."
    echo "- Roots, of stack: of the up to 16 roots that a receipt's proofs lead to, the first is kept and of the others which proof"
    echo "  leads there (72 bytes in place of 532), which is followed once more when its turn comes."
    echo "- Keys, of stack: a board's keys are statics (\`firmware::FlashKey\`), parsed out of line when they check a signature;"
    echo "  anchors, verifier and context of transparent-statement stand in flash."
    echo "- Maps, of instructions: a search compares one byte of nearly every key, lengths are words of the machine, and a label that"
    echo "  is not in a header costs no search. Heads longer than a byte are read out of line, which is less text, too."
    echo "- Keys, of instructions: \`TrustedKey::hashed\` keeps the thumbprint that a key was enrolled with."
    echo "- Copies, of instructions: what the firmware copies and compares memory with reads words wherever they stand."
    echo "- Errors, of text: an error is 40 bytes, and each question mark copies it. What tells whether there is one is a word, so the"
    echo "  copy is one of words: in one byte it cost suit-invoke 4.8 KB more at \`s\`. Reasons are made and kept out of line."
    echo "- Dependencies, of text: 7 KB of suit-invoke at \`s\`, a feature of suit-manifest."
    echo "- Hashing keys, of text: \`HashedVerifier\`, the trust store of a device with one key, links nothing that does, 2 KB less."
    echo "- Readers, of stack: what reads headers, receipts and keys is out of line, so its frame has ended before points are added."
    echo "- The rest of the stack above P-256: what was found out of a statement so far (616 bytes), its entries (336), one receipt"
    echo "  with its header (296), the signers of a manifest (984, room for eight), what was learnt of keys (152), the parts of what is"
    echo "  signed (176), and in each frame an error or two of 40 to 48 bytes."
    echo "- At \`s\`, p256 itself takes more than at \`z\`: more of it is in the frame that holds the tables."
    for program in suit-invoke transparent-suit-invoke device; do
        echo
        echo "## $program by crate"
        echo
        echo "| bytes | crate |"
        echo "|---|---|"
        crates "$program" | sed -n 1,16p | awk '{ size = $1; $1 = ""; print "| " size " |" $0 " |" }'
        echo
        if command -v llvm-objdump >/dev/null && command -v c++filt >/dev/null; then
            echo "The largest frames of the stack, bytes:"
            echo
            echo '```text'
            frames "$program" | sort -rn | sed -n 1,12p | cut -c1-110
            echo '```'
            echo
        fi
        echo "The largest symbols:"
        echo
        echo '```text'
        symbols "$program" | sort -rn | sed -n 1,16p | sed 's/  */ /g' | cut -c1-110
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
    echo "(each made at its own place, and copied by each caller); COSE headers by RFC 9052 with critical parameters and both buckets;"
    echo "keys of maps compared as values at any depth; a scan of all sequences before the first effect; and severed members,"
    echo "integrated payloads and updates, which the processor runs as it does the procedure that starts an image."
} >"$work/page"
mv "$work/page" ../docs/footprint.md
cat ../docs/footprint.md
