"""Plants one fault for each fuzz target, and shows that the target finds it.

    planted.py plant FOLDER              copies the tracked sources to FOLDER and plants the faults of planted.toml there
    planted.py run FOLDER PAGE COMMAND   runs what was built of them, and writes PAGE

One build holds all faults; the environment variable PLANTED says which one is on. Each target runs its seeds without a fault, which
must pass; then with its fault, for PLANTED_SECONDS at most (120), until it fails; then without it the input that failed, which must
pass. A fault whose text does not stand in its file exactly once stops the script, as does a target without a fault.
"""

import datetime
import os
import pathlib
import re
import shutil
import subprocess
import sys
import time
import tomllib

ROOT = pathlib.Path(__file__).resolve().parent.parent
# In the copy only: the libraries have no way to read the environment, nor a name for this.
SWITCH = """
extern crate std as planted_std;

/// Returns whether the fault of that number is on.
pub fn planted(number: u8) -> bool {
    static ON: planted_std::sync::OnceLock<Option<u8>> = planted_std::sync::OnceLock::new();
    let read = || planted_std::env::var("PLANTED").ok()?.parse().ok();
    *ON.get_or_init(read) == Some(number)
}
"""


def faults():
    table = tomllib.loads((ROOT / "fuzz/planted.toml").read_text())
    targets = {path.stem for path in (ROOT / "fuzz/fuzz_targets").glob("*.rs")}
    if targets != set(table):
        sys.exit(f"targets without a fault, or faults without a target: {sorted(targets ^ set(table))}")
    return [(number, target, table[target]) for number, target in enumerate(sorted(table), 1)]


def line_of(file, text):
    """The line in which the text stands, which must be once."""
    source = (ROOT / file).read_text()
    if source.count(text) != 1:
        sys.exit(f"{file} has {source.count(text)} times: {text}")
    return source[: source.index(text)].count("\n") + 1


def plant(folder):
    folder = pathlib.Path(folder)
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    files = {name: (ROOT / name).read_bytes() for name in listed.decode().split("\0") if name and (ROOT / name).is_file()}
    for number, _, fault in faults():
        file, text = fault["file"], fault["text"]
        line_of(file, text)
        path = "crate" if file.startswith("cose-ext/src/") else "cose_ext"
        # An expression, or what ends in a separator that stays where it is.
        end = text[-1] if text[-1] in ",;" else ""
        right, wrong = text.removesuffix(end), fault["fault"].removesuffix(end)
        both = f"(if {path}::planted({number}) {{ {wrong} }} else {{ {right} }}){end}"
        if end == ";":
            both = f"if {path}::planted({number}) {{ {wrong}; }} else {{ {right}; }}"
        files[file] = files[file].decode().replace(text, both).encode()
    files["cose-ext/src/lib.rs"] += SWITCH.encode()
    # What is as it was keeps its time, and is not built again.
    for path in [path for path in folder.rglob("*") if path.is_file()]:
        name = path.relative_to(folder).as_posix()
        if name not in files:
            path.unlink()
    for name, content in files.items():
        path = folder / name
        if not path.is_file() or path.read_bytes() != content:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
    print(f"{len(faults())} faults in {folder}")


def call(program, *arguments, number=None):
    environment = {name: value for name, value in os.environ.items() if name != "PLANTED"}
    if number is not None:
        environment["PLANTED"] = str(number)
    done = subprocess.run([program, *map(str, arguments)], env=environment, capture_output=True, text=True, errors="replace")
    return done.returncode, done.stderr


def found_by(log):
    """The assertion that failed, by its place, with its message if it has one."""
    panic = re.search(r"panicked at (\S*?)(\S+\.rs:\d+):\d+:\n(.*)", log)
    if not panic:
        other = re.search(r"SUMMARY: libFuzzer: (\S+)", log)
        return other.group(1) if other else "nothing said"
    place = panic.group(1) + panic.group(2)
    place = place[place.rindex("fuzz_targets/") :] if "fuzz_targets/" in place else panic.group(2)
    return f"{place}: {panic.group(3)[:90]}"


def one(folder, number, target, seconds):
    """Runs one target; returns executions, seconds and the assertion."""
    program, seeds = folder / f"built/x86_64-unknown-linux-gnu/release/{target}", folder / "seeds" / target
    finds, grown = folder / "finds" / target, folder / "grown" / target
    for path in (finds, grown):
        shutil.rmtree(path, ignore_errors=True)
        path.mkdir(parents=True)
    limits = ("-max_len=65536", "-timeout=10", "-rss_limit_mb=2048", "-seed=1", f"-artifact_prefix={finds}/")
    status, log = call(program, "-runs=0", *limits, seeds)
    if status:
        sys.exit(f"{target} fails on its seeds without any fault:\n{log[-2000:]}")
    started = time.monotonic()
    status, log = call(program, f"-max_total_time={seconds}", "-print_final_stats=1", *limits, grown, seeds, number=number)
    took = time.monotonic() - started
    if status == 0:
        return None
    inputs = list(finds.iterdir())
    if len(inputs) != 1:
        sys.exit(f"{target} failed and left no input:\n{log[-2000:]}")
    status, without = call(program, *limits, inputs[0])
    if status:
        sys.exit(f"{target} fails without the fault on what it found with it:\n{without[-2000:]}")
    runs = re.search(r"stat::number_of_executed_units: *(\d+)", log)
    among = "\tINITED" not in log
    return (int(runs.group(1)) if runs else 0, among, took, found_by(log))


def run(folder, page, command):
    folder, seconds = pathlib.Path(folder), int(os.environ.get("PLANTED_SECONDS", "120"))
    only = sys.argv[5:]
    rows, missed = [], []
    for number, target, fault in faults():
        if only and target not in only:
            continue
        result = one(folder, number, target, seconds)
        place = f"{fault['file']}:{line_of(fault['file'], fault['text'])}"
        if result is None:
            missed.append(target)
            rows.append(f"| `{target}` | {fault['what']} | {place} | not found | | |")
        else:
            runs, among, took, by = result
            runs = f"{runs}, among the seeds" if among else runs
            by = by.replace("|", "\\|")
            rows.append(f"| `{target}` | {fault['what']} | {place} | {runs} | {took:.0f} | {by} |")
        print(rows[-1], flush=True)
    if not only:
        out = ["# Faults that were planted, and found", ""]
        out += [f"Written by `{command}` on {datetime.datetime.now(datetime.UTC):%Y-%m-%d}. For each fuzz target a fault of the kind that it is there for,"]
        out += ["planted in a copy of the sources: what `fuzz/planted.toml` says of it, how many executions it took from the seeds of the"]
        out += [f"published vectors alone, at most {seconds} seconds, and which assertion failed. Without the fault the seeds pass, and so does the"]
        out += ["input that failed.", "", "| target | fault | where | executions | seconds | found by |", "|---|---|---|---|---|---|"]
        pathlib.Path(page).write_text("\n".join(out + rows) + "\n")
    if missed:
        sys.exit(f"not found: {' '.join(missed)}")


if __name__ == "__main__":
    {"plant": plant, "run": run}[sys.argv[1]](*sys.argv[2 : {"plant": 3, "run": 5}[sys.argv[1]]])
