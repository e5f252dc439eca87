import type { AskedFile, ModelFile, Preprocessing, Tensors } from '@mnas/core/contracts'
import { forInputsOf } from '@mnas/core/deployment'
import { testFile } from '@mnas/core/testing'
import { expect, it } from 'vitest'

const common: Preprocessing = {
  ...{ fit: { kind: 'stretch' }, mean: [127.5, 127.5, 127.5], std: [127.5, 127.5, 127.5], exif: 'applied' },
}
const own: Preprocessing = { ...common, mean: [100, 0, 50], std: [50, 255, 25] }
const image = { dtype: 'float32', shape: [1, 1, 1, 3], data: Float32Array.of(1, 0.5, -2) } as const

async function received(file: ModelFile): Promise<readonly number[]> {
  async function* inputs(): AsyncGenerator<Tensors> {
    yield { image }
  }
  async function* echo(_file: AskedFile, given: AsyncIterable<Tensors>): AsyncGenerator<Tensors> {
    yield* given
  }
  const all: number[] = []
  for await (const { image: pixels } of forInputsOf(own, echo)(file, inputs())) all.push(...pixels!.data)
  return all
}

it('a file gets its pixels as it wants them, not as its model does', async () => {
  // Levels 150, 127.5 and 0.
  expect(await received(testFile({ preprocessing: common }))).toEqual([Math.fround(22.5 / 127.5), 0, -1])
  expect(await received(testFile({ preprocessing: own }))).toEqual([1, 0.5, -2])
  expect(await received(testFile({ preprocessing: null }))).toEqual([1, 0.5, -2])
})
