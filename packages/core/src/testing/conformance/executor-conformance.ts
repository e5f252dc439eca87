import { toyPlugin } from '../toy-training/toy-job.js'
import type { ConformanceCase } from './check.js'
import * as results from './executor/check-results.js'
import * as running from './executor/check-running.js'
import { type CreateExecutor, type ExecutorBench, executorBench } from './executor/executor-bench.js'

/**
 * What every TrialExecutor has to do, with jobs of a toy engine and a toy task that it must be able to load (`ExecutorSetup.manifests`): results
 * that follow from the job alone, progress, stops that cost nothing, failures by their name, several jobs at once.
 */
export function executorConformance(create: CreateExecutor): readonly ConformanceCase[] {
  const make = () => create({ capacity: 2, manifests: [toyPlugin] })
  const withExecutor = (name: string, work: (bench: ExecutorBench) => Promise<void>): ConformanceCase => ({
    name,
    run: async () => {
      const executor = await make()
      try {
        await work(executorBench(executor, make))
      } finally {
        await executor.close()
      }
    },
  })
  return [
    withExecutor('gives a result that follows from the job alone, to the bit', results.checkPure),
    withExecutor('fills in a wish, and says the plan and what there is to say of it', results.checkPlans),
    withExecutor('tells of every step in order, and of nothing after the end', results.checkProgress),
    withExecutor('keeps as blobs what was asked for', results.checkKept),
    withExecutor('evaluates the validation images when asked to', results.checkValidation),
    withExecutor('lets a job go on from what another kept', results.checkContinued),
    withExecutor('has a store of blobs', results.checkBlobs),
    withExecutor('stops for an aborted signal and goes on to the same bits, under the plan it began with', running.checkStopped),
    withExecutor('begins nothing under an aborted signal', running.checkAborted),
    withExecutor('tells what a job failed of, each time', running.checkFailure),
    withExecutor('tells a done job again at once', running.checkToldAgain),
    withExecutor('runs jobs at once and mixes nothing up', running.checkAtOnce),
    withExecutor('lets jobs wait for their turn', running.checkWaiting),
    withExecutor('trains a job once, however many ask for it', running.checkSameJob),
    withExecutor('stops what runs when it is closed', running.checkClose),
  ]
}
