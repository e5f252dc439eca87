"""SSDLite in PyTorch, from the description that network.mjs hands over, and its multibox loss; the backbone is bench/training's."""

import sys
from pathlib import Path

import torch
import torch.nn as nn
import torch.nn.functional as F

sys.path.append(str(Path(__file__).parents[2] / "training"))
from torch_network import Block, Same, backbone, norm


def filtered(channels, stride):
    """3×3 depthwise, batch norm, ReLU6."""
    convolution = lambda padding: nn.Conv2d(channels, channels, 3, stride, padding, groups=channels, bias=False)
    layers = [convolution(1)] if stride == 1 else [Same(3, stride), convolution(0)]
    return [*layers, norm(channels), nn.ReLU6(True)]


def mixed(inputs, filters):
    """1×1, batch norm, ReLU6."""
    return [nn.Conv2d(inputs, filters, 1, bias=False), norm(filters), nn.ReLU6(True)]


class Ssdlite(nn.Module):
    def __init__(self, network):
        super().__init__()
        layers, head = backbone(network)
        self.backbone = nn.Sequential(*layers)
        strides = [layer.body[3].stride if isinstance(layer, Block) and isinstance(layer.body[3], Same) else 1 for layer in layers]
        self.tapped = max(at for at, stride in enumerate(strides) if stride == 2)
        channels = [layers[self.tapped].body[0].out_channels, head]
        self.extras = nn.ModuleList()
        for filters in network["extras"]:
            half = filters // 2
            self.extras.append(nn.Sequential(*mixed(channels[-1], half), *filtered(half, 2), *mixed(half, filters)))
            channels.append(filters)
        predictors = lambda columns: nn.ModuleList(
            nn.Sequential(*filtered(inputs, 1), nn.Conv2d(inputs, anchors * columns, 1))
            for inputs, anchors in zip(channels, network["anchors"])
        )
        self.columns = network["columns"]
        self.boxes, self.scores = predictors(4), predictors(self.columns)

    def forward(self, x):
        maps = []
        for at, layer in enumerate(self.backbone):
            if at == self.tapped:
                maps.append(layer.body[:3](x))
                x = layer.body[3:](maps[0])
            else:
                x = layer(x)
        maps.append(x)
        for extra in self.extras:
            maps.append(extra(maps[-1]))
        rows = lambda predictors, columns: torch.cat(
            [predict(x).permute(0, 2, 3, 1).reshape(len(x), -1, columns) for predict, x in zip(predictors, maps)], 1
        )
        return rows(self.boxes, 4), rows(self.scores, self.columns)


def one_hot_entropy(scores, target_class):
    """As most would write it."""
    target = F.one_hot(target_class, scores.shape[-1]).to(scores.dtype)
    return F.binary_cross_entropy_with_logits(scores, target, reduction="none").sum(-1)


def short_entropy(scores, target_class):
    """The same without a row of ones and zeros: fewer passes."""
    return F.softplus(scores).sum(-1) - scores.gather(-1, target_class[..., None]).squeeze(-1)


def multibox(boxes, scores, target_class, target_box, entropy_of):
    """Sigmoid cross-entropy of positives and of the max(3, 3 · positives) hardest others of each image, smooth L1; both over all matches."""
    positive = target_class > 0
    entropy = entropy_of(scores, target_class)
    with torch.no_grad():
        hardness = entropy.detach().masked_fill(positive, -1)
        place = hardness.argsort(dim=1, descending=True, stable=True).argsort(dim=1)
        kept = positive | (place < (3 * positive.sum(1)).clamp(min=3)[:, None])
    distance = F.smooth_l1_loss(boxes, target_box, reduction="none").sum(-1)
    return ((entropy * kept).sum() + (distance * positive).sum()) / positive.sum().clamp(min=1)
