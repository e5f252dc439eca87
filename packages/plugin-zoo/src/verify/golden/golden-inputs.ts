import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Preprocessing, Task, Tensors } from '@mnas/core/contracts'
import type { DeployableModel } from '@mnas/core/deployment'
import { drawPicture, pictureCount } from './draw-picture.js'
import { pngOf } from './png-of.js'

/** The drawn pictures as a model takes them. Those of the last input size alone are kept: no memory holds many sizes. */
export function goldenInputsFor(): (model: DeployableModel) => Promise<readonly Tensors[]> {
  let last: { readonly size: number; readonly inputs: readonly Tensors[] } | null = null
  return async ({ task, architecture, preprocessing }) => {
    const { size } = architecture.input
    if (last?.size === size) return last.inputs
    last = null
    const inputs = await goldenInputs(task, size, preprocessing)
    last = { size, inputs }
    return inputs
  }
}

/** The drawn pictures as a model takes them, each a batch of 1: through files and the task's own way of reading them. */
async function goldenInputs(task: Task, inputSize: number, preprocessing: Preprocessing): Promise<readonly Tensors[]> {
  const folder = await mkdtemp(join(tmpdir(), 'mnas-golden-'))
  try {
    const inputs: Tensors[] = []
    for (let index = 0; index < pictureCount; index++) {
      const file = join(folder, `${index}.png`)
      await writeFile(file, pngOf(drawPicture(index)))
      inputs.push((await task.readInput(file, inputSize, preprocessing)).inputs)
    }
    return inputs
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
