"""Reports/agreement/README.md and agreement.csv."""
import csv
import importlib.metadata
import platform

import data
from pairs import SECTIONS, UNCOMPARED

TARGET = data.ROOT / "Reports/agreement"

INTRODUCTION = """# Agreement
Every measure of this package, but for those named at the end, beside the same measure by other people's code, on the same real images or the same features of them. `Scripts/report-agreement` wrote this page and `agreement.csv`, and fails when a pair is farther apart than its tolerance.

{summary}

- **Images**: handwritten digits, 500 real and 500 generated (`Fixtures/digits`); 24 + 24 photograph crops of mixed sizes, real and as JPEG of quality 30 (`Fixtures/photos/crops`). `others` are 500 more real digits: a training set, and the samples of a perfect generator.
- **Features**: 1280 of the bundled network and its 1000 class scores, extracted once by gan-eval (`real.h5`, `fake.h5`, `others.h5`); `few-real.h5`, `few-fake.h5`: 64 of Inception's first block for 200 + 200 digits, so that there are more images than features.
- **Networks**: the published weights of Inception, VGG16, AlexNet and SqueezeNet are not on a package registry. Both sides are given the same *generated* weights (`Fixtures/networks/generated_weights.py`, Inception's batch norms calibrated on images): the values mean nothing, their agreement does.
- **Tolerances** are of the peer's value, absolute behind ±. Where both sides compute in float64 it is 1e-8 or less; where one side is float32, has another rule of integration or draws at random, the note says so and the tolerance is what that costs.
- **Peers** are packages at the versions below, or authors' repositories, which are on no registry, at the commits in `Scripts/agreement/sources.txt`; "formula" is the published formula written down in `Scripts/agreement` or a fixture script with NumPy, SciPy or scikit-learn, sharing no code with this package, where nothing else can be run.
- **Seconds** are wall time of one call on a busy machine: whole commands of ours with their start and reading, calls of the peer's function without. This is no benchmark; [Benchmarks](../../Benchmarks/README.md) are. A command that serves several rows ran once, features that an earlier row has extracted are not extracted again, and a run that was interrupted goes on at another hour.

"""


DIFFERENCES = """## Where peers differ, and why
- **≤ or <.** Precision and recall count an image on the rim of a ball as inside (Kynkäänniemi et al., torch-fidelity), density and coverage do not (Naeem et al.); `prdc` has < in all four. It matters only where distances are equal, as between copies.
- **Realism.** dgm-eval keeps radii below the median and gan-eval up to it; of an even number of images these are the same.
- **α-precision.** The authors' code sums 30 levels with both ends in full; the exact integral is compared with the formula by a midpoint rule as well. Their authenticity looks up real images' radii by the places of generated ones, so that only dgm-eval's is compared.
- **Fewer images than features.** SciPy's `sqrtm` and eigenvalues of a product of covariances add the roots of rounding errors; gan-eval takes the trace as a nuclear norm. With more images than features that leaves less than 1e-10. With that trace on the peer's own features what remains (1e-7 to 3e-6) is two networks in float32.
- **float32.** The peers' networks and kernels are; their means over images too in torch-fidelity's precision and recall. [Protocols](../../Documentation/Protocols.md) says which protocol rounds where.
- **Random numbers.** torch-fidelity's subsets and shuffles are NumPy's and are reproduced; torchmetrics', clean-fid's and dgm-eval's are left to chance there, so they are asked for one subset of all images.
- **Vendi score.** Eigenvalues that rounding leaves of zero count in vendi-score and dgm-eval.
- **SSIM and MS-SSIM.** torchmetrics' SSIM has windows over the mirrored border and is another number ([Perceptual distances](../../Documentation/Perceptual%20distances.md)); its MS-SSIM is reproduced.
- **CAS, GAN-train, GAN-test** train networks on pixels in their papers; here as in the table a linear classifier on features, so that the numbers agree with scikit-learn's and not with papers'.
"""


def number(value):
    return f"{value:.9g}"


def seconds(value):
    return "" if value != value else f"{value:.2g}" if value < 10 else f"{value:.0f}"


def sources():
    """Repository and commit of the authors' code."""
    return [line.split() for line in (data.ROOT / "Scripts/agreement/sources.txt").read_text().splitlines() if not line.startswith("#")]


def versioned(peer):
    """A peer with its version, or the beginning of its commit."""
    commits = {repository.rpartition("/")[2]: commit for repository, commit in sources()}
    if peer == "formula":
        return peer
    return f"{peer} {commits[peer][:7] if peer in commits else importlib.metadata.version(peer)}"


def table(results, first):
    lines = ["| | metric | convention | peer | peer's value | ours | difference | tolerance | s, peer | s, ours | |", "|---:|---|---|---|---:|---:|---:|---:|---:|---:|---|"]
    for place, result in enumerate(results, first):
        pair = result.pair
        verdict = number(result.theirs) if not result.error else result.error
        difference = f"{result.difference:.1e}" if result.difference else "0"
        lines.append(f"| {place} | `{pair.metric}` | {pair.protocol} | {versioned(pair.peer)} | {verdict} | {number(result.ours)} | {difference if result.agrees else f'**{difference}**'} | {pair.tolerance} | "
                     f"{seconds(result.their_seconds)} | {seconds(result.our_seconds)} | {pair.note} |")
    return "\n".join(lines) + "\n"


def commands(results, first):
    """Both sides of every row as they ran."""
    lines = ["<details><summary>Both commands of each row</summary>", "", "```"]
    for place, result in enumerate(results, first):
        pair = result.pair
        lines += [f"{place:3} {pair.ours}" + (f"    # {pair.ours_at}" if pair.ours_at != "value" else ""), f"    {pair.theirs}"]
    return "\n".join(lines + ["```", "", "</details>", ""])


def versions(ours):
    packages = [line.partition("==")[0] for line in (data.ROOT / "Scripts/agreement/requirements.txt").read_text().splitlines() if "==" in line]
    lines = ["## Versions", "", f"gan-eval {ours}; Python {platform.python_version()}; " + ", ".join(f"{name} {importlib.metadata.version(name)}" for name in packages) + ".", ""]
    return "\n".join(lines + [f"- [{name}](https://github.com/{name}) at `{commit}`" for name, commit in sources()]) + "\n"


def left_out(listing, results):
    """Metrics of `gan-eval metrics list` that no pair stands for, and what else is not compared, with the reason."""
    names = [line.split()[0] for line in listing.split("\nMeasured by other commands")[0].splitlines()[1:] if line.strip()]
    compared = {result.pair.metric for result in results}
    return [f"- `{name}`: no pair yet" for name in names if name not in compared] + [f"- {name}: {reason}" for name, reason in UNCOMPARED.items()]


def write(results, ours, listing):
    text, place = "", 1
    for title, about, pairs in SECTIONS:
        part = [result for result in results if result.pair in pairs]
        text += f"## {title}\n{about}\n\n{table(part, place)}\n{commands(part, place)}\n"
        place += len(part)
    text += f"{DIFFERENCES}\n## Not compared\n" + "\n".join(left_out(listing, results)) + "\n\n"
    metrics, differing = len({result.pair.metric for result in results}), sum(not result.agrees for result in results)
    summary = f"{len(results)} pairs of {metrics} measures: " + ("all agree within their tolerances." if not differing else f"**{differing} differ by more than their tolerance.**")
    TARGET.mkdir(parents=True, exist_ok=True)
    (TARGET / "README.md").write_text(INTRODUCTION.format(summary=summary) + text + versions(ours))
    with open(TARGET / "agreement.csv", "w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow("metric,protocol,peer,peer_value,our_value,difference,kind,tolerance,agrees,peer_seconds,our_seconds,our_command,our_key,peer_command,peer_key,note".split(","))
        for result in results:
            pair = result.pair
            writer.writerow([pair.metric, pair.protocol, versioned(pair.peer), repr(result.theirs), repr(result.ours), f"{result.difference:.3g}", "absolute" if pair.absolute else "relative", pair.limit, str(result.agrees).lower(),
                             f"{result.their_seconds:.3g}", f"{result.our_seconds:.3g}", pair.ours, pair.ours_at, pair.theirs, pair.theirs_at, pair.note or result.error])
