"""Prints as JSON what huggingface_hub reads of a model's card: python3 read_card.py README.md"""

import json
import sys

from huggingface_hub import ModelCard

data = ModelCard.load(sys.argv[1]).data
results = [
    {
        "task": result.task_type,
        "dataset": result.dataset_name,
        "split": result.dataset_split,
        "revision": result.dataset_revision,
        "metric": result.metric_name,
        "value": result.metric_value,
    }
    for result in data.eval_results or []
]
facts = {name: getattr(data, name) for name in ["license", "library_name", "pipeline_tag", "datasets", "base_model"]}
print(json.dumps({**facts, "results": results}))
