import type { SearchGoal, Strategy } from '@mnas/core/contracts'
import { reachableGoal } from '../goal/reachable-goal.js'
import { runHistory } from '../run/run-history.js'
import { addedMsOf, type Proposing, type Started } from '../start/search.js'
import { tellAgain } from './record-outcome.js'

/** The strategy as the run left it, told of everything that has ended. */
export async function openStrategy(search: Started<Proposing>): Promise<Strategy> {
  const { strategies, strategyOptions: options, store, space, headline, goal, facts } = search
  const strategy = strategies.create({
    space,
    goal: toldGoal(search),
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

/** By what was known before the first trial: a search that goes on is told the same. */
function toldGoal(search: Started<Proposing>): SearchGoal {
  const { wanted, space, facts } = search
  if (wanted.kind === 'best') return wanted
  const { latencyMs } = facts.estimated(space.canonical(space.smallest())).latency
  return reachableGoal(wanted, latencyMs + addedMsOf(search))
}
