import type { JobProgress, TrainingProgress } from '../../../contracts/index.js'
import { hashBytes } from '../../../files/index.js'
import { parseSafetensors } from '../../../weights/index.js'
import { toyPlan, toyRequest } from '../../toy-training/toy-job.js'
import { check, checkEqual, checkJson, checkRejects } from '../check.js'
import { bytesOf, completed, type ExecutorBench, putText } from './executor-bench.js'

/** Of the job and its plan, wherever it runs. */
export async function checkPure({ executor, another }: ExecutorBench): Promise<void> {
  const request = toyRequest()
  const first = await completed(executor, request)
  checkJson(first, 'a result')
  const other = await another()
  try {
    checkEqual(await completed(other, request), first, 'result of the same job by another executor')
    const seeded = await completed(other, toyRequest({ seed: 2 }))
    check(seeded.artefacts.weights !== first.artefacts.weights, 'weights of another seed', 'other bits', 'the same')
  } finally {
    await other.close()
  }
}

export async function checkPlans({ complete }: ExecutorBench): Promise<void> {
  const wish = { engine: 'toy', accelerator: 'auto', threads: 0 }
  checkEqual((await complete(toyRequest({}, { plan: wish }))).plan, toyPlan, 'the plan of a wish that leaves all open')
  const said: string[] = []
  const hear = (progress: JobProgress) => void (progress.kind === 'warning' && said.push(progress.message))
  const { plan } = await complete(toyRequest({ seed: 2 }, { plan: { ...wish, threads: 2 } }), hear)
  checkEqual(plan, { ...toyPlan, threads: 2 }, 'the plan of a wish for two threads')
  checkEqual(said, ['2 threads of a toy are no faster'], "warnings, the engine's words on its plan")
}

export async function checkProgress({ complete }: ExecutorBench): Promise<void> {
  const heard: TrainingProgress[] = []
  let ended = false
  const result = await complete(toyRequest(), (progress) => {
    check(!ended, 'progress', 'nothing after the end of the job', progress.kind)
    if (progress.kind === 'steps') heard.push(progress)
  })
  ended = true
  const steps = heard.map(({ step }) => step)
  checkEqual(
    steps,
    [...steps].sort((a, b) => a - b),
    'steps, in the order in which they were heard',
  )
  checkEqual([steps[0], steps.at(-1)], [1, 80], 'the first and the last step of two epochs of 40')
  check(
    heard.every((progress) => progress.steps === 80),
    'steps in all',
    '80',
    `${heard[0]?.steps}`,
  )
  checkEqual(result.history.map(({ epoch, step }) => [epoch, step]), [[1, 40], [2, 80]], 'epochs and steps of the history') // biome-ignore format: a table
  const best = result.history.find(({ step }) => step === result.step)
  checkEqual(result.metrics, best?.metrics, 'metrics of the result, those of its best epoch')
}

/** The best weights come as bytes that hash to their name. */
export async function checkKept({ complete, executor }: ExecutorBench): Promise<void> {
  const nothing = await complete(toyRequest({}, { keep: [] }))
  checkEqual(nothing.artefacts, {}, 'artefacts of a request that keeps none')
  const all = await complete(toyRequest({}, { keep: ['weights', 'checkpoint'] }))
  const { artefacts, ...facts } = nothing
  checkEqual(all, { ...facts, artefacts: all.artefacts }, 'result of the same job with artefacts')
  for (const name of ['weights', 'checkpoint'] as const) {
    const hash = all.artefacts[name]
    check(hash !== undefined, `artefact ${name}`, 'its hash', 'nothing')
    check(await executor.blobs.has(hash), `has() of the ${name}`, 'true', 'false')
    const bytes = await bytesOf(executor.blobs, hash)
    checkEqual(hashBytes(bytes), hash, `sha256 of the ${name}`)
    const { tensors, metadata } = parseSafetensors(bytes, name)
    check(Object.keys(tensors).length > 0, `tensors of the ${name}`, 'some', 'none')
    if (name === 'weights') checkEqual(metadata['step'], String(all.step), "step of the weights' metadata")
  }
  await executor.blobs.delete(all.artefacts.weights!)
  const again = await complete(toyRequest({}, { keep: ['weights', 'checkpoint'] }))
  checkEqual(again, all, 'result of a job whose weights had been deleted')
  check(await executor.blobs.has(all.artefacts.weights!), 'has() of weights that were asked for again', 'true', 'false')
}

export async function checkValidation({ complete }: ExecutorBench): Promise<void> {
  const { validation, details } = await complete(toyRequest())
  checkEqual([validation, details], [null, null], 'validation and details that were not asked for')
  const validated = await complete(toyRequest({}, { validate: true }))
  checkEqual(validated.validation?.['count'], 5, 'validation images that were counted')
  checkEqual(validated.details, { examples: 5 }, 'details of the validation')
}

/** What a kept checkpoint is for. */
export async function checkContinued({ complete }: ExecutorBench): Promise<void> {
  const { artefacts, history } = await complete(toyRequest({}, { keep: ['checkpoint'] }))
  const start = { kind: 'continue', checkpoint: artefacts.checkpoint! } as const
  const longer = await complete(toyRequest({ epochs: 3, start }))
  checkEqual(longer.history.slice(0, 2), history, 'the first two epochs of a job that goes on from another')
  checkEqual(longer.history.length, 3, 'epochs of a job that goes on from another')
  const whole = await complete(toyRequest({ epochs: 3 }))
  checkEqual(longer.history, whole.history, 'history of two epochs and one more, as of three')
}

export async function checkBlobs({ executor: { blobs } }: ExecutorBench): Promise<void> {
  const hash = await putText(blobs, 'some bytes')
  checkEqual(hash, hashBytes('some bytes'), 'the name of a blob, its sha256')
  checkEqual(await putText(blobs, 'some bytes'), hash, 'the name of the same bytes, put again')
  checkEqual((await bytesOf(blobs, hash)).toString(), 'some bytes', 'a blob')
  await blobs.delete(hash)
  await blobs.delete(hash)
  checkEqual(await blobs.has(hash), false, 'has() of a deleted blob')
  await checkRejects(() => bytesOf(blobs, hash), 'MNAS_FILE_MISSING', 'get() of a deleted blob')
}
