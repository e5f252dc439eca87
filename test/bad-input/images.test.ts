import { cp, mkdir, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { mnas } from '../support/mnas.js'
import { smallPictures } from '../support/pictures.js'
import { temporaryFolder } from '../support/temporary-folder.js'
import { writeTinyNetwork } from '../support/tiny-network.js'
import { expectFailure, expectJsonFailure, expectLine } from './failing.js'

let folder: Awaited<ReturnType<typeof temporaryFolder>>
let cache: Awaited<ReturnType<typeof temporaryFolder>>
const options = () => ({ cwd: folder.path, env: { MNAS_CACHE_FOLDER: cache.path, MNAS_PROGRESS: 'none' } })
const path = (...names: string[]) => join(folder.path, ...names)
const train = (data: string, out = 'never') => [
  ...['train', 'tiny.json', '--data', data, '--out', out],
  ...['--epochs', '1', '--batch', '8', '--threads', '1', '--workers', '0'],
]
const search = (data: string) => ['search', '--data', data, '--out', 'never', '--device', 'replay', '--size', '32']

beforeAll(async () => {
  ;[folder, cache] = [await temporaryFolder('images'), await temporaryFolder('cache')]
  await smallPictures(path('pictures'))
  await writeTinyNetwork(path('tiny.json'))
  await mkdir(path('empty'))
  for (const label of ['cats', 'dogs']) await mkdir(path('without-images', label), { recursive: true })
  await cp(path('pictures', 'train', 'disc'), path('one-class', 'disc'), { recursive: true })
  const trained = await mnas([...train('pictures', 'model'), '--json'], options())
  expect(trained.exitCode, trained.stderr).toBe(0)
})
afterAll(() => Promise.all([folder.remove(), cache.remove()]))

describe('a data folder that is none', () => {
  it.each([
    ['nowhere', 'MNAS_DATA_FOLDER', /it does not exist.*check --data/],
    ['tiny.json', 'MNAS_DATA_FOLDER', /it is a file, not a folder/],
    ['empty', 'MNAS_DATA_EMPTY', /received no class folders/],
    ['without-images', 'MNAS_DATA_EMPTY', /received 2 empty class folders.*Put the images of each class/],
    ['one-class', 'MNAS_DATA_CLASSES', /received "disc"\. Add a folder for another class/],
  ])('%s: %s', async (data, code, says) => {
    const failure = { code, exit: 7, says }
    await expectFailure(train(data), failure, options())
    await expectJsonFailure(search(data), failure, options())
  })

  it('is named by evaluate and deploy, too', async () => {
    const failure = { code: 'MNAS_DATA_FOLDER', exit: 7, says: /nowhere/ }
    await expectFailure(['evaluate', 'model', '--data', 'nowhere'], failure, options())
    await expectFailure(['deploy', 'model', '--data', 'nowhere', '--device', 'replay'], failure, options())
  })

  it('has other classes than the model', async () => {
    await cp(path('pictures'), path('other-classes'), { recursive: true })
    for (const part of ['train', 'val']) await rm(path('other-classes', part, 'disc'), { recursive: true })
    const failure = { code: 'MNAS_EVALUATE_LABELS', exit: 7, says: /expected checks, disc.*received checks, stripes/ }
    await expectFailure(['evaluate', 'model', '--data', 'other-classes'], failure, options())
  })
})

describe('images that cannot be used', () => {
  const broken = (name: string) => path(name, 'train', 'disc', 'disc-000.jpg')

  beforeAll(async () => {
    for (const name of ['some-broken', 'many-broken']) await cp(path('pictures'), path(name), { recursive: true })
    await truncate(broken('some-broken'), 400)
    await writeFile(path('some-broken', 'train', 'checks', 'checks-000.jpg'), 'Not a picture but a text.\n')
    const jpeg = await readFile(path('some-broken', 'train', 'stripes', 'stripes-000.jpg'))
    // Head and end are as they should be: only decoding shows the damage.
    await writeFile(path('some-broken', 'train', 'stripes', 'stripes-000.jpg'), jpeg.fill(0, 200, jpeg.length - 20))
    for (const label of ['disc', 'checks', 'stripes', 'triangle'])
      for (const number of ['000', '002']) await truncate(path('many-broken', 'train', label, `${label}-${number}.jpg`), 400)
  })

  it('are named, skipped and counted: a truncated JPEG, a text file called .jpg, damage in the middle', async () => {
    const names = ['train/checks/checks-000.jpg', 'train/disc/disc-000.jpg', 'train/stripes/stripes-000.jpg']
    const trained = await mnas([...train('some-broken', 'despite'), '--json', '--progress', 'plain'], options())
    expect(trained.exitCode, trained.stderr).toBe(0)
    const { skipped } = trained.json<{ skipped: readonly { file: string; reason: string }[] }>()
    expect(skipped.map(({ file }) => file).sort()).toEqual(names)
    expect(skipped.find(({ file }) => file === names[0])?.reason).toMatch(/^a text file/)
    for (const { file, reason } of skipped) expect(trained.stderr).toContain(`skipped ${file}: ${reason}\n`)

    const evaluated = await mnas(['evaluate', 'despite', '--json', '--progress', 'plain'], options())
    // The third is a training image: nobody decodes it, so nobody finds its damage.
    expect(evaluated.json<{ skipped: readonly object[] }>().skipped).toHaveLength(2)
    for (const name of names.slice(0, 2)) expect(evaluated.stderr.split(`skipped ${name}`)).toHaveLength(2)
    await rm(path('despite'), { recursive: true })
  })

  it('are an error above 5 %', async () => {
    const failure = { code: 'MNAS_DATA_BROKEN', exit: 7, says: /8 of 80 files in .* at most 5 %.*\.jpg \(.*Repair, convert/ }
    await expectFailure(train('many-broken'), failure, options())
    await expectJsonFailure(search('many-broken'), failure, options())
    await expectFailure(['evaluate', 'model', '--data', 'many-broken'], failure, options())
  })

  it('are named one by one by predict, which answers for the others', async () => {
    await writeFile(path('text.jpg'), 'Not a picture but a text.\n')
    const good = path('pictures', 'val', 'disc', 'disc-000.jpg')
    const args = ['predict', 'model', good, 'text.jpg', 'nowhere.jpg', 'some-broken/train/disc/disc-000.jpg']
    const answer = await mnas([...args, '--json'], options())
    expect(answer.exitCode).toBe(7)
    const { predictions } = answer.json<{ predictions: readonly { output: object | null; error: object | null }[] }>()
    expect(predictions[0]).toMatchObject({ image: good, output: { predictions: expect.any(Array) }, error: null })
    const reasons = [/a text file/, /it does not exist/, /premature end|corrupt/]
    expect(predictions.slice(1)).toEqual(
      reasons.map((reason, index) => ({
        image: args[index + 3],
        output: null,
        error: { code: 'MNAS_DATA_IMAGE', message: expect.stringMatching(reason), exitCode: 7 },
      })),
    )
    const lines = await mnas(args, options())
    expect(lines.exitCode).toBe(7)
    expect(lines.stdout.trimEnd().split('\n')).toHaveLength(4)
    expect(lines.stdout).toContain('text.jpg: Cannot use the image "text.jpg": a text file')
  })

  it('are looked for in folders by predict, without what else lies there', async () => {
    await cp(path('pictures', 'val', 'disc'), path('holiday', 'first day'), { recursive: true })
    await cp(path('pictures', 'val', 'disc', 'disc-000.jpg'), path('holiday', 'a.jpg'))
    for (const name of ['labels.csv', 'Thumbs.db', '.hidden.jpg']) await writeFile(path('holiday', name), 'text')
    const days = (await readdir(path('holiday', 'first day'))).sort().map((name) => join('holiday', 'first day', name))
    const { exitCode, json } = await mnas(['predict', 'model', 'text.jpg', 'holiday', '--json'], options())
    expect(exitCode).toBe(7)
    const { predictions } = json<{ predictions: readonly { image: string; error: object | null }[] }>()
    expect(predictions.map(({ image }) => image)).toEqual(['text.jpg', join('holiday', 'a.jpg'), ...days])
    expect(predictions.slice(1).map(({ error }) => error)).toEqual([null, ...days.map(() => null)])

    await mkdir(path('bare'))
    const empty = { code: 'MNAS_PREDICT_EMPTY', exit: 7, says: /No images in "bare"/ }
    expectLine(await mnas(['predict', 'model', 'bare'], options()), empty)
  })
})
