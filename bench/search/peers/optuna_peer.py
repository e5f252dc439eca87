import warnings

import optuna

optuna.logging.set_verbosity(optuna.logging.ERROR)
warnings.simplefilter("ignore", optuna.exceptions.ExperimentalWarning)

SAMPLERS = {
    "tpe": optuna.samplers.TPESampler,
    "nsga2": optuna.samplers.NSGAIISampler,
    "gp": optuna.samplers.GPSampler,
}


class OptunaPeer:
    """A sampler of Optuna at its own settings. The budget is a constraint, by which samplers order what is beyond it."""

    def __init__(self, method, seed, trials, constrained, decisions):
        self.study = optuna.create_study(direction="maximize", sampler=SAMPLERS[method](seed=seed))
        self.constrained = constrained
        self.decisions = decisions

    def ask(self):
        self.trial = self.study.ask()
        return [self.choice(**decision) for decision in self.decisions]

    def choice(self, name, choices, ordered):
        if ordered:
            return self.trial.suggest_int(name, 0, choices - 1)
        return self.trial.suggest_categorical(name, list(range(choices)))

    def tell(self, genome, reward, overrun):
        if self.constrained:
            self.trial.set_constraint("latency", overrun)
        # Of what breaks a constraint no sampler reads the value.
        self.study.tell(self.trial, 0.0 if reward is None else reward)
