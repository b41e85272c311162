"""Inputs of reports that Scripts/test-reports makes: seeds of recipes, a pair of compared sets, hostile texts, many runs."""
import json, pathlib, shutil

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent


def seeds(folder):
    """Three recipes: two trained with several seeds, one once; and a comparison of two of their sets."""
    source, arguments, made = ROOT / "Fixtures/report", [], []
    for kind, count, shift in (("wide", 3, 1.0), ("deep", 4, 1.12), ("plain", 1, 1.0)):
        for seed in range(count):
            name = f"{kind}-seed{seed}"
            run = folder / name
            shutil.copytree(source / "runs" / kind, run)
            factor = shift * (1 + 0.03 * ((seed * 7) % 5 - 2))
            settings = (run / "config.yaml").read_text().splitlines()
            (run / "config.yaml").write_text("\n".join(f"seed: {seed}" if line.startswith("seed:") else line for line in settings) + "\n")
            lines = [json.loads(line) for line in (run / "log.jsonl").read_text().splitlines()]
            for line in lines:
                for key, value in line.items():
                    if isinstance(value, float):
                        line[key] = value * factor
            (run / "log.jsonl").write_text("".join(json.dumps(line, separators=(",", ":")) + "\n" for line in lines))
            result = json.loads((source / f"{kind}.json").read_text())
            for one in result["results"]:
                one["value"] *= factor
                if one["interval"]:
                    one["interval"] = [end * factor for end in one["interval"]]
                one["details"] = {key: value * factor if isinstance(value, float) else value for key, value in one["details"].items()}
            result["identity"]["fake_images_sha256"] = f"{len(made):064x}"
            (folder / f"{name}.json").write_text(json.dumps(result))
            made.append(result)
            arguments += [str(run), str(folder / f"{name}.json")]
    arguments.append(str(compared(folder / "compare.json", made[0], made[3])))
    return arguments


def compared(path, first, second):
    """What `gan-eval compare` writes of two sets that results are of."""
    identity = {key: value for key, value in first["identity"].items() if key not in ("fake_images_sha256", "real_images_sha256")}
    identity |= {"first_images_sha256": first["identity"]["fake_images_sha256"], "second_images_sha256": second["identity"]["fake_images_sha256"], "reference_images_sha256": first["identity"]["real_images_sha256"]}
    items = []
    for a, b in list(zip(first["results"], second["results"]))[:2]:
        difference, error = a["value"] - b["value"], a["standard_error"] / 2
        items.append({"metric": a["metric"], "title": a["title"], "verdict": "first" if difference < -2 * error else "undecided", "first": a["value"], "second": b["value"], "difference": difference,
                      "interval": [difference - 1.96 * error, difference + 1.96 * error], "confidence": 0.95, "standard_error": error, "p_value": 0.0001 if difference < -2 * error else 0.3, "exchanges": 9999,
                      "images": {"first": 5000, "second": 5000}, "warnings": []})
    sets = {name: {"path": f"/somewhere/a-rather-long-path/{name}", "images": 5000} for name in ("first", "second", "reference")}
    path.write_text(json.dumps({"comparisons": items, "sets": sets, "identity": identity, "warnings": []}))
    return path


def pair(folder):
    """Two results whose sets were compared, and nothing else."""
    source = ROOT / "Fixtures/report"
    results = [json.loads((source / f"{name}.json").read_text()) for name in ("wide", "deep")]
    return [str(source / "wide.json"), str(source / "deep.json"), str(compared(folder / "compare.json", *results))]


def hostile(folder):
    """Inputs whose every text tries to become markup, script, path or command."""
    evil = ["<script>window.hacked=1</script>", "\"><img src=x onerror=window.hacked=1>", "</title></style></script><svg onload=window.hacked=1>", "javascript:window.hacked=1", "\\input{/etc/passwd} % & $ # _ ^ ~ {", "'; --> ]]> \u202egnp.exe \u0007"]
    source = ROOT / "Fixtures/report"
    arguments = []
    for index, text in enumerate(evil):
        result = json.loads((source / "plain.json").read_text())
        for one in result["results"]:
            one["value"] *= 1 + index / 7
            one["title"] = one["title"].replace("(", f"({text} ")
            one["warnings"] = [text]
            one["details"]["fid_of_class_" + text] = 1
            one["details"]["fid_of_class_" + text + "2"] = 2
        result["identity"] |= {text: text}
        if index:
            result["warnings"] = [text]
        (folder / f"{index}.json").write_text(json.dumps(result))
        run = folder / f"run{index}"
        shutil.copytree(source / "runs/plain", run)
        with open(run / "config.yaml", "a") as file:
            file.write(f"{json.dumps(text)}: {json.dumps(text)}\n")
        with open(run / "log.jsonl", "a") as file:
            file.write(json.dumps({"kind": text, "step": 1, text: 2.5}) + "\n")
        arguments += [f"{text}={folder / str(index)}.json", f"{text}={run}"]
    explanation = json.loads((source / "wide-explanation/explain.json").read_text())
    for index, one in enumerate(explanation["generated"] + explanation["real"] + explanation["classes"]):
        one["name"] = evil[index % len(evil)] + str(index)
    (folder / "explain.json").write_text(json.dumps(explanation))
    comparison = json.loads(compared(folder / "compare.json", *[json.loads((folder / f"{index}.json").read_text()) for index in (0, 1)]).read_text())
    for index, one in enumerate(comparison["sets"].values()):
        one["path"] = evil[index]
    for one in comparison["comparisons"]:
        one["title"], one["warnings"] = evil[2], [evil[1]]
    comparison["identity"]["second_images_sha256"] = evil[4]
    (folder / "compare.json").write_text(json.dumps(comparison))
    copies = json.loads((source / "wide-copies/copies.json").read_text())
    for index, one in enumerate(copies["images"]):
        one["name"] = one["nearest_training"] = evil[index % len(evil)]
    (folder / "copies.json").write_text(json.dumps(copies))
    return arguments + [f"{evil[0]}={folder}/explain.json", f"{evil[0]}={folder}/copies.json", f"{folder}/compare.json", "--title", evil[2]]


def many(folder):
    """Twenty runs of long names, with results."""
    source, arguments = ROOT / "Fixtures/report", []
    for index in range(20):
        name = f"experiment-{index:02d}-with-a-rather-long-name-that-says-everything-about-it-seed-{index}"
        shutil.copytree(source / "runs" / ["wide", "deep", "plain"][index % 3], folder / name)
        result = json.loads((source / "wide.json").read_text())
        for one in result["results"]:
            one["value"] *= 1 + index / 50
            if one["interval"]:
                one["interval"] = [end * (1 + index / 50) for end in one["interval"]]
        (folder / f"{name}.json").write_text(json.dumps(result))
        arguments += [str(folder / name), str(folder / f"{name}.json")]
    return arguments
