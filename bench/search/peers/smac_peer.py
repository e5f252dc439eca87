import logging
import tempfile

from ConfigSpace import CategoricalHyperparameter, ConfigurationSpace, OrdinalHyperparameter
from smac import HyperparameterOptimizationFacade, Scenario
from smac.runhistory.dataclasses import TrialValue

# The screened ones count in SMAC's own numbers.
MOST_TRIALS = 100_000


class SmacPeer:
    """SMAC3's random forest with expected improvement. What is too slow costs as if it had the mean reward · T/LAT."""

    def __init__(self, seed, trials, constrained, decisions):
        space = ConfigurationSpace(seed=seed)
        self.names = [decision["name"] for decision in decisions]
        space.add([hyperparameter(**decision) for decision in decisions])
        self.folder = tempfile.TemporaryDirectory()
        scenario = Scenario(space, deterministic=True, n_trials=MOST_TRIALS, seed=seed, output_directory=self.folder.name)
        facade = HyperparameterOptimizationFacade
        self.facade = facade(
            scenario,
            lambda config, seed=0: 0.0,
            initial_design=facade.get_initial_design(scenario, n_configs=trials // 4),
            logging_level=logging.ERROR,
            overwrite=True,
        )
        self.rewards = []

    def ask(self):
        self.info = self.facade.ask()
        return [int(self.info.config[name]) for name in self.names]

    def tell(self, genome, reward, overrun):
        if reward is None:
            mean = sum(self.rewards) / len(self.rewards) if self.rewards else 0.5
            cost = 1 - mean / (1 + overrun)
        else:
            self.rewards.append(reward)
            cost = 1 - reward
        self.facade.tell(self.info, TrialValue(cost=cost))


def hyperparameter(name, choices, ordered):
    indices = list(range(choices))
    return OrdinalHyperparameter(name, indices) if ordered else CategoricalHyperparameter(name, indices)
