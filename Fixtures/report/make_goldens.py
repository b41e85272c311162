#!/usr/bin/env python3
"""Golden values of a report's arithmetic: z tests (SciPy), Holm's correction (statsmodels), quantiles (SciPy), Student's t intervals and Welch's tests of trainings (SciPy), widths of Helvetica (ReportLab). Needs numpy, scipy, statsmodels, reportlab."""
import json
import pathlib

import numpy as np
from reportlab.pdfbase.pdfmetrics import stringWidth
from scipy import stats
from statsmodels.stats.multitest import multipletests

pairs = [(17.25, 0.345, 17.6, 0.352), (15.53, 0.35, 22.81, 0.53), (0.0121, 0.00036, 0.0127, 0.00038), (1.0, 0.1, 1.0, 0.2), (-3.0, 0.5, 2.0, 0.25), (10.0, 0.01, 20.0, 0.01)]
tests = []
for a, sa, b, sb in pairs:
    z = (a - b) / (sa * sa + sb * sb) ** 0.5
    tests.append({"a": a, "sa": sa, "b": b, "sb": sb, "z": z, "p": 2 * stats.norm.sf(abs(z))})
p = [one["p"] for one in tests]
texts = ["FID (efficientnet-lite0)", "Übergröße – naïve €5", "WAVE, iii & ll.", "0.0123 ± 0.0004", "“quoted” 50 % [a, b]", "Søren Łódź"]
widths = [{"text": text, "regular": stringWidth(text, "Helvetica", 12), "bold": stringWidth(text, "Helvetica-Bold", 12)} for text in texts if all(c.encode("cp1252", "ignore") for c in text)]
trainings = [[20.16, 22.4, 19.7], [18.2, 17.9, 18.85, 18.4, 17.2], [0.0252, 0.0241], [100.0, 100.0, 100.0001], [3.1, 3.2, 9.9, 3.0, 3.3, 3.15, 2.95]]
seeds = []
for values in trainings:
    low, high = stats.t.interval(0.95, len(values) - 1, np.mean(values), stats.sem(values))
    seeds.append({"values": values, "mean": np.mean(values), "deviation": np.std(values, ddof=1), "lower": low, "upper": high})
welch = []
for a, b in zip(trainings, trainings[1:] + trainings[:1]):
    test = stats.ttest_ind(a, b, equal_var=False)
    interval = test.confidence_interval(0.95)
    welch.append({"a": a, "b": b, "t": test.statistic, "df": test.df, "p": test.pvalue, "half": (interval.high - interval.low) / 2})
goldens = {"seeds": seeds, "welch": welch, "welchHolm": multipletests([one["p"] for one in welch], method="holm")[1].tolist(), "tests": tests, "holm": multipletests(p, method="holm")[1].tolist(), "quantiles": [[c, stats.norm.ppf((1 + c) / 2)] for c in (0.5, 0.68, 0.9, 0.95, 0.99, 0.999)], "widths": widths}
(pathlib.Path(__file__).parent / "goldens.json").write_text(json.dumps(goldens, indent=1, ensure_ascii=False) + "\n")
