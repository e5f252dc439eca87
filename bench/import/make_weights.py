"""Writes weights as torchvision's and timm's own model code names them, with inputs and the outputs that PyTorch gives.

    python make_weights.py FOLDER [NAME ...]

For each model NAME.safetensors (the state dictionary) and NAME.expected.safetensors (`image` NHWC, normalised; `logits`). For
NAME of hub-…, a folder as timm's own code publishes it instead of the state dictionary.
Weights are random: no download. Batch norms are set from random images and then moved, so that a wrong statistic, epsilon,
padding or activation shows in the outputs.
"""

import sys
from pathlib import Path

import timm
import torch
import torchvision
from safetensors.torch import save_file
from timm.models import save_for_hf

SIZE = 224
IMAGES = 2


def torchvision_first_version(name):
    """torchvision's MNASNet as it was before 0.4, with a stem that no width scales."""
    model = getattr(torchvision.models, name)(weights=None)
    model._load_from_state_dict({}, "", {"version": 1}, False, [], [], [])
    return model


def timm_model(name):
    return lambda: timm.create_model(name, pretrained=False)


def torchvision_model(name):
    return lambda: getattr(torchvision.models, name)(weights=None)


# Named as config.json names them; the tag is the release of the weights.
HUB = ("mnasnet_100.rmsp_in1k", "mobilenetv2_110d.ra_in1k", "efficientnet_lite0.ra_in1k", "tf_efficientnet_lite0.in1k")
LABELS = [f"n{number:08}" for number in range(1000)]

MODELS = {
    **{f"timm-{name}": timm_model(name) for name in (
        "semnasnet_100", "semnasnet_075", "mnasnet_100", "mnasnet_small", "mobilenetv2_100", "mobilenetv2_140", "mobilenetv2_110d",
        "spnasnet_100", "fbnetc_100", "efficientnet_lite0", "efficientnet_lite2", "tf_efficientnet_lite0")},
    **{f"hub-{name}": timm_model(name) for name in HUB},
    **{f"torchvision-{name}": torchvision_model(name) for name in (
        "mnasnet0_5", "mnasnet0_75", "mnasnet1_0", "mnasnet1_3", "mobilenet_v2")},
    "torchvision-mnasnet0_5-first": lambda: torchvision_first_version("mnasnet0_5"),
}  # fmt: skip


def is_norm(module):
    return isinstance(module, torch.nn.BatchNorm2d)


def settle(model, image, generator):
    """Statistics of random images, then all of the batch norms' numbers a little elsewhere; logits of a deviation near 1."""

    def random(tensor):
        return torch.rand(tensor.shape, generator=generator)

    norms = [module for module in model.modules() if is_norm(module)]
    for norm in norms:
        norm.momentum = 1.0
        norm.weight.copy_(0.5 + random(norm.weight))
        norm.bias.copy_(0.4 * random(norm.bias) - 0.2)
    model.train()
    model(torch.randn(8, 3, 96, 96, generator=generator))
    for norm in norms:
        norm.running_mean.add_(0.2 * (random(norm.running_mean) - 0.5) * norm.running_var.sqrt())
        norm.running_var.mul_(0.8 + 0.4 * random(norm.running_var))
    model.eval()
    classifier = [module for module in model.modules() if isinstance(module, torch.nn.Linear)][-1]
    classifier.weight.div_(model(image).std())
    classifier.bias.copy_(random(classifier.bias) - 0.5)


def main(folder, names):
    folder.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(1)
    with torch.no_grad():
        for index, name in enumerate(names or MODELS):
            generator = torch.Generator().manual_seed(100 + index)
            model = MODELS[name]()
            image = torch.randn(IMAGES, 3, SIZE, SIZE, generator=generator)
            settle(model, image, generator)
            logits = model(image)
            if name.startswith("hub-"):
                save_for_hf(model, folder / name, model_config={"label_names": LABELS}, safe_serialization=True)
            else:
                save_file(model.state_dict(), folder / f"{name}.safetensors")
            expected = {"image": image.permute(0, 2, 3, 1).contiguous(), "logits": logits}
            save_file(expected, folder / f"{name}.expected.safetensors")
            print(f"{name}: {len(model.state_dict())} tensors, logits of deviation {logits.std():.3f}", flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
