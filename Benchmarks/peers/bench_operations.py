"""Microseconds of one PyTorch operation on one element, recorded and differentiated: chains as those of `gan-eval benchmark operations`.

Prints one JSON object. Needs PyPI packages: requirements.txt beside this file.
"""
import argparse
import json
import time

import torch
from torch.nn import functional


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--length", type=int, default=1000)
    parser.add_argument("--repetitions", type=int, default=50)
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    factor, first = torch.ones(1, 1), torch.full((1, 1), 0.5, requires_grad=True)
    links = {"multiply": lambda x: x * factor, "leaky rectifier": lambda x: functional.leaky_relu(x, 0.2), "linear": lambda x: functional.linear(x, factor)}
    result = {}
    for name, link in links.items():
        forward, derivative = [], []
        for _ in range(options.repetitions + 1):
            start = time.perf_counter()
            x = first
            for _ in range(options.length):
                x = link(x)
            middle = time.perf_counter()
            torch.autograd.grad(x, first)
            forward.append(middle - start)
            derivative.append(time.perf_counter() - middle)
        result[name] = {"forward": 1e6 * min(forward) / options.length, "derivative": 1e6 * min(derivative) / options.length}
    print(json.dumps(result))


if __name__ == "__main__":
    main()
