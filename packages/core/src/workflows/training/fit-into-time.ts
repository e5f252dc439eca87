import type { TrialJob } from '../../contracts/index.js'
import { formatSeconds } from '../../events/index.js'
import { paceOf } from '../../jobs/index.js'
import { epochsWithin, mostTimedEpochs, parseRecipe, secondsOfEpochs, withEpochs } from '../../training/index.js'
import type { TrainRequest } from './train-request.js'
import type { PlannedJob } from './train-settings.js'

/**
 * The job with as many epochs as the requested time allows, what has passed since the command began included. Measured once: a training that
 * was begun keeps its number, so that a resumed one has the same schedule.
 */
export async function fitIntoTime(
  request: TrainRequest,
  startedMs: number,
  { job, plan }: PlannedJob,
  recorded: PlannedJob | null,
): Promise<PlannedJob> {
  if (recorded) return { job: lasting(job, recorded.job.fidelity.epochs), plan }
  const { registry, reporter, data, signal } = request
  reporter.stage('pace', job.architecture.name)
  const pace = await paceOf({ manifests: registry.manifests, job, plan, data }, signal)
  const seconds = ((request.timeMs ?? 0) - (performance.now() - startedMs)) / 1000
  const epochs = epochsWithin(seconds, pace)
  const shortest = secondsOfEpochs(1, pace)
  if (shortest > seconds) {
    const left = formatSeconds(Math.floor(seconds))
    reporter.warn(
      `One epoch takes about ${formatSeconds(Math.ceil(shortest))}, more than --time leaves for it (${left}): one it is`,
    )
  }
  reporter.note(`${epochs} epochs of ${pace.batchesPerEpoch} batches, ${(pace.secondsPerBatch * 1000).toFixed(0)} ms each`)
  if (epochs === mostTimedEpochs) reporter.note(`--time takes ${mostTimedEpochs} epochs at most; --epochs takes more`)
  return { job: lasting(job, epochs), plan }
}

function lasting(job: TrialJob, epochs: number): TrialJob {
  const recipe = withEpochs(parseRecipe(job.recipe), epochs)
  return { ...job, recipe, fidelity: { ...job.fidelity, epochs, scheduleEpochs: epochs } }
}
