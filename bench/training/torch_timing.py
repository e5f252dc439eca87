"""What a contender that is PyTorch says of its steps; timed-steps.mjs says the same of our engine's."""

import json
import resource
import time

import torch

WARM_UPS = 3


def processor_ms():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return (usage.ru_utime + usage.ru_stime) * 1e3


def tell_steps(step, steps, create_ms, **more):
    """Prints one line of JSON. step() takes one and gives its loss."""
    losses, step_ms = [step() for _ in range(WARM_UPS)], []
    processor_start = processor_ms()
    for _ in range(steps):
        start = time.perf_counter()
        losses.append(step())
        step_ms.append((time.perf_counter() - start) * 1e3)
    told = {
        "mode": f"torch {torch.__version__}",
        "stepMs": step_ms,
        "processorMs": (processor_ms() - processor_start) / steps,
        "createMs": create_ms,
        "peakMegabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "losses": losses,
    }
    print(json.dumps({**told, **more}), flush=True)
