"""A search by mnas, trained by whatever you train with: python3 ask_and_tell.py RUN TRIALS"""

import json
import os
import subprocess
import sys

run, trials = sys.argv[1], int(sys.argv[2])
program = os.environ.get("MNAS", "mnas").split()


def mnas(*words):
    """What a command answers."""
    return json.loads(subprocess.run([*program, *words, "--json"], check=True, stdout=subprocess.PIPE).stdout)


def train(network):
    """Put your training here; this one is made up from the rows of the network's table. The top-1 of held-out images, 0 to 1."""
    rows = [row["layers"] for row in network["blocks"] if row["layers"]]
    return 0.5 + sum(0.02 * (row["kernel"] == 5) + 0.03 * ("squeezeExcite" in row) for row in rows)


for _ in range(trials):
    for network in mnas("search", "ask", run)["trials"]:
        whose = ["--trial", str(network["trial"]), "--lease", network["lease"]["id"]]
        told = mnas("search", "tell", run, *whose, "--metric", f"top1={train(network):.4f}")
        print(f"trial {told['trial']}: {told['accuracy']:.4f} at {network['latencyMs']:.2f} ms; the best so far is {told['best']}")
