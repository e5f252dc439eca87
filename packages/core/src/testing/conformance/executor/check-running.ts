import type { JobProgress, TrainingProgress } from '../../../contracts/index.js'
import { toyPlan, toyRequest } from '../../toy-training/toy-job.js'
import { check, checkEqual } from '../check.js'
import { completed, type ExecutorBench } from './executor-bench.js'

const never = new AbortController().signal
/** Ends only when it is stopped. */
const endless = (seed: number) => toyRequest({ seed, epochs: 10_000 })

export async function checkStopped({ executor, complete, stopAfter, another }: ExecutorBench): Promise<void> {
  // Far from its end when it is stopped, however late a busy machine tells it.
  const request = toyRequest({ epochs: 10 })
  await stopAfter(request, 45)
  await stopAfter(request, 60)
  const heard: TrainingProgress[] = []
  // Under the plan that it was begun with, whatever is asked for now.
  const changed = { ...request, plan: { ...toyPlan, threads: 2 } }
  const result = await complete(changed, (progress) => void (progress.kind === 'steps' && heard.push(progress)))
  check(heard[0]!.step > 45, 'the first step after two stops', 'one behind the 45th', `${heard[0]!.step}`)
  checkEqual(result.plan, toyPlan, 'the plan of a job that was begun under it')
  const other = await another()
  try {
    checkEqual(result, await completed(other, request), 'result of a job that was stopped twice')
  } finally {
    await other.close()
  }
  checkEqual(await executor.blobs.has(result.artefacts.weights!), true, 'has() of its weights')
}

export async function checkAborted({ executor }: ExecutorBench): Promise<void> {
  const reason = new Error('before it began')
  const heard: string[] = []
  const run = executor.run(toyRequest(), ({ kind }) => heard.push(kind), AbortSignal.abort(reason))
  const outcome = await run.catch((error: unknown) => error)
  check(outcome === reason, 'run() under an aborted signal', "a rejection with the signal's reason", String(outcome))
  checkEqual(heard, [], 'progress of a job that never began')
}

export async function checkFailure({ executor }: ExecutorBench): Promise<void> {
  const diverging = toyRequest({ learningRate: 1e300 })
  for (const time of ['the first', 'the second']) {
    const end = await executor.run(diverging, () => undefined, never)
    const error = end.kind === 'failed' ? { code: end.error.code, exitCode: end.error.exitCode } : end.kind
    checkEqual(error, { code: 'MNAS_TRAIN_DIVERGED', exitCode: 6 }, `end of a diverging job, ${time} time`)
  }
  const unknown = await executor.run(toyRequest({}, { plan: { ...toyPlan, engine: 'none' } }), () => undefined, never)
  checkEqual(unknown.kind === 'failed' && unknown.error.code, 'MNAS_NAME_UNKNOWN', 'error of a job with an unknown engine')
  await completed(executor, toyRequest())
}

export async function checkToldAgain({ complete }: ExecutorBench): Promise<void> {
  const request = toyRequest({}, { validate: true })
  const first = await complete(request)
  const heard: JobProgress[] = []
  const hear = (progress: JobProgress) => void heard.push(progress)
  checkEqual(await complete(request, hear), first, 'result of a job that is done, told again')
  checkEqual(await complete({ ...request, validate: false }, hear), first, 'the same for a request that asks for less')
  checkEqual(heard, [], 'progress of a job that is done')
}

/** Two jobs at once: one of them ends while the other runs, and each hears its own steps alone. */
export async function checkAtOnce({ executor, complete }: ExecutorBench): Promise<void> {
  const { capacity } = executor
  check(Number.isInteger(capacity) && capacity >= 1, 'capacity', 'a whole number from 1', `${capacity}`)
  if (capacity < 2) return
  const abort = new AbortController()
  const reason = new Error('enough')
  const heard: TrainingProgress[] = []
  const running = executor
    .run(endless(7), (progress) => void (progress.kind === 'steps' && heard.push(progress)), abort.signal)
    .catch((error: unknown) => error)
  const short: TrainingProgress[] = []
  const result = await complete(toyRequest(), (progress) => void (progress.kind === 'steps' && short.push(progress)))
  abort.abort(reason)
  const outcome = await running
  check(outcome === reason, 'end of an endless job', 'the rejection that it was stopped with', JSON.stringify(outcome))
  check(
    short.every(({ steps }) => steps === 80),
    'steps heard of the short job',
    'of 80',
    'of others among them',
  )
  check(
    heard.every(({ steps }) => steps === 400_000),
    'steps heard of the endless job',
    'of 400,000',
    'of others among them',
  )
  checkEqual(result.history.length, 2, 'epochs of the short job')
}

/** More than there is room for: the others wait, and a waiting one can be given up. */
export async function checkWaiting({ executor, complete }: ExecutorBench): Promise<void> {
  const abort = new AbortController()
  const jobs = Array.from({ length: executor.capacity + 1 }, (_, seed) => complete(toyRequest({ seed, epochs: 1 })))
  const reason = new Error('not needed any more')
  const given = executor.run(endless(99), () => undefined, abort.signal).catch((error: unknown) => error)
  abort.abort(reason)
  check(
    (await given) === reason,
    'run() of a waiting job that is given up',
    "a rejection with the signal's reason",
    'another end',
  )
  const weights = (await Promise.all(jobs)).map(({ artefacts }) => artefacts.weights)
  checkEqual(new Set(weights).size, jobs.length, 'different weights of as many jobs')
}

/** Whoever asks second for a job that runs waits for it. */
export async function checkSameJob({ complete }: ExecutorBench): Promise<void> {
  let steps = 0
  const hear = (progress: JobProgress) => void (progress.kind === 'steps' && steps++)
  const [first, second] = await Promise.all([complete(toyRequest(), hear), complete(toyRequest(), hear)])
  checkEqual(second, first, 'result of a job that was asked for twice at once')
  // 80 steps and the records of two epochs, once.
  checkEqual(steps, 82, 'progress heard of it by both')
}

export async function checkClose({ executor }: ExecutorBench): Promise<void> {
  let began: () => void = () => undefined
  const begun = new Promise<void>((resolve) => {
    began = resolve
  })
  const outcome = executor
    .run(endless(3), () => began(), never)
    .then(
      ({ kind }) => kind,
      () => 'rejected',
    )
  await begun
  await executor.close()
  checkEqual(await outcome, 'rejected', 'end of a job whose executor is closed')
  checkEqual(await executor.run(toyRequest(), () => undefined, never).catch(() => 'rejected'), 'rejected', 'run() after close()')
}
