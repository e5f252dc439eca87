import { check, checkClose, checkEqual } from '../check.js'
import { inputSize, rowOf, type TaskBench, take } from './task-bench.js'

/** What `predict` sees of a file is what `evaluate` sees of it. */
export async function checkInputs({ task, materials, dataset, model, evaluation }: TaskBench): Promise<void> {
  const { inputs, frame } = await task.readInput(materials.file, inputSize)
  checkEqual(Object.keys(inputs).sort(), Object.keys(model.inputs).sort(), 'inputs that readInput gives')
  const [batch] = await take(dataset, evaluation, { count: 1 })
  const row = rowOf(batch!.inputs, 0)
  for (const [name, { shape, data }] of Object.entries(inputs)) {
    checkEqual(shape, row[name]!.shape, `shape of "${name}"`)
    checkClose(data, row[name]!.data, 0, `"${name}" of the file and of its row`)
  }
  const { photo, scale, offset } = frame
  check(photo.width > 0 && photo.height > 0, 'size of the photo', 'positive', `${photo.width}×${photo.height}`)
  check(scale[0] > 0 && scale[1] > 0, 'scale of the frame', 'positive', scale.join())
  for (const [axis, side] of [photo.width, photo.height].entries()) {
    const middle = (side / 2) * scale[axis]! + offset[axis]!
    check(Math.abs(middle - inputSize / 2) <= 1, 'the middle of the photo, in the input', `${inputSize / 2} ± 1`, `${middle}`)
  }
}

export async function checkInheritance({ task }: TaskBench): Promise<void> {
  const { preprocessing } = task
  checkEqual(task.inherit(preprocessing), preprocessing, "inheriting the task's own preprocessing")
  const other = { ...preprocessing, mean: [1, 2, 3], std: [4, 5, 6] } as const
  const { mean, std } = task.inherit(other)
  checkEqual({ mean, std }, { mean: other.mean, std: other.std }, 'mean and deviation of other weights')
}
