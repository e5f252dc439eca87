"""Steps of PyTorch on one batch of a detector, in a process of its own: one line of JSON.

torch_peer.py FOLDER '{"threads": 1, "steps": 7, "entropy": "short"}'    FOLDER as network.mjs writes it

entropy "short" or "one-hot": how the class loss is written (torch_ssdlite.py).
"""

import json
import sys
import time
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch_ssdlite import Ssdlite, multibox, one_hot_entropy, short_entropy
from torch_network import is_norm, mark_norms
from torch_timing import tell_steps

folder, job = Path(sys.argv[1]), json.loads(sys.argv[2])
description = json.loads((folder / "job.json").read_text())
how = description["how"]
torch.set_num_threads(job["threads"])
before = time.perf_counter()
net = Ssdlite(description["network"])
mark_norms(net)
for module in net.modules():
    if isinstance(module, torch.nn.BatchNorm2d):
        module.momentum = 1 - how["batchNormMomentum"]


def load(tensors):
    """Our weights in the order of our graph, which is that of the modules."""
    trained = [p for p in description["parameters"] if not p["statistic"]]
    parameters = list(net.parameters())
    assert [list(p.shape) for p in parameters] == [p["shape"] for p in trained], "the networks differ"
    with torch.no_grad():
        for parameter, told in zip(parameters, trained):
            parameter.copy_(tensors[told["name"]])


start = load_file(folder / "start.safetensors")
load(start)
net = net.to(memory_format=torch.channels_last)
image = start["batch/image"].permute(0, 3, 1, 2)  # lies channels last already
target_class, target_box = start["batch/targetClass"].long(), start["batch/targetBox"]
anchors = target_class.shape[1]
del start

parameters = list(net.parameters())
groups = [
    {"params": [p for p in parameters if not is_norm(p)], "weight_decay": how["weightDecay"]},
    {"params": [p for p in parameters if is_norm(p)], "weight_decay": 0},
]
update = torch.optim.RMSprop(
    groups, lr=how["learningRate"], alpha=how["decay"], eps=how["epsilon"], momentum=how["momentum"], foreach=True
)
averaged = parameters + [b for b in net.buffers() if b.dtype.is_floating_point]
averages = [value.detach().clone() for value in averaged]
entropy_of = {"short": short_entropy, "one-hot": one_hot_entropy}[job["entropy"]]
create_ms = (time.perf_counter() - before) * 1e3


def step():
    update.zero_grad(set_to_none=True)
    loss = multibox(*net(image), target_class, target_box, entropy_of)
    loss.backward()
    update.step()
    with torch.no_grad():
        torch._foreach_lerp_(averages, averaged, 1 - how["averageDecay"])
    return loss.item()


tell_steps(step, job["steps"], create_ms, anchors=anchors, parameters=sum(p.numel() for p in parameters))
