import type { Tensor, Tensors } from '../contracts/index.js'

/**
 * A classifier with one output says yes or no by σ(z). As two classes, no and yes, it is the same function:
 *
 *   softmax(0, z) = (1 − σ(z), σ(z))          since e^z / (1 + e^z) = σ(z)
 *
 * @param tensors by our names
 * @returns the tensors with a row of zeros before the classifier's only one; undefined when it has several, or none
 */
export function asTwoClasses(tensors: Tensors): Tensors | undefined {
  const [kernel, bias] = [tensors['logits.kernel'], tensors['logits.bias']]
  if (kernel?.shape.length !== 2 || kernel.shape[0] !== 1 || bias?.shape.join() !== '1') return undefined
  return { ...tensors, 'logits.kernel': behindZeros(kernel), 'logits.bias': behindZeros(bias) }
}

function behindZeros({ dtype, shape, data }: Tensor): Tensor {
  const doubled = new Float32Array(2 * data.length)
  doubled.set(data, data.length)
  return { dtype, shape: [2, ...shape.slice(1)], data: doubled }
}
