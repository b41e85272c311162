"""Golden activations of every feature network, computed in float64 by the network's own Python module.

One HDF5 file per network. A tap is one data set in the root group, named as the tap; NCHW order throughout:

    data       256 float64 values at the flattened positions floor(j * total / 256)
    shape      the tap's shape, batch included
    mean, std, l2                of the whole tap (std is the population's)
    float32_deviation            max |float32 - float64| / max |float64| of the same module run in float32 PyTorch

Weights and the batch of two inputs follow the formula of generated_weights.py; `efficientnet-lite0-imagenet.h5` has the bundled weights instead, and the logits
of two photographs besides. `generated-weights.h5` holds the formula's first 64 values of a few keys, to be checked first.

Needs PyPI packages: torch, torchvision, pytorch-fid, efficientnet-lite-pytorch, h5py, numpy, pillow.
usage: make_network_goldens.py [NETWORK ...]
"""
import pathlib
import sys

import h5py
import numpy
import torch
import torchvision
from efficientnet_lite_pytorch import EfficientNet
from PIL import Image

import generated_weights

HERE = pathlib.Path(__file__).resolve().parent
PHOTOS = HERE.parent / "photos"
BUNDLED = HERE.parent.parent / "Sources/FeatureNetworks/Resources/networks/efficientnet-lite0.h5"
SAMPLES = 256


def record(model, places):
    """Attach a hook per (tap, module, function of its output); returns the dictionary that a forward pass fills."""
    taps = {}

    def hook(name, transform):
        def run(module, inputs, output):
            taps[name] = transform(output).detach().clone()
        return run

    modules = dict(model.named_modules())
    for name, path, transform in places:
        modules[path].register_forward_hook(hook(name, transform))
    return taps


def same(x):
    return x


def spatial_mean(x):
    return x.mean(dim=(2, 3))


def flat(x):
    return x.flatten(1)


STEM = ["Conv2d_1a_3x3", "Conv2d_2a_3x3", "Conv2d_2b_3x3", "maxpool1", "Conv2d_3b_1x1", "Conv2d_4a_3x3", "maxpool2"]
MIXED = ["Mixed_" + name for name in "5b 5c 5d 6a 6b 6c 6d 6e 7a 7b 7c".split()]
INCEPTION = [(name, name, same) for name in STEM + MIXED] + [
    ("64", "maxpool1", spatial_mean), ("192", "maxpool2", spatial_mean), ("768", "Mixed_6e", spatial_mean), ("2048", "avgpool", flat),
    ("logits", "fc", same),
]


def seven(x):
    return x[:, :7].flatten(1)


# What three tools call sFID: guided-diffusion's evaluator reads a 1x1 branch, rows by columns by channels; the others a block's output, channels first.
SPATIAL = [("sfid-adm", "Mixed_6d.branch1x1", lambda x: x[:, :7].permute(0, 2, 3, 1).flatten(1)), ("sfid-dgm-eval", "Mixed_6e", seven), ("sfid-pyiqa", "Mixed_6a", seven)]


def inception_v3():
    """The FID variant; `logits_unbiased` leaves out the bias of the last layer."""
    model = generated_weights.fid_inception()
    return model, INCEPTION + SPATIAL + [("logits_unbiased", "fc", lambda x: x - model.fc.bias)], 299


def inception_v3_torchvision():
    model = torchvision.models.inception_v3(weights=None, transform_input=False, aux_logits=False, init_weights=False)
    return generated_weights.fill(model), INCEPTION, 299


def vgg16():
    places = [(f"features.{i}", f"features.{i}", same) for i in (3, 8, 15, 22, 29)] + [
        ("fc1", "classifier.0", same), ("fc1_relu", "classifier.1", same), ("fc2", "classifier.3", same), ("fc2_relu", "classifier.4", same),
        ("logits", "classifier.6", same),
    ]
    return generated_weights.fill(torchvision.models.vgg16(weights=None, init_weights=False)), places, 224


def alexnet():
    places = [(f"features.{i}", f"features.{i}", same) for i in (1, 4, 7, 9, 11)] + [
        ("fc1", "classifier.1", same), ("fc1_relu", "classifier.2", same), ("fc2", "classifier.4", same), ("fc2_relu", "classifier.5", same),
        ("logits", "classifier.6", same),
    ]
    return generated_weights.fill(torchvision.models.alexnet(weights=None)), places, 224


def squeezenet1_1():
    places = [(f"features.{i}", f"features.{i}", same) for i in (1, 4, 7, 9, 10, 11, 12)] + [("logits", "classifier", flat)]
    return generated_weights.fill(torchvision.models.squeezenet1_1(weights=None)), places, 224


LAST_BLOCK_OF_STAGE = [0, 2, 4, 7, 10, 14, 15]
EFFICIENTNET = [("stem", "_bn0", torch.nn.functional.relu6)] + [
    (f"stage{stage}", f"_blocks.{block}", same) for stage, block in enumerate(LAST_BLOCK_OF_STAGE, 1)
] + [("head", "_bn1", torch.nn.functional.relu6), ("1280", "_avg_pooling", flat), ("logits", "_fc", same)]


def efficientnet_lite0():
    return generated_weights.fill(EfficientNet.from_name("efficientnet-lite0")), EFFICIENTNET, 224


def efficientnet_lite0_imagenet():
    model = EfficientNet.from_name("efficientnet-lite0")
    with h5py.File(BUNDLED) as file:
        state = {key: torch.from_numpy(file[key][()]) for key in file}
    missing, unexpected = model.load_state_dict(state, strict=False)
    assert not unexpected and all(key.endswith("num_batches_tracked") for key in missing)
    return model.eval(), EFFICIENTNET, 224


NETWORKS = {
    "inception-v3": inception_v3,
    "inception-v3-torchvision": inception_v3_torchvision,
    "vgg16": vgg16,
    "alexnet": alexnet,
    "squeezenet1_1": squeezenet1_1,
    "efficientnet-lite0": efficientnet_lite0,
    "efficientnet-lite0-imagenet": efficientnet_lite0_imagenet,
}


def samples(array):
    """The values at floor(j * total / SAMPLES) of the flattened array."""
    array = array.reshape(-1)
    return array[numpy.arange(SAMPLES) * len(array) // SAMPLES]


def photograph(path, size):
    """The picture resized by Pillow's bicubic in float mode, clipped to 0...255, as float32 [1, 3, size, size]."""
    image = Image.open(path).convert("RGB")
    channels = [Image.fromarray(numpy.asarray(image)[:, :, c].astype(numpy.float32)).resize((size, size), Image.Resampling.BICUBIC) for c in range(3)]
    return torch.from_numpy(numpy.stack([numpy.asarray(channel) for channel in channels])[None].clip(0, 255))


def run(name):
    model, places, size = NETWORKS[name]()
    taps = record(model, places)
    input = torch.from_numpy(generated_weights.values("input", (2, 3, size, size)))
    with torch.inference_mode(), h5py.File(HERE / f"{name}.h5", "w", libver="earliest") as file:
        model(input)
        float32 = dict(taps)
        model.double()(input.double())
        for tap, _, _ in places:
            value, deviation = taps[tap].numpy(), (float32[tap].double() - taps[tap]).abs().max() / taps[tap].abs().max()
            data = file.create_dataset(tap, data=samples(value), track_times=False)
            data.attrs["shape"] = numpy.array(value.shape, numpy.int64)
            data.attrs["mean"], data.attrs["std"], data.attrs["l2"] = value.mean(), value.std(), numpy.sqrt((value**2).sum())
            data.attrs["float32_deviation"] = float(deviation)
            print(f"{name:28} {tap:16} {str(value.shape):22} mean {value.mean():11.4g} std {value.std():10.4g} zeros {(value == 0).mean():.2f} float32 {float(deviation):.1e}")
        if name.endswith("imagenet"):
            for photo in ("chelsea", "coffee"):
                resized = photograph(PHOTOS / f"{photo}.png", size)
                logits = model((resized.double() - 127) / 128)[0].numpy()
                top = numpy.argsort(-logits)[:5]
                file.create_dataset(f"{photo}_input", data=samples(resized.numpy()), track_times=False)
                file.create_dataset(f"{photo}_1280", data=samples(taps["1280"].numpy()), track_times=False)
                file.create_dataset(f"{photo}_logits", data=logits, track_times=False)
                file.create_dataset(f"{photo}_top5", data=top.astype(numpy.int64), track_times=False)
                print(photo, top, logits[top])


def formula():
    """The first 64 values of one key per rule, with the shape that the rule sees."""
    shapes = {"input": (2, 3, 299, 299), "Conv2d_1a_3x3.conv.weight": (32, 3, 3, 3), "Conv2d_1a_3x3.bn.weight": (32,), "fc.bias": (1008,),
              "_blocks.0._project_conv.weight": (16, 32, 1, 1), "Conv2d_1a_3x3.bn.running_mean": (32,), "Conv2d_1a_3x3.bn.running_var": (32,)}
    with h5py.File(HERE / "generated-weights.h5", "w", libver="earliest") as file:
        for key, shape in shapes.items():
            data = file.create_dataset(key, data=generated_weights.values(key, shape).reshape(-1)[:64], track_times=False)
            data.attrs["shape"] = numpy.array(shape, numpy.int64)


if __name__ == "__main__":
    torch.set_num_threads(2)
    formula()
    for name in sys.argv[1:] or NETWORKS:
        run(name)
