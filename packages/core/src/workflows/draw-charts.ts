import { constants } from 'node:fs'
import { access, stat } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { bundleChartsFolder, type ModelBundle } from '../bundle/index.js'
import { trainingCurves, type WrittenChart, writeCharts } from '../charts/index.js'
import type { JobResult, JsonObject, Task } from '../contracts/index.js'
import { isMnasError } from '../errors/index.js'
import type { Reporter } from '../events/index.js'
import { liesWithin, reasonOf } from '../files/index.js'
import { workflowErrors } from './errors.js'

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
export async function requireChartsFolder(folder: string, images?: string): Promise<void> {
  if (images !== undefined && (await liesWithin(folder, images)))
    throw workflowErrors.MNAS_EVALUATE_CHARTS({ folder, reason: `it lies among the images of "${images}"` })
  try {
    await access(await existingFolder(resolve(folder)), constants.W_OK)
  } catch (error) {
    throw workflowErrors.MNAS_EVALUATE_CHARTS({ folder, reason: reasonOf(error) }, error)
  }
}

/** The folder itself, or the one in which it would be made. */
async function existingFolder(path: string): Promise<string> {
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error
    return null
  })
  if (found === null) return existingFolder(dirname(path))
  if (!found.isDirectory()) throw Object.assign(new Error('not a folder'), { code: 'ENOTDIR' })
  return path
}
