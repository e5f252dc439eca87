import { stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Task } from '../contracts/index.js'
import { workflowErrors } from './errors.js'
import { requireFolder } from './require-folder.js'

/**
 * Before an evaluation that may take an hour: the task has a format for its answers, and they can be written here. Makes nothing yet.
 * @param data a folder of images or a file of their annotations, beside which another would be taken for theirs
 * @throws MNAS_EVALUATE_ANSWERS, MNAS_EVALUATE_FILE
 */
export async function requireAnswersFile(file: string, task: Task, data: string): Promise<void> {
  if (task.answersFormat === undefined) throw workflowErrors.MNAS_EVALUATE_ANSWERS({ task: task.name })
  const refused = (reason: string, cause?: unknown) => workflowErrors.MNAS_EVALUATE_FILE({ file, reason }, cause)
  if (await isFolder(file)) throw refused('a folder stands in its place')
  await requireFolder(dirname(file), [(await isFolder(data)) ? data : dirname(data)], refused)
}

const isFolder = async (path: string) => (await stat(path).catch(() => null))?.isDirectory() ?? false
