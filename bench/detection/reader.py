"""What the LiteRT package of PyPI answers, one picture after the other.

reader.py MODEL.tflite NAME,…    standard input: pictures as the file stores them, standard output: these outputs of each, in float32
"""

import sys

import numpy as np
from ai_edge_litert.interpreter import Interpreter

model, names = sys.argv[1:]
runner = Interpreter(model_path=model, num_threads=1).get_signature_runner()
[(source, details)] = runner.get_input_details().items()
size = int(np.prod(details["shape"])) * np.dtype(details["dtype"]).itemsize
while len(picture := sys.stdin.buffer.read(size)) == size:
    answer = runner(**{source: np.frombuffer(picture, details["dtype"]).reshape(details["shape"])})
    for name in names.split(","):
        sys.stdout.buffer.write(answer[name].astype(np.float32).tobytes())
    sys.stdout.buffer.flush()
