import type { Batch, MetricsAccumulator, Task, Tensors } from '../../contracts/index.js'
import { crossEntropyObjective } from '../networks/objectives.js'
import { withClassifier } from '../networks/small-networks.js'
import { toyImages, toyLabels } from './toy-images.js'

/** As much of a task as a training uses. */
type TrainedTask = Pick<Task, 'name' | 'options' | 'headlines' | 'head' | 'objective' | 'open' | 'preprocessing' | 'metrics'>

const toyTask: TrainedTask = {
  name: 'toy',
  options: { parse: () => ({}) },
  headlines: [{ name: 'share', label: 'share', percent: true }],
  head: (backbone) => withClassifier(backbone, toyLabels.length, 0),
  objective: () => crossEntropyObjective(toyLabels.length),
  open: async () => toyImages,
  preprocessing: { fit: { kind: 'stretch' }, mean: [0, 0, 0], std: [1, 1, 1], exif: 'applied' },
  metrics: () => new Shares(),
}
export default toyTask

/** The mean share of the first class in what the model answers. */
class Shares implements MetricsAccumulator {
  #sum = 0
  #examples = 0

  add({ examples }: Batch, { logits }: Tensors): void {
    for (const [row, example] of examples.entries()) {
      if (example < 0) continue
      const [first, ...others] = logits!.data.subarray(row * toyLabels.length, (row + 1) * toyLabels.length)
      this.#sum += first! / others.reduce((sum, value) => sum + value, first!)
      this.#examples++
    }
  }

  result() {
    return { share: this.#sum / this.#examples, count: this.#examples }
  }

  details() {
    return { examples: this.#examples }
  }
}
