"""The images, weights and features that both sides take. Everything lies in one folder, in which all commands run."""
import os
import pathlib
import shutil
import subprocess
import sys

import h5py
import numpy
import torch
import torchvision

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
FIXTURES = ROOT / "Fixtures"
sys.path[:0] = [str(FIXTURES / folder) for folder in ("protocols", "networks", "metrics", "perceptual")]
import calibrate  # noqa: E402
import generated_weights  # noqa: E402


def images():
    """digits: 500 + 500 in a folder per class. few: 200 + 200 of them without sub-folders, which pytorch-fid does not look into. crops: 24 + 24 of the photographs' crops, in mixed sizes.
    pairs: crops of photographs beside worse versions."""
    link(FIXTURES / "digits", "digits")
    link(FIXTURES / "perceptual/pairs", "pairs")
    for side in ("real", "fake"):
        for path in FIXTURES.glob(f"digits/{side}/*/*-0[01]?.png"):
            link(path, f"few/{side}/{path.name}")
        for path in sorted((FIXTURES / "photos/crops" / side).iterdir())[::2]:
            link(path, f"crops/{side}/{path.name}")


def link(source, target):
    target = pathlib.Path(target)
    target.parent.mkdir(parents=True, exist_ok=True)
    if not target.is_symlink():
        target.symlink_to(source)


def inception():
    """FID's Inception with weights from a formula, where pytorch-fid and clean-fid look for the download."""
    if not os.path.exists("inception.pth"):
        torch.save(calibrate.network().state_dict(), "inception.pth")
    link(pathlib.Path("inception.pth").resolve(), "torch/hub/checkpoints/pt_inception-2015-12-05-6726825d.pth")


def trunks():
    """The convolutions of AlexNet, VGG16 and SqueezeNet with weights from the formula; their classifiers are zeros that take no room."""
    for name in ("alexnet", "vgg16", "squeezenet1_1"):
        if not os.path.exists(name + ".h5"):
            with torch.device("meta"):
                shapes = {key: tuple(value.shape) for key, value in getattr(torchvision.models, name)(weights=None).state_dict().items()}
            with h5py.File(name + ".h5", "w") as file:
                for key, shape in shapes.items():
                    file.create_dataset(key, shape, "f4", generated_weights.values(key, shape) if key.startswith("features.") else None)


def others():
    """others-images.h5: the 500 digits of Fixtures/mnist-1000.h5 that are not in Fixtures/digits/real. They stand for a training set, and for the samples of a perfect generator."""
    from PIL import Image

    known = {numpy.asarray(Image.open(path)).tobytes() for path in FIXTURES.glob("digits/real/*/*.png")}
    with h5py.File(FIXTURES / "mnist-1000.h5") as file:
        images, labels = file["images"][:], file["labels"][:]
    new = [i for i, image in enumerate(images) if image.astype(numpy.uint8).tobytes() not in known]
    with h5py.File("others-images.h5", "w") as file:
        file["images"] = images[new]
        file["labels"] = labels[new]


def features(program):
    """real.h5, fake.h5 and others.h5: the bundled network's 1280 features, 1000 class scores and the classes; few-real.h5 and few-fake.h5: 64 features of Inception's first block."""
    wanted = {name: ["digits/" + name, "--labels"] for name in ("real", "fake")} | {"others": ["others-images.h5", "--labels"]}
    for side in ("real", "fake"):
        wanted[f"few-{side}"] = [f"few/{side}", "--network", "inception-v3", "--weights", "inception.pth", "--protocol", "pytorch-fid", "--tap", "64", "--no-logits"]
    for name, options in wanted.items():
        subprocess.run([program, "features", *options, "-o", name + ".h5", "--quiet"], check=True, stdout=subprocess.DEVNULL)


def small():
    """small-real.h5, small-fake.h5, small-others.h5: the first 16 principal components of the other digits' features, and scores of the ten digits by a logistic regression that has seen only those.
    Classes of 50 images have more images than features there, and class scores mean digits. Written as any program may write the format."""
    from sklearn.decomposition import PCA
    from sklearn.linear_model import LogisticRegression

    with h5py.File("others.h5") as file:
        known, classes = file["features"][:].astype(numpy.float64), file["labels"][:]
    axes, classifier = PCA(16, svd_solver="full").fit(known), LogisticRegression(C=0.1, max_iter=5000).fit(known, classes)
    for name in ("real", "fake", "others"):
        shutil.copyfile(f"{name}.h5", f"small-{name}.h5")
        with h5py.File(f"small-{name}.h5", "r+") as file:
            whole = file["features"][:].astype(numpy.float64)
            del file["features"], file["logits"]
            file["features"] = axes.transform(whole).astype(numpy.float32)
            file["logits"] = classifier.decision_function(whole).astype(numpy.float32)


def prepare(folder, program, made_by):
    """Make everything in `folder`, which becomes the working folder. Features are extracted anew when `made_by`, the program's digest, is another than before."""
    folder.mkdir(parents=True, exist_ok=True)
    os.chdir(folder)
    os.environ |= {"TORCH_HOME": str(folder / "torch"), "XDG_CACHE_HOME": str(folder / "cache")}
    images()
    inception()
    trunks()
    if not os.path.exists("others-images.h5"):
        others()
    stamp = pathlib.Path("made-by.txt")
    if not stamp.exists() or stamp.read_text() != made_by:
        shutil.rmtree("cache", ignore_errors=True)
        features(program)
        small()
        stamp.write_text(made_by)
