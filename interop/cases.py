"""Messages with what a reader needs, and the list of what is known to differ."""

import fnmatch
import json
import sys

CONTENT = b"This is the content."
EXTERNAL = b"known to both sides"


class Case:
    """One message. `kind`, `algorithm` and the rest are as in examples/src/bin/interop/case.rs."""

    BYTES = ("message", "content", "external")

    def __init__(self, name, kind, algorithm, message, keys, content=CONTENT, detached=None, external=b"", recipient=0, wrong=None):
        self.name, self.kind, self.algorithm, self.recipient = name, kind, algorithm, recipient
        self.message, self.keys, self.content = message, keys, content
        self.detached, self.external, self.wrong = detached, external, wrong

    def to_json(self):
        fields = dict(vars(self))
        for key in self.BYTES:
            fields[key] = fields[key].hex()
        fields["keys"] = [key.hex() for key in self.keys]
        fields["detached"] = None if self.detached is None else self.detached.hex()
        return fields

    @classmethod
    def from_json(cls, fields):
        for key in cls.BYTES:
            fields[key] = bytes.fromhex(fields[key])
        fields["keys"] = [bytes.fromhex(key) for key in fields["keys"]]
        if fields["detached"] is not None:
            fields["detached"] = bytes.fromhex(fields["detached"])
        return cls(**fields)


def load(path):
    with open(path) as file:
        return [Case.from_json(fields) for fields in json.load(file)]


def store(path, cases):
    with open(path, "w") as file:
        json.dump([case.to_json() for case in cases], file, indent=1)


class Differences:
    """What a library does not do, as (pattern of names, reason). A line that matches nothing, or something that
    works, is a failure: then it is time to take it out."""

    def __init__(self, library, lines):
        self.library, self.lines = library, lines
        self.seen = {pattern: 0 for pattern, _ in lines}
        self.failures, self.fine, self.known = [], 0, 0

    def judge(self, name, attempt):
        """Runs `attempt`, which raises if the library does not agree, and says what it returned."""
        lines = [line for line in self.lines if fnmatch.fnmatchcase(name, line[0])]
        try:
            result = attempt()
        except Exception as trouble:  # whatever a library raises
            if not lines:
                self.failures.append(f"{name}: {type(trouble).__name__}: {trouble}")
            else:
                self.known += 1
                for pattern, _ in lines:
                    self.seen[pattern] += 1
            return None
        if lines:
            self.failures.append(f"{name}: works, and is listed: {lines[0][1]}")
        else:
            self.fine += 1
        return result

    def reason(self, name):
        """Why `name` is listed, or None."""
        for pattern, reason in self.lines:
            if fnmatch.fnmatchcase(name, pattern):
                self.seen[pattern] += 1
                return reason
        return None

    def unmatched(self):
        return [f"{pattern}: is listed, and matches nothing" for pattern, count in self.seen.items() if count == 0]

    def close(self):
        self.failures.extend(self.unmatched())


def conclude(verb, differences):
    """Prints what came out; the exit code says whether it was as listed."""
    failed = False
    for one in differences:
        one.close()
        print(f"{one.library}: {one.fine} {verb}, {one.known} known differences, {len(one.failures)} failures")
        for failure in one.failures:
            print(f"  {failure}", file=sys.stderr)
        failed = failed or bool(one.failures) or one.fine == 0
    sys.exit(1 if failed else 0)
