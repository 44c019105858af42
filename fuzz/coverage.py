"""Writes the page of coverage: coverage.py FOLDER PAGE COMMAND.

Reads what llvm-cov exported for each target, FOLDER/TARGET.lcov, and coverage.toml, which says what each target is there to reach.
"""

import fnmatch
import pathlib
import subprocess
import sys
import tomllib

ROOT = pathlib.Path(__file__).resolve().parent.parent
LEAST = 90


def lines_of(folder):
    """Of each source file below the root, the lines that have code, and how often each ran."""
    found, lines = {}, {}
    exported = (line for path in sorted(pathlib.Path(folder).glob("*.lcov")) for line in path.read_text().splitlines())
    for line in exported:
        if line.startswith("SF:"):
            path = pathlib.Path(line[3:])
            name = path.relative_to(ROOT).as_posix() if path.is_relative_to(ROOT) else None
            lines = found.setdefault(name, {})
        elif line.startswith("DA:"):
            number, count = map(int, line[3:].split(",")[:2])
            lines[number] = max(lines.get(number, 0), count)
    return found


def ranges(numbers, code):
    """Rows of lines, "3-9 12": lines without code do not part them."""
    rows = []
    after = dict(zip(code, code[1:]))
    for number in numbers:
        if rows and after.get(rows[-1][1]) == number:
            rows[-1][1] = number
        else:
            rows.append([number, number])
    return " ".join(str(first) if first == last else f"{first}-{last}" for first, last in rows)


def first(table, path):
    return next((name for name, patterns in table.items() if any(fnmatch.fnmatch(path, one) for one in patterns)), None)


def main(folder, page, command):
    table = tomllib.loads((ROOT / "fuzz/coverage.toml").read_text())
    coverage = lines_of(folder)
    if not coverage:
        sys.exit(f"no export of llvm-cov in {folder}")
    listed = subprocess.run(["git", "ls-files", "*/src/*.rs"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    outside = ("benches/", "bare-metal/", "examples/", "testkit/", "fuzz/", "interop/", "cose-cli/")
    files = [path for path in listed if not path.startswith(outside) and "/tests" not in path and "/conformance" not in path]
    reached, apart, nowhere = {target: [] for target in table["reaches"]}, {}, []
    for path in files:
        target = first(table["reaches"], path)
        # A text of errors is one wherever it stands.
        reason = first({key: value for key, value in table["apart"].items() if "errors" in key or "page" in key}, path)
        reason = reason or (None if target else first(table["apart"], path))
        if reason:
            apart.setdefault(reason, []).append(path)
        elif target:
            reached[target].append(path)
        else:
            nowhere.append(path)
    if nowhere:
        sys.exit("in no line of fuzz/coverage.toml: " + " ".join(nowhere))

    out = ["# What the fuzz targets reach", ""]
    out += [f"Written by `{command}`: the lines that the seeds and the corpus of all targets together ran, by file.",
            "What each target is there to reach, and what is apart, stands in `fuzz/coverage.toml`. A corpus is made by",
            "`FUZZ_SECONDS=600 ./ci.sh fuzzing`, and stays in the target folder. A file without lines is of types and constants, or behind a",
            "feature that the targets are built without.", "", "## By target", "",
            "| target | files | lines | reached | files below 90 % |", "|---|---|---|---|---|"]
    low, all_lines, all_hit = [], 0, 0
    for target, paths in sorted(reached.items()):
        lines = hit = below = seen = 0
        for path in paths:
            code = coverage.get(path, {})
            if not code:
                continue
            ran = sum(1 for count in code.values() if count)
            lines, hit, seen = lines + len(code), hit + ran, seen + 1
            if 100 * ran < LEAST * len(code):
                low.append((target, path, ran, len(code)))
                below += 1
        all_lines, all_hit = all_lines + lines, all_hit + hit
        share = f"{100 * hit / lines:.1f} %" if lines else "no lines"
        out.append(f"| `{target}` | {seen} | {lines} | {share} | {below} |")
    out.append(f"| together | | {all_lines} | {100 * all_hit / all_lines:.1f} % | {len(low)} |")
    out += ["", "## Files from 90 % on", "", "| file | reached |", "|---|---|"]
    is_low = {path for _, path, _, _ in low}
    for target, paths in sorted(reached.items()):
        for path in paths:
            if (code := coverage.get(path)) and path not in is_low:
                out.append(f"| {path} | {100 * sum(1 for count in code.values() if count) / len(code):.1f} % |")
    out += ["", "## Files below 90 %", "", "With the lines that nothing ran. Why, where one reason holds for most of them.", "",
            "| target | file | reached | not reached | why |", "|---|---|---|---|---|"]
    for target, path, ran, lines in low:
        code = sorted(coverage[path])
        missed = [number for number in code if not coverage[path][number]]
        why = next((reason for pattern, reason in table["why"].items() if fnmatch.fnmatch(path, pattern)), "")
        if not why:
            why = "nothing of it ran" if ran == 0 else "not looked into"
        out.append(f"| `{target}` | {path} | {100 * ran / lines:.1f} % | {ranges(missed, code)} | {why} |")
    out += ["", "## Apart", ""]
    out += [f"- {reason}: {len(paths)} files" for reason, paths in apart.items()]
    pathlib.Path(page).write_text("\n".join(out) + "\n")
    print(f"{all_hit} of {all_lines} lines, {len(low)} files below {LEAST} %")


if __name__ == "__main__":
    main(*sys.argv[1:])
