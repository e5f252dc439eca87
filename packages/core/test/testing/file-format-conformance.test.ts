import { isMnasError } from '@mnas/core/errors'
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
