"""What MediaPipe's ImageClassifier answers to pictures that have the size of the model's input already.

    python classify.py MODEL.tflite SIDE PICTURES

PICTURES holds SIDE x SIDE x 3 bytes for each picture, one after the other. Written to stdout, as JSON: for each picture a list of
[index, name, score], by index.
"""

import json
import sys

import mediapipe
import numpy
from mediapipe.tasks.python import BaseOptions
from mediapipe.tasks.python.vision import ImageClassifier, ImageClassifierOptions

model, side, pictures = sys.argv[1], int(sys.argv[2]), sys.argv[3]
options = ImageClassifierOptions(base_options=BaseOptions(model_asset_path=model))
with ImageClassifier.create_from_options(options) as classifier:
    answers = []
    for pixels in numpy.fromfile(pictures, numpy.uint8).reshape(-1, side, side, 3):
        image = mediapipe.Image(image_format=mediapipe.ImageFormat.SRGB, data=pixels)
        categories = classifier.classify(image).classifications[0].categories
        answers.append(sorted([category.index, category.category_name, category.score] for category in categories))
json.dump(answers, sys.stdout)
