"""gan-eval against its peers, alternately in one run on one machine; prints Markdown tables of medians and ratios.

Each line of a table is measured ROUNDS times: every contender once per round, in turn, each in its own process, so that a disturbance of the machine strikes all of them.
usage: see Benchmarks/run --help
"""
import argparse
import json
import os
import pathlib
import platform
import statistics
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
FEATURES = {  # network: (peers' modes by precision)
    "inception-v3": {"float32": ["eager", "channels-last"], "bfloat16": ["bfloat16-channels-last", "bfloat16-autocast"]},
    "efficientnet-lite0": {"float32": ["eager", "channels-last"], "bfloat16": ["bfloat16-channels-last", "bfloat16-autocast"]},
}
IMAGES = [(5000, 32), (500, 256)]  # per side, pixels


class Failed(Exception):
    """A contender did not give a number."""


def run(arguments):
    """The JSON object that a contender prints."""
    finished = subprocess.run([str(argument) for argument in arguments], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if finished.returncode != 0:
        raise Failed((finished.stderr.strip() or f"exit code {finished.returncode}").splitlines()[0])
    return json.loads(finished.stdout)


class Contest:
    """The lines of one table: contenders measured in turn."""

    def __init__(self, title, unit, rounds, higher_is_better):
        self.title, self.unit, self.rounds, self.higher_is_better = title, unit, rounds, higher_is_better
        self.rows = []

    def measure(self, label, contenders, ours="gan-eval"):
        """`contenders` maps a name to a function that returns a number. Rows give the ratio of `ours` to each."""
        numbers, failures = {name: [] for name in contenders}, {}
        for _ in range(self.rounds):
            for name, contender in contenders.items():
                if name in failures:
                    continue
                try:
                    numbers[name].append(contender())
                except Failed as failure:
                    failures[name] = str(failure)
                    print(f"{label}: {name} failed: {failure}", file=sys.stderr)
        medians = {name: statistics.median(values) for name, values in numbers.items() if name not in failures}
        for name in contenders:
            ratio = None
            if name != ours and name in medians and ours in medians:
                ratio = medians[ours] / medians[name] if self.higher_is_better else medians[name] / medians[ours]
            self.rows.append((label, name, medians.get(name), ratio))
        return not failures

    def __str__(self):
        lines = [f"### {self.title}", "", f"| | contender | {self.unit} | gan-eval is faster by |", "|---|---|---:|---:|"]
        for label, name, value, ratio in self.rows:
            lines.append(f"| {label} | {name} | {'failed' if value is None else f'{value:.3g}'} | {'' if ratio is None else f'{ratio:.2f} ×'} |")
        return "\n".join(lines) + "\n"


def features(options):
    """A network cannot be faster than its convolutions run one by one: the ratio to those is the share of oneDNN's rate that the whole network reaches."""
    contest = Contest("Features", "images/s", options.rounds, higher_is_better=True)
    fine = True
    for network, precisions in FEATURES.items():
        for precision, modes in precisions.items():
            peer = ["--network", network, "--batch-size", options.batch_size, "--threads", options.threads]
            contenders = {f"PyTorch {mode}": lambda mode=mode: run([sys.executable, HERE / "bench_features.py", "--mode", mode, *peer])["imagesPerSecond"] for mode in modes}
            def ours(mode, precision=precision, peer=peer):
                return run([options.binary, "benchmark", mode, "--precision", precision, *peer, "--json"])["imagesPerSecond"]

            contenders["its convolutions alone"] = lambda ours=ours: ours("layers")
            contenders["gan-eval"] = lambda ours=ours: ours("features")
            fine &= contest.measure(f"{network}, {precision}, batch {options.batch_size}", contenders)
    print(contest)
    return fine


def commands(options):
    folder = ROOT / ".build/benchmarks"
    weights = folder / "inception-v3.pth"
    folder.mkdir(parents=True, exist_ok=True)
    if not weights.exists():
        subprocess.run([sys.executable, ROOT / "Fixtures/protocols/calibrate.py", weights], check=True)
    contest = Contest("Whole commands, FID with inception-v3", "seconds", options.rounds, higher_is_better=False)
    fine, notes = True, []
    for count, size in IMAGES:
        images, exposed = folder / f"{count}x{size}", []
        if not images.exists():
            subprocess.run([sys.executable, HERE / "make_images.py", images, str(count), str(size)], check=True)
        real, fake, peer = images / "real", images / "fake", [sys.executable, HERE / "bench_command.py"]

        def ours(real=real, fake=fake, exposed=exposed):
            start = time.perf_counter()
            report = run([options.binary, "fid", real, fake, "--network", "inception-v3", "--weights", weights, "--threads", options.threads, "--no-cache", "--json", "-"])
            seconds = time.perf_counter() - start
            exposed.append(report["timing"]["exposed_decoding_seconds"] / seconds)
            return seconds

        contenders = {name: lambda name=name: run([*peer, name, weights, real, fake, "--threads", options.threads])["seconds"] for name in ("pytorch-fid", "fidelity")}
        fine &= contest.measure(f"2 × {count} PNG of {size} × {size}", contenders | {"gan-eval": ours})
        if exposed:
            notes.append(f"2 × {count} PNG of {size} × {size}: the network waited for decoding during {statistics.median(exposed):.1%} of the wall time")
    print(contest)
    print("\n".join(notes) + "\n")
    return fine


def distances(options):
    """The distance alone has a program of its own, which times our library without a process around it."""
    subprocess.run(["swift", "build", "-c", "release", "--product", "distance-benchmark", "--package-path", ROOT], check=True, stdout=subprocess.DEVNULL)
    print("### The Fréchet distance alone, 2048 dimensions\n", flush=True)
    return subprocess.run([sys.executable, ROOT / "Benchmarks/distance/compare.py", "--threads", str(options.threads)]).returncode == 0


TRAINING = [  # game, side of the images (0: points), width, batch, timed steps, what it is
    ("dcgan", 64, 64, 64, 5, "DCGAN 64 × 64, 64 channels, batch 64"),
    ("wgan-gp", 32, 64, 64, 5, "WGAN-GP 32 × 32, 64 channels, batch 64, double backward"),
    ("sngan", 32, 64, 64, 3, "SNGAN 32 × 32, residual, 64 channels, batch 64"),
    ("original", 0, 128, 256, 3000, "perceptrons 3 × 128 on points, batch 256"),
]


def training(options):
    contest = Contest("One training step", "seconds", options.rounds, higher_is_better=False)
    fine = True
    for game, size, width, batch, steps, label in TRAINING:
        shared = ["--game", game, "--size", size, "--width", width, "--batch-size", batch, "--steps", steps, "--threads", options.threads]
        modes = ["eager"] if size == 0 else ["eager", "channels-last"]
        contenders = {f"PyTorch {mode}": lambda mode=mode: run([sys.executable, HERE / "bench_training.py", "--mode", mode, *shared])["seconds"] for mode in modes}
        contenders["gan-eval"] = lambda: run([options.binary, "benchmark", "training", *shared, "--json"])["seconds"]
        fine &= contest.measure(label, contenders)
    print(contest)
    return fine


def operations(options):
    """What an operation costs besides its arithmetic, which on one element is nothing."""
    contest = Contest("One operation on one element", "µs", options.rounds, higher_is_better=False)
    threads, fine = ["--threads", options.threads], True
    for name in ("multiply", "leaky rectifier", "linear"):
        def peer(what, name=name):
            return run([sys.executable, HERE / "bench_operations.py", *threads])[name][what]

        def ours(what, name=name):
            return run([options.binary, "benchmark", "operations", *threads, "--json"])[name][what]

        fine &= contest.measure(f"{name}, recorded", {"PyTorch": lambda: peer("forward"), "its kernel alone": lambda: ours("kernel"), "gan-eval": lambda: ours("forward")})
        fine &= contest.measure(f"{name}, derivative", {"PyTorch": lambda: peer("derivative"), "gan-eval": lambda: ours("derivative")})
    print(contest)
    return fine


CONTESTS = {"features": features, "commands": commands, "distances": distances, "training": training, "operations": operations}


def processor():
    """The processor's name."""
    try:
        names = [line.partition(":")[2].strip() for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")]
        return names[0]
    except (OSError, IndexError):
        return platform.processor() or platform.machine()


def main():
    parser = argparse.ArgumentParser(prog="Benchmarks/run", description="gan-eval against PyTorch, pytorch-fid and torch-fidelity on this machine, as Markdown tables.")
    parser.add_argument("contests", nargs="*", metavar="CONTEST", help=f"any of {', '.join(CONTESTS)} (default: all)")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--batch-size", type=int, default=32)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--binary", default=ROOT / ".build/release/gan-eval", help="the gan-eval to measure (default: this checkout's)")
    options = parser.parse_args()
    unknown = set(options.contests) - set(CONTESTS)
    if unknown:
        parser.error(f"unknown contest {', '.join(sorted(unknown))}")
    print(f"{processor()}, {options.threads} of {os.cpu_count()} threads; medians of {options.rounds} alternating rounds\n")
    fine = [CONTESTS[name](options) for name in options.contests or CONTESTS]
    sys.exit(0 if all(fine) else 1)


if __name__ == "__main__":
    main()
