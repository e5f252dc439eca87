"""The official converter on a network's layers (network.json, network.f32 of peers.mjs), replayed as a tf.function.

official.py '{"network": ..., "weights": ..., "images": ..., "shape": [n, h, w, 3], "out": {"float32": ..., "float16": ..., "dynamic": ..., "int8": ...}}'
"""

import json
import os
import sys

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
import numpy as np
import tensorflow as tf

job = json.loads(sys.argv[1])
with open(job["network"], encoding="utf8") as file:
    network = json.load(file)
weights = np.fromfile(job["weights"], np.float32)
images = np.fromfile(job["images"], np.float32).reshape(job["shape"])
activations = {"none": lambda x: x, "relu": tf.nn.relu, "relu6": tf.nn.relu6}


def parameter(layer, role, shape):
    place = layer["parameters"][role]
    return weights[place["from"] : place["from"] + place["length"]].reshape(shape)


def window(layer, x):
    """TensorFlow's padding where it is one, else zeros in front."""
    top, bottom, left, right = layer["attributes"]["padding"]
    height, width = x.shape[1:3]
    strides, kernel = layer["attributes"]["strides"], layer["attributes"]["kernel"]
    same = []
    for size, stride, taps in zip((height, width), strides, kernel):
        total = max((-(-size // stride) - 1) * stride + taps - size, 0)
        same += [total // 2, total - total // 2]
    if [top, bottom, left, right] == same:
        return x, "SAME"
    return tf.pad(x, [[0, 0], [top, bottom], [left, right], [0, 0]]), "VALID"


def convolution(layer, x):
    kernel = layer["attributes"]["kernel"]
    strides = layer["attributes"]["strides"]
    x, padding = window(layer, x)
    if layer["op"] == "depthwiseConv2d":
        kernels = parameter(layer, "kernel", [-1, *kernel]).transpose(1, 2, 0)[..., None]
        y = tf.nn.depthwise_conv2d(x, tf.constant(kernels), [1, *strides, 1], padding)
    else:
        kernels = parameter(layer, "kernel", [layer["attributes"]["filters"], x.shape[-1], *kernel]).transpose(2, 3, 1, 0)
        y = tf.nn.conv2d(x, tf.constant(kernels), strides, padding)
    return tf.nn.bias_add(y, tf.constant(parameter(layer, "bias", [-1])))


def compute(layer, inputs):
    op, x = layer["op"], inputs[0]
    if op in ("conv2d", "depthwiseConv2d"):
        return convolution(layer, x)
    if op == "dense":
        y = tf.matmul(x, tf.constant(parameter(layer, "kernel", [layer["attributes"]["units"], -1]).T.copy()))
        return tf.nn.bias_add(y, tf.constant(parameter(layer, "bias", [-1])))
    if op == "add":
        return x + inputs[1]
    if op == "multiply":
        return x * inputs[1]
    if op == "globalAveragePool":
        return tf.reduce_mean(x, [1, 2], keepdims=layer["attributes"]["keepDims"])
    if op == "sigmoid":
        return tf.sigmoid(x)
    if op == "softmax":
        return tf.nn.softmax(x)
    if op in ("relu", "relu6"):
        return activations[op](x)
    raise NotImplementedError(op)


class Network(tf.Module):
    @tf.function(input_signature=[tf.TensorSpec([1, *job["shape"][1:]], tf.float32, name="image")])
    def __call__(self, image):
        values = {"image": image}
        for layer in network["layers"]:
            y = compute(layer, [values[name] for name in layer["inputs"]])
            values[layer["id"]] = activations[layer["activation"]](y)
        return {name: values[source] for name, source in network["outputs"].items()}


def representative():
    for image in images:
        yield [image[None]]


module = Network()
function = module.__call__.get_concrete_function()
quantised = {"optimizations": [tf.lite.Optimize.DEFAULT]}
wishes = {
    "float32": {},
    "float16": {**quantised, "types": [tf.float16]},
    "dynamic": quantised,
    "int8": {**quantised, "representative_dataset": representative, "ops": [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]},
}
for kind, path in job["out"].items():
    converter = tf.lite.TFLiteConverter.from_concrete_functions([function], module)
    wish = dict(wishes[kind])
    converter.target_spec.supported_types = wish.pop("types", [])
    converter.target_spec.supported_ops = wish.pop("ops", [tf.lite.OpsSet.TFLITE_BUILTINS])
    for name, value in wish.items():
        setattr(converter, name, value)
    with open(path, "wb") as file:
        file.write(converter.convert())
