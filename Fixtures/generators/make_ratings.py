"""Golden values of Glicko-2: the worked example of Glickman's paper, and random periods by the PyPI package `glicko2` with tau 0.5.

Version 2.1.0 of the package has the rating where step 5 of the paper has the deviation, so that its volatilities are wrong; here the root of the paper's f is SciPy's.

Needs PyPI packages: glicko2, numpy, scipy.
usage: make_ratings.py
"""
import json
import pathlib

import glicko2
import numpy
from scipy.optimize import brentq


class Player(glicko2.Player):
    def _newVol(self, ratings, deviations, outcomes, v):
        phi2, delta2, a = (self.rd / 173.7178) ** 2, self._delta(ratings, deviations, outcomes, v) ** 2, numpy.log(self.vol**2)

        def f(x):
            return numpy.exp(x) * (delta2 - phi2 - v - numpy.exp(x)) / (2 * (phi2 + v + numpy.exp(x)) ** 2) - (x - a) / self._tau**2

        return float(numpy.exp(brentq(f, a - 20, a + 20, xtol=1e-13) / 2))


def period(player, opponents):
    """(rating, deviation, volatility) and [(rating, deviation, score)] -> (rating, deviation, volatility)."""
    found = Player(*player)
    found.update_player(*(list(column) for column in zip(*opponents)))
    return [found.rating, found.rd, found.vol]


def main():
    rng = numpy.random.default_rng(11)
    cases = [{"player": [1500, 200, 0.06], "opponents": [[1400, 30, 1], [1550, 100, 0], [1700, 300, 0]]}]
    for _ in range(12):
        player = [rng.uniform(1000, 2000), rng.uniform(30, 350), rng.uniform(0.03, 0.09)]
        opponents = [[rng.uniform(1000, 2000), rng.uniform(30, 350), rng.choice([0, 0.5, 1, rng.uniform()])] for _ in range(rng.integers(1, 9))]
        cases.append({"player": player, "opponents": opponents})
    for case in cases:
        case["updated"] = period(case["player"], case["opponents"])
    path = pathlib.Path(__file__).with_name("ratings.json")
    path.write_text(json.dumps(cases) + "\n")
    print(cases[0]["updated"], "Glickman: 1464.06 151.52 0.05999")


main()
