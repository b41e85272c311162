"""Two small torch models, the descriptions by which gan-eval rebuilds them, their weights, and golden activations in float64.

residual.yaml, residual.pth         colours; residual blocks with and without a shortcut, groups, dilation, a norm in front of its convolution, most activations
sequential.yaml, sequential.safetensors    grey; a plain torch.nn.Sequential, whose layers have no names but their numbers
goldens.h5                          for each model the group NAME with `pixels` (uint8, [N, side, side, 3]) and one data set for each tap, NCHW, float64;
                                    its attribute float32_deviation is max |float32 - float64| / max |float64| of the same model run in float32 PyTorch

The descriptions are written by hand; this script does not read them, so that a wrong one fails the test.

Needs PyPI packages: h5py, numpy, safetensors, torch.
"""
import pathlib

import h5py
import numpy
import safetensors.torch
import torch
from torch import nn

HERE = pathlib.Path(__file__).resolve().parent


class Block(nn.Module):
    """torchvision's BasicBlock, with an activation in its body."""

    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(outputs)
        self.downsample = nn.Sequential(nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs)) if stride > 1 or inputs != outputs else None

    def forward(self, x):
        y = self.bn2(self.conv2(torch.relu(self.bn1(self.conv1(x)))))
        return torch.relu(y + (x if self.downsample is None else self.downsample(x)))


class PreActivation(nn.Module):
    """A block whose body ends in an activation, so that the sum cannot be fused; nothing follows the sum."""

    def __init__(self, width):
        super().__init__()
        self.norm = nn.BatchNorm2d(width)
        self.conv = nn.Conv2d(width, width, 3, padding=2, dilation=2)

    def forward(self, x):
        return x + nn.functional.silu(self.conv(nn.functional.leaky_relu(self.norm(x), 0.1)))


class Residual(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 8, 5, stride=2, padding=2, bias=False)
        self.bn1 = nn.BatchNorm2d(8, eps=1e-3)
        self.layer1 = nn.Sequential(Block(8, 8, 1), Block(8, 16, 2))
        self.layer2 = PreActivation(16)
        self.grouped = nn.Conv2d(16, 16, 3, padding=1, groups=4)
        self.fc1 = nn.Linear(16, 12)
        self.bn2 = nn.BatchNorm1d(12)
        self.fc2 = nn.Linear(12, 7, bias=False)

    def taps(self, x):
        taps = {}
        x = nn.functional.relu6(self.bn1(self.conv1(x)))
        taps["stem"] = x
        x = self.layer1(nn.functional.max_pool2d(x, 3, 2, 1))
        taps["blocks"] = x
        x = self.layer2(x)
        taps["preactivation"] = x
        x = nn.functional.gelu(self.grouped(x))
        taps["grouped"] = x
        x = nn.functional.avg_pool2d(x, 2, 1, 1)
        taps["averaged"] = x
        x = x.mean(dim=(2, 3))
        taps["16"] = x
        x = torch.tanh(self.bn2(self.fc1(x)))
        taps["hidden"] = x
        taps["logits"] = self.fc2(x)
        return taps


def sequential():
    return nn.Sequential(
        nn.Conv2d(1, 6, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(6, 8, 3), nn.BatchNorm2d(8), nn.LeakyReLU(), nn.Flatten(), nn.Dropout(0.3), nn.Linear(8 * 3 * 3, 10),
        nn.BatchNorm1d(10), nn.Sigmoid(), nn.Linear(10, 4))


def sequential_taps(model, x):
    taps = {}
    for index, layer in enumerate(model):
        x = layer(x)
        if index in (0, 1, 5, 8, 10, 11):
            taps[{0: "first", 1: "rectified", 5: "map", 8: "before", 10: "10", 11: "scores"}[index]] = x
    return taps


def fill(model, seed):
    """Weights of the default initialisers, norms with statistics of their own, all of which float32 holds exactly."""
    torch.manual_seed(seed)
    for module in model.modules():
        if isinstance(module, (nn.BatchNorm1d, nn.BatchNorm2d)):
            module.running_mean.uniform_(-0.5, 0.5)
            module.running_var.uniform_(0.3, 1.5)
            with torch.no_grad():
                module.weight.uniform_(0.5, 1.5)
                module.bias.uniform_(-0.3, 0.3)
    return model.eval()


def golden(file, name, run, model, pixels, prepare):
    group = file.create_group(name)
    group["pixels"] = pixels
    with torch.no_grad():
        single = run(model.float(), prepare(torch.from_numpy(pixels.copy()).float()))
        double = run(model.double(), prepare(torch.from_numpy(pixels.copy()).double()))
    for tap, values in double.items():
        group[tap] = values.numpy()
        deviation = (single[tap].double() - values).abs().max() / values.abs().max()
        group[tap].attrs["float32_deviation"] = float(deviation)
        print(name, tap, tuple(values.shape), f"{float(deviation):.1e}")


def main():
    random = numpy.random.default_rng(4)
    with h5py.File(HERE / "goldens.h5", "w") as file:
        torch.manual_seed(1)
        model = fill(Residual(), 2)
        torch.save(model.state_dict(), HERE / "residual.pth")
        mean, deviation = [torch.tensor(values, dtype=torch.float64).reshape(1, 3, 1, 1) for values in ([0.5, 0.4, 0.3], [0.25, 0.2, 0.3])]
        golden(file, "residual", lambda model, x: model.taps(x), model, random.integers(0, 256, (3, 20, 20, 3), dtype=numpy.uint8),
               lambda x: ((x.permute(0, 3, 1, 2) / 255 - mean) / deviation).to(x.dtype))

        torch.manual_seed(3)
        model = fill(sequential(), 4)
        safetensors.torch.save_file({key: value for key, value in model.state_dict().items() if not key.endswith("num_batches_tracked")}, HERE / "sequential.safetensors")
        pixels = random.integers(0, 256, (5, 10, 10, 3), dtype=numpy.uint8)
        pixels[:2] = pixels[:2, :, :, :1]
        weights = torch.tensor([0.299, 0.587, 0.114], dtype=torch.float64)
        golden(file, "sequential", sequential_taps, model, pixels, lambda x: (((x.double() * weights).sum(dim=3)[:, None] / 255 - 0.13) / 0.31).to(x.dtype))


if __name__ == "__main__":
    main()
