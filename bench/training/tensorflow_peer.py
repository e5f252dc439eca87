"""One contender in a process of its own: steps of Keras on TensorFlow, compiled by tf.function, on one batch; one line of JSON.

tensorflow_peer.py '{"size": 96, "batch": 32, "threads": 2, "steps": 7, "learningRate": 0.002, "table": {...}}'

The network of torch_network.py with Keras' own layers and optimizer, images as [batch, height, width, channels].
"""

import json
import os
import resource
import sys
import time

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
import keras
import tensorflow as tf
from keras import layers

WARM_UPS = 3
WEIGHT_DECAY = 1e-5
job = json.loads(sys.argv[1])
tf.config.threading.set_intra_op_parallelism_threads(job["threads"])
keras.utils.set_random_seed(0)


def norm(x, relu=True):
    x = layers.BatchNormalization(momentum=0.99, epsilon=1e-3)(x)
    return layers.ReLU()(x) if relu else x


def convolution(x, filters, kernel=1, stride=1):
    return layers.Conv2D(filters, kernel, stride, "same", use_bias=False)(x)


def squeeze_excite(x, squeezed):
    scale = layers.GlobalAveragePooling2D(keepdims=True)(x)
    scale = layers.Conv2D(squeezed, 1, activation="relu")(scale)
    scale = layers.Conv2D(x.shape[-1], 1, activation="sigmoid")(scale)
    return layers.Multiply()([x, scale])


def block(x, row, stride):
    inputs = x.shape[-1]
    y = norm(convolution(x, inputs * row["expansion"])) if row["expansion"] > 1 else x
    y = norm(layers.DepthwiseConv2D(row["kernel"], stride, "same", use_bias=False)(y))
    if row["squeezeExcite"]:
        y = squeeze_excite(y, max(1, int(inputs * row["squeezeExcite"])))
    y = norm(convolution(y, row["filters"]), relu=False)
    return layers.Add()([x, y]) if stride == 1 and inputs == row["filters"] else y


def mnasnet(table, size):
    image, stem = keras.Input((size, size, 3)), table["stem"]
    x = norm(convolution(image, stem["filters"], stem["kernel"], stem["stride"]))
    for row in table["rows"]:
        for repeat in range(row["repeats"]):
            x = block(x, row, row["stride"] if repeat == 0 else 1)
    x = layers.GlobalAveragePooling2D()(norm(convolution(x, table["headFilters"])))
    return keras.Model(image, layers.Dense(table["classes"])(x))


before = time.perf_counter()
net = mnasnet(job["table"], job["size"])
update = keras.optimizers.RMSprop(job["learningRate"], rho=0.9, momentum=0.9, epsilon=1e-3)
update.build(net.trainable_variables)
is_decayed = [not variable.path.endswith(("gamma", "beta")) for variable in net.trainable_variables]
cross_entropy = keras.losses.SparseCategoricalCrossentropy(from_logits=True)


@tf.function
def step(x, y):
    with tf.GradientTape() as tape:
        loss = cross_entropy(y, net(x, training=True))
    weights = net.trainable_variables
    gradients = tape.gradient(loss, weights)
    penalised = [g + WEIGHT_DECAY * w if decayed else g for g, w, decayed in zip(gradients, weights, is_decayed)]
    update.apply_gradients(zip(penalised, weights))
    return loss


def processor_ms():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return (usage.ru_utime + usage.ru_stime) * 1e3


x = tf.random.uniform([job["batch"], job["size"], job["size"], 3], -1, 1, seed=0)
y = tf.range(job["batch"]) % 10
losses, step_ms = [float(step(x, y))], []
create_ms = (time.perf_counter() - before) * 1e3
losses += [float(step(x, y)) for _ in range(WARM_UPS - 1)]
processor_start = processor_ms()
for _ in range(job["steps"]):
    start = time.perf_counter()
    losses.append(float(step(x, y)))
    step_ms.append((time.perf_counter() - start) * 1e3)
print(
    json.dumps(
        {
            "mode": f"keras {keras.__version__}, tensorflow {tf.__version__}",
            "stepMs": step_ms,
            "processorMs": (processor_ms() - processor_start) / job["steps"],
            "createMs": create_ms,
            "peakMegabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
            "losses": losses,
        }
    ),
    flush=True,
)
