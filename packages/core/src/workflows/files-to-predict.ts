import { stat } from 'node:fs/promises'
import type { Task } from '../contracts/index.js'
import { workflowErrors } from './errors.js'

/**
 * Files as they were named, folders as the files in them. What is missing stays: it is answered in its own row.
 * @throws MNAS_PREDICT_EMPTY, and what the task throws of a folder that cannot be read
 */
export async function filesToPredict(paths: readonly string[], task: Task): Promise<readonly string[]> {
  const files: string[] = []
  for (const path of paths) {
    const found = await stat(path).catch(() => null)
    if (!task.inputsIn || !found?.isDirectory()) {
      files.push(path)
      continue
    }
    const inside = await task.inputsIn(path)
    if (inside.length === 0) throw workflowErrors.MNAS_PREDICT_EMPTY({ folder: path })
    files.push(...inside)
  }
  return files
}
