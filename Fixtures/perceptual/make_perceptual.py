"""Golden values of distances of pairs of pictures, computed by the packages that define them.

`pairs/` holds the pictures: crops of the two photographs in `Fixtures/photos` and worse versions of them, as PNG. `perceptual.json` holds for each pair

    lpips       trunk / release / unit length: PyPI `lpips` (and torchmetrics' functional LPIPS) in float64, with the generated weights of Fixtures/networks as trunk
    faint       the first pair on an alexnet all of whose numbers are multiplied by float32(1e-4): activations so small that the two unit lengths differ
    map         `lpips` with spatial=True: 64 values at the flattened positions floor(j * total / 64), and the mean
    ssim        scikit-image
    ms_ssim     torchmetrics and pytorch-msssim in float64, for the pair that is large enough
    psnr        scikit-image
    sharpness   the formula of Mathieu, Couprie and LeCun (2016) in NumPy
    dists       PyPI `DISTS_pytorch` in float64, with the generated weights
    bundled     LPIPS on the bundled network, written out with efficientnet-lite-pytorch in float64

and `resized`, the first two pairs resized to 64 x 64 by Pillow's bicubic filter in float mode and clipped before LPIPS and SSIM. `student` holds quantiles of Student's distribution (SciPy).

Needs PyPI packages: lpips, DISTS_pytorch, torchmetrics, pytorch-msssim, torch, torchvision, scikit-image, scipy, numpy, pillow, h5py, efficientnet-lite-pytorch, safetensors.
usage: make_perceptual.py
"""
import json
import pathlib
import sys
from unittest import mock

import h5py
import lpips
import numpy
import pytorch_msssim
import scipy.stats
import torch
import torchmetrics.functional.image as tm
import torchvision
from efficientnet_lite_pytorch import EfficientNet
from DISTS_pytorch import DISTS_pt
from PIL import Image
from safetensors.numpy import load_file
from skimage import metrics
from torchmetrics.functional.image import lpips as tm_lpips

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "networks"))
import generated_weights  # noqa: E402

NETWORKS = HERE.parent.parent / "Sources/FeatureNetworks/Resources/networks"
VGG16, ALEXNET, SQUEEZENET = torchvision.models.vgg16, torchvision.models.alexnet, torchvision.models.squeezenet1_1
TRUNKS = {"alexnet": "alex", "vgg16": "vgg", "squeezenet1_1": "squeeze"}


def make_pairs():
    """name: (picture, worse picture); odd and uneven sizes on purpose, but for the last, whose sides are multiples of 16: packages disagree on how to halve odd ones."""
    cat, cup = (Image.open(HERE.parent / "photos" / f"{name}.png") for name in ("chelsea", "coffee"))
    rng = numpy.random.default_rng(4)
    eye, rim, face = cat.crop((160, 80, 251, 151)), cup.crop((300, 60, 364, 124)), cat.crop((120, 40, 312, 216))
    noisy = numpy.asarray(eye) + 20 * rng.standard_normal((71, 91, 3))
    small = rim.resize((16, 16), Image.Resampling.BILINEAR).resize(rim.size, Image.Resampling.NEAREST)
    shifted = Image.fromarray(numpy.roll(numpy.asarray(face), (2, -3), (0, 1)))
    return {"noise": (eye, Image.fromarray(noisy.round().clip(0, 255).astype(numpy.uint8))), "pixels": (rim, small), "shift": (face, shifted.point(lambda v: int(v * 0.9)))}


def tensor(picture):
    """[1, 3, H, W] in [-1, 1], float64."""
    return (torch.from_numpy(numpy.array(picture, dtype=numpy.float64)).permute(2, 0, 1) / 127.5 - 1)[None]


def filled(make):
    """`make` with generated weights in its `features`, whatever it is asked for; the classifier plays no part."""
    def model(*_, **__):
        found = make(weights=None)
        state = {key: torch.from_numpy(generated_weights.values(key, tuple(value.shape))) for key, value in found.state_dict().items() if key.startswith("features.")}
        found.load_state_dict(state, strict=False)
        return found.eval()
    return model


def fresh_lpips(net, version, **options):
    """The `lpips` package on a trunk with generated weights."""
    with mock.patch.object(torchvision.models, "alexnet", filled(ALEXNET)), \
            mock.patch.object(torchvision.models, "squeezenet1_1", filled(SQUEEZENET)), \
            mock.patch.object(torchvision.models, "vgg16", filled(lambda weights: VGG16(weights=weights, init_weights=False))):
        return lpips.LPIPS(net=net, version=version, verbose=False, pnet_rand=True, **options).double()


def torchmetrics_lpips(net, model):
    """torchmetrics' LPIPS on the trunk of `model`."""
    other = tm_lpips._LPIPS(net=net, pnet_rand=True).double()
    theirs, ours = list(other.net.parameters()), list(model.net.parameters())
    assert [p.shape for p in theirs] == [p.shape for p in ours]
    for p, q in zip(theirs, ours):
        p.copy_(q)
    return other


def dists():
    """The package's DISTS on a trunk with generated weights."""
    with mock.patch.object(torchvision.models, "vgg16", filled(lambda weights: VGG16(weights=weights, init_weights=False))):
        model = DISTS_pt.DISTS(load_weights=False)
    weights = torch.load(pathlib.Path(DISTS_pt.__file__).parent / "weights.pt", weights_only=True)
    model.alpha.copy_(weights["alpha"])
    model.beta.copy_(weights["beta"])
    return model.double()


def window():
    """pytorch-msssim's own window is rounded to float32."""
    weights = torch.exp(-((torch.arange(11, dtype=torch.float64) - 5) ** 2) / (2 * 1.5**2))
    return (weights / weights.sum())[None, None, None].repeat(3, 1, 1, 1)


def sharpness(a, b):
    """Mathieu, Couprie, LeCun 2016, on values 0...1."""
    def gradients(x):
        return numpy.abs(x[1:, 1:] - x[:-1, 1:]) + numpy.abs(x[1:, 1:] - x[1:, :-1])
    return float(10 * numpy.log10(1 / numpy.abs(gradients(a / 255) - gradients(b / 255)).mean()))


def bundled_maps(model, x):
    """Unit-length maps of the bundled network behind the stem and stages 2, 3, 5 and 7, for pixels [1, 3, H, W] 0...255 of any size: its own padding for even extents throughout."""
    def convolve(module, y):
        total = module.kernel_size[0] - module.stride[0]
        y = torch.nn.functional.pad(y, (total // 2, total - total // 2, total // 2, total - total // 2))
        return torch.nn.functional.conv2d(y, module.weight, module.bias, module.stride, 0, module.dilation, module.groups)

    y = torch.nn.functional.relu6(model._bn0(convolve(model._conv_stem, (x - 127) / 128)))
    found = [y]
    for index, block in enumerate(model._blocks):
        z = y
        if block._block_args.expand_ratio != 1:
            z = torch.nn.functional.relu6(block._bn0(convolve(block._expand_conv, z)))
        z = torch.nn.functional.relu6(block._bn1(convolve(block._depthwise_conv, z)))
        z = block._bn2(convolve(block._project_conv, z))
        y = z + y if z.shape == y.shape and block._block_args.id_skip and block._depthwise_conv.stride[0] == 1 else z
        if index in (2, 4, 10, 15):
            found.append(y)
    return [y / (y.square().sum(1, keepdim=True).sqrt() + 1e-10) for y in found]


def bundled_lpips():
    model = EfficientNet.from_name("efficientnet-lite0")
    with h5py.File(NETWORKS / "efficientnet-lite0.h5") as file:
        model.load_state_dict({key: torch.from_numpy(file[key][()]) for key in file}, strict=False)
    model = model.eval().double()
    weights = load_file(NETWORKS / "lpips-efficientnet-lite0.safetensors")

    def distance(a, b):
        maps = [bundled_maps(model, (x + 1) * 127.5) for x in (a, b)]
        return sum(float(((p - q).square().mean((0, 2, 3)) * torch.from_numpy(weights[f"efficientnet-lite0.lin{i}"]).double()).sum()) for i, (p, q) in enumerate(zip(*maps)))

    # The padding above is the module's own where extents are even.
    x = torch.rand(1, 3, 64, 64, dtype=torch.float64) * 255
    own = {}
    hooks = [model._blocks[15].register_forward_hook(lambda m, i, o: own.update(last=o))]
    model(torch.nn.functional.interpolate((x - 127) / 128, size=224))
    hooks[0].remove()
    ours = bundled_maps(model, torch.nn.functional.interpolate((x - 127) / 128, size=224) * 128 + 127)[-1]
    theirs = own["last"] / (own["last"].square().sum(1, keepdim=True).sqrt() + 1e-10)
    assert torch.allclose(ours, theirs, atol=1e-9), float((ours - theirs).abs().max())
    return distance


def resized(picture):
    """64 x 64 by Pillow's bicubic filter on float channels, clipped."""
    channels = [Image.fromarray(numpy.asarray(picture, dtype=numpy.float32)[..., c]).resize((64, 64), Image.Resampling.BICUBIC) for c in range(3)]
    return numpy.stack([numpy.asarray(channel) for channel in channels], axis=-1).clip(0, 255)


@torch.no_grad()
def main():
    torch.manual_seed(0)
    pairs = make_pairs()
    (HERE / "pairs").mkdir(exist_ok=True)
    golden = {name: {"lpips": {}, "map": {}} for name in pairs}
    golden["resized"] = {}
    for trunk, short in TRUNKS.items():
        for version in ("0.1", "0.0"):
            model = fresh_lpips(short, version)
            for name, (a, b) in pairs.items():
                golden[name]["lpips"][f"{trunk}/{version}/lpips"] = float(model(tensor(a), tensor(b)))
            if version == "0.1":
                other = torchmetrics_lpips(short, model)
                for name, (a, b) in pairs.items():
                    golden[name]["lpips"][f"{trunk}/{version}/torchmetrics"] = float(other(tensor(a), tensor(b)))
                model.spatial = True
                a, b = pairs["noise"]
                whole = model(tensor(a), tensor(b)).flatten()
                golden["noise"]["map"][trunk] = {"mean": float(whole.mean()), "samples": [float(whole[j * len(whole) // 64]) for j in range(64)]}
    bundled, texture = bundled_lpips(), dists()
    alex, faint = fresh_lpips("alex", "0.1"), fresh_lpips("alex", "0.1")
    for parameter in faint.net.parameters():
        # In float32, as the generated numbers are.
        parameter.copy_((parameter.float() * torch.tensor(1e-4, dtype=torch.float32)).double())
    a, b = pairs["noise"]
    golden["faint"] = {"lpips": float(faint(tensor(a), tensor(b))), "torchmetrics": float(torchmetrics_lpips("alex", faint)(tensor(a), tensor(b)))}
    for name, (a, b) in pairs.items():
        a.save(HERE / "pairs" / f"{name}-a.png", optimize=True)
        b.save(HERE / "pairs" / f"{name}-b.png", optimize=True)
        x, y = numpy.asarray(a), numpy.asarray(b)
        options = {"channel_axis": -1, "data_range": 255, "gaussian_weights": True, "sigma": 1.5, "use_sample_covariance": False}
        golden[name]["ssim"] = float(metrics.structural_similarity(x.astype(float), y.astype(float), **options))
        golden[name]["psnr"] = float(metrics.peak_signal_noise_ratio(x, y, data_range=255))
        golden[name]["sharpness"] = sharpness(x.astype(float), y.astype(float))
        golden[name]["dists"] = float(texture((tensor(a) + 1) / 2, (tensor(b) + 1) / 2))
        golden[name]["bundled"] = bundled(tensor(a), tensor(b))
        if min(x.shape[:2]) >= 176:
            p, q = ((tensor(z) + 1) * 127.5 for z in (a, b))
            golden[name]["ms_ssim"] = {
                "torchmetrics": float(tm.multiscale_structural_similarity_index_measure(p, q, data_range=255.0)),
                "tensorflow": float(pytorch_msssim.ms_ssim(p, q, data_range=255, win=window())),
            }
        if name in ("noise", "pixels"):
            p, q = resized(a), resized(b)
            golden["resized"][name] = {"ssim": float(metrics.structural_similarity(p.astype(float), q.astype(float), **options)),
                                       "lpips": float(alex(*(torch.from_numpy(z).double().permute(2, 0, 1)[None] / 127.5 - 1 for z in (p, q))))}
    golden["student"] = [{"p": p, "freedom": n, "quantile": float(scipy.stats.t.ppf(p, n))} for n in (1, 2, 5, 30, 1000, 100000) for p in (0.6, 0.9, 0.975, 0.995)]
    (HERE / "perceptual.json").write_text(json.dumps(golden, indent=1) + "\n")


if __name__ == "__main__":
    main()
