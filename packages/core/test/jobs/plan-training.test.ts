import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ExecutionPlan } from '@mnas/core/contracts'
import { checkAccelerators } from '@mnas/core/doctor'
import { GraphBuilder } from '@mnas/core/graph'
import { planDifferences, planTraining } from '@mnas/core/jobs'
import { createRegistry, type Registry } from '@mnas/core/plugins'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

let root: string
let registry: Registry
const model = new GraphBuilder().build()
const batch = 4

/** Engine `a` calls its CPU by another name and has one thread, whatever is wished; on `b` half of what it names is there; `c` names nothing. */
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'mnas-plans-'))
  await writeFile(join(root, 'package.json'), '{"type": "module"}')
  await writeFile(
    join(root, 'a.js'),
    `export default { name: 'a', accelerators: ['cpu', 'a-cpu'], plan: async () => ({ engine: 'a', mode: 'standard', accelerator: 'a-cpu', threads: 1 }) }\n`,
  )
  await writeFile(
    join(root, 'b.js'),
    `export default { name: 'b', accelerators: ['cpu', 'cuda', 'webgpu'], async plan({ accelerator = 'cpu', threads = 8 }) {
      if (accelerator === 'webgpu') throw new Error('No adapter.')
      return { engine: 'b', mode: 'fast', accelerator, threads }
    } }\n`,
  )
  await writeFile(
    join(root, 'c.js'),
    `export default { name: 'c', plan: async (wish) => ({ engine: 'c', mode: 'standard', threads: 1, ...wish }) }\n`,
  )
  registry = createRegistry([{ name: 'p', root, contributes: { engine: { a: './a.js', b: './b.js', c: './c.js' } } }])
})
afterAll(() => rm(root, { recursive: true, force: true }))

const wish = { engine: 'b', accelerator: 'auto', threads: 0 }
const plan = (changes: Partial<typeof wish>) => planTraining(registry, { ...wish, ...changes }, model, batch)

describe('planTraining', () => {
  it('hands on what was wished and leaves the rest to the engine', async () => {
    expect(await plan({})).toMatchObject({ accelerator: 'cpu', threads: 8 })
    expect(await plan({ accelerator: 'cuda', threads: 2 })).toMatchObject({ accelerator: 'cuda', threads: 2 })
    expect(await plan({ engine: 'c', accelerator: 'anything' })).toMatchObject({ accelerator: 'anything' })
  })

  it('names the engine whose accelerator was asked of another, or what is near', async () => {
    await expect(plan({ accelerator: 'a-cpu' })).rejects.toMatchObject({
      code: 'MNAS_ENGINE_ACCELERATOR',
      message:
        'The engine "b" cannot train on accelerator "a-cpu". Expected cpu or cuda or webgpu or auto, received "a-cpu". ' +
        'It is one of the engine "a": add --engine a, or leave the accelerator to "auto".',
    })
    await expect(plan({ accelerator: 'cudo' })).rejects.toMatchObject({
      message: expect.stringContaining('Did you mean "cuda"?'),
    })
  })
})

describe('planDifferences', () => {
  const recorded: ExecutionPlan = { engine: 'b', mode: 'fast', accelerator: 'cpu', threads: 8 }
  const differences = (changes: Partial<typeof wish>, from = recorded) =>
    planDifferences(registry, { ...wish, ...changes }, from, model, batch)

  it('finds none where nothing was said, or the same', async () => {
    expect(await differences({})).toEqual([])
    expect(await differences({ accelerator: 'cpu', threads: 8 })).toEqual([])
    const another = { engine: 'a', mode: 'standard', accelerator: 'a-cpu', threads: 1 } as const
    expect(await differences({ engine: 'a', accelerator: 'cpu', threads: 4 }, another)).toEqual([])
  })

  it('tells each that was said', async () => {
    expect(await differences({ engine: 'a' })).toEqual(['engine is "b" in the run and "a" now'])
    expect(await differences({ accelerator: 'cuda', threads: 2 })).toEqual([
      'accelerator is "cpu" in the run and "cuda" now',
      'threads is 8 in the run and 2 now',
    ])
  })
})

describe('checkAccelerators', () => {
  it('tries each that is no CPU by that name: what is not there is a hint', async () => {
    expect(await checkAccelerators(await registry.get('engine', 'b'))).toEqual([
      { name: 'accelerator cuda', status: 'ok', detail: 'computes (mnas train --engine b --accelerator cuda)' },
      { name: 'accelerator webgpu', status: 'hint', detail: 'No adapter.' },
    ])
    expect(await checkAccelerators(await registry.get('engine', 'c'))).toEqual([])
  })
})
