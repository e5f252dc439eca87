"""Golden values of one training, computed by TensorFlow's own kernels and schedules: none of our code takes part.

  pip install tensorflow-cpu==2.21.0 && python test/golden/training.py > test/golden/training.json && npx biome format --write test/golden

What stands for what (all of TensorFlow 2.21; MnasNet was trained with the same ones of TensorFlow 1):
  optimizer            tf.raw_ops.ResourceApplyRMSProp: the kernel behind tf.compat.v1.train.RMSPropOptimizer
  its mean square      starts at 1, as tf.compat.v1.train.RMSPropOptimizer makes it
  batch norm           tf.raw_ops.FusedBatchNormV3, which updates the running statistics itself
  moving average       tf.train.ExponentialMovingAverage with num_updates, running statistics included
  loss                 tf.compat.v1.losses.softmax_cross_entropy with label_smoothing, plus tf.nn.l2_loss
  schedules            tf.compat.v1.train.exponential_decay (staircase) and cosine_decay, warm-up as in the authors' build_learning_rate
"""
import json
import os
import sys

os.environ['TF_CPP_MIN_LOG_LEVEL'] = '3'
os.environ['TF_ENABLE_ONEDNN_OPTS'] = '0'
import numpy as np
import tensorflow as tf

BATCH, SIZE, CHANNELS, FILTERS, CLASSES, STEPS = 16, 6, 3, 4, 3, 6
DECAY, MOMENTUM, EPSILON = 0.9, 0.9, 1e-3
WEIGHT_DECAY, SMOOTHING, BN_MOMENTUM, BN_EPSILON, AVERAGE_DECAY = 1e-2, 0.1, 0.99, 1e-3, 0.9999
RATES = [0.0, 0.05, 0.1, 0.1, 0.08, 0.05]

random = np.random.default_rng(20190528)
uniform = lambda *shape: random.uniform(-1, 1, shape).astype(np.float32)
numbers = lambda values: [float(value) for value in np.asarray(values).ravel()]


def variables():
    return {
        'conv.kernel': tf.Variable(uniform(3, 3, CHANNELS, FILTERS) * 0.5),
        'norm.gamma': tf.Variable(1 + 0.3 * uniform(FILTERS)),
        'norm.beta': tf.Variable(0.3 * uniform(FILTERS)),
        'norm.movingMean': tf.Variable(0.2 * uniform(FILTERS)),
        'norm.movingVariance': tf.Variable(1 + 0.3 * uniform(FILTERS)),
        'logits.kernel': tf.Variable(uniform(FILTERS, CLASSES)),
        'logits.bias': tf.Variable(0.1 * uniform(CLASSES)),
    }


def in_our_order(name, value):
    """Kernels OIHW, dense [out, in]; TensorFlow's are HWIO and [in, out]."""
    value = value.numpy()
    return numbers({'conv.kernel': lambda: value.transpose(3, 2, 0, 1), 'logits.kernel': lambda: value.T}.get(name, lambda: value)())


def network(w, image, labels):
    padded = tf.pad(image, [[0, 0], [1, 1], [1, 1], [0, 0]])
    convolved = tf.nn.conv2d(padded, w['conv.kernel'], strides=2, padding='VALID')
    normed = tf.raw_ops.FusedBatchNormV3(
        x=convolved, scale=w['norm.gamma'], offset=w['norm.beta'], mean=w['norm.movingMean'], variance=w['norm.movingVariance'],
        epsilon=BN_EPSILON, exponential_avg_factor=1 - BN_MOMENTUM, is_training=True)
    pooled = tf.reduce_mean(tf.nn.relu(normed.y), [1, 2])
    logits = tf.matmul(pooled, w['logits.kernel']) + w['logits.bias']
    loss = tf.compat.v1.losses.softmax_cross_entropy(labels, logits, label_smoothing=SMOOTHING)
    decayed = ['conv.kernel', 'logits.kernel', 'logits.bias']
    penalty = WEIGHT_DECAY * tf.add_n([tf.nn.l2_loss(w[name]) for name in decayed])
    return loss, loss + penalty, normed.batch_mean, normed.batch_variance


def train():
    w = variables()
    statistics = ['norm.movingMean', 'norm.movingVariance']
    trained = [name for name in w if name not in statistics]
    mean_square = {name: tf.Variable(tf.ones_like(w[name])) for name in trained}
    momentum = {name: tf.Variable(tf.zeros_like(w[name])) for name in trained}
    updates = tf.Variable(0, dtype=tf.int64)
    average = tf.train.ExponentialMovingAverage(AVERAGE_DECAY, num_updates=updates)
    average.apply(list(w.values()))  # begins at the weights
    start = {name: in_our_order(name, value) for name, value in w.items()}
    images = [uniform(BATCH, SIZE, SIZE, CHANNELS).round(2) for _ in range(STEPS)]
    labels = [np.eye(CLASSES, dtype=np.float32)[random.integers(0, CLASSES, BATCH)] for _ in range(STEPS)]
    steps = []
    for n in range(STEPS):
        updates.assign(n)
        with tf.GradientTape() as tape:
            loss, total, mean, variance = network(w, images[n], labels[n])
        gradients = tape.gradient(total, [w[name] for name in trained])
        for name, gradient in zip(trained, gradients):
            tf.raw_ops.ResourceApplyRMSProp(
                var=w[name].handle, ms=mean_square[name].handle, mom=momentum[name].handle, lr=tf.constant(RATES[n]),
                rho=tf.constant(DECAY), momentum=tf.constant(MOMENTUM), epsilon=tf.constant(EPSILON), grad=gradient)
        w['norm.movingMean'].assign(mean)
        w['norm.movingVariance'].assign(variance)
        average.apply(list(w.values()))
        steps.append({
            'image': numbers(images[n]), 'labels': numbers(labels[n]), 'learningRate': RATES[n], 'loss': float(loss),
            'weights': {name: in_our_order(name, value) for name, value in w.items()},
            'average': {name: in_our_order(name, average.average(value)) for name, value in w.items()},
        })
    return start, steps


def schedules():
    """build_learning_rate of the authors' code: decay counts from step 0, warm-up replaces what lies before its end."""
    steps_per_epoch, warmup_epochs, base = 100, 5, 0.016
    steps = sorted({*range(0, 1500, 37), 239, 240, 499, 500, 719, 720, 4999, 5000, 5001, 20000, 34999})
    warmup = warmup_epochs * steps_per_epoch
    rising = lambda step: base * step / warmup
    exponential = lambda step: float(
        tf.compat.v1.train.exponential_decay(base, step, 2.4 * steps_per_epoch, 0.97, staircase=True)())
    cosine = lambda step: float(tf.compat.v1.train.cosine_decay(base, step - warmup, 350 * steps_per_epoch - warmup)())
    with_warmup = lambda decayed: [rising(step) if step < warmup else decayed(step) for step in steps]
    return {
        'stepsPerEpoch': steps_per_epoch, 'warmupEpochs': warmup_epochs, 'base': base, 'epochs': 350, 'decayRate': 0.97,
        'decayEpochs': 2.4, 'steps': steps, 'exponential': with_warmup(exponential), 'cosine': with_warmup(cosine),
    }


def average_decays():
    """What an average of 0 becomes when a 1 arrives says which decay was used."""
    updates = [0, 1, 2, 9, 90, 1000, 89989, 89990, 89991, 10**6]
    decays = []
    for n in updates:
        value = tf.Variable(0.0, dtype=tf.float64)
        average = tf.train.ExponentialMovingAverage(AVERAGE_DECAY, num_updates=n)
        average.apply([value])
        value.assign(1)
        average.apply([value])
        decays.append(1 - float(average.average(value)))
    return {'decay': AVERAGE_DECAY, 'updates': updates, 'decays': decays}


start, steps = train()
golden = {
    'source': f'TensorFlow {tf.__version__}, test/golden/training.py',
    'batch': BATCH, 'size': SIZE, 'channels': CHANNELS, 'filters': FILTERS, 'classes': CLASSES,
    'optimizer': {'kind': 'rmsprop', 'decay': DECAY, 'momentum': MOMENTUM, 'epsilon': EPSILON, 'weightDecay': WEIGHT_DECAY, 'average': True},
    'labelSmoothing': SMOOTHING, 'batchNormMomentum': BN_MOMENTUM, 'batchNormEpsilon': BN_EPSILON, 'averageDecay': AVERAGE_DECAY,
    'start': start, 'steps': steps, 'schedules': schedules(), 'averageDecays': average_decays(),
}
short = lambda value: [short(v) for v in value] if isinstance(value, list) else {k: short(v) for k, v in value.items()} if isinstance(
    value, dict) else float(f'{value:.9g}') if isinstance(value, float) else value
json.dump(short(golden), sys.stdout, separators=(',', ':'))
print()
