"""Golden values of layers in training, from PyTorch in float64 (PyPI: torch, numpy, safetensors).

Writes layers.json and, for a small DCGAN generator, dcgan.pth, dcgan.safetensors and dcgan.json beside itself.

Every number that goes in follows from a name: `uniform(key, count)` below, the formula of Sources/FeatureNetworks/GeneratedWeights.swift.
Entry E of case K is filled from `K.E`, the input of step i from `K.x.i` and the weights of its output from `K.g.i`. A case runs three steps of
training on three inputs without changing the weights; stored are the last step's output and derivatives, the buffers after it, and the output
of evaluation on the first input. Images are stored [N, H, W, C].
"""
import json
import pathlib

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F
from torch.nn.utils import spectral_norm

HERE = pathlib.Path(__file__).parent
torch.set_default_dtype(torch.float64)
MASK = (1 << 64) - 1


def uniform(key, count):
    """`count` numbers in [-1, 1)."""
    h = 0xCBF29CE484222325
    for byte in key.encode():
        h = ((h ^ byte) * 0x100000001B3) & MASK
    out = []
    for i in range(count):
        x = (h + (i + 1) * 0x9E3779B97F4A7C15) & MASK
        x = ((x ^ (x >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        x = ((x ^ (x >> 27)) * 0x94D049BB133111EB) & MASK
        x ^= x >> 31
        out.append(2 * (x >> 40) * 2.0**-24 - 1)
    return np.array(out)


def tensor(key, shape):
    """A tensor in PyTorch's layout; images are filled in the order [N, H, W, C]."""
    if len(shape) == 4 and (".x." in key or ".g." in key):
        n, c, h, w = shape
        return torch.tensor(uniform(key, n * c * h * w).reshape(n, h, w, c).transpose(0, 3, 1, 2).copy())
    return torch.tensor(uniform(key, int(np.prod(shape))).reshape(shape))


def stored(t):
    t = t.detach()
    if t.dim() == 4:
        t = t.permute(0, 2, 3, 1)
    return {"shape": list(t.shape), "values": [float(f"{v:.10g}") for v in t.reshape(-1).tolist()]}


def plain(t):
    return {"shape": list(t.shape), "values": [float(f"{v:.10g}") for v in t.detach().reshape(-1).tolist()]}


def fill(key, module):
    state = module.state_dict()
    for name, old in state.items():
        if name.endswith("num_batches_tracked"):
            continue
        value = tensor(f"{key}.{name}", tuple(old.shape))
        if name.endswith("running_var"):
            value = value.abs() + 0.5
        elif name.endswith(("weight_u", "weight_v")):
            value = value / value.norm()
        state[name] = value
    module.load_state_dict(state)


class PixelNorm(nn.Module):
    def forward(self, x):
        return x / torch.sqrt(torch.mean(x**2, dim=1, keepdim=True) + 1e-8)


class MinibatchDeviation(nn.Module):
    """StyleGAN2's layer: group size 2, two features."""

    def forward(self, x):
        n, c, h, w = x.shape
        y = x.reshape(2, -1, 2, c // 2, h, w)
        y = y - y.mean(dim=0)
        y = (y.square().mean(dim=0) + 1e-8).sqrt().mean(dim=[2, 3, 4])
        y = y.reshape(-1, 2, 1, 1).repeat(2, 1, h, w)
        return torch.cat([x, y], dim=1)


class EqualizedLinear(nn.Module):
    def __init__(self):
        super().__init__()
        self.weight, self.bias = nn.Parameter(torch.zeros(3, 5)), nn.Parameter(torch.zeros(3))

    def forward(self, x):
        return F.linear(x, self.weight * (0.01 / np.sqrt(5)), self.bias * 0.01)


class EqualizedConvolution(nn.Module):
    def __init__(self):
        super().__init__()
        self.weight, self.bias = nn.Parameter(torch.zeros(4, 3, 3, 3)), nn.Parameter(torch.zeros(4))

    def forward(self, x):
        return F.conv2d(x, self.weight * (np.sqrt(2) / np.sqrt(27)), self.bias, padding=1)


class ConditionalNorm(nn.Module):
    """Mimicry's conditional batch norm."""

    def __init__(self):
        super().__init__()
        self.bn, self.embed = nn.BatchNorm2d(3, affine=False), nn.Embedding(4, 6)

    def forward(self, x):
        gain, bias = self.embed(torch.tensor([2, 0, 3])).chunk(2, 1)
        return gain[:, :, None, None] * self.bn(x) + bias[:, :, None, None]


class Attention(nn.Module):
    """BigGAN's released block."""

    def __init__(self):
        super().__init__()
        c = 8
        self.theta, self.phi = (spectral_norm(nn.Conv2d(c, c // 8, 1, bias=False), eps=1e-12) for _ in range(2))
        self.g = spectral_norm(nn.Conv2d(c, c // 2, 1, bias=False))
        self.o = spectral_norm(nn.Conv2d(c // 2, c, 1, bias=False))
        self.gamma = nn.Parameter(torch.tensor(0.0))

    def forward(self, x):
        n, c, h, w = x.shape
        theta = self.theta(x).view(n, c // 8, h * w)
        phi = F.max_pool2d(self.phi(x), 2).view(n, c // 8, h * w // 4)
        g = F.max_pool2d(self.g(x), 2).view(n, c // 2, h * w // 4)
        beta = F.softmax(torch.bmm(theta.transpose(1, 2), phi), -1)
        o = self.o(torch.bmm(g, beta.transpose(1, 2)).view(n, c // 2, h, w))
        return self.gamma * o + x


class Block(nn.Module):
    """A residual block with a shortcut."""

    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(nn.BatchNorm2d(3), nn.ReLU(), nn.Conv2d(3, 4, 3, padding=1), nn.BatchNorm2d(4), nn.LeakyReLU(0.2))
        self.shortcut = nn.Conv2d(3, 4, 1)

    def forward(self, x):
        return self.shortcut(x) + self.body(x)


IMAGES = (3, 3, 4, 5)
CASES = {
    "linear": (lambda: nn.Linear(5, 3), (4, 5)),
    "convolution": (lambda: nn.Conv2d(3, 4, (3, 2), stride=(2, 1), padding=1), IMAGES),
    "dilated": (lambda: nn.Conv2d(4, 6, 2, dilation=2, groups=2, bias=False), (2, 4, 5, 4)),
    "transposed": (lambda: nn.ConvTranspose2d(3, 4, 4, stride=2, padding=1, bias=False), (2, 3, 3, 2)),
    "transposed-groups": (lambda: nn.ConvTranspose2d(4, 6, 3, stride=2, padding=1, output_padding=1, groups=2), (2, 4, 2, 2)),
    "transposed-dilated": (lambda: nn.ConvTranspose2d(2, 3, 3, dilation=2), (2, 2, 3, 2)),
    "batch-norm-1d": (lambda: nn.BatchNorm1d(5), (4, 5)),
    "batch-norm-2d": (lambda: nn.BatchNorm2d(3), IMAGES),
    "batch-norm-options": (lambda: nn.BatchNorm2d(3, eps=0.8, momentum=0.3, affine=False), IMAGES),
    "batch-norm-leaky": (lambda: nn.Sequential(nn.BatchNorm2d(3), nn.LeakyReLU(0.2)), IMAGES),
    "batch-norm-relu": (lambda: nn.Sequential(nn.BatchNorm2d(3), nn.ReLU()), IMAGES),
    "conditional-norm": (ConditionalNorm, IMAGES),
    "layer-norm": (lambda: nn.LayerNorm(5), (4, 5)),
    "layer-norm-image": (lambda: nn.LayerNorm([3, 4, 5]), IMAGES),
    "instance-norm": (lambda: nn.InstanceNorm2d(3), IMAGES),
    "instance-norm-affine": (lambda: nn.InstanceNorm2d(3, affine=True, eps=1e-3), IMAGES),
    "group-norm": (lambda: nn.GroupNorm(2, 4), (2, 4, 3, 3)),
    "pixel-norm": (PixelNorm, IMAGES),
    "spectral-linear": (lambda: spectral_norm(nn.Linear(5, 3)), (4, 5)),
    "spectral-convolution": (lambda: spectral_norm(nn.Conv2d(3, 4, 3, padding=1)), IMAGES),
    "spectral-transposed": (lambda: spectral_norm(nn.ConvTranspose2d(3, 2, 4, stride=2, padding=1)), (2, 3, 2, 2)),
    "equalized-linear": (EqualizedLinear, (4, 5)),
    "equalized-convolution": (EqualizedConvolution, IMAGES),
    "minibatch-deviation": (MinibatchDeviation, (4, 4, 2, 3)),
    "upsample": (lambda: nn.Upsample(scale_factor=2), (2, 2, 2, 3)),
    "upsample-bilinear": (lambda: nn.Upsample(scale_factor=2, mode="bilinear", align_corners=False), (2, 2, 2, 3)),
    "average-pool": (lambda: nn.AvgPool2d(2), (2, 2, 4, 6)),
    "flatten": (lambda: nn.Sequential(nn.Flatten(), nn.Linear(12, 3)), (2, 3, 2, 2)),
    "unflatten": (lambda: nn.Sequential(nn.Linear(3, 12), nn.Unflatten(1, (3, 2, 2))), (2, 3)),
    "attention": (Attention, (2, 8, 4, 2)),
    "residual": (Block, IMAGES),
}


def case(key, make, shape):
    torch.manual_seed(0)
    module = make()
    fill(key, module)
    module.train()
    for step in range(3):
        module.zero_grad()
        x = tensor(f"{key}.x.{step}", shape).requires_grad_()
        y = module(x)
        (y * tensor(f"{key}.g.{step}", tuple(y.shape))).sum().backward()
    golden = {"input": list(shape) if len(shape) == 2 else [shape[0], shape[2], shape[3], shape[1]],
              "output": stored(y), "inputGradient": stored(x.grad),
              "gradients": {n: plain(p.grad) for n, p in module.named_parameters()},
              "buffers": {n: plain(b) for n, b in module.named_buffers() if not n.endswith("num_batches_tracked") and b is not None
                          and n in module.state_dict()}}
    module.eval()
    golden["evaluation"] = stored(module(tensor(f"{key}.x.0", shape)))
    return golden


def dcgan():
    """A published-looking state: float32, zip format, with num_batches_tracked."""
    from safetensors.torch import save_file
    torch.set_default_dtype(torch.float32)
    network = nn.Sequential()
    for index, (a, b, stride, padding) in enumerate([(6, 8, 1, 0), (8, 4, 2, 1)]):
        network.add_module(str(3 * index), nn.ConvTranspose2d(a, b, 4, stride, padding, bias=False))
        network.add_module(str(3 * index + 1), nn.BatchNorm2d(b))
        network.add_module(str(3 * index + 2), nn.ReLU(True))
    network.add_module("6", nn.ConvTranspose2d(4, 3, 4, 2, 1, bias=False))
    network.add_module("7", nn.Tanh())
    holder = nn.Module()
    holder.main = network
    state = holder.state_dict()
    for name, old in state.items():
        if not name.endswith("num_batches_tracked"):
            state[name] = tensor(f"dcgan.{name}", tuple(old.shape)).float()
            if name.endswith("running_var"):
                state[name] = state[name].abs() + 0.5
        else:
            state[name] = torch.tensor(1250)
    holder.load_state_dict(state)
    holder.eval()
    torch.save(holder.state_dict(), HERE / "dcgan.pth")
    save_file({k: v.contiguous() for k, v in holder.state_dict().items()}, str(HERE / "dcgan.safetensors"))
    z = tensor("dcgan.x.0", (2, 6, 1, 1)).float()
    (HERE / "dcgan.json").write_text(json.dumps(stored(holder.main(z).double())) + "\n")


if __name__ == "__main__":
    goldens = {key: case(key, make, shape) for key, (make, shape) in CASES.items()}
    (HERE / "layers.json").write_text("{\n" + ",\n".join(f"{json.dumps(k)}: {json.dumps(v, separators=(',', ':'))}" for k, v in goldens.items()) + "\n}\n")
    dcgan()
