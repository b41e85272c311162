"""Golden values of optimizers: five steps of PyTorch's in float64, and StyleGAN2's moving average (PyPI: torch).

Parameter i begins at sin(i + 1); its derivative at step t is cos(3 · i + t) · (1 + parameter²).
"""
import json
import math
import pathlib

import torch
from torch import optim

torch.set_default_dtype(torch.float64)
COUNT = 7
CASES = {
    "adam": (optim.Adam, {"lr": 1e-2}),
    "adam-gan": (optim.Adam, {"lr": 2e-4, "betas": (0.5, 0.999)}),
    "adam-zero": (optim.Adam, {"lr": 1e-2, "betas": (0.0, 0.9), "eps": 1e-6, "weight_decay": 0.1}),
    "adamw": (optim.AdamW, {"lr": 1e-2, "weight_decay": 0.3}),
    "sgd": (optim.SGD, {"lr": 1e-2}),
    "sgd-decay": (optim.SGD, {"lr": 1e-2, "weight_decay": 0.2}),
    "sgd-momentum": (optim.SGD, {"lr": 1e-2, "momentum": 0.9, "dampening": 0.3, "weight_decay": 0.1}),
    "sgd-nesterov": (optim.SGD, {"lr": 1e-2, "momentum": 0.8, "nesterov": True}),
    "rmsprop": (optim.RMSprop, {"lr": 1e-3}),
    "rmsprop-centered": (optim.RMSprop, {"lr": 1e-3, "alpha": 0.9, "eps": 1e-5, "centered": True}),
    "rmsprop-momentum": (optim.RMSprop, {"lr": 1e-3, "momentum": 0.7, "weight_decay": 0.1}),
    "rmsprop-all": (optim.RMSprop, {"lr": 1e-3, "alpha": 0.8, "momentum": 0.7, "weight_decay": 0.1, "centered": True}),
}


def run(make, options):
    p = torch.tensor([math.sin(i + 1) for i in range(COUNT)]).requires_grad_()
    optimizer = make([p], **options)
    values = []
    for t in range(5):
        angle = torch.tensor([float(3 * i + t) for i in range(COUNT)])
        p.grad = (torch.cos(angle) * (1 + p.detach() ** 2)).clone()
        optimizer.step()
        values.append(p.detach().tolist())
    slots = {k: v.tolist() for k, v in optimizer.state[p].items() if torch.is_tensor(v) and v.shape == p.shape}
    return {"parameters": values, "state": slots}


def schedules():
    """Factors of PyTorch's schedulers at steps 0…11."""
    def factors(make):
        p = torch.zeros(1).requires_grad_()
        optimizer = optim.SGD([p], lr=1.0)
        schedule = make(optimizer)
        out = []
        for _ in range(12):
            out.append(optimizer.param_groups[0]["lr"])
            optimizer.step()
            schedule.step()
        return out
    return {
        "linear": factors(lambda o: optim.lr_scheduler.LinearLR(o, start_factor=1.0, end_factor=0.25, total_iters=6)),
        "cosine": factors(lambda o: optim.lr_scheduler.LambdaLR(o, lambda t: 0.1 + 0.9 * 0.5 * (1 + math.cos(math.pi * min(t, 8) / 8)))),
        "step": factors(lambda o: optim.lr_scheduler.StepLR(o, 3, gamma=0.5)),
        "exponential": factors(lambda o: optim.lr_scheduler.ExponentialLR(o, gamma=0.8)),
        "warm-up": factors(lambda o: optim.lr_scheduler.LambdaLR(o, lambda t: min((t + 1) / 4, 1.0))),
    }


def average():
    """StyleGAN2's moving average: half-life 64 images, ramp-up 0.05, batches of 8; the source is sin(i + t)."""
    out, ema = [], torch.zeros(COUNT)
    for t in range(6):
        images = t * 8
        half_life = min(64.0, images * 0.05)
        beta = 0.5 ** (8 / max(half_life, 1e-8))
        source = torch.tensor([math.sin(i + t) for i in range(COUNT)])
        ema = source.lerp(ema, beta)
        out.append(ema.tolist())
    return out


if __name__ == "__main__":
    goldens = {"optimizers": {k: run(*v) for k, v in CASES.items()}, "schedules": schedules(), "average": average()}
    (pathlib.Path(__file__).parent / "optimizers.json").write_text(json.dumps(goldens, indent=1) + "\n")
