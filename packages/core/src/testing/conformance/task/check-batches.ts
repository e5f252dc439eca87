import type { Batch, BatchPlan, Dataset } from '../../../contracts/index.js'
import { check, checkEqual } from '../check.js'
import { fingerprintOf, start, type TaskBench, take } from './task-bench.js'

export async function checkTrainingBatches({ dataset, training }: TaskBench): Promise<void> {
  const images = dataset.size('train')
  const perEpoch = dataset.batchesPerEpoch(training)
  checkEqual(perEpoch, Math.floor(images / training.batchSize), 'batches of a training epoch')
  const batches = await take(dataset, training, { count: 2 * perEpoch })
  for (const batch of batches) checkFull(batch, training)
  const orderOf = (epoch: number) =>
    batches.filter(({ position }) => position.epoch === epoch).flatMap(({ examples }) => examples)
  for (const epoch of [0, 1]) {
    const order = orderOf(epoch)
    check(
      order.every((example) => example >= 0 && example < images) && new Set(order).size === order.length,
      'examples of a training epoch',
      'each at most once, none padded',
      order.join(),
    )
  }
  check(orderOf(0).join() !== orderOf(1).join(), 'order of the second epoch', 'another one than of the first', orderOf(1).join())
}

export async function checkEvaluationBatches({ dataset, evaluation }: TaskBench): Promise<void> {
  const images = dataset.size(evaluation.split)
  const plan = { ...evaluation, batchSize: images % 2 === 0 ? 3 : 2 }
  checkEqual(dataset.batchesPerEpoch(plan), Math.ceil(images / plan.batchSize), 'batches of an evaluation')
  const batches = await take(dataset, plan)
  for (const batch of batches) {
    checkFull(batch, plan)
    checkTruth(batch)
  }
  const examples = batches.flatMap((batch) => batch.examples)
  const expected = Array.from({ length: batches.length * plan.batchSize }, (_, place) => (place < images ? place : -1))
  checkEqual(examples, expected, 'examples of an evaluation')
}

function checkFull({ inputs, examples }: Batch, { batchSize }: BatchPlan): void {
  checkEqual(examples.length, batchSize, 'rows of a batch')
  check(Object.keys(inputs).length > 0, 'tensors of a batch', 'at least one', 'none')
  for (const [name, { shape, data }] of Object.entries(inputs)) {
    checkEqual(shape[0], batchSize, `rows of "${name}"`)
    checkEqual(
      data.length,
      shape.reduce((product, side) => product * side, 1),
      `values of "${name}"`,
    )
  }
}

function checkTruth({ truth, examples }: Batch): void {
  if (truth === undefined) return
  checkEqual(truth.length, examples.length, 'rows of truth')
  for (const [row, example] of examples.entries()) {
    check((truth[row] === null) === example < 0, 'truth', 'null for padding and for nothing else', JSON.stringify(truth[row]))
  }
}

export async function checkRepeatable({ task, materials, dataset, training, evaluation }: TaskBench): Promise<void> {
  const again: Dataset = await task.open({ ...materials, cacheFolder: materials.folder, cacheLimitBytes: 0 })
  try {
    checkEqual(again.fingerprint, dataset.fingerprint, 'fingerprint of the same data')
    for (const plan of [training, evaluation]) {
      const first = fingerprintOf(await take(dataset, plan, { count: 2 }))
      check(fingerprintOf(await take(dataset, plan, { count: 2 })) === first, 'the same batches', 'the same bytes', 'others')
      check(
        fingerprintOf(await take(again, plan, { count: 2 })) === first,
        'the same batches without a cache',
        'the same bytes',
        'others',
      )
    }
  } finally {
    await again.close()
  }
}

export async function checkResume({ dataset, training }: TaskBench): Promise<void> {
  const perEpoch = dataset.batchesPerEpoch(training)
  const all = await take(dataset, training, { count: perEpoch + 2 })
  for (const from of [
    { epoch: 0, index: Math.min(1, perEpoch - 1) },
    { epoch: 1, index: 0 },
  ]) {
    const skipped = from.epoch * perEpoch + from.index
    const rest = await take(dataset, training, { from, count: all.length - skipped })
    check(
      fingerprintOf(rest) === fingerprintOf(all.slice(skipped)),
      `batches from epoch ${from.epoch}, batch ${from.index} on`,
      'the same bytes as of a training that was not stopped',
      'others',
    )
  }
}

export async function checkWorkers({ dataset, training, evaluation }: TaskBench): Promise<void> {
  for (const plan of [training, evaluation]) {
    const [alone, helped] = [
      await take(dataset, plan, { count: 2 }),
      await take(dataset, plan, { from: start, count: 2, workers: 1 }),
    ]
    check(fingerprintOf(helped) === fingerprintOf(alone), 'batches made in a thread', 'the same bytes', 'others')
  }
}
