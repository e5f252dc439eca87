import type { AskedFile, Calibration, Graph, StartedRuntime, Tensors } from '@mnas/core/contracts'
import { specsOf } from '@mnas/core/graph'
import { interpret, randomTensors } from '@mnas/core/testing'

export interface TestCalibration {
  readonly graph: Graph
  readonly weights: Tensors
  readonly inputs: readonly Tensors[]
  /** Default: nothing runs files. */
  readonly distance?: (file: AskedFile) => Promise<number | null>
}

/** What the definition of every op computes on some inputs. */
export function interpretedCalibration({ graph, weights, inputs, distance = async () => null }: TestCalibration): Calibration {
  // The interpreter is slow, and is asked for the same values again and again.
  const known = new Map<Tensors, ReturnType<typeof interpret>['values']>()
  const valuesOf = (one: Tensors) => {
    const values = known.get(one) ?? interpret(graph, { inputs: one, weights, mode: 'inference' }).values
    known.set(one, values)
    return values
  }
  return {
    images: inputs.length,
    synthetic: false,
    async *observe(ids) {
      for (const one of inputs) {
        const values = valuesOf(one)
        yield Object.fromEntries(ids.map((id) => [id, floats(values[id]!)]))
      }
    },
    distance,
  }
}

/** Values that no network computed, of the right shapes: for tests of what a file looks like. */
export function drawnCalibration(graph: Graph): Calibration {
  const specs = specsOf(graph)
  return {
    images: 1,
    synthetic: false,
    async *observe(ids) {
      yield randomTensors(Object.fromEntries(ids.map((id) => [id, specs.get(id)!])), { batch: 1, seed: 5 })
    },
    distance: async () => null,
  }
}

const floats = ({ shape, data }: { readonly shape: readonly number[]; readonly data: ArrayLike<number> }) => ({
  dtype: 'float32' as const,
  shape,
  data: Float32Array.from(data),
})

export async function* each<T>(values: readonly T[]): AsyncGenerator<T> {
  yield* values
}

/** A file's answers to inputs, as it stores them. */
export async function answersOf(
  runtime: StartedRuntime,
  file: AskedFile,
  inputs: readonly Tensors[],
): Promise<readonly Tensors[]> {
  const answers: Tensors[] = []
  for await (const answer of runtime.run(file, each(inputs))) answers.push(answer)
  return answers
}
