"""Seconds of one training step of a game in PyTorch, with the networks, batch and optimizers of `gan-eval benchmark training`.

dcgan    critic and generator of DCGAN on S x S images, batch norm, non-saturating, Adam, one move each
wgan-gp  the same without batch norm in the critic, gradient penalty (double backward), five critic moves and one of the generator
sngan    residual networks, spectral norm on every weight of the critic, hinge losses, five critic moves and one of the generator
original perceptrons on points of the plane, one move each

Prints one JSON object. Needs PyPI packages: requirements.txt beside this file.
"""
import argparse
import json
import resource
import statistics
import time

import torch
from torch import nn


class Generator(nn.Module):
    def __init__(self, latent, side, channels, width):
        super().__init__()
        doublings = side.bit_length() - 3
        widths = [latent] + [width << (doublings - 1 - i) for i in range(doublings)]
        layers = []
        for index, (a, b) in enumerate(zip(widths, widths[1:])):
            layers += [nn.ConvTranspose2d(a, b, 4, 1 if index == 0 else 2, 0 if index == 0 else 1, bias=False), nn.BatchNorm2d(b), nn.ReLU(True)]
        layers += [nn.ConvTranspose2d(widths[-1], channels, 4, 2, 1), nn.Tanh()]
        self.main = nn.Sequential(*layers)

    def forward(self, z):
        return self.main(z[:, :, None, None])


class Critic(nn.Module):
    def __init__(self, side, channels, width, normalises):
        super().__init__()
        halvings = side.bit_length() - 3
        widths = [channels] + [width << i for i in range(halvings)]
        layers = []
        for index, (a, b) in enumerate(zip(widths, widths[1:])):
            norm = normalises and index > 0
            layers += [nn.Conv2d(a, b, 4, 2, 1, bias=not norm)] + ([nn.BatchNorm2d(b)] if norm else []) + [nn.LeakyReLU(0.2, True)]
        layers += [nn.Conv2d(widths[-1], 1, 4)]
        self.main = nn.Sequential(*layers)

    def forward(self, x):
        return self.main(x).flatten()


class Residual(nn.Module):
    def __init__(self, body, shortcut=None):
        super().__init__()
        self.body, self.shortcut = nn.Sequential(*body), nn.Sequential(*(shortcut or []))

    def forward(self, x):
        return self.body(x) + self.shortcut(x)


class ResidualGenerator(nn.Module):
    def __init__(self, latent, side, channels, width):
        super().__init__()
        self.input, blocks = nn.Linear(latent, 16 * width), []
        for _ in range(side.bit_length() - 3):
            # A 1 x 1 convolution before the enlargement is the same map as behind it, at a quarter of the cost.
            blocks.append(Residual([nn.BatchNorm2d(width), nn.ReLU(True), nn.Upsample(scale_factor=2), nn.Conv2d(width, width, 3, padding=1),
                                    nn.BatchNorm2d(width), nn.ReLU(True), nn.Conv2d(width, width, 3, padding=1)],
                                   [nn.Conv2d(width, width, 1), nn.Upsample(scale_factor=2)]))
        self.blocks = nn.Sequential(*blocks, nn.BatchNorm2d(width), nn.ReLU(True), nn.Conv2d(width, channels, 3, padding=1), nn.Tanh())

    def forward(self, z):
        return self.blocks(self.input(z).view(z.shape[0], -1, 4, 4))


class ResidualCritic(nn.Module):
    def __init__(self, side, channels, width):
        super().__init__()
        norm, half = nn.utils.spectral_norm, nn.AvgPool2d(2)

        def convolution(inputs, kernel=3):
            return norm(nn.Conv2d(inputs, width, kernel, padding=kernel // 2))

        blocks = [Residual([convolution(channels), nn.ReLU(True), convolution(width), half], [half, convolution(channels, 1)])]
        for _ in range(side.bit_length() - 5):
            blocks.append(Residual([nn.ReLU(), convolution(width), nn.ReLU(True), convolution(width), half], [half, convolution(width, 1)]))
        for _ in range(2):
            blocks.append(Residual([nn.ReLU(), convolution(width), nn.ReLU(True), convolution(width)]))
        self.blocks, self.output = nn.Sequential(*blocks, nn.ReLU(True)), norm(nn.Linear(width, 1))

    def forward(self, x):
        return self.output(self.blocks(x).sum((2, 3))).flatten()


def perceptron(widths):
    layers = []
    for a, b in zip(widths, widths[1:]):
        layers += [nn.Linear(a, b), nn.LeakyReLU(0.2, True)]
    return nn.Sequential(*layers[:-1])


def penalty(critic, real, fake):
    share = torch.rand(real.shape[0], *[1] * (real.dim() - 1))
    mixture = (fake + (real - fake) * share).requires_grad_()
    slope, = torch.autograd.grad(critic(mixture).sum(), mixture, create_graph=True)
    return 10 * ((slope.flatten(1).norm(dim=1) - 1) ** 2).mean()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--game", choices=["dcgan", "wgan-gp", "sngan", "original"], default="dcgan")
    parser.add_argument("--mode", choices=["eager", "channels-last"], default="eager")
    parser.add_argument("--size", type=int, default=64)
    parser.add_argument("--width", type=int, default=64)
    parser.add_argument("--batch-size", type=int, default=64)
    parser.add_argument("--steps", type=int, default=5)
    parser.add_argument("--warm-up", type=int, default=2)
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.manual_seed(0)
    points = options.game == "original"
    layout = torch.channels_last if options.mode == "channels-last" and not points else torch.contiguous_format
    wasserstein, hinge = options.game == "wgan-gp", options.game == "sngan"
    latent = 64 if points else 128 if hinge else 100
    if points:
        generator, critic = perceptron([latent] + [options.width] * 3 + [2]), nn.Sequential(perceptron([2] + [options.width] * 3 + [1]), nn.Flatten(0))
        real = torch.randn(options.batch_size, 2)
    else:
        generator = (ResidualGenerator if hinge else Generator)(latent, options.size, 3, options.width).to(memory_format=layout)
        critic = ResidualCritic(options.size, 3, options.width) if hinge else Critic(options.size, 3, options.width, not wasserstein)
        critic = critic.to(memory_format=layout)
        real = torch.randn(options.batch_size, 3, options.size, options.size).to(memory_format=layout)
    optimizers = [torch.optim.Adam(module.parameters(), 2e-4, (0.5, 0.999)) for module in (generator, critic)]
    softplus, relu = nn.functional.softplus, nn.functional.relu

    def critic_loss(r, f, fake):
        if wasserstein:
            return f.mean() - r.mean() + penalty(critic, real, fake)
        return relu(1 - r).mean() + relu(1 + f).mean() if hinge else softplus(-r).mean() + softplus(f).mean()

    def step():
        for _ in range(5 if wasserstein or hinge else 1):
            with torch.no_grad():
                fake = generator(torch.randn(options.batch_size, latent))
            r, f = critic(real), critic(fake)
            loss = critic_loss(r, f, fake)
            optimizers[1].zero_grad()
            loss.backward()
            optimizers[1].step()
        for parameter in critic.parameters():
            parameter.requires_grad_(False)
        f = critic(generator(torch.randn(options.batch_size, latent)))
        loss = -f.mean() if wasserstein or hinge else softplus(-f).mean()
        optimizers[0].zero_grad()
        loss.backward()
        optimizers[0].step()
        for parameter in critic.parameters():
            parameter.requires_grad_(True)

    for _ in range(options.warm_up):
        step()
    seconds = []
    for _ in range(options.steps):
        start = time.perf_counter()
        step()
        seconds.append(time.perf_counter() - start)
    print(json.dumps({"stepsPerSecond": 1 / statistics.median(seconds), "seconds": statistics.median(seconds),
                      "peakMegabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, "game": options.game, "mode": options.mode}))


if __name__ == "__main__":
    main()
