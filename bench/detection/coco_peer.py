"""One evaluation of FOLDER's gt.json and dt.json by faster-coco-eval or pycocotools: seconds of evaluate and accumulate, peak memory, the numbers."""

import contextlib
import io
import json
import resource
import sys
import time

folder, peer = sys.argv[1:3]
with contextlib.redirect_stdout(io.StringIO()):
    if peer == "pycocotools":
        from pycocotools.coco import COCO
        from pycocotools.cocoeval import COCOeval as Evaluation
    else:
        from faster_coco_eval import COCO
        from faster_coco_eval import COCOeval_faster as Evaluation
    truth = COCO(f"{folder}/gt.json")
    evaluation = Evaluation(truth, truth.loadRes(f"{folder}/dt.json"), "bbox")
    before, cpu_before = time.perf_counter(), time.process_time()
    evaluation.evaluate()
    evaluation.accumulate()
    seconds, cpu_seconds = time.perf_counter() - before, time.process_time() - cpu_before
    evaluation.summarize()
megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
numbers = [float(number) for number in evaluation.stats[:12]]
print(json.dumps({"seconds": seconds, "cpuSeconds": cpu_seconds, "megabytes": megabytes, "numbers": numbers}))
