import { bundleChartsFolder, type ModelBundle } from '../bundle/index.js'
import { trainingCurves, type WrittenChart, writeCharts } from '../charts/index.js'
import type { JobResult, JsonObject, Task } from '../contracts/index.js'
import { isMnasError } from '../errors/index.js'
import type { Reporter } from '../events/index.js'
import { reasonOf } from '../files/index.js'
import { workflowErrors } from './errors.js'
import { requireFolder } from './require-folder.js'

/**
 * Draws how a bundle was trained and what it confuses into its `charts/`. The bundle is written by now, and no picture is worth losing it:
 * what goes wrong is a warning.
 */
export async function drawTraining(
  out: string,
  bundle: ModelBundle,
  { history, step, details }: JobResult,
  task: Task,
  reporter: Reporter,
): Promise<readonly WrittenChart[]> {
  const best = history.findLast((record) => record.step === step)?.epoch
  try {
    return await writeCharts(bundleChartsFolder(out), {
      training: trainingCurves({
        title: bundle.name,
        history,
        headline: task.headlines[0],
        ...(best !== undefined && { best }),
      }),
      ...chartsOf(task, bundle, details),
    })
  } catch (error) {
    reporter.warn(`no pictures: ${error instanceof Error ? error.message : String(error)}`)
    return []
  }
}

/**
 * Draws what a bundle made of the images it was evaluated on into a folder.
 * @throws MNAS_EVALUATE_CHARTS
 */
export async function drawEvaluation(
  folder: string,
  bundle: ModelBundle,
  details: JsonObject | null,
  task: Task,
): Promise<readonly WrittenChart[]> {
  return writeCharts(folder, chartsOf(task, bundle, details)).catch((error: unknown) => {
    if (!isMnasError(error)) throw error
    throw workflowErrors.MNAS_EVALUATE_CHARTS({ folder, reason: reasonOf(error.cause ?? error) }, error)
  })
}

function chartsOf(task: Task, { name, labels }: ModelBundle, details: JsonObject | null) {
  return details === null ? {} : (task.charts?.(details, { title: name, labels }) ?? {})
}

/**
 * Before an evaluation that may take an hour: pictures can be written here. Makes nothing yet.
 * @param images a folder of images among which they must not lie
 * @throws MNAS_EVALUATE_CHARTS
 */
export async function requireChartsFolder(folder: string, images: string): Promise<void> {
  await requireFolder(folder, [images], (reason, cause) => workflowErrors.MNAS_EVALUATE_CHARTS({ folder, reason }, cause))
}
