"""Reference gradients of one batch by PyTorch in float64, and how far PyTorch's own float32 is from them.

gradient_golden.py FOLDER    reads job.json, weights.bin and image.bin (NHWC); writes gradient.bin (float64, in the order of the weights) and
                             golden.json: loss, error32 (whole-gradient relative error of float32), losses32 and losses64 of some TensorFlow-RMSProp steps
"""

import json
import sys
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch_network import TensorFlowRMSProp, mark_norms, mnasnet

folder = Path(sys.argv[1])
job = json.loads((folder / "job.json").read_text())
torch.set_num_threads(job["threads"])
weights = np.fromfile(folder / "weights.bin", dtype=np.float32)
image = np.fromfile(folder / "image.bin", dtype=np.float32).reshape(job["batch"], job["size"], job["size"], 3)
x = torch.tensor(image.transpose(0, 3, 1, 2).copy())
y = torch.arange(job["batch"]) % 10


def network(dtype):
    net = mnasnet(job["table"])
    mark_norms(net)
    place = 0
    parameters = list(net.parameters())
    assert [list(p.shape) for p in parameters] == job["shapes"], "the networks differ"
    with torch.no_grad():
        for parameter in parameters:
            count = parameter.numel()
            parameter.copy_(torch.tensor(weights[place : place + count]).reshape(parameter.shape))
            place += count
    return net.to(dtype)


def gradient(dtype):
    net = network(dtype)
    loss = F.cross_entropy(net(x.to(dtype)), y)
    loss.backward()
    return loss.item(), torch.cat([p.grad.reshape(-1) for p in net.parameters()]).double()


def losses(steps, dtype):
    net = network(dtype)
    update, values = TensorFlowRMSProp(net.parameters()), []
    for step in range(1, steps + 1):
        update.zero_grad()
        loss = F.cross_entropy(net(x.to(dtype)), y)
        loss.backward()
        update.step(job["learningRate"] * step / steps)
        values.append(loss.item())
    return values


loss, exact = gradient(torch.float64)
_, single = gradient(torch.float32)
exact.numpy().tofile(folder / "gradient.bin")
golden = {
    "torch": torch.__version__,
    "loss": loss,
    "error32": ((single - exact).norm() / exact.norm()).item(),
    "losses32": losses(job["steps"], torch.float32),
    "losses64": losses(job["steps"], torch.float64),
}
(folder / "golden.json").write_text(json.dumps(golden))
