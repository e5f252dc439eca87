import { spawnSync } from 'node:child_process'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mnas-telemetry-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const graph = `{
  inputs: { x: { shape: [2], dtype: 'float32', batched: true } },
  nodes: [{ id: 'y', op: 'relu', inputs: ['x'], attributes: {}, origin: { block: 'head', layer: 0, role: 'y' }, shape: [2], dtype: 'float32', batched: true }],
  outputs: { y: 'y' },
}`
const program = `
  const { default: engine } = await import('@mnas/engine-onnx')
  const plan = await engine.plan({ threads: 1 }, ${graph}, 1)
  const session = await engine.compileInference({ model: ${graph}, batchSize: 1, plan })
  await session.load({})
  await session.run({ x: { dtype: 'float32', shape: [1, 2], data: Float32Array.of(-1, 1) } })
  await session.close()
`

test('onnxruntime sends nothing and leaves no telemetry files', async () => {
  // Telemetry writes a log into the temporary folder as soon as it starts, and an identifier and a cache into the home folder.
  const env = { PATH: process.env['PATH'], HOME: folder, TMPDIR: folder, XDG_CACHE_HOME: folder }
  const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', program], {
    cwd: import.meta.dirname,
    env,
    encoding: 'utf8',
  })
  expect(stderr).toBe('')
  expect(status).toBe(0)
  expect(await readdir(folder)).toEqual([])
})
