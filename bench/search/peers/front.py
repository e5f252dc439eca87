"""NSGA-II of Optuna for a front, served to front.mjs: a JSON value a line each way.

    {"start": {"seed", "population", "decisions": [{"name", "choices": how many, "ordered"}]}}
    {"ask": 1}                                           answered by {"genome": [index, ...]}
    {"tell": {"quality": 0 to 1 or null, "latencyMs", "overrun"}}    of the last genome; null: too slow by `overrun` of the range's end
"""

import json
import sys

import optuna

optuna.logging.set_verbosity(optuna.logging.ERROR)


def new_study(start):
    sampler = optuna.samplers.NSGAIISampler(
        seed=start["seed"],
        population_size=start["population"],
        constraints_func=lambda trial: (trial.user_attrs["overrun"],),
    )
    return optuna.create_study(directions=["maximize", "minimize"], sampler=sampler)


def suggest(trial, decision):
    count = decision["choices"]
    if decision["ordered"]:
        return trial.suggest_int(decision["name"], 0, count - 1)
    return trial.suggest_categorical(decision["name"], list(range(count)))


study = decisions = trial = None
for line in sys.stdin:
    message = json.loads(line)
    if "start" in message:
        decisions = message["start"]["decisions"]
        study = new_study(message["start"])
    elif "ask" in message:
        trial = study.ask()
        print(json.dumps({"genome": [suggest(trial, decision) for decision in decisions]}), flush=True)
    else:
        told = message["tell"]
        trial.set_user_attr("overrun", told["overrun"])
        quality = told["quality"]
        study.tell(trial, [0.0 if quality is None else quality, told["latencyMs"]])
