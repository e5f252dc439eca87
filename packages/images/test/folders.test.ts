import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { partOf } from '#internal/layouts/part-names.js'
import { recogniseLayout } from '#internal/layouts/recognise-layout.js'
import { sharedSubfolders } from '#internal/layouts/shared-subfolders.js'
import { isClutter } from '#internal/listing/clutter.js'
import { filesBelow } from '#internal/listing/folder-entries.js'
import { OtherKinds, otherKind } from '#internal/listing/other-kinds.js'
import { packPaths } from '#internal/listing/path-table.js'
import { scanImages } from '#internal/scanning/scan-images.js'
import { errorCode, picture, temporaryFolder, writeFiles } from './support/pictures.js'

describe('what lies among photos', () => {
  it('is left out when systems and programs put it there', () => {
    for (const name of [
      '.DS_Store',
      '@eaDir',
      '#recycle',
      '__MACOSX',
      'Thumbs.db',
      '$RECYCLE.BIN',
      'lost+found',
      'Picasa.ini',
      'Photos Previews.lrdata',
    ])
      expect([name, isClutter(name)]).toEqual([name, true])
    for (const name of ['cat', 'eaDir', 'recycle', 'thumbs', 'Originals', 'desktop', 'tmp'])
      expect([name, isClutter(name)]).toEqual([name, false])
  })

  it('does not count when nobody takes it for a photo', () => {
    const names = ['labels.csv', '_annotations.coco.json', 'README.md', 'IMG_1.MOV', 'IMG_1.aae', 'a.b.txt']
    expect(names.map(otherKind)).toEqual(['.csv', '.json', '.md', '.mov', '.aae', '.txt'])
    for (const name of ['a.jpg', 'a.HEIC', 'photo', 'photo.2024', 'drawing.svg', 'scan.tif', 'jpg'])
      expect([name, otherKind(name)]).toEqual([name, undefined])
  })

  it('is left out at any depth, and other kinds are told by their endings', async () => {
    const folder = await temporaryFolder()
    const others = new OtherKinds()
    await writeFiles(folder, {
      'cat/1.jpg': 'x',
      'cat/@eaDir/1.jpg/SYNOPHOTO_THUMB_XL.jpg': 'x',
      'cat/deep/#recycle/2.jpg': 'x',
      'cat/deep/2.jpg': 'x',
      'cat/deep/labels.csv': 'x',
      'cat/a.csv': 'x',
      'cat/b.json': 'x',
    })
    expect(await filesBelow(folder, 'cat', { others })).toEqual(['cat/1.jpg', 'cat/deep/2.jpg'])
    expect(others.describe()).toBe('3 files are no photos and do not count: 2 .csv, 1 .json')
    expect(new OtherKinds().describe()).toBeUndefined()
  })
})

describe('a folder that cannot be read', () => {
  it.skipIf(process.platform !== 'linux')('is named when its name is not UTF-8, and so is a file', async () => {
    const folder = await temporaryFolder()
    const latin = Buffer.concat([Buffer.from(`${folder}/caf`), Buffer.from([0xe9])])
    mkdirSync(latin)
    await expect(filesBelow(folder, '')).rejects.toThrow(/caf\ufffd": its name is not UTF-8; rename it/)
    expect(await errorCode(filesBelow(folder, ''))).toBe('MNAS_DATA_FOLDER')
    const good = await temporaryFolder()
    writeFileSync(Buffer.concat([Buffer.from(`${good}/`), Buffer.from([0xe9]), Buffer.from('.jpg')]), await picture(1))
    const paths = packPaths(await filesBelow(good, ''))
    const { skipped } = await scanImages(good, paths, { cacheFolder: await temporaryFolder() })
    expect(skipped).toEqual([{ file: '\ufffd.jpg', reason: 'its name is not UTF-8; rename it' }])
  })

  it.skipIf(process.getuid?.() === 0)('is named when it is forbidden', async () => {
    const folder = await temporaryFolder()
    mkdirSync(join(folder, 'cat'))
    chmodSync(join(folder, 'cat'), 0)
    await expect(filesBelow(folder, '')).rejects.toMatchObject({
      code: 'MNAS_DATA_FOLDER',
      message: expect.stringContaining('cat"'),
    })
    chmodSync(join(folder, 'cat'), 0o700)
  })
})

describe('the layout of a data set', () => {
  const layoutOf = async (...files: readonly string[]) => {
    const folder = await temporaryFolder()
    await writeFiles(folder, Object.fromEntries(files.map((file) => [file, 'x'])))
    return recogniseLayout(folder)
  }
  const whole = { parts: { training: { path: '', flat: false } }, passedOver: [] }
  const classes = (path: string) => ({ path, flat: false })

  it('knows parts by their names, however spelled', () => {
    expect(['train', 'Training', 'TRAIN', 'trn'].map(partOf)).toEqual(Array(4).fill('training'))
    expect(['val', 'Valid', 'validation', 'eval', 'dev'].map(partOf)).toEqual(Array(5).fill('validation'))
    expect(['test', 'Testing', 'tst'].map(partOf)).toEqual(Array(3).fill('test'))
    expect(['trains', 'cat', 'value', 'vale'].map(partOf)).toEqual(Array(4).fill(undefined))
  })

  it('is one folder of classes without parts, be a class named like one', async () => {
    expect(await layoutOf('cat/1.jpg', 'dog/1.jpg')).toEqual(whole)
    expect(await layoutOf('plane/1.jpg', 'train/1.jpg')).toEqual(whole)
    expect(await layoutOf('test/1.jpg', 'val/1.jpg')).toEqual(whole)
    expect(await layoutOf('cat/1.jpg', 'test/deep/1.jpg')).toEqual(whole)
  })

  it('is parts where one named so holds folders', async () => {
    expect(await layoutOf('train/cat/1.jpg', 'valid/cat/1.jpg', 'test/cat/1.jpg', 'raw/1.jpg', 'README.md')).toEqual({
      parts: { training: classes('train'), validation: classes('valid'), test: classes('test') },
      passedOver: ['raw'],
    })
    expect((await layoutOf('Training/cat/1.jpg', 'Validation/cat/1.jpg')).parts).toEqual({
      training: classes('Training'),
      validation: classes('Validation'),
    })
    expect((await layoutOf('val/cat/1.jpg')).parts).toEqual({ validation: classes('val') })
    expect((await layoutOf('train/cat/1.jpg', 'val/labels.csv')).parts).toEqual({ training: classes('train') })
  })

  it('may have images side by side for validation', async () => {
    const flat = (path: string) => ({ training: classes('train'), validation: { path, flat: true } })
    expect((await layoutOf('train/cat/1.jpg', 'val/1.jpg')).parts).toEqual(flat('val'))
    expect((await layoutOf('train/cat/images/1.jpg', 'val/images/1.jpg', 'val/val_annotations.txt')).parts).toEqual(
      flat('val/images'),
    )
  })

  it('is refused where two folders are the same part', async () => {
    await expect(layoutOf('train/cat/1.jpg', 'val/cat/1.jpg', 'valid/cat/1.jpg')).rejects.toThrow(
      /both val\/ and valid\/ are validation images/,
    )
  })

  it('looks like parts that nobody named where all folders hold the same ones', () => {
    expect(
      sharedSubfolders([
        ['cat', 'dog'],
        ['dog', 'cat'],
      ]),
    ).toEqual(['cat', 'dog'])
    expect(sharedSubfolders([['images'], ['images']])).toBeUndefined()
    expect(
      sharedSubfolders([
        ['a', 'b'],
        ['a', 'b', 'c'],
      ]),
    ).toBeUndefined()
    expect(sharedSubfolders([['a', 'b'], []])).toBeUndefined()
    expect(sharedSubfolders([['a', 'b']])).toBeUndefined()
  })
})
