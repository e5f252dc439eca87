import { stat } from 'node:fs/promises'
import { basename, dirname, extname, join } from 'node:path'
import type { Task } from '../contracts/index.js'
import { liesWithin, writeAtomic } from '../files/index.js'
import { workflowErrors } from './errors.js'
import type { Prediction } from './predict-images.js'
import { requireFolder } from './require-folder.js'

/**
 * Before anything is computed: the task draws, and there is room for it, where no image is overwritten or taken for one.
 * @param images as they were named: files, and folders of them
 * @throws MNAS_PREDICT_DRAW, MNAS_PREDICT_DRAWINGS
 */
export async function requireDrawing(folder: string, task: Task, images: readonly string[]): Promise<void> {
  if (!task.draw) throw workflowErrors.MNAS_PREDICT_DRAW({ task: task.name })
  const refused = (reason: string, cause?: unknown) => workflowErrors.MNAS_PREDICT_DRAWINGS({ folder, reason }, cause)
  const folders: string[] = []
  for (const image of images) {
    if ((await stat(image).catch(() => null))?.isDirectory()) folders.push(image)
    else if (await isSameFolder(folder, dirname(image))) throw refused(`the image "${image}" lies there`)
  }
  await requireFolder(folder, folders, refused)
}

const isSameFolder = async (one: string, other: string) => (await liesWithin(one, other)) && (await liesWithin(other, one))

/**
 * Draws each answer on its image, into `<folder>/<name of the image>.<type of the picture>`; another image of a name gets a number.
 * Each file appears whole or not at all.
 * @returns the files, in the order of the answers
 * @throws MNAS_FILE_WRITE
 */
export async function drawAnswers(
  folder: string,
  task: Pick<Task, 'draw'>,
  answers: readonly Prediction[],
): Promise<readonly string[]> {
  const taken = new Set<string>()
  const files: string[] = []
  for (const { image, output } of answers) {
    const picture = output && (await task.draw?.(image, output))
    if (!picture) continue
    const file = join(folder, `${freeName(basename(image, extname(image)), taken)}.${picture.type}`)
    await writeAtomic(file, picture.bytes)
    files.push(file)
  }
  return files
}

/** The name, or with the first number under which it is not taken; capitals and small letters are the same to some file systems. */
function freeName(name: string, taken: Set<string>): string {
  for (let count = 1; ; count++) {
    const free = count === 1 ? name : `${name}-${count}`
    const key = free.normalize('NFC').toLowerCase()
    if (taken.has(key)) continue
    taken.add(key)
    return free
  }
}
