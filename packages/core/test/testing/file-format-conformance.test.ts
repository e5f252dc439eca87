import { existsSync } from 'node:fs'
import type { ModelRuntime, RunnableFile, Surroundings, Tensors } from '@mnas/core/contracts'
import { coreErrors, isMnasError } from '@mnas/core/errors'
import { fileFormatConformance } from '@mnas/core/testing'
import { describe, expect, it } from 'vitest'
import { jsonExporter, jsonRuntime } from './json-format.js'

describe('a format that the interpreter runs passes', () => {
  for (const { name, run } of fileFormatConformance(jsonExporter, jsonRuntime())) it(name, run)
})

describe('a runtime that is 0.1 % off', () => {
  const wrong = fileFormatConformance(jsonExporter, jsonRuntime(1.001))

  for (const wanted of ['op: conv2d', 'op: batchNorm', 'network: tiny MnasNet with same padding on odd sizes']) {
    it(`is caught by ${wanted}`, async () => {
      const found = wrong.find(({ name }) => name === wanted)!
      await expect(found.run()).rejects.toSatisfy((error) => isMnasError(error) && error.code === 'MNAS_CONFORMANCE_BROKEN')
    })
  }

  it('passes under a tolerance that allows it', async () => {
    const lenient = fileFormatConformance(jsonExporter, jsonRuntime(1.001), { tolerance: 0.1 })
    await lenient.find(({ name }) => name === 'op: dense')!.run()
  })
})

describe('a runtime that is started once', () => {
  const right = jsonRuntime()
  const caseOf = (start: NonNullable<ModelRuntime['start']>) =>
    fileFormatConformance(jsonExporter, { ...right, start }).find(({ name }) => name.startsWith('started once'))!

  it('passes when it answers for the file that it is given', async () => {
    const start = (around: Surroundings) => ({
      // A file that is not there is an error of the catalogue, as every runtime says it.
      async *run(file: RunnableFile, inputs: AsyncIterable<Tensors>) {
        if (!existsSync(file.path)) throw coreErrors.MNAS_FILE_MISSING({ path: file.path, what: 'Model file' })
        yield* right.run(file, inputs, around)
      },
      close: async () => undefined,
    })
    await caseOf(start).run()
  })

  it('is caught when it stays with its first', async () => {
    const start = (around: Surroundings) => {
      let first: RunnableFile | undefined
      return {
        run(file: RunnableFile, inputs: AsyncIterable<Tensors>) {
          first ??= file
          return right.run(first, inputs, around)
        },
        close: async () => undefined,
      }
    }
    await expect(caseOf(start).run()).rejects.toThrow()
  })
})
