"""Golden values of the measures that train a classifier. Writes classifiers.json beside this file.

Everything learns by scikit-learn's StandardScaler and LogisticRegression, trained until its gradient vanishes; folds are the ones that the metrics state.

Needs: numpy, scipy, scikit-learn.
"""

import json
import pathlib

import numpy as np
from scipy.stats import norm
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from synthetic import features


def train(x, y, c=1.0):
    return make_pipeline(StandardScaler(), LogisticRegression(C=c, tol=1e-10, max_iter=100_000)).fit(x, y)


def fit(classes, c):
    x, y = features(51, 200, 8).astype(np.float64), np.arange(200) * 7 % classes
    x = (x + 0.2 * y[:, None]).astype(np.float32).astype(np.float64)
    model = train(x, y, c)
    step = model[-1]
    return dict(classes=classes, c=c, weights=step.coef_.tolist(), biases=step.intercept_.tolist(), probabilities=model.predict_proba(x[:5]).tolist())


def two_samples():
    out = []
    for offset, spread in ((0.0, 1.0), (0.04, 1.1)):
        real, fake = features(52, 210, 8).astype(np.float64), features(53, 210, 8, offset, spread).astype(np.float64)
        right = np.zeros((2, 210), bool)
        order = np.random.RandomState(2020).permutation(210)
        for fold in range(5):
            held = np.zeros(210, bool)
            held[order[fold::5]] = True
            model = train(np.concatenate([real[~held], fake[~held]]), np.repeat([0, 1], (~held).sum()))
            right[0, held], right[1, held] = model.predict(real[held]) == 0, model.predict(fake[held]) == 1
        accuracy = right.mean()
        out.append(dict(offset=offset, spread=spread, accuracy=float(accuracy), real=float(right[0].mean()), generated=float(right[1].mean()), p=float(norm.sf((accuracy - 0.5) * 2 * np.sqrt(420)))))
    return out


def crossed():
    d, n, m = 8, 260, 240
    a, b = np.array([0, 0, 1, 2])[np.arange(n) % 4], np.arange(m) * 5 % 3
    real = (features(54, n, d).astype(np.float64) + 0.02 * a[:, None] * (np.arange(d) % 2)).astype(np.float32).astype(np.float64)
    fake = (features(55, m, d, 0.0, 1.1).astype(np.float64) + 0.02 * b[:, None] * (np.arange(d) % 3 > 0)).astype(np.float32).astype(np.float64)
    generated, true = train(fake, b), train(real, a)
    place = np.zeros(n, int)
    for c in range(3):
        place[a == c] = np.arange((a == c).sum())
    held = np.zeros((n, 3))
    for fold in range(5):
        part = place % 5 == fold
        held[part] = train(real[~part], a[~part]).predict_proba(real[part])
    p = generated.predict_proba(real)
    base = float((held.argmax(1) == a).mean())
    gan_train, gan_test = float((p.argmax(1) == a).mean()), float((true.predict(fake) == b).mean())
    return dict(dimension=d, real=n, fake=m, ganTrain=gan_train, ganTest=gan_test, baseline=base, gqi=100 * gan_train / base, divergence=float((p * np.log(p / held)).sum(1).mean()),
                ofClasses=[float((p.argmax(1) == a)[a == c].mean()) for c in range(3)])


if __name__ == "__main__":
    result = dict(fits=[fit(2, 1.0), fit(3, 1.0), fit(4, 0.1)], twoSamples=two_samples(), crossed=crossed())
    (pathlib.Path(__file__).parent / "classifiers.json").write_text(json.dumps(result, indent=1) + "\n")
    print(json.dumps({k: result[k] for k in ("twoSamples", "crossed")}, indent=1))
