import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Task } from '../../contracts/index.js'
import type { ConformanceCase } from './check.js'
import { checkAnswers } from './task/check-answers.js'
import { checkEvaluationBatches, checkRepeatable, checkResume, checkTrainingBatches, checkWorkers } from './task/check-batches.js'
import { checkInheritance, checkInputs } from './task/check-inputs.js'
import { checkAgreement, checkMetrics } from './task/check-metrics.js'
import { checkDeployed, checkHead, checkObjective, checkOptions, checkPadding } from './task/check-model.js'
import { checkRecipes } from './task/check-recipes.js'
import { openTask, type TaskBench, type TaskMaterials } from './task/task-bench.js'

/**
 * What every Task has to do with a small folder of data: batches that are pure functions of plan and position, a head that lowers and
 * differentiates, targets that are the objective's inputs, metrics that add up.
 */
export function taskConformance(task: Task, materials: TaskMaterials): readonly ConformanceCase[] {
  const withTask = (name: string, work: (bench: TaskBench) => Promise<void>): ConformanceCase => ({
    name,
    run: async () => {
      const cacheFolder = await mkdtemp(join(tmpdir(), 'mnas-conformance-'))
      try {
        const bench = await openTask(task, materials, cacheFolder)
        try {
          await work(bench)
        } finally {
          await bench.dataset.close()
        }
      } finally {
        await rm(cacheFolder, { recursive: true, force: true })
      }
    },
  })
  return [
    withTask('options of a data set are what its schema accepts', checkOptions),
    withTask('every recipe is one of the training loop', checkRecipes),
    withTask('the head lowers behind any backbone and names its outputs', checkHead),
    withTask('targets and model outputs are the inputs of the objective, whose loss differentiates', checkObjective),
    withTask('a padded row counts nothing in the loss', checkPadding),
    withTask('a deployed graph holds what describeOutput reads', checkDeployed),
    withTask('training batches are full, shuffled by epoch and seed', checkTrainingBatches),
    withTask('an evaluation gives every example once, in order, the last batch padded', checkEvaluationBatches),
    withTask('a batch is a pure function of plan and position', checkRepeatable),
    withTask('batches begin at any position', checkResume),
    withTask('threads change nothing', checkWorkers),
    withTask('readInput gives the row of an exact evaluation, and a way back to the photo', checkInputs),
    withTask('weights of another model bring their mean and deviation along', checkInheritance),
    withTask('metrics add up over batches, headlines among them', checkMetrics),
    withTask('a file that says the same agrees', checkAgreement),
    withTask('an answer is JSON and one line for people', checkAnswers),
  ]
}
