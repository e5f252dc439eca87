import type { BoardEntry, RungPolicyFactory, RungStep, SearchGoal } from '../../../contracts/index.js'
import { uniformSource } from '../../random-tensors.js'
import { type ConformanceCase, check, checkEqual } from '../check.js'
import { Ladder, type LadderOptions } from './ladder.js'
import { toyObjective } from './toy-space.js'

const best: SearchGoal = { kind: 'best', objective: toyObjective(1e9) }
const front: SearchGoal = { kind: 'front', objective: toyObjective(10), rangeMs: [2, 10], objectiveAt: toyObjective }
const goals = { best, front }

/**
 * What every rung policy has to do: it promotes and stops paused trials alone, by what the board says and nothing else, sends the
 * better ones on, comes to an end, and by then some network has come to the top.
 */
export function rungPolicyConformance(factory: RungPolicyFactory): readonly ConformanceCase[] {
  const onEach = (name: string, work: (factory: RungPolicyFactory, goal: SearchGoal) => void): readonly ConformanceCase[] =>
    Object.entries(goals).map(([kind, goal]) => ({ name: `${name} (${kind})`, run: async () => work(factory, goal) }))
  return [
    ...onEach('asks when the board is empty', checkEmpty),
    ...onEach('promotes and stops paused trials alone, and comes to an end', checkSteps),
    ...onEach('decides by the board alone', checkMemory),
    ...onEach('leaves the board as it is', checkBoard),
    ...onEach('sends better networks on', checkBetter),
    ...onEach('brings a network to the top, however few there are', checkTop),
  ]
}

function checkEmpty(factory: RungPolicyFactory, goal: SearchGoal): void {
  const ladder = new Ladder(factory, goal, {})
  checkEqual(ladder.policy.next([], goal, true), 'ask', 'step on an empty board')
  checkEqual(ladder.policy.next([], goal, false), 'wait', 'step on an empty board when nothing may be asked')
}

/** With one worker and with several, of which some networks fail. */
function checkSteps(factory: RungPolicyFactory, goal: SearchGoal): void {
  const several: readonly LadderOptions[] = [{}, { workers: 4 }, { workers: 3, failing: 7 }, { rungs: 2 }, { rungs: 4, eta: 2 }]
  for (const options of several) new Ladder(factory, goal, options).climb(40, checkStep)
}

function checkStep(step: RungStep, board: readonly BoardEntry[], mayAsk: boolean): void {
  if (step === 'ask') check(mayAsk, 'step when no trial may be asked for', 'promote, stop or wait', 'ask')
  else if (step === 'wait') {
    const runs = board.some(({ state }) => state === 'running')
    check(runs || !mayAsk, 'step while nothing runs and a trial may be asked for', 'something to do', 'wait')
  } else {
    const id = 'promote' in step ? step.promote : step.stop
    const entry = board.find(({ trial }) => trial === id)
    check(
      entry?.state === 'paused',
      `state of trial ${id}, which is to go on or stop`,
      'paused',
      entry?.state ?? 'not on the board',
    )
  }
}

/** A run is resumed between any two steps. */
function checkMemory(factory: RungPolicyFactory, goal: SearchGoal): void {
  const ladder = new Ladder(factory, goal, { workers: 3 })
  ladder.climb(30, (step, board, mayAsk) =>
    checkEqual(ladder.fresh().next(board, goal, mayAsk), step, `step of a new policy on a board of ${board.length} trials`),
  )
}

function checkBoard(factory: RungPolicyFactory, goal: SearchGoal): void {
  const ladder = new Ladder(factory, goal, {})
  const frozen = (board: readonly BoardEntry[]) =>
    Object.freeze(board.map((entry) => Object.freeze({ ...entry, estimates: Object.freeze([...entry.estimates]) })))
  ladder.climb(12, (step, board, mayAsk) => {
    const before = JSON.stringify(board)
    checkEqual(ladder.policy.next(frozen(board), goal, mayAsk), step, 'step on a board that cannot be written')
    checkEqual(JSON.stringify(board), before, 'board after a step')
  })
}

/** Which trial is good is drawn: a policy that goes by numbers alone gets it wrong. All are equally fast. */
function checkBetter(factory: RungPolicyFactory, goal: SearchGoal): void {
  const next = uniformSource(111)
  let [advantage, searches] = [0, 0]
  for (let search = 0; search < 5; search++) {
    const qualities = Array.from({ length: 27 }, () => 0.5 + 0.5 * next())
    const ladder = new Ladder(factory, goal, { qualities, latencyMs: 5 })
    ladder.climb(qualities.length)
    const mean = (entries: readonly BoardEntry[]) =>
      entries.reduce((sum, { trial }) => sum + qualities[trial - 1]!, 0) / entries.length
    const [on, behind] = [ladder.board.filter(wentOn), ladder.board.filter((entry) => !wentOn(entry))]
    if (on.length === 0 || behind.length === 0) continue
    advantage += mean(on) - mean(behind)
    searches++
  }
  check(searches > 0, 'searches of 27 networks in which some went on and some did not', 'some', 'none')
  check(advantage / searches > 0.1, 'what networks that went on are better by', 'more than .1', `${advantage / searches}`)
}

const wentOn = ({ estimates }: BoardEntry) => estimates.length > 1

function checkTop(factory: RungPolicyFactory, goal: SearchGoal): void {
  for (const trials of [1, 2, 5]) {
    const ladder = new Ladder(factory, goal, {})
    ladder.climb(trials)
    check(ladder.reachedTop() > 0, `networks of ${trials} that came to the top`, 'at least one', 'none')
  }
}
