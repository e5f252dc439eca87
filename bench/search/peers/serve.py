"""Strategies that others wrote, behind lines of JSON (../peers.mjs says which)."""

import json
import sys
import time


def opened(method, **search):
    if method == "smac":
        from smac_peer import SmacPeer

        return SmacPeer(**search)
    from optuna_peer import OptunaPeer

    return OptunaPeer(method, **search)


def main():
    peer = None
    # What is not an answer goes elsewhere: libraries print.
    answers, sys.stdout = sys.stdout, sys.stderr
    for line in sys.stdin:
        message = json.loads(line)
        if "start" in message:
            peer = opened(**message["start"])
        elif "ask" in message:
            print(json.dumps({"genome": peer.ask(), "cpuSeconds": time.process_time()}), file=answers, flush=True)
        else:
            peer.tell(**message["tell"])


main()
