import { basename, extname, join } from 'node:path'
import type { Task } from '../contracts/index.js'
import { writeAtomic } from '../files/index.js'
import { requireChartsFolder } from './draw-charts.js'
import { workflowErrors } from './errors.js'
import type { Prediction } from './predict-images.js'

/** Before anything is computed: the task draws, and there is room for it. @throws MNAS_PREDICT_DRAW, MNAS_EVALUATE_CHARTS */
export async function requireDrawing(folder: string, task: Task): Promise<void> {
  if (!task.draw) throw workflowErrors.MNAS_PREDICT_DRAW({ task: task.name })
  await requireChartsFolder(folder)
}

/**
 * Draws each answer on its image, as `<folder>/<name of the image>.svg`; a second image of a name gets a number.
 * @returns the files, in the order of the answers
 * @throws MNAS_FILE_WRITE
 */
export async function drawAnswers(folder: string, task: Task, answers: readonly Prediction[]): Promise<readonly string[]> {
  const taken = new Map<string, number>()
  const files: string[] = []
  for (const { image, output } of answers) {
    if (output === null) continue
    const name = basename(image, extname(image))
    const count = (taken.get(name) ?? 0) + 1
    taken.set(name, count)
    const file = join(folder, `${name}${count === 1 ? '' : `-${count}`}.svg`)
    await writeAtomic(file, (await task.draw?.(image, output)) ?? '')
    files.push(file)
  }
  return files
}
