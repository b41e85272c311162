"""Golden values of linear separability, by scikit-learn.

Rows and attributes are sines that the tests compute again: latent j of row i is sin(0.7 + 1.3 i + 2.1 j + 0.11 i j), the logit of attribute a is that row's sum of (j + a + 1) % 3 times latent j, bent
by 2.5 sin(5 i + a) so that no hyperplane tells it. `separability.json` holds LinearSVC's weights and bias for the surest half, and H(Y|X) from scikit-learn's mutual_info_score and SciPy's entropy.

Needs PyPI packages: numpy, scipy, scikit-learn.
usage: make_separability.py
"""
import json
import pathlib

import numpy
from scipy.stats import entropy
from sklearn.metrics import mutual_info_score
from sklearn.svm import LinearSVC

ROWS, SIZE, ATTRIBUTES = 240, 4, 3


def main():
    i, j = numpy.meshgrid(numpy.arange(ROWS), numpy.arange(SIZE), indexing="ij")
    z = numpy.sin(0.7 + 1.3 * i + 2.1 * j + 0.11 * i * j).astype(numpy.float32).astype(float)
    golden = {"rows": ROWS, "size": SIZE, "attributes": []}
    for a in range(ATTRIBUTES):
        logits = (z * ((numpy.arange(SIZE) + a + 1) % 3)).sum(1) + 2.5 * numpy.sin(5 * numpy.arange(ROWS) + a)
        kept = numpy.argsort(-numpy.abs(logits), kind="stable")[: ROWS // 2]
        y = logits[kept] > 0
        machine = LinearSVC(tol=1e-10, max_iter=10_000_000, dual=True).fit(z[kept], y)
        x = machine.predict(z[kept])
        h = entropy(numpy.bincount(y)) - mutual_info_score(x, y)
        golden["attributes"].append({"weights": machine.coef_[0].tolist(), "bias": machine.intercept_[0], "entropy": h, "accuracy": float((x == y).mean())})
    golden["score"] = float(numpy.exp(sum(a["entropy"] for a in golden["attributes"])))
    path = pathlib.Path(__file__).with_name("separability.json")
    path.write_text(json.dumps(golden) + "\n")
    print(golden)


main()
