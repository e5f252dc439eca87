"""MnasNet with squeeze-excite and TensorFlow's padding in PyTorch, from the table that network.mjs hands over."""

import torch
import torch.nn as nn
import torch.nn.functional as F

EPSILON = 1e-3


def norm(channels):
    """new = .99 old + .01 batch, as ours."""
    return nn.BatchNorm2d(channels, eps=EPSILON, momentum=0.01)


class Same(nn.Module):
    """Zeros around the image as TensorFlow's SAME puts them: the odd one behind."""

    def __init__(self, kernel, stride):
        super().__init__()
        self.kernel, self.stride = kernel, stride

    def forward(self, x):
        pads = []
        for side in (x.shape[3], x.shape[2]):
            outputs = -(-side // self.stride)
            total = max((outputs - 1) * self.stride + self.kernel - side, 0)
            pads += [total // 2, total - total // 2]
        return F.pad(x, pads)


class SqueezeExcite(nn.Module):
    def __init__(self, channels, squeezed):
        super().__init__()
        self.reduce, self.expand = nn.Conv2d(channels, squeezed, 1), nn.Conv2d(squeezed, channels, 1)

    def forward(self, x):
        return x * torch.sigmoid(self.expand(F.relu(self.reduce(x.mean((2, 3), keepdim=True)))))


class Block(nn.Module):
    def __init__(self, inputs, row, stride):
        super().__init__()
        wide, kernel, layers = inputs * row["expansion"], row["kernel"], []
        if row["expansion"] > 1:
            layers += [nn.Conv2d(inputs, wide, 1, bias=False), norm(wide), nn.ReLU(True)]
        layers += padded(wide, wide, kernel, stride, groups=wide)
        if row["squeezeExcite"]:
            layers += [SqueezeExcite(wide, max(1, int(inputs * row["squeezeExcite"])))]
        layers += [nn.Conv2d(wide, row["filters"], 1, bias=False), norm(row["filters"])]
        self.body = nn.Sequential(*layers)
        self.skip = stride == 1 and inputs == row["filters"]

    def forward(self, x):
        return x + self.body(x) if self.skip else self.body(x)


def padded(inputs, filters, kernel, stride, groups=1):
    """Convolution, batch norm, ReLU. Padding inside the convolution wherever it is the same on both sides: that is faster."""
    convolution = lambda padding: nn.Conv2d(inputs, filters, kernel, stride, padding, groups=groups, bias=False)
    if stride == 1:
        return [convolution(kernel // 2), norm(filters), nn.ReLU(True)]
    return [Same(kernel, stride), convolution(0), norm(filters), nn.ReLU(True)]


def backbone(table):
    """Layers up to the last map, and its channels."""
    stem = table["stem"]
    layers, channels = padded(3, stem["filters"], stem["kernel"], stem["stride"]), stem["filters"]
    for row in table["rows"]:
        for repeat in range(row["repeats"]):
            layers.append(Block(channels, row, row["stride"] if repeat == 0 else 1))
            channels = row["filters"]
    head = table["headFilters"]
    return layers + [nn.Conv2d(channels, head, 1, bias=False), norm(head), nn.ReLU(True)], head


def mnasnet(table):
    layers, channels = backbone(table)
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(channels, table["classes"]))


def is_norm(parameter):
    """Gammas, betas; biases are vectors too but not these: batch norms have none of their own."""
    return getattr(parameter, "of_norm", False)


def mark_norms(net):
    for module in net.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.weight.of_norm = module.bias.of_norm = True


class TensorFlowRMSProp:
    """s = .9 s + .1 g², s from 1; m = .9 m + lr g / sqrt(s + eps); w -= m. L2 on everything but batch norm."""

    def __init__(self, parameters, decay=0.9, momentum=0.9, epsilon=1e-3, weight_decay=1e-5):
        self.parameters = list(parameters)
        self.decayed = [p for p in self.parameters if not is_norm(p)]
        self.decay, self.momentum, self.epsilon, self.weight_decay = decay, momentum, epsilon, weight_decay
        self.squares = [torch.ones_like(p) for p in self.parameters]
        self.changes = [torch.zeros_like(p) for p in self.parameters]

    def zero_grad(self):
        for parameter in self.parameters:
            parameter.grad = None

    @torch.no_grad()
    def step(self, learning_rate):
        torch._foreach_add_([p.grad for p in self.decayed], self.decayed, alpha=self.weight_decay)
        gradients = [p.grad for p in self.parameters]
        torch._foreach_mul_(self.squares, self.decay)
        torch._foreach_addcmul_(self.squares, gradients, gradients, value=1 - self.decay)
        roots = torch._foreach_add(self.squares, self.epsilon)
        torch._foreach_sqrt_(roots)
        torch._foreach_mul_(self.changes, self.momentum)
        torch._foreach_addcdiv_(self.changes, gradients, roots, value=learning_rate)
        torch._foreach_sub_(self.parameters, self.changes)
