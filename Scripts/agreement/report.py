"""Runs every pair of pairs.py, compares, and writes Reports/agreement. Called by Scripts/report-agreement: report.py WORK [WORD…]"""
import dataclasses
import hashlib
import json
import os
import pathlib
import shlex
import subprocess
import sys
import time

import numpy

import data
import page
from pairs import PAIRS


HERE = pathlib.Path(__file__).resolve().parent


def digest(*files):
    """Of the contents of files."""
    return hashlib.sha256(b"".join(pathlib.Path(file).read_bytes() for file in files)).hexdigest()[:16]


@dataclasses.dataclass
class Result:
    """A pair with both values, the seconds each side took, and whether the values agree."""
    pair: object
    ours: float = float("nan")
    theirs: float = float("nan")
    our_seconds: float = float("nan")
    their_seconds: float = float("nan")
    error: str = ""

    @property
    def difference(self):
        """Relative to the peer's value, or absolute where the tolerance is."""
        gap = abs(self.ours - self.theirs)
        return gap if self.pair.absolute or gap == 0 else gap / abs(self.theirs)

    @property
    def agrees(self):
        return not self.error and self.difference <= self.pair.limit


class Runner:
    """Runs commands and expressions, each text once: answers stay in `values.json` for a run that goes on after an interruption, until what they were made with changes."""

    def __init__(self, program, file):
        self.program, self.file = program, file
        self.kept = json.loads(file.read_text()) if file.exists() else {}

    def once(self, text, made_with, run):
        """The answer and the seconds of `run`, which is called only the first time that `text` comes."""
        key = f"{text} @ {digest(HERE / 'data.py', HERE / 'requirements.txt', *made_with)}"
        if key not in self.kept:
            start = time.perf_counter()
            answer = run(text)
            self.kept[key] = answer, time.perf_counter() - start
            self.file.write_text(json.dumps(self.kept, indent=1))
        return self.kept[key]

    def command(self, text):
        """Standard output of a command, of which `gan-eval` and `python` are replaced by what this run uses."""
        words = shlex.split(text)
        places = {"gan-eval": [self.program], "python": [sys.executable], "fidelity": [sys.executable, "-m", "torch_fidelity.fidelity"]}
        done = subprocess.run(places[words[0]] + words[1:], capture_output=True, text=True)
        if done.returncode != 0:
            raise RuntimeError(f"{words[0]} failed: {done.stderr.strip().splitlines()[-1:]}")
        return done.stdout

    def expression(self, text):
        """The value of an expression over the names of peers.py, with the generators of NumPy and PyTorch seeded."""
        import torch

        import authors
        import formulas
        import peers
        import pictures
        import spatial
        numpy.random.seed(2020)
        torch.manual_seed(2020)
        return float(eval(text, vars(peers) | {"authors": authors, "formulas": formulas, "pictures": pictures, "spatial": spatial}))

    def ours(self, pair):
        output, seconds = self.once(pair.ours, [self.program], self.command)
        found = json.loads(output)
        if "results" in found:
            found = next(result for result in found["results"] if result["metric"] == pair.metric)
        for key in pair.ours_at.split("."):
            found = found[int(key)] if isinstance(found, list) else found[key]
        return float(found), seconds

    def theirs(self, pair):
        if pair.theirs.split()[0] in ("python", "fidelity"):
            output, seconds = self.once(pair.theirs, [], self.command)
            found = json.loads(output)[pair.theirs_at] if pair.theirs_at else output.split()[-1]
        else:
            modules = ["peers.py", *(name for name in ("authors.py", "formulas.py", "pictures.py", "spatial.py") if name.removesuffix("py") in pair.theirs)]
            found, seconds = self.once(pair.theirs, [HERE / name for name in modules], self.expression)
        return float(found), seconds

    def result(self, pair):
        result = Result(pair)
        try:
            result.ours, result.our_seconds = self.ours(pair)
            result.theirs, result.their_seconds = self.theirs(pair)
        except Exception as error:  # A peer that fails is a row that says so, and the other rows are still worth having.
            result.error = f"{type(error).__name__}: {error}"
        return result


def main(work, words):
    program = str(pathlib.Path(os.environ["GAN_EVAL"]).resolve())
    wanted = [pair for pair in PAIRS if not words or any(word in " ".join(map(str, dataclasses.astuple(pair))) for word in words)]
    data.prepare(work / "data", program, digest(program))
    runner, results = Runner(program, work / "values.json"), []
    for pair in wanted:
        result = runner.result(pair)
        results.append(result)
        print(f"{'agrees' if result.agrees else 'DIFFERS'}  {pair.metric} ({pair.protocol}), {pair.peer}: {result.theirs!r}, ours {result.ours!r}, "
              f"{result.difference:.1e} of {pair.tolerance}; {result.our_seconds:.2f} s and {result.their_seconds:.2f} s {result.error}", flush=True)
    if not words:
        listing = runner.command("gan-eval metrics list")
        page.write(results, runner.command("gan-eval --version").strip(), listing)
    differing = [result for result in results if not result.agrees]
    if differing:
        sys.exit(f"{len(differing)} of {len(results)} pairs differ by more than their tolerance")


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]).resolve(), sys.argv[2:])
