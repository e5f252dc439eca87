"""What MediaPipe's ObjectDetector answers.

    python detect.py MODEL.tflite THRESHOLD IMAGE ...

THRESHOLD: the least score of what it tells. Written to stdout, as JSON: for each image a list of [name, score, x, y, width, height], the box in whole
pixels of the image. Things of one box are one detection of several categories there: here each is its own.
"""

import json
import sys

from mediapipe import Image
from mediapipe.tasks.python import BaseOptions
from mediapipe.tasks.python.vision import ObjectDetector, ObjectDetectorOptions


def told(detections):
    for detection in detections:
        box = detection.bounding_box
        for category in detection.categories:
            yield [category.category_name, category.score, box.origin_x, box.origin_y, box.width, box.height]


def main(model, threshold, *paths):
    options = ObjectDetectorOptions(base_options=BaseOptions(model_asset_path=model), score_threshold=float(threshold))
    with ObjectDetector.create_from_options(options) as detector:
        answers = [list(told(detector.detect(Image.create_from_file(path)).detections)) for path in paths]
    json.dump(answers, sys.stdout)


main(*sys.argv[1:])
