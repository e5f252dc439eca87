import { mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Exporter, ExportRequest, ModelFile, PostProcessing } from '@mnas/core/contracts'
import { type DeployableModel, type ExportWish, exportModel } from '@mnas/core/deployment'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'

const postProcessing: PostProcessing = { operator: 'Sort', reads: [], constants: [], options: {}, outputs: [] }

interface Asking {
  readonly asked: boolean
  readonly known?: readonly string[]
  readonly wish?: Partial<ExportWish>
}

/** What an exporter is asked of a model that has an operator behind its graph. */
async function requested(of: Asking): Promise<ExportRequest> {
  const heard: ExportRequest[] = []
  const exporter: Exporter = {
    ...{ format: 'fake', version: '1', ops: [], precisions: ['float32'], options: z.strictObject({}) },
    ...(of.known && { postProcessing: of.known }),
    write: async (request) => {
      heard.push(request)
      return {} as ModelFile
    },
  }
  const graph = { inputs: {}, nodes: [], outputs: {} }
  const model = { graph, weights: {}, labels: null, name: 'm', architecture: { input: { size: 32 } }, postProcessing }
  const deployable = { ...model, deploymentAsked: of.asked } as unknown as DeployableModel
  await exportModel(exporter, deployable, { folder: 'nowhere', ...of.wish })
  return heard[0]!
}

const asked = async (of: Asking) => (await requested(of)).postProcessing ?? null

describe('an operator behind the graph', () => {
  it('is written where the format has it', async () => {
    expect(await asked({ asked: false, known: ['Sort'] })).toBe(postProcessing)
    expect(await asked({ asked: true, known: ['Sort'] })).toBe(postProcessing)
  })

  it('stays out where the format does not have it, unless the user asked for it: then it is refused', async () => {
    expect(await asked({ asked: false })).toBeNull()
    expect(await asked({ asked: false, known: ['Cut'] })).toBeNull()
    await expect(asked({ asked: true, known: ['Cut'] })).rejects.toMatchObject({ code: 'MNAS_EXPORT_POSTPROCESSING' })
  })

  it('stays out of a file that is timed alone', async () => {
    expect(await asked({ asked: false, known: ['Sort'], wish: { postProcessing: false } })).toBeNull()
  })

  it('reads real numbers, which a file that is timed alone then gives too, whatever the options say', async () => {
    const alone = await requested({ asked: false, known: ['Sort'], wish: { postProcessing: false } })
    expect(alone.realOutputs).toBe(true)
    expect(await requested({ asked: false, known: ['Sort'] })).not.toHaveProperty('realOutputs')
    expect(await requested({ asked: false })).not.toHaveProperty('realOutputs')
  })
})

it('takes away what was begun of the same file a day ago by a process that was killed', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'mnas-export-'))
  try {
    const [abandoned, other] = ['m-32px.fake.0123abcd.tmp', 'n-32px.fake.0123abcd.tmp'].map((name) => join(folder, name))
    for (const path of [abandoned!, other!]) {
      await writeFile(path, '')
      await utimes(path, 0, 0)
    }
    await asked({ asked: false, wish: { folder } })
    expect(await readdir(folder)).toEqual(['n-32px.fake.0123abcd.tmp'])
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})
