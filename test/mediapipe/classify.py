"""What MediaPipe's ImageClassifier answers.

    python classify.py REQUEST ...

REQUEST: {"file": "MODEL.tflite", "fraction": FRACTION, "images": ["IMAGE", ...]} as JSON. FRACTION: the region of interest is the square in the middle of each image whose side is that part of the short side, as the README beside a model's
file says it; 0: none, the client stretches the whole image. Written to stdout, as a line of JSON for each
request: for each image a list of [index, name, score], by index.
"""

import json
import sys

from mediapipe import Image
from mediapipe.tasks.python import BaseOptions
from mediapipe.tasks.python.components.containers.rect import RectF
from mediapipe.tasks.python.vision import ImageClassifier, ImageClassifierOptions
from mediapipe.tasks.python.vision.core.image_processing_options import ImageProcessingOptions


def region(image, fraction):
    if fraction == 0:
        return None
    side = min(image.width, image.height) * fraction
    x, y = side / image.width / 2, side / image.height / 2
    return RectF(left=0.5 - x, top=0.5 - y, right=0.5 + x, bottom=0.5 + y)


def answers(file, fraction, images):
    options = ImageClassifierOptions(base_options=BaseOptions(model_asset_path=file))
    with ImageClassifier.create_from_options(options) as classifier:
        for path in images:
            image = Image.create_from_file(path)
            processing = ImageProcessingOptions(region_of_interest=region(image, fraction))
            categories = classifier.classify(image, processing).classifications[0].categories
            yield sorted([category.index, category.category_name, category.score] for category in categories)


for request in sys.argv[1:]:
    print(json.dumps(list(answers(**json.loads(request)))), flush=True)
