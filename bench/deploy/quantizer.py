"""Google's quantizer (litert-quantizer, formerly ai-edge-quantizer) on a float32 .tflite file.

quantizer.py '{"source": ..., "images": ..., "shape": [n, h, w, 3], "out": {"weights": ..., "dynamic": ..., "int8": ...}}'
"""

import json
import os
import sys

import numpy as np
from litert_quantizer import quantizer, recipe

job = json.loads(sys.argv[1])
images = np.fromfile(job["images"], np.float32).reshape(job["shape"])
calibration = {"serving_default": [{"image": image[None]} for image in images]}
recipes = {
    "weights": recipe.weight_only_wi8_afp32,
    "dynamic": recipe.dynamic_wi8_afp32,
    "int8": recipe.static_wi8_ai8,
}
for kind, path in job["out"].items():
    tool = quantizer.Quantizer(job["source"], recipes[kind]())
    found = tool.calibrate(calibration) if tool.need_calibration else None
    if os.path.exists(path):
        os.remove(path)
    tool.quantize(found).export_model(path)
