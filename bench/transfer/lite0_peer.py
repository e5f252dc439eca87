"""What PyTorch answers: the class of each picture, by the package that the weights of EfficientNet-Lite0 belong to.

    python lite0_peer.py PACKAGES PICTURES SIZE     →  JSON: a class each

PICTURES: normalised float32 pixels [n, SIZE, SIZE, 3], one behind the other.
"""

import json
import sys
from pathlib import Path

import numpy
import torch

sys.path.insert(0, str(Path(__file__).parents[1] / "import"))
from lite0_wheel import load

BATCH = 16


def main(packages, pictures, size):
    # Threads that wait for one another spin: on a busy machine one of them is faster.
    torch.set_num_threads(1)
    model, _ = load(packages)
    pixels = numpy.memmap(pictures, dtype=numpy.float32, mode="r").reshape(-1, size, size, 3)
    classes = []
    with torch.no_grad():
        for start in range(0, len(pixels), BATCH):
            batch = torch.from_numpy(numpy.ascontiguousarray(pixels[start : start + BATCH].transpose(0, 3, 1, 2)))
            classes += model(batch).argmax(1).tolist()
    print(json.dumps(classes))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]))
