import type { Batch, Comparison, Metrics } from '../../../contracts/index.js'
import { check, checkClose, checkEqual, checkJson } from '../check.js'
import { answersOf, rowOf, type TaskBench, take } from './task-bench.js'

/** The same examples in batches of two and all at once, with padding: the same numbers. */
export async function checkMetrics(bench: TaskBench): Promise<void> {
  const { task, dataset, evaluation } = bench
  const images = dataset.size(evaluation.split)
  const together = metricsOf(bench, await take(dataset, { ...evaluation, batchSize: images + 1 }))
  const apart = metricsOf(bench, await take(dataset, evaluation))
  checkEqual(Object.keys(apart.metrics).sort(), Object.keys(together.metrics).sort(), 'names of the metrics')
  for (const [name, value] of Object.entries(together.metrics)) {
    check(Number.isFinite(value), `metric "${name}"`, 'a finite number', `${value}`)
    checkClose([apart.metrics[name]!], [value], 1e-6, `metric "${name}" over several batches`)
  }
  for (const { name, label } of task.headlines) {
    check(name in together.metrics, 'metrics', `the headline "${name}" among them`, Object.keys(together.metrics).join(', '))
    check(label.length > 0, `label of "${name}"`, 'some text', 'nothing')
  }
  const primary = together.metrics[task.headlines[0].name]!
  check(primary >= 0 && primary <= 1, 'the first headline', 'a fraction from 0 to 1', `${primary}`)
  checkCharts(bench, together.details)
}

function metricsOf({ task, dataset, options, model, weights, targets }: TaskBench, batches: readonly Batch[]) {
  const accumulator = task.metrics(options, dataset.labels, targets)
  for (const batch of batches) accumulator.add(batch, answersOf(model, batch.inputs, weights))
  return { metrics: accumulator.result() as Metrics, details: accumulator.details?.() }
}

function checkCharts({ task, dataset }: TaskBench, details: ReturnType<typeof metricsOf>['details']): void {
  if (details === undefined) return
  checkJson(details, 'details of the metrics')
  const charts = task.charts?.(details, { title: 'conformance', labels: dataset.labels })
  if (charts) checkJson(charts, 'charts')
}

export async function checkAgreement(bench: TaskBench): Promise<void> {
  const { task, dataset, options, model, weights, targets, evaluation } = bench
  const [batch] = await take(dataset, evaluation, { count: 1 })
  const { graph } = task.deployed(model, options)
  const answers = answersOf(graph, batch!.inputs, weights)
  for (const on of ['photos', 'synthetic'] as const) {
    const agreement = task.agreement(options, targets, on)
    for (const row of [0, 1]) agreement.add(rowOf(answers, row), rowOf(answers, row), { inputs: rowOf(batch!.inputs, row) })
    const result = agreement.result()
    for (const [name, value] of Object.entries(result)) check(Number.isFinite(value), `"${name}"`, 'a finite number', `${value}`)
    checkComparison(agreement.comparison())
    check(agreement.distanceName.length > 0, 'distanceName', 'some text', 'nothing')
    const summary = agreement.summary()
    check(summary.length > 0 && !summary.includes('\n'), `summary on ${on}`, 'a few words on one line', summary)
  }
}

/** Of the same answers on both sides. */
function checkComparison({ distance, sameAnswers, quality }: Comparison): void {
  checkClose([distance], [0], 1e-9, 'the distance of equal answers')
  check(sameAnswers === null || sameAnswers === 1, 'sameAnswers of equal answers', '1 or null', `${sameAnswers}`)
  if (quality) checkEqual(quality.file, quality.engine, 'quality of equal answers')
}
