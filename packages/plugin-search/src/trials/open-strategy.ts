import type { Strategy } from '@mnas/core/contracts'
import { runHistory } from '../run/run-history.js'
import type { Proposing, Started } from '../start/search.js'
import { tellAgain } from './record-outcome.js'

/** The strategy as the run left it, told of everything that has ended. */
export async function openStrategy(search: Started<Proposing>): Promise<Strategy> {
  const { strategies, strategyOptions: options, store, space, wanted, headline, goal, facts } = search
  const strategy = strategies.create({
    space,
    goal: wanted,
    metric: headline.name,
    seed: goal.seed,
    ...(goal.trials === undefined ? {} : { trials: goal.trials }),
    options,
    history: runHistory(store, space),
    facts: (genome) => facts.of(genome),
    estimate: (genome) => facts.estimated(genome),
  })
  const state = store.state()
  if (state) strategy.restore(state)
  for (const { trial, proposal } of store.openRepeats()) await tellAgain(search, strategy, store.trial(trial)!, proposal)
  return strategy
}
