"""One contender in a process of its own: steps of PyTorch on one batch, one line of JSON.

torch_peer.py '{"size": 96, "batch": 32, "threads": 2, "steps": 7, "learningRate": 0.002, "optimizer": "torch", "table": {...}}'

optimizer "torch" is torch.optim.RMSprop, what a user of PyTorch would take (mean square from 0, epsilon outside the root); "tensorflow" is the
same arithmetic as our engine's.
"""

import json
import sys
import time

import torch
import torch.nn.functional as F
from torch_network import TensorFlowRMSProp, is_norm, mark_norms, mnasnet
from torch_timing import tell_steps

job = json.loads(sys.argv[1])
torch.set_num_threads(job["threads"])
torch.manual_seed(0)
before = time.perf_counter()
net = mnasnet(job["table"]).to(memory_format=torch.channels_last)
mark_norms(net)
parameters = list(net.parameters())
if job["optimizer"] == "tensorflow":
    update = TensorFlowRMSProp(parameters)
    step_update = lambda: update.step(job["learningRate"])
else:
    groups = [
        {"params": [p for p in parameters if not is_norm(p)], "weight_decay": 1e-5},
        {"params": [p for p in parameters if is_norm(p)], "weight_decay": 0},
    ]
    update = torch.optim.RMSprop(groups, lr=job["learningRate"], alpha=0.9, eps=1e-3, momentum=0.9)
    step_update = update.step
create_ms = (time.perf_counter() - before) * 1e3

x = torch.rand(job["batch"], 3, job["size"], job["size"]).mul_(2).sub_(1).contiguous(memory_format=torch.channels_last)
y = torch.arange(job["batch"]) % 10


def step():
    update.zero_grad()
    loss = F.cross_entropy(net(x), y)
    loss.backward()
    step_update()
    return loss.item()


tell_steps(step, job["steps"], create_ms)
