"""The peer of bench/pipeline: torchvision's ImageFolder, RandomResizedCrop(224), flip and DataLoader on the same files, uint8 tensors.

  python torchvision_peer.py FOLDER WORKERS SECONDS
"""
import json
import os
import sys
import time

import PIL
import torch
import torchvision
from torchvision import datasets, transforms

folder, workers, seconds = sys.argv[1], int(sys.argv[2]), float(sys.argv[3])
BATCH, WARM_UP = 32, 3
torch.set_num_threads(1)


def main():
    transform = transforms.Compose([transforms.RandomResizedCrop(224), transforms.RandomHorizontalFlip(), transforms.PILToTensor()])
    data = datasets.ImageFolder(folder, transform)
    # One sampler without end: a new epoch would start new workers.
    sampler = torch.utils.data.RandomSampler(data, replacement=True, num_samples=10**7)
    loader = torch.utils.data.DataLoader(data, batch_size=BATCH, sampler=sampler, num_workers=workers, drop_last=True)
    start = cpu = batches = 0
    for _ in loader:
        batches += 1
        if batches == WARM_UP:
            start, cpu = time.perf_counter(), time.process_time()
        elif batches > WARM_UP and time.perf_counter() - start >= seconds:
            break
    elapsed, images = time.perf_counter() - start, (batches - WARM_UP) * BATCH
    # Of this process alone: without workers all there is.
    cpu_ms = (time.process_time() - cpu) * 1000 / images if workers == 0 else None
    versions = {'torch': torch.__version__, 'torchvision': torchvision.__version__, 'pillow': PIL.__version__}
    print(json.dumps({'imagesPerSecond': images / elapsed, 'cpuMsPerImage': cpu_ms, 'versions': versions}), flush=True)


if __name__ == '__main__':
    main()
    # Prefetching workers need not be waited for.
    os._exit(0)
