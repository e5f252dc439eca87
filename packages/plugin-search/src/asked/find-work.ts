import type { Strategy } from '@mnas/core/contracts'
import { fromErrorRecord } from '@mnas/core/errors'
import { countedTrials } from '../run/counted-trials.js'
import type { RunStore, TrialLease, TrialRecord } from '../run/records.js'
import { takeRungStep } from '../rungs/take-rung-step.js'
import type { Proposing, Started } from '../start/search.js'
import { askTrials } from '../trials/ask-trials.js'
import { openStrategy } from '../trials/open-strategy.js'
import { recordOutcome } from '../trials/record-outcome.js'
import { timeTrial } from '../trials/time-trial.js'
import { visiting } from './visiting.js'

export interface WorkRequest {
  /** Trials at most. */
  readonly count: number
  readonly leaseMs: number
  /** Who asks, in their own words. */
  readonly worker: string
}

/** A trial as it is given away: measured, and within the goal. */
export interface Work {
  readonly trial: TrialRecord
  readonly lease: TrialLease
}

/**
 * Why there is no more. exhausted: nothing new is fast enough; waiting: what comes next depends on what others train; over: all were
 * begun, and who was to train on has done so; taken: timing took so long that others were given the networks.
 */
export type Shortage = 'exhausted' | 'waiting' | 'over' | 'taken'

export interface FoundWork {
  readonly work: readonly Work[]
  /** Null: there is as much as was asked for. */
  readonly shortage: Shortage | null
}

/** While candidates are timed nobody else times them; should this process die, somebody does after so long. */
const timingLeaseMs = 10 * 60_000

/**
 * Trials to be trained, timed and within the goal; what is not is told to the strategy. The run is held for each step alone. Should
 * it fail, what was claimed is free again.
 * @param search whose store is that of a visitor
 * @param now milliseconds since 1970
 * @throws MNAS_DEVICE_LOST, MNAS_DEVICES_DIFFERENT, the signal's reason, and what a visit throws
 */
export async function findWork(search: Started<Proposing>, request: WorkRequest, now: () => number): Promise<FoundWork> {
  const claimed: Work[] = []
  const ready: Work[] = []
  let shortage: Shortage | null = null
  try {
    while (ready.length < request.count && shortage === null) {
      const more = await claim(search, request, { held: claimed, count: request.count - ready.length }, now)
      claimed.push(...more.work)
      shortage = more.work.length === 0 ? more.shortage : null
      for (const one of more.work) {
        if (!(await keep(search, claimed, one, now))) continue
        search.reporter.stage('timing', `trial ${one.trial.id}`)
        if (await isWorthTraining(search, one)) ready.push(one)
      }
    }
    const work = await hand(search, ready, request, now)
    return { work, shortage: work.length < ready.length ? 'taken' : shortage }
  } catch (error) {
    await giveBack(search, claimed)
    throw error
  }
}

interface Wanted {
  /** What was claimed before. */
  readonly held: readonly Work[]
  readonly count: number
}

/** In one visit: what is free, and what the strategy proposes besides. */
function claim(
  search: Started<Proposing>,
  { worker }: WorkRequest,
  { held, count }: Wanted,
  now: () => number,
): Promise<FoundWork> {
  return visiting(search, async (here) => {
    const { store } = here
    putOff(store, held, now)
    const trials = store.free(now()).slice(0, count)
    const proposed = trials.length < count ? await propose(here, count - trials.length) : null
    trials.push(...(proposed?.trials ?? []))
    const work = store.transaction(() =>
      trials.map((trial) => {
        const attempt = 1 + (store.lease(trial.id)?.attempt ?? 0)
        const lease = { trial: trial.id, attempt, worker, untilMs: now() + timingLeaseMs }
        store.setLease(lease)
        return { trial, lease }
      }),
    )
    return { work, shortage: proposed?.shortage ?? null }
  })
}

/** Whether a trial is still ours when its turn has come: those before it may have taken longer than all leases. */
function keep(search: Started<Proposing>, held: readonly Work[], { lease }: Work, now: () => number): Promise<boolean> {
  return visiting(search, async ({ store }) => {
    putOff(store, held, now)
    return isOurs(store, lease)
  })
}

/** Nobody else is given what is being timed, or waits for it; not even us. */
function putOff(store: RunStore, held: readonly Work[], now: () => number): void {
  store.transaction(() => {
    for (const { lease } of held) if (isOurs(store, lease)) store.setLease({ ...lease, untilMs: now() + timingLeaseMs })
  }, false)
}

interface Proposed {
  readonly trials: readonly TrialRecord[]
  readonly shortage: Shortage | null
}

async function propose(search: Started<Proposing>, count: number): Promise<Proposed> {
  const strategy = await openStrategy(search)
  const { rungs, store } = search
  const trials: TrialRecord[] = []
  if (!rungs) trials.push(...(await ask(search, strategy, count)))
  while (rungs && trials.length < count) {
    const board = store.board()
    const step = rungs.policy.next(board, search.wanted, mayAsk(search))
    if (step === 'wait') return { trials, shortage: store.counts().pending > 0 ? 'waiting' : 'over' }
    if (step === 'ask') {
      const asked = await ask(search, strategy, 1)
      if (asked.length === 0) break
      trials.push(...asked)
    } else {
      const { trial, goesOn } = await takeRungStep(search, strategy, board, step, countedTrials(store.counts()))
      if (goesOn) trials.push(trial)
    }
  }
  return { trials, shortage: trials.length < count ? 'exhausted' : null }
}

/** Without rungs nobody counts what is asked; with them the last ones bring the best to the top. */
function mayAsk({ store, goal }: Started<Proposing>): boolean {
  const counts = store.counts()
  return goal.trials === undefined || countedTrials(counts) + counts.pending < goal.trials
}

async function ask(search: Started<Proposing>, strategy: Strategy, count: number): Promise<TrialRecord[]> {
  const { store, goal } = search
  const counted = countedTrials(store.counts())
  const trials: TrialRecord[] = []
  let fruitless = store.fruitless()
  while (trials.length < count && fruitless < goal.patience) {
    const asked = await askTrials(search, strategy, count - trials.length, counted)
    if (asked.exhausted) break
    trials.push(...asked.trials)
    fruitless += asked.rejected + asked.known
  }
  return trials
}

/** Times a trial's network, between visits; one that is over is told. */
async function isWorthTraining(search: Started<Proposing>, { trial, lease }: Work): Promise<boolean> {
  const { outcome } = await timeTrial(search, trial)
  if (!outcome) return true
  // Nothing was learned of the network: it is timed again when the device is back.
  if (outcome.status === 'lost') throw fromErrorRecord(outcome.error)
  await visiting(search, async (here) => {
    if (!isOurs(here.store, lease)) return
    const counted = countedTrials(here.store.counts()) + (outcome.status === 'infeasible' ? 0 : 1)
    await recordOutcome(here, await openStrategy(here), here.store.trial(trial.id)!, outcome, counted)
  })
  return false
}

/** From here on they are whose that has asked. */
function hand(
  search: Started<Proposing>,
  ready: readonly Work[],
  { leaseMs }: WorkRequest,
  now: () => number,
): Promise<readonly Work[]> {
  return visiting(search, async ({ store }) =>
    store.transaction(() =>
      ready
        .filter(({ lease }) => isOurs(store, lease))
        .map(({ trial, lease }) => {
          const given = { ...lease, untilMs: now() + leaseMs }
          store.setLease(given)
          return { trial: store.trial(trial.id)!, lease: given }
        }),
    ),
  )
}

function giveBack(search: Started<Proposing>, claimed: readonly Work[]): Promise<void> {
  return visiting(search, async ({ store }) => {
    for (const { lease } of claimed) if (isOurs(store, lease)) store.setLease({ ...lease, untilMs: 0 })
  })
}

/** Still to be trained, and given to nobody else meanwhile. */
const isOurs = (store: RunStore, { trial, attempt }: TrialLease): boolean => store.lease(trial)?.attempt === attempt
