"""COCO's twelve numbers by pycocotools.

    python coco_numbers.py ANNOTATIONS.json RESULTS.json

Written to stdout, as JSON: the numbers in the order in which COCO tells them; -1 for a size that does not occur.
"""

import contextlib
import json
import sys

from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval


def main(annotations, results):
    with contextlib.redirect_stdout(sys.stderr):
        truth = COCO(annotations)
        evaluation = COCOeval(truth, truth.loadRes(results), "bbox")
        evaluation.evaluate()
        evaluation.accumulate()
        evaluation.summarize()
    json.dump(list(evaluation.stats), sys.stdout)


main(*sys.argv[1:])
