import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import type { DeployAnswer } from '@mnas/core/answers'
import { fileFactsSchema } from '@mnas/core/deployment'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Ended, mnas as program } from '../support/mnas.js'
import { smallPictures } from '../support/pictures.js'
import { sharedData } from '../support/shared-data.js'
import { writeTinyNetwork } from '../support/tiny-network.js'
import { writeRandomBundle } from './random-bundle.js'
import { workspaceRegistry } from './workspace-registry.js'

const folder = mkdtempSync(join(tmpdir(), 'mnas-device-'))
const tiny = join(folder, 'tiny.json')
/** Files of the official converter. */
const foreign = sharedData('faults/foreign-tflite')
const pictures = join(folder, 'pictures')

beforeAll(async () => {
  await writeTinyNetwork(tiny)
  await smallPictures(pictures)
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const mnas = (...args: string[]): Promise<Ended> =>
  program(args, { cwd: folder, env: { MNAS_CACHE_FOLDER: join(folder, 'cache') } })

async function answer(...args: string[]): Promise<Record<string, unknown>> {
  const { exitCode, stdout, stderr, json } = await mnas(...args, '--json')
  expect(exitCode, stderr + stdout).toBe(0)
  return json()
}

async function failure(...args: string[]): Promise<{ readonly exit: number | null; readonly code: string }> {
  const { exitCode, stdout } = await mnas(...args, '--json')
  const { version, error } = JSON.parse(stdout)
  expect(version).toBe(1)
  expect(error.exitCode).toBe(exitCode)
  expect(error.message).not.toContain('\n')
  return { exit: exitCode, code: error.code }
}

describe('mnas device', () => {
  it('lists the host', async () => {
    const { version, devices } = await answer('device', 'list')
    expect(version).toBe(1)
    expect(devices).toContainEqual({
      device: 'host',
      state: expect.stringMatching(/^ready/),
      description: expect.any(String),
      emulated: false,
    })
  })

  it('describes the host, and says which runtime it fell back to', async () => {
    const { stdout, stderr } = await mnas('device', 'describe', '--json')
    expect(JSON.parse(stdout)).toMatchObject({
      version: 1,
      name: 'host',
      kind: 'host',
      emulated: false,
      runtime: { name: 'litert-js', version: expect.any(String), sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
      fingerprint: expect.stringMatching(/^[0-9a-f]{64}$/),
    })
    expect(stderr).toContain('mnas device setup host')
  })

  it('takes the options of the device that is meant, and names others', async () => {
    const wished = await mnas('device', 'describe', 'host', '--option', 'runtime=litert-js', '--json')
    expect(wished.stderr).toBe('')
    expect(wished.json()).toMatchObject({
      runtime: { name: 'litert-js' },
      options: [
        { name: 'runtime', choices: ['litert', 'litert-js'], use: 'device' },
        { name: 'library', use: 'setup' },
      ],
    })
    const unknown = ['--device', 'replay', '--option', 'factr=2']
    for (const command of [
      ['device', 'benchmark', tiny, ...unknown],
      ['deploy', tiny, '--random-weights', ...unknown],
    ])
      expect(await failure(...command)).toEqual({ exit: 2, code: 'MNAS_OPTION_UNKNOWN' })
  })

  it('names devices that are not there', async () => {
    expect(await failure('device', 'describe', 'hots')).toEqual({ exit: 3, code: 'MNAS_NAME_UNKNOWN' })
    expect(await failure('device', 'describe', 'host:1')).toEqual({ exit: 5, code: 'MNAS_DEVICE_UNREACHABLE' })
  })

  it('sets up nothing unasked, says what it would do, and names what it cannot do', async () => {
    const unasked = await mnas('device', 'setup', 'host')
    expect(unasked.exitCode).toBe(2)
    expect(unasked.stderr).toContain('MNAS_CONFIRMATION_NEEDED')
    expect(unasked.stderr).toContain('ai-edge-litert')
    expect(existsSync(join(folder, 'cache', 'litert'))).toBe(false)
    expect(await failure('device', 'setup', 'replay', '--yes')).toEqual({ exit: 2, code: 'MNAS_DEVICE_NO_SETUP' })
    const missing = await failure('device', 'setup', 'host', '--yes', '--option', 'library=none.so')
    expect(missing).toEqual({ exit: 3, code: 'MNAS_FILE_MISSING' })
  })

  it('times a model without weights on the host', async () => {
    const report = await answer('device', 'benchmark', tiny, '--processes', '2', '--runs', '3')
    expect(report).toMatchObject({ version: 1, model: tiny, device: 'host', emulated: false, flags: { threads: 1 } })
    expect(report).toMatchObject({ statistic: 'median', processes: [{ count: 3 }, { count: 3 }] })
    expect(report['latencyMs']).toBeGreaterThan(0)
    expect(readdirSync(folder)).not.toContain('exports')
  })

  it('shows that a replayed time is emulated', async () => {
    const first = await answer('device', 'benchmark', tiny, '--device', 'replay')
    expect(first).toMatchObject({ emulated: true, stable: true })
    expect((await answer('device', 'benchmark', tiny, '--device', 'replay'))['latencyMs']).toBe(first['latencyMs'])
    expect((await mnas('device', 'benchmark', tiny, '--device', 'replay')).stdout).toContain('emulated')
    const slower = await answer('device', 'benchmark', tiny, '--device', 'replay', '--option', 'factor=2')
    expect(slower).toMatchObject({ latencyMs: 2 * (first['latencyMs'] as number), flags: { threads: 1, factor: 2 } })
  })

  it.skipIf(foreign === null)("times a file of anybody's, and says what it takes", async () => {
    const report = await answer(
      'device',
      'benchmark',
      join(foreign!, 'keras-dynamic-batch.tflite'),
      '--processes',
      '1',
      '--runs',
      '2',
    )
    expect(report['latencyMs']).toBeGreaterThan(0)
    expect(report['inputs']).toEqual([{ name: 'keras_tensor', shape: [1, 32, 32, 3], dtype: 'float32', affine: null }])
    const quantised = join(foreign!, 'int8-io.tflite')
    expect(await failure('device', 'benchmark', quantised)).toEqual({ exit: 3, code: 'MNAS_RUNTIME_TYPE' })
    expect((await answer('device', 'benchmark', quantised, '--device', 'replay'))['inputs']).toMatchObject([{ dtype: 'int8' }])
  })

  it('names bad models and files', async () => {
    writeFileSync(join(folder, 'broken.tflite'), 'no model at all')
    expect(await failure('device', 'benchmark', 'none.tflite')).toEqual({ exit: 3, code: 'MNAS_FILE_MISSING' })
    expect((await failure('device', 'benchmark', 'broken.tflite')).code).toMatch(/^MNAS_RUNTIME_/)
    expect((await failure('device', 'benchmark', 'mnasnet-a2')).exit).toBe(3)
    expect((await failure('device', 'benchmark', tiny, '--size', '3')).exit).toBe(2)
  })
})

type Deployed = DeployAnswer['files'][number]
const deploy = async (...args: string[]) => {
  const report = (await answer('deploy', ...args)) as unknown as DeployAnswer
  return { report, file: report.files[0]! }
}
const errorOf = ({ agreement }: Deployed) => agreement!['maxLogProbabilityError']

describe('mnas device doctor', () => {
  it('opens what is asked for, and ends with 1 when it cannot be', async () => {
    const found = await answer('device', 'doctor', 'replay')
    expect(found).toMatchObject({ ok: true })
    expect(found['checks']).toContainEqual({
      name: 'device replay',
      status: 'ok',
      detail: expect.stringContaining('emulated'),
      fix: null,
    })
    const { exitCode, json } = await mnas('device', 'doctor', 'android:NOWHERE', '--json')
    expect(exitCode).toBe(1)
    expect(json()).toMatchObject({ ok: false, checks: expect.arrayContaining([expect.objectContaining({ status: 'failed' })]) })
  })
})

describe('mnas deploy', () => {
  it('writes, times and checks a file of random weights', async () => {
    const { report, file } = await deploy(tiny, '--device', 'host', '--random-weights', '--size', '40', '--out', 'out')
    expect(report).toMatchObject({
      version: 1,
      randomWeights: true,
      verifiedOn: 'synthetic',
      device: 'host',
      emulated: false,
      parameters: expect.any(Number),
      macs: expect.any(Number),
    })
    expect(report.files).toEqual([
      {
        file: join('out', 'tiny-40px.tflite'),
        format: 'tflite',
        precision: 'float32',
        sizeBytes: expect.any(Number),
        sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
        latencyMs: expect.any(Number),
        spread: expect.any(Number),
        before: expect.any(Object),
        after: expect.any(Object),
        stable: expect.any(Boolean),
        runtime: expect.objectContaining({ name: 'litert-js' }),
        agreement: { maxLogProbabilityError: expect.any(Number) },
        comparison: { distance: expect.closeTo(0, 5), sameAnswers: 1, quality: null },
        recipe: null,
        layers: null,
      },
    ])
    expect(errorOf(file)).toBeLessThan(1e-3)
    expect(file.latencyMs).toBeGreaterThan(0)
    const timed = await answer('device', 'benchmark', file.file, '--processes', '1', '--runs', '2')
    expect(timed['sizeBytes']).toBe(file.sizeBytes)
  })

  it('checks a bundle on the photos it was trained with, and keeps the file in its exports', async () => {
    const bundle = join(folder, 'models', 'tiny')
    await writeRandomBundle(bundle, workspaceRegistry())
    mkdirSync(join(bundle, 'local'))
    writeFileSync(join(bundle, 'local', 'data.json'), JSON.stringify({ folder: pictures, options: {} }))
    const { report, file } = await deploy(bundle, '--device', 'replay')
    expect(report).toMatchObject({ verifiedOn: 'photos', randomWeights: false, emulated: true })
    expect(file.agreement).toMatchObject({ top1Agreement: 1 })
    expect(report.images).toBeGreaterThan(4)
    expect(errorOf(file)).toBeLessThan(1e-3)
    expect(file.file).toBe(join(bundle, 'exports', 'tiny-random-32px.tflite'))
    const few = await mnas('deploy', bundle, '--device', 'replay', '--data', pictures, '--images', '3')
    expect(few.stdout).toContain('on 3 images')
    expect(few.stdout).toContain('emulated')
  })

  it('keeps beside the file what was found, each device and what it was told apart', async () => {
    const args = [tiny, '--random-weights', '--out', 'kept', '--device', 'replay']
    const { report, file } = await deploy(...args)
    const slower = (await deploy(...args, '--option', 'factor=2')).file
    const facts = fileFactsSchema.parse(JSON.parse(readFileSync(join(folder, `${file.file}.json`), 'utf8')))
    const { file: path, format, precision, sizeBytes, sha256, agreement, runtime } = file
    expect(facts).toMatchObject({ file: basename(path), format, precision, sizeBytes, sha256 })
    expect(facts.inputs).toEqual([{ name: 'image', shape: [1, 32, 32, 3], dtype: 'float32', affine: null }])
    expect(facts.outputs).toEqual([{ name: 'probabilities', shape: [1, 4], dtype: 'float32', affine: null }])
    const { parameters, macs, images } = report
    const model = { name: 'tiny', task: 'classification', inputSize: 32, parameters, macs, randomWeights: true }
    expect(facts.model).toEqual(model)
    expect(facts.agreement).toEqual({ verifiedOn: 'synthetic', images, metrics: agreement })
    expect(facts.latencies).toMatchObject([
      { device: 'replay', emulated: true, runtime, flags: { threads: 1 }, latencyMs: file.latencyMs },
      { device: 'replay', emulated: true, runtime, flags: { threads: 1, factor: 2 }, latencyMs: slower.latencyMs },
    ])
    expect(JSON.stringify(facts)).not.toContain(folder)
  })

  it('falls back to synthetic inputs, with a word, when the recorded photos are gone', async () => {
    const bundle = join(folder, 'models', 'moved')
    await writeRandomBundle(bundle, workspaceRegistry())
    mkdirSync(join(bundle, 'local'))
    writeFileSync(join(bundle, 'local', 'data.json'), JSON.stringify({ folder: join(folder, 'gone'), options: {} }))
    const { exitCode, stdout, stderr } = await mnas('deploy', bundle, '--device', 'replay', '--json')
    expect(exitCode).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ verifiedOn: 'synthetic' })
    expect(JSON.parse(stdout).files[0].agreement).not.toHaveProperty('top1Agreement')
    expect(stderr).toContain('gone')
  })

  it('writes nothing when something is wrong from the start', async () => {
    writeFileSync(join(folder, 'file'), '')
    const out = join(folder, 'never')
    expect(await failure('deploy', tiny, '--out', out)).toEqual({ exit: 3, code: 'MNAS_DEPLOY_UNTRAINED' })
    expect((await failure('deploy', tiny, '--random-weights', '--out', out, '--data', join(folder, 'none'))).exit).toBe(7)
    expect((await failure('deploy', tiny, '--random-weights', '--out', out, '--device', 'hots')).exit).toBe(3)
    expect(existsSync(out)).toBe(false)
    const below = await failure('deploy', tiny, '--random-weights', '--out', join(folder, 'file', 'below'))
    expect(below).toEqual({ exit: 3, code: 'MNAS_FILE_WRITE' })
  })
})
