import { cp, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { loadBundleWeights } from '@mnas/core/bundle'
import { serializeSafetensors } from '@mnas/core/weights'
import type { ZooVerifyAnswer } from '@mnas/plugin-zoo/answers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { squarePictures } from '../detection/square-pictures.js'
import { mnas } from '../support/mnas.js'
import { smallPictures } from '../support/pictures.js'
import { temporaryFolder } from '../support/temporary-folder.js'
import { writeTinyNetwork } from '../support/tiny-network.js'
import { changeEntry, changeFile, unpackEntry } from './support/entry-folder.js'

let folder: Awaited<ReturnType<typeof temporaryFolder>>
const path = (...parts: readonly string[]) => join(folder.path, ...parts)
const run = (...args: readonly string[]) =>
  mnas(args, {
    cwd: folder.path,
    env: {
      ...{ MNAS_CACHE_FOLDER: path('cache'), XDG_CONFIG_HOME: path('config'), MNAS_ZOOS: `ours=${path('zoo')}` },
      ...{ MNAS_PROGRESS: 'none', CI: undefined },
    },
  })
const succeed = async (...args: readonly string[]) => {
  const ended = await run(...args)
  expect(ended.exitCode, `${args.join(' ')}: ${ended.stderr}`).toBe(0)
  return ended
}

const entries = {
  'me/photos': { data: 'pictures', quantize: 'none,int8', task: 'classification', seed: '1' },
  'me/small': { data: 'pictures', quantize: 'float16,weights,dynamic', task: 'classification', seed: '2' },
  'me/squares': { data: 'squares', quantize: 'none', task: 'detection', seed: '1' },
} as const
type Name = keyof typeof entries

beforeAll(async () => {
  folder = await temporaryFolder('verify')
  await Promise.all([smallPictures(path('pictures')), squarePictures(path('squares')), writeTinyNetwork(path('tiny.json'))])
  await succeed('zoo', 'key', '--out', 'mine.pem')
  for (const [name, { data, quantize, task, seed }] of Object.entries(entries)) {
    const model = join('models', name)
    const few = ['--epochs', '2', '--batch', '4', '--threads', '1', '--workers', '0', '--seed', seed]
    await succeed('train', 'tiny.json', '--task', task, '--data', data, '--out', model, ...few)
    const calibration = ['--quantize', quantize, '--calibration-images', '6', '--max-drop', '1', '--no-layers']
    await succeed('deploy', model, '--data', data, '--device', 'replay', ...calibration, '--images', '100000')
    // Another input size than the model's.
    if (name === 'me/small')
      await succeed(
        'deploy',
        model,
        '--data',
        data,
        '--device',
        'replay',
        '--size',
        '48',
        '--max-drop',
        '1',
        '--no-layers',
        '--images',
        '100000',
      )
    await succeed('export', model, '--format', 'tfjs')
    const wish = ['--to', 'zoo', '--name', name, '--licence', 'MIT', '--allow-emulated', '--key', 'mine.pem']
    await succeed('zoo', 'publish', model, ...wish)
  }
}, 300_000)
afterAll(() => folder.remove())

const verify = async (entry: string, ...args: readonly string[]) => {
  const { exitCode, stderr, json } = await run('zoo', 'verify', entry, '--json', ...args)
  return { exitCode, stderr, answer: json<ZooVerifyAnswer>() }
}
const everything = (name: Name) => ['--data', entries[name].data, '--device', 'replay'] as const
const broken = ({ claims }: ZooVerifyAnswer) => claims.filter(({ holds }) => holds === false).map(({ claim }) => claim)
const unsaid = ({ claims }: ZooVerifyAnswer) => claims.filter(({ holds }) => holds === null).map(({ claim }) => claim)

/** An entry of its own for a test to falsify. */
async function unpacked(name: Name, as: string): Promise<string> {
  await unpackEntry(path('zoo'), name, '1.0.0', path(as))
  return path(as)
}

describe('mnas zoo verify', () => {
  it.each(Object.keys(entries) as readonly Name[])('finds that every claim of %s holds', async (name) => {
    const { exitCode, answer } = await verify(name, '--zoo', 'zoo', ...everything(name))
    expect(broken(answer)).toEqual([])
    expect(exitCode).toBe(0)
    expect(answer).toMatchObject({ name, release: '1.0.0', holds: true, broken: null })
    // Signed, and nobody has said by whom it should be; of a detector's file the time depends on what it sees.
    const free = name === 'me/squares' ? [expect.stringMatching(/^latency/)] : []
    // In the browser.
    const tfjs = `answers of exports/${name.slice('me/'.length)}-32px.tfjs`
    expect(unsaid(answer)).toEqual([`signature of ${name}@1.0.0`, tfjs, ...free])
    const kinds = new Set(answer.claims.map(({ kind }) => kind))
    expect([...kinds]).toEqual(['signature', 'files', 'outputs', 'accuracy', 'latency'])
    const ofLarger = answer.claims.filter(({ claim, holds }) => holds && claim.includes('exports/small-48px.tflite'))
    const looks = ['file', 'file', 'structure', 'answers', 'accuracy', 'latency']
    expect(ofLarger.map(({ claim }) => claim.split(' ')[0])).toEqual(name === 'me/small' ? looks : [])
  })

  it('of one changed weight, changed with care, fails in the answers of the weights alone', async () => {
    const entry = await unpacked('me/photos', 'weight')
    const weights = await loadBundleWeights(entry)
    // Of the last layer: what it moves, nothing hides.
    const bias = weights['logits.bias']!
    await changeFile(entry, 'weights.safetensors', () => {
      const data = Float32Array.from(bias.data, (value, i) => (i === 0 ? value + 0.2 : value))
      return serializeSafetensors({ ...weights, 'logits.bias': { ...bias, data } }, { model: 'photos' })
    })
    const { exitCode, answer } = await verify(entry, ...everything('me/photos'), '--level', 'outputs')
    expect(broken(answer)).toEqual(['answers of weights.safetensors'])
    expect({ exitCode, broken: answer.broken }).toMatchObject({ exitCode: 10, broken: { code: 'MNAS_ZOO_BROKEN_OUTPUTS' } })
  })

  it('of one changed weight fails in that file alone, and asks nothing of it', async () => {
    const entry = await unpacked('me/photos', 'flipped')
    const file = join(entry, 'weights.safetensors')
    const bytes = await readFile(file)
    bytes[bytes.length - 1]! ^= 1
    await writeFile(file, bytes)
    const { exitCode, answer } = await verify(entry, ...everything('me/photos'))
    expect(broken(answer)).toEqual(['file weights.safetensors'])
    expect({ exitCode, broken: answer.broken }).toMatchObject({ exitCode: 9, broken: { code: 'MNAS_ZOO_BROKEN_FILES' } })
    expect(unsaid(answer)).toContain('answers of exports/photos-32px.tflite')
  })

  it('of one falsified accuracy fails in that row alone', async () => {
    const entry = await unpacked('me/photos', 'accuracy')
    await changeEntry(entry, ({ accuracy: [claim] }) => {
      claim!.metrics['top1'] = claim!.metrics['top1']! + 3 / claim!.dataset.images
    })
    const { exitCode, answer } = await verify(entry, ...everything('me/photos'))
    expect(broken(answer)).toEqual(['accuracy of weights.safetensors on pictures, validation'])
    expect({ exitCode, broken: answer.broken }).toMatchObject({ exitCode: 11, broken: { code: 'MNAS_ZOO_BROKEN_ACCURACY' } })
  })

  it('of a falsified metric beside the first fails too, and judges no claim of which it measures no number', async () => {
    const entry = await unpacked('me/photos', 'metrics')
    await changeEntry(entry, ({ accuracy: [weights, exported] }) => {
      const known = weights!.metrics['balancedAccuracy']!
      weights!.metrics['balancedAccuracy'] = known > 0.5 ? known - 0.3 : known + 0.3
      Object.assign(exported!, { right: null, interval95: null, metrics: { top5: 0.999 } })
    })
    const { exitCode, answer } = await verify(entry, '--data', 'pictures', '--level', 'accuracy')
    expect(broken(answer)).toEqual(['accuracy of weights.safetensors on pictures, validation'])
    expect(exitCode).toBe(11)
    const [, exported] = answer.claims.filter(({ kind }) => kind === 'accuracy')
    expect(exported).toMatchObject({ holds: null, got: expect.stringMatching(/none of them a number of the claim$/) })
  })

  it('of a latency that claims a spread of anything is judged by what a spread can be', async () => {
    const entry = await unpacked('me/photos', 'spread')
    await changeEntry(entry, ({ latency: [claim] }) => {
      claim!.ms.p50 /= 2
      claim!.spread = 5
    })
    const { exitCode, answer } = await verify(entry, '--device', 'replay', '--level', 'latency')
    expect(broken(answer)).toEqual([expect.stringMatching(/^latency of exports\/photos-32px-int8.tflite/)])
    expect(exitCode).toBe(12)
  })

  it('of one falsified latency fails in that row alone', async () => {
    const entry = await unpacked('me/photos', 'latency')
    await changeEntry(entry, ({ latency: [claim] }) => {
      claim!.ms.p50 *= 0.85
    })
    const { exitCode, answer } = await verify(entry, ...everything('me/photos'))
    expect(broken(answer)).toEqual([expect.stringMatching(/^latency of exports\/photos-32px-int8.tflite on replay, emulated/)])
    expect({ exitCode, broken: answer.broken }).toMatchObject({ exitCode: 12, broken: { code: 'MNAS_ZOO_BROKEN_LATENCY' } })
  })

  it('tells of other images, other options and nothing at hand without judging', async () => {
    const entry = await unpacked('me/photos', 'elsewhere')
    const nothing = await verify(entry)
    expect(nothing.exitCode).toBe(0)
    expect(nothing.answer.claims.filter(({ kind }) => kind === 'accuracy' || kind === 'latency').map(({ got }) => got)).toEqual([
      ...Array(3).fill('no images were given (--data DIR)'),
      ...Array(2).fill('no device was named (--device DEVICE)'),
    ])
    await smallPictures(path('others'), { seed: 9 })
    const words = ['--data', 'others', '--device', 'replay', '--threads', '4', '--option', 'factor=2']
    const { exitCode, answer } = await verify(entry, ...words)
    expect({ exitCode, broken: broken(answer) }).toEqual({ exitCode: 0, broken: [] })
    const [accuracy] = answer.claims.filter(({ kind }) => kind === 'accuracy')
    expect(accuracy).toMatchObject({
      comparable: false,
      got: expect.stringMatching(/by 95 %\) on 16 images, which are not those/),
    })
    const [latency] = answer.claims.filter(({ kind }) => kind === 'latency')
    expect(latency!.got).toMatch(
      /^not comparable: threads 4, claimed with 1; options .*"factor":2.*, claimed with .*A new measurement: .* ms/,
    )
  })

  it('looks at the signature, and at whose it should be', async () => {
    await succeed('zoo', 'key', '--out', 'others.pem')
    await succeed('zoo', 'trust', 'add', 'me/*', 'others.pem.pub', '--mode', 'enforce')
    const files = ['--zoo', 'zoo', '--level', 'files'] as const
    const unknown = await verify('me/photos', ...files)
    expect({ exitCode: unknown.exitCode, broken: broken(unknown.answer) }).toEqual({
      exitCode: 13,
      broken: ['signature of me/photos@1.0.0'],
    })
    expect(unknown.answer.claims[0]!.got).toMatch(/^MNAS_ZOO_KEY_UNKNOWN: /)
    expect(unsaid(unknown.answer)).toEqual(['files of me/photos@1.0.0'])
    await succeed('zoo', 'trust', 'add', 'me/*', 'mine.pem.pub', '--mode', 'enforce')
    const trusted = await verify('me/photos@1.0', ...files)
    expect(trusted.exitCode).toBe(0)
    expect(trusted.answer.claims[0]).toMatchObject({ kind: 'signature', holds: true })
    const { trusted: list } = (await succeed('zoo', 'trust', 'list', '--json')).json<{ trusted: readonly { mode: string }[] }>()
    expect(list.map(({ mode }) => mode)).toEqual(['enforce', 'enforce'])
    await succeed('zoo', 'trust', 'rm', 'me/*')
  })

  it('takes no signature of another model, and none of other files', async () => {
    await succeed('zoo', 'trust', 'add', 'me/*', 'mine.pem.pub')
    const entry = await unpacked('me/photos', 'signed')
    expect((await verify(entry, '--level', 'files')).answer.claims[0]!.got).toMatch(/^MNAS_ZOO_UNSIGNED: /)
    await cp(path('zoo', 'entries', 'me', 'small', '1.0.0', 'model.sig'), join(entry, 'model.sig'))
    expect((await verify(entry, '--level', 'files')).answer.claims[0]!.got).toMatch(/^MNAS_ZOO_SIGNATURE_OTHER: /)
    await cp(path('zoo', 'entries', 'me', 'photos', '1.0.0', 'model.sig'), join(entry, 'model.sig'))
    expect((await verify(entry, '--level', 'files')).exitCode).toBe(0)
    await changeFile(entry, 'README.md', (bytes) => Buffer.concat([bytes, Buffer.from('!')]))
    const changed = await verify(entry, '--level', 'files')
    expect(changed.answer.claims[0]!.got).toMatch(/^MNAS_ZOO_SIGNATURE_CHANGED: /)
    await succeed('zoo', 'trust', 'rm', 'me/*')
  })

  it('prints what does not hold with what was expected, and ends with one line on stderr', async () => {
    const entry = await unpacked('me/small', 'printed')
    await changeEntry(entry, ({ latency: [claim] }) => {
      claim!.ms.p50 *= 2
    })
    const { exitCode, stdout, stderr } = await run('zoo', 'verify', entry, '--device', 'replay', '--level', 'latency')
    expect(exitCode).toBe(12)
    expect(stdout).toMatch(/✓ file model\.json: /)
    expect(stdout).toMatch(/✗ latency of .*\n {4}expected [\d.]+ ms with replay 1 \(measured\)\n {4}received [\d.]+ ms/)
    expect(stdout).toMatch(/\d+ claims hold, 1 do not, 1 cannot be compared/)
    expect(stderr).toMatch(/^✗ MNAS_ZOO_BROKEN_LATENCY: me\/small@1\.0\.0 does not hold/)
  })

  it('becomes a claim of whoever ran it, signed, with "zoo attest"', async () => {
    const words = ['--zoo', 'zoo', '--data', 'pictures', '--device', 'replay', '--key', 'mine.pem'] as const
    const answer = (await succeed('zoo', 'attest', 'me/small', ...words, '--to', 'zoo', '--out', 'said.json', '--json')).json()
    // Of each file once: two precisions of so small a network may be the same bytes.
    const claimed = await unpackEntry(path('zoo'), 'me/small', '1.0.0', path('claimed'))
    const [accuracy, latency] = [claimed.accuracy, claimed.latency].map((claims) => new Set(claims.map(({ file }) => file)).size)
    expect(answer).toMatchObject({ name: 'me/small', release: '1.0.0', file: 'said.json', zoo: 'zoo', accuracy, latency })
    const bytes = await readFile(path('said.json'))
    const kept = await readFile(path('zoo', 'entries', 'me', 'small', '1.0.0', 'attestations', `${answer['attestation']}.json`))
    expect(kept.equals(bytes)).toBe(true)
    const { dsseEnvelope } = JSON.parse(bytes.toString())
    const { subject, predicate } = JSON.parse(Buffer.from(dsseEnvelope.payload, 'base64').toString())
    expect(subject).toEqual([{ name: 'me/small@1.0.0', digest: { sha256: answer['digest'] } }])
    expect(new Set([...predicate.accuracy, ...predicate.latency].map(({ basis }) => basis))).toEqual(new Set(['attested']))
    expect(predicate.accuracy[0]).toMatchObject({ right: expect.any(Number), dataset: { name: 'pictures', images: 16 } })
    expect(predicate.latency[0]).toMatchObject({ device: { emulated: true }, runtime: { name: 'replay' }, processes: 3 })
    await succeed('zoo', 'trust', 'add', 'me/small', 'mine.pem.pub')
    const trusted = await verify('me/small', '--zoo', 'zoo', '--level', 'files')
    expect(trusted.answer.claims[1]).toMatchObject({ claim: 'attestation 1 of me/small@1.0.0', holds: true })
    expect(trusted.answer.claims[1]!.got).toMatch(/^\d of accuracy, \d of latency, signed with the key /)
    await succeed('zoo', 'trust', 'rm', 'me/small')
    const named = await succeed('zoo', 'attest', 'me/small', '--device', 'replay', '--key', 'mine.pem', '--to', 'ours', '--json')
    expect(named.json()).toMatchObject({ name: 'me/small', zoo: path('zoo'), file: null })
    const nothing = await run('zoo', 'attest', 'me/small', '--zoo', 'zoo', '--key', 'mine.pem', '--json')
    expect(nothing.json<{ error: { code: string } }>().error).toMatchObject({ code: 'MNAS_ZOO_ATTEST_NOTHING', exitCode: 2 })
    const entry = await unpacked('me/photos', 'not-attested')
    await changeFile(entry, 'golden.json', () => Buffer.from('{}'))
    const refused = await run('zoo', 'attest', entry, '--device', 'replay', '--key', 'mine.pem', '--json')
    expect(refused.json<{ error: { code: string } }>().error).toMatchObject({ code: 'MNAS_ZOO_BROKEN_OUTPUTS', exitCode: 10 })
  })

  it('counts an architecture without weights anew, and judges nothing that is only published', async () => {
    const { exitCode, answer } = await verify('mnas/mnasnet-a1')
    expect({ exitCode, broken: broken(answer) }).toEqual({ exitCode: 0, broken: [] })
    const model = answer.claims.find(({ claim }) => claim === 'model architecture.json')
    expect(model).toMatchObject({ holds: true, got: expect.stringContaining('3887038 parameters') })
    const published = answer.claims.filter(({ kind }) => kind === 'accuracy' || kind === 'latency')
    expect(published.map(({ comparable }) => comparable)).toEqual(published.map(() => false))
  })

  it('says what it cannot look at', async () => {
    for (const [entry, code] of [
      ['pictures', 'MNAS_ZOO_ENTRY_FOLDER'],
      ['nowhere/at-all', 'MNAS_ZOO_ENTRY_UNKNOWN'],
      ['NO NAME', 'MNAS_ZOO_ENTRY_FOLDER'],
    ] as const) {
      const { exitCode, json } = await run('zoo', 'verify', entry, '--zoo', 'zoo', '--json')
      expect({ exitCode, ...json<{ error: { code: string } }>().error }).toMatchObject({ exitCode: 3, code })
    }
  })
})
