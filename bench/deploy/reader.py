"""What the LiteRT package of PyPI answers.

reader.py MODEL.tflite INPUTS.f32 OUTPUTS.f32    images in float32, one behind the other; their probabilities, likewise
"""

import sys

import numpy as np
from ai_edge_litert.interpreter import Interpreter

model, inputs, outputs = sys.argv[1:]
interpreter = Interpreter(model_path=model, num_threads=1)
interpreter.allocate_tensors()
[source] = interpreter.get_input_details()
[target] = interpreter.get_output_details()
answers = []
for image in np.fromfile(inputs, np.float32).reshape(-1, *source["shape"]):
    interpreter.set_tensor(source["index"], image)
    interpreter.invoke()
    answers.append(interpreter.get_tensor(target["index"]).copy())
np.concatenate(answers).astype(np.float32).tofile(outputs)
