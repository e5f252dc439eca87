import { describe, expect, it } from 'vitest'
import { errorCode, picture, pictures, temporaryFolder, writeFiles } from '../../images/test/support/pictures.js'
import { open } from './support/image-folder.js'

const labels = ['glass', 'metal']
const splits = ['train', 'heldOut', 'validation', 'test', 'all'] as const
type Files = Readonly<Record<string, Buffer | string>>

async function folderOf(...files: readonly Files[]): Promise<string> {
  const folder = await temporaryFolder()
  for (const group of files) await writeFiles(folder, group)
  return folder
}

/** Pictures under other names, as bytes that are nowhere else. */
async function part(path: string, first: number, count: number): Promise<Files> {
  const entries = labels.flatMap((label, index) =>
    Array.from({ length: count }, async (_, number) => [
      `${path}${label}/${first + number}.jpg`,
      await picture(1000 * index + first + number),
    ]),
  )
  return Object.fromEntries(await Promise.all(entries))
}

async function sizesOf(folder: string, options: Parameters<typeof open>[1] = {}) {
  const dataset = await open(folder, options)
  return splits.map((split) => dataset.size(split))
}

describe('parts of a data set', () => {
  it('are understood as shops and frameworks spell them, and the test part is used for nothing else', async () => {
    for (const [training, validation, test] of [
      ['train', 'valid', 'test'],
      ['training', 'validation', 'testing'],
      ['Train', 'Val', 'Test'],
    ]) {
      const folder = await folderOf(
        await part(`${training}/`, 0, 8),
        await part(`${validation}/`, 20, 3),
        await part(`${test}/`, 40, 2),
      )
      const dataset = await open(folder)
      expect(dataset.labels).toEqual(labels)
      expect(splits.map((split) => dataset.size(split))).toEqual([14, 2, 6, 4, 26])
      expect(dataset.places).toEqual({ train: `${training}/`, validation: `${validation}/`, test: `${test}/` })
      const without = await folderOf(await part(`${training}/`, 0, 8), await part(`${validation}/`, 20, 3))
      expect((await open(without)).fingerprint).toBe(dataset.fingerprint)
    }
  })

  it('say what lies beside them, and refuse to train where nothing is to train on', async () => {
    const folder = await folderOf(await part('train/', 0, 8), await part('val/', 20, 3), {
      'raw/1.jpg': 'x',
      'extra/cat/1.jpg': 'x',
    })
    expect((await open(folder)).warnings).toContain('not looked at beside train/, val/: extra/, raw/')
    const only = await folderOf(await part('val/', 0, 4))
    await expect(open(only)).rejects.toThrow(/there is only val\/, which is not trained on.*Add train\/CLASS/)
    expect(await errorCode(open(only))).toBe('MNAS_DATA_LAYOUT')
    expect(await sizesOf(only, { purpose: 'evaluation' })).toEqual([0, 0, 8, 0, 8])
  })

  it('refuse classes that training images do not have', async () => {
    const folder = await folderOf(await part('training/', 0, 4), await part('test/', 10, 2), {
      'test/wood/1.jpg': await picture(9),
    })
    await expect(open(folder)).rejects.toThrow(/received "wood" as well. Add training\/wood or remove it from test\//)
  })
})

describe('validation images side by side', () => {
  const flat = async (lists: Files) =>
    folderOf(await part('train/', 0, 8), lists, {
      'val/v_3.jpg': await picture(503),
      'val/v_10.jpg': await picture(510),
      'val/v_11.jpg': await picture(511),
    })
  const countsOf = async (lists: Files) => (await open(await flat(lists))).counts('validation')

  it('get their classes from a list: by name or number, in the order of names, with or without titles and endings', async () => {
    expect(await countsOf({ 'val.txt': 'v_3.jpg 0\nv_10.jpg 1\nv_11.jpg 1\n' })).toEqual([1, 2])
    expect(
      await countsOf({
        'LOC_val_solution.csv': 'ImageId,PredictionString\nv_3,glass 1 2 3 4\nv_10,metal 0 0 9 9\nv_11,metal 1 1 1 1\n',
      }),
    ).toEqual([1, 2])
    expect(
      await countsOf({ 'val/val_annotations.txt': '\ufeffv_3.jpg\tmetal\t0\r\nv_10.jpg\tglass\t1\r\nv_11.jpg\tglass\t2\r\n' }),
    ).toEqual([2, 1])
    // In the order of paths: v_10, v_11, v_3.
    expect(await countsOf({ 'imagenet_2012_validation_synset_labels.txt': 'glass\nglass\nmetal\n' })).toEqual([2, 1])
    const { warnings } = await open(await flat({ 'val.txt': 'v_3.jpg 0\nv_10.jpg 1\nv_11.jpg 1\n', 'notes.txt': 'hello' }))
    expect(warnings).toContain('the classes of val/ are those of the list val.txt')
  })

  it('are other data once their list says other classes', async () => {
    const fingerprintOf = async (lists: Files) => (await open(await flat(lists))).fingerprint
    const first = await fingerprintOf({ 'val.txt': 'v_3.jpg 0\nv_10.jpg 1\nv_11.jpg 1\n' })
    expect(await fingerprintOf({ 'val.txt': 'v_3.jpg glass\nv_10.jpg metal\nv_11.jpg metal\n' })).toBe(first)
    expect(await fingerprintOf({ 'val.txt': 'v_3.jpg 1\nv_10.jpg 1\nv_11.jpg 1\n' })).not.toBe(first)
  })

  it('are refused without one', async () => {
    for (const lists of [
      {},
      { 'val.txt': 'v_3.jpg 0\nv_10.jpg 1\n' },
      { 'val.txt': 'v_3.jpg 0\nv_10.jpg 7\nv_11.jpg 1\n' },
      { 'notes.txt': 'a\nb\nc\n' },
    ])
      expect(await errorCode(flat(lists).then((folder) => open(folder)))).toBe('MNAS_DATA_UNLABELLED')
    await expect(open(await flat({ 'val.txt': 'hello' }))).rejects.toThrow(
      /expected val\/CLASS\/\*\.jpg, or a list beside it \(val\.txt\).*looked at val\.txt/i,
    )
  })

  it('of a test are not used, and that is said', async () => {
    const folder = await folderOf(await part('train/', 0, 8), { 'test/1.jpg': await picture(700) })
    const { warnings, places } = await open(folder)
    expect(warnings).toContain('test/ is not used: its images lie in no class folders, and no list says their classes')
    expect(places).toEqual({ train: 'train/' })
  })
})

describe('folders in folders of classes', () => {
  it('count as the first one, which is said, or are classes themselves when asked', async () => {
    const folder = await folderOf(await pictures(['animal/cat', 'animal/dog', 'vehicle/car', 'plant'], 4))
    const top = await open(folder)
    expect(top.labels).toEqual(['animal', 'plant', 'vehicle'])
    expect(top.warnings).toContain(
      'class folders hold folders (animal/: cat/, dog/): what is in them counts as animal; --class-folders leaf makes each of them a class',
    )
    const leaf = await open(folder, { classFolders: 'leaf' })
    expect(leaf.labels).toEqual(['car', 'cat', 'dog', 'plant'])
    expect(leaf.counts('all')).toEqual([4, 4, 4, 4])
    expect(leaf.fingerprint).not.toBe(top.fingerprint)
    expect((await open(folder, { classFolders: 'top' })).warnings).not.toContainEqual(
      expect.stringContaining('class folders hold'),
    )
  })

  it('that are the same everywhere are parts of a set that nobody named: refused, unless somebody says which are the classes', async () => {
    const folder = await folderOf(await part('fold1/', 0, 4), await part('fold2/', 10, 4))
    await expect(open(folder)).rejects.toThrow(
      /each of fold1\/, fold2\/ holds the same folders \(glass\/, metal\/\).*--class-folders leaf when glass\/, metal\/ are the classes/,
    )
    expect((await open(folder, { classFolders: 'leaf' })).counts('all')).toEqual([8, 8])
    expect((await open(folder, { classFolders: 'top' })).labels).toEqual(['fold1', 'fold2'])
  })

  it('that wrap a whole data set are told from a class', async () => {
    const folder = await folderOf(await part('archive/train/', 0, 4), await part('archive/val/', 10, 2))
    await expect(open(folder)).rejects.toThrow(/only one class.*"archive".*archive/i)
  })
})

describe('names of classes', () => {
  const [composed, apart] = ['caf\u00e9', 'cafe\u0301']

  it('are compared in NFC', async () => {
    const folder = await folderOf(await pictures([composed, 'tea'], 6, 'train/'), await pictures([apart, 'tea'], 2, 'val/'))
    const dataset = await open(folder)
    expect(dataset.labels).toEqual([composed, 'tea'])
    expect(dataset.counts('validation')).toEqual([2, 2])
  })

  it('are refused where two are the same to the eye', async () => {
    const folder = await folderOf(await pictures([composed, apart, 'tea'], 4))
    await expect(open(folder)).rejects.toThrow(/named "café", once with composed letters \(NFC\)/)
    expect(await errorCode(open(folder))).toBe('MNAS_DATA_NAMES')
  })
})

describe('a data set that teaches little', () => {
  it('is warned of: classes of few photos, copies of training images among those that judge', async () => {
    const copy = await picture(0)
    const folder = await folderOf(await part('train/', 0, 22), await part('val/', 100, 3), {
      'val/glass/copy.jpg': copy,
      'test/glass/copy.jpg': copy,
    })
    const { warnings } = await open(folder)
    expect(warnings).toEqual([
      expect.stringMatching(/^1 of 7 validation images are copies of training images/),
      expect.stringMatching(/^1 of 1 test images are copies/),
    ])
    const small = await folderOf(await part('', 0, 22), await pictures(['wood'], 5))
    expect((await open(small)).warnings).toEqual(['1 of 3 classes have under 20 photos: wood (5)'])
  })

  it('is not disturbed by what a NAS and tools leave among the photos', async () => {
    const photos = await part('', 0, 5)
    const thumbnails = Object.entries(photos).map(([name, bytes]) => [
      name.replace(/(\d+\.jpg)$/, '@eaDir/$1/SYNOPHOTO_THUMB_XL.jpg'),
      bytes,
    ])
    const folder = await folderOf(photos, Object.fromEntries(thumbnails), {
      '@eaDir/glass/SYNOINDEX': 'x',
      'lost+found/x': 'x',
      'glass/labels.csv': 'a,b',
      'metal/_annotations.coco.json': '{}',
    })
    const dataset = await open(folder)
    expect([dataset.labels, dataset.size('all'), dataset.skipped]).toEqual([labels, 10, []])
    expect(dataset.warnings).toContain('2 files are no photos and do not count: 1 .csv, 1 .json')
  })
})

describe('the images by which a model is judged', () => {
  it('are all of a folder that it was not trained on, and need not be enough to train', async () => {
    const folder = await folderOf(await part('', 0, 2))
    expect(await errorCode(open(folder))).toBe('MNAS_DATA_TOO_FEW')
    const dataset = await open(folder, { purpose: 'evaluation' })
    expect(dataset.evaluationSplit(false)).toBe('all')
    expect(dataset.evaluationSplit(true)).toBe('validation')
    expect(dataset.size('all')).toBe(4)
  })

  it('are those of val/ where there is one, or of test/ where there is nothing else', async () => {
    const purpose = 'evaluation'
    const divided = await open(await folderOf(await part('train/', 0, 4), await part('val/', 10, 2)), { purpose })
    const tested = await open(await folderOf(await part('test/', 0, 4)), { purpose })
    for (const trainedOn of [true, false]) {
      expect(divided.evaluationSplit(trainedOn)).toBe('validation')
      expect(tested.evaluationSplit(trainedOn)).toBe('test')
    }
  })
})
