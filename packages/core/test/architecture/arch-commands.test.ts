import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { architectureHash, architectureJsonSchema, namedArchitecture } from '@mnas/core/architecture'
import { runCommand } from '@oclif/test'
import { afterEach, describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('../../../..', import.meta.url))
const run = (...argv: string[]) => runCommand(argv, { root })
const json = async (...argv: string[]) => JSON.parse((await run(...argv, '--json')).stdout)

const folders: string[] = []
afterEach(async () => {
  process.exitCode = undefined
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true })
})

describe('mnas arch list', () => {
  it('shows every published network with its cost', async () => {
    const { stdout } = await run('arch', 'list')
    expect(stdout).toMatch(/mnasnet-a1 +224 px +3,887,038 +311\.6 M/)
    const { version, architectures } = await json('arch', 'list')
    expect(version).toBe(1)
    expect(architectures).toContainEqual({
      name: 'mnasnet-small',
      inputSize: 224,
      parameters: 2_030_264,
      macs: 68_339_184,
      peakMemoryBytes: expect.any(Number),
    })
  })
})

describe('mnas arch show', () => {
  it('prints the table with the resolution of each row', async () => {
    const { stdout } = await run('arch', 'show', 'mnasnet-a1')
    expect(stdout).toMatch(/3 +3 × mbconv3 5x5 \/2, se 0\.25, identity +40 +28x28 +39,098 +28\.9 M/)
    expect(stdout).toContain('3,887,038 parameters, 311.6 M MACs')
  })

  it('answers in JSON', async () => {
    const answer = await json('arch', 'show', 'mnasnet-a1')
    const a1 = namedArchitecture('mnasnet-a1')
    expect(answer).toMatchObject({
      version: 1,
      name: 'mnasnet-a1',
      hash: architectureHash(a1),
      parameters: 3_887_038,
      macs: 311_579_072,
      architecture: a1,
    })
    expect(answer.blocks).toHaveLength(9)
    expect(answer.blocks[3]).toMatchObject({ row: 3, filters: 40, outputSize: 28, layers: { op: 'mbconv', repeats: 3 } })
  })

  it('applies width, size and classes', async () => {
    const { architecture, parameters } = await json(
      ...'arch show mnasnet-a1 --width 0.5 --size 96 --task-option classes=6'.split(' '),
    )
    expect(architecture).toMatchObject({
      name: 'mnasnet-a1@0.5',
      input: { size: 96 },
      stem: { filters: 16 },
      task: { options: { classes: 6, dropout: 0.2 } },
    })
    // mnasnet-a1@0.5 with 6 classes instead of 1000: 994 · (1280 + 1) parameters less.
    expect(parameters).toBe(2_082_006 - 994 * 1281)
    const wide = await json(...'arch show mobilenet-v2 --width 1.4'.split(' '))
    expect(wide.architecture).toEqual(namedArchitecture('mobilenet-v2@1.4'))
  })

  it('reads an architecture file, and names the file and the field that is wrong', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'mnas-arch-'))
    folders.push(folder)
    const file = join(folder, 'mine.json')
    const small = namedArchitecture('mnasnet-small')
    await writeFile(file, JSON.stringify({ ...small, name: 'mine' }))
    expect(await json('arch', 'show', file)).toMatchObject({ name: 'mine', parameters: 2_030_264 })
    await writeFile(file, JSON.stringify({ ...small, stem: { ...small.stem, kernel: 4 } }))
    const { error } = await run('arch', 'show', file)
    expect(error).toMatchObject({ code: 'MNAS_ARCHITECTURE_FIELD', oclif: { exit: 3 } })
    expect(error?.message).toContain(`"${file}" has a wrong field stem.kernel. Expected 1 or 3 or 5 or 7, received 4.`)
  })

  it.each([
    ['arch show mnasnet-a3', 'MNAS_ARCHITECTURE_UNKNOWN', 3],
    ['arch show mnasnet-a1 --width much', 'MNAS_ARCHITECTURE_WIDTH', 3],
    ['arch show mnasnet-a1 --size 8', 'MNAS_ARCHITECTURE_FIELD', 3],
    ['arch show mnasnet-a1 --size 16', 'MNAS_ARCHITECTURE_SHAPE', 3],
    ['arch show mnasnet-a1 --task-option classes=1', 'MNAS_ARCHITECTURE_FIELD', 3],
    ['arch show', 'MNAS_USAGE', 2],
  ])('%s ends with %s', async (command, code, exit) => {
    const { error, stdout } = await run(...command.split(' '))
    expect(error).toMatchObject({ code, oclif: { exit } })
    expect(error?.message).not.toContain('\n')
    expect(stdout).toBe('')
    const answer = await json(...command.split(' '))
    expect(answer).toMatchObject({ version: 1, error: { code, exitCode: exit } })
  })
})

describe('mnas arch schema', () => {
  it('prints the schema, with and without --json', async () => {
    const schema = JSON.parse(JSON.stringify(architectureJsonSchema()))
    expect(JSON.parse((await run('arch', 'schema')).stdout)).toEqual(schema)
    expect(await json('arch', 'schema')).toEqual(schema)
  })
})
