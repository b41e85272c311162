"""Penalties whose derivatives need double backward, computed by PyTorch in float64 on small networks.

Writes penalties.json beside this file: inputs, weights, and for each penalty its value and its derivative with respect to every weight.
Images are stored [N, H, W, C], weights in PyTorch's layouts. Needs: torch.
"""
import json
import math
import pathlib

import torch
import torch.nn.functional as F

torch.set_default_dtype(torch.float64)
random = torch.Generator().manual_seed(3)


def normal(*shape, scale=1.0):
    return torch.randn(*shape, generator=random) * scale


def stored(tensor):
    return {"shape": list(tensor.shape), "values": [round(v, 17) for v in tensor.detach().flatten().tolist()]}


def nhwc(tensor):
    return tensor.permute(0, 2, 3, 1).contiguous()


ACTIVATIONS = {"leaky": lambda x: F.leaky_relu(x, 0.2), "softplus": F.softplus}


def critic_weights():
    return {
        "conv1.weight": normal(3, 2, 3, 3, scale=0.4), "conv1.bias": normal(3, scale=0.3),
        "conv2.weight": normal(4, 3, 3, 3, scale=0.3), "conv2.bias": normal(4, scale=0.3),
        "linear.weight": normal(1, 4 * 2 * 3, scale=0.5), "linear.bias": normal(1),
    }


def critic(w, activation):
    def run(x):
        x = activation(F.conv2d(x, w["conv1.weight"], w["conv1.bias"], padding=1))
        x = activation(F.conv2d(x, w["conv2.weight"], w["conv2.bias"], stride=2, padding=1))
        return F.linear(nhwc(x).flatten(1), w["linear.weight"], w["linear.bias"])
    return run


def slope(network, x):
    x = x.detach().requires_grad_(True)
    return torch.autograd.grad(network(x).sum(), x, create_graph=True)[0]


def generator_weights():
    return {
        "linear.weight": normal(2 * 3 * 3, 5, scale=0.5), "linear.bias": normal(18, scale=0.3),
        "style.weight": normal(4, 5, scale=0.5),
        "conv1.weight": normal(4, 3, 3, 3, scale=0.4), "conv1.bias": normal(4, scale=0.3),
        "conv2.weight": normal(2, 4, 3, 3, scale=0.4), "conv2.bias": normal(2, scale=0.3),
    }


def generator(w, activation, codes):
    """Two codes for each image: one makes the first features, one scales those of the second layer."""
    x = F.linear(codes[:, 0], w["linear.weight"], w["linear.bias"]).reshape(-1, 2, 3, 3).permute(0, 3, 1, 2)
    x = activation(F.conv2d(F.interpolate(x, scale_factor=2), w["conv1.weight"], w["conv1.bias"], padding=1))
    x = x * (1 + F.linear(codes[:, 1], w["style.weight"]))[:, :, None, None]
    return F.conv2d(x, w["conv2.weight"], w["conv2.bias"], padding=1)


def path_length(w, activation, codes, noise, mean, decay=0.01, weight=2.0):
    """The regularisation phase of StyleGAN2-ADA's loss, without the networks around it."""
    codes = codes.detach().requires_grad_(True)
    images = generator(w, activation, codes)
    noise = noise / math.sqrt(images.shape[2] * images.shape[3])
    gradient = torch.autograd.grad((images * noise).sum(), codes, create_graph=True)[0]
    lengths = gradient.square().sum(2).mean(1).sqrt()
    moved = mean.lerp(lengths.mean(), decay)
    return (lengths - moved).square().mean() * weight, moved


def case(loss, weights):
    gradients = torch.autograd.grad(loss, list(weights.values()), allow_unused=True)
    return {"value": loss.item(), "gradients": {name: stored(torch.zeros_like(weights[name]) if g is None else g) for name, g in zip(weights, gradients)}}


real, fake, shares = normal(3, 2, 4, 5), normal(3, 2, 4, 5), torch.rand(3, generator=random)
codes, noise, mean = normal(3, 2, 5), normal(3, 2, 4, 6), torch.tensor(0.7)
mixed = shares[:, None, None, None] * real + (1 - shares[:, None, None, None]) * fake
result = {"real": stored(nhwc(real)), "fake": stored(nhwc(fake)), "shares": stored(shares), "codes": stored(codes), "noise": stored(nhwc(noise)), "mean": mean.item(), "networks": {}}
for name, activation in ACTIVATIONS.items():
    w = {key: value.requires_grad_(True) for key, value in critic_weights().items()}
    g = {key: value.requires_grad_(True) for key, value in generator_weights().items()}
    network = critic(w, activation)
    norms = lambda x: slope(network, x).flatten(1).norm(dim=1)
    loss, moved = path_length(g, activation, codes, noise, mean)
    whole = slope(network, mixed).norm()
    channels = slope(network, mixed).norm(dim=1)
    result["networks"][name] = {
        "critic": {key: stored(value) for key, value in w.items()},
        "generator": {key: stored(value) for key, value in g.items()},
        "logits": stored(network(real)),
        "penalties": {
            "one-centred": case(10 * (norms(mixed) - 1).square().mean(), w),
            "zero-centred": case(10 * norms(mixed).square().mean(), w),
            "one-sided": case(10 * (norms(mixed) - 1.2).clamp(min=0).square().mean(), w),
            "r1": case(5 * norms(real).square().mean(), w),
            "r2": case(1.5 * norms(fake).square().mean(), w),
            "path-length": {**case(loss, g), "mean": moved.item()},
        },
        "norms": norms(mixed).tolist(),
        "defects": {"one norm over the batch": (10 * (whole - 1).square()).item(), "a norm over the channels only": (10 * (channels - 1).square().mean()).item()},
    }
pathlib.Path(__file__).with_name("penalties.json").write_text(json.dumps(result, indent=None, separators=(",", ":")) + "\n")
for name, network in result["networks"].items():
    print(name, network["norms"], network["defects"], {key: value["value"] for key, value in network["penalties"].items()})
