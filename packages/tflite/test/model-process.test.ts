import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { defaultLimits } from '#internal/runtime/limits.js'
import { type ModelProcess, startModelProcess } from '#internal/runtime/model-process.js'
import { temporaryFolder } from './support/models.js'

setFlagsFromString('--expose-gc')
const collectGarbage: () => void = runInNewContext('gc')

/** @param answer what the process does about each request */
function processThat(answer: string): ModelProcess {
  const path = join(temporaryFolder(), 'process.mjs')
  writeFileSync(path, `process.on('message', () => { ${answer} })`)
  const model = startModelProcess({ runtime: 'test', module: pathToFileURL(path), limits: defaultLimits })
  onTestFinished(() => model.close())
  return model
}
const ask = (model: ModelProcess) => model.request({ kind: 'infer', inputs: {} }, defaultLimits.inferMs)

const mebibyte = 2 ** 20

describe('a model process', () => {
  it('does not keep the answers that it gave', async () => {
    const output = `{ dtype: 'uint8', shape: [${mebibyte}], data: new Uint8Array(${mebibyte}) }`
    const model = processThat(`process.send({ kind: 'inferred', outputs: { output: ${output} } })`)
    const { outputs } = await ask(model)
    expect(outputs['output']!.data).toHaveLength(mebibyte)
    collectGarbage()
    const before = process.memoryUsage().arrayBuffers
    for (let turn = 0; turn < 100; turn++) await ask(model)
    await vi.waitFor(() => {
      collectGarbage()
      expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(20 * mebibyte)
    })
  })

  it('says how it ended, to who waits and to who asks later', async () => {
    const model = processThat('process.exit(3)')
    const ended = { code: 'MNAS_RUNTIME_CRASHED', message: expect.stringContaining('exit code 3') }
    await expect(ask(model)).rejects.toMatchObject(ended)
    expect(model.alive()).toBe(false)
    await expect(ask(model)).rejects.toMatchObject(ended)
  })
})
