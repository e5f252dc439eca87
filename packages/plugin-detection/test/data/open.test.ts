import { symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { AnnotatedData, AnnotatedExample } from '#internal/data/annotated-data.js'
import { openAnnotatedData } from '#internal/data/open-annotated-data.js'
import { temporaryFolder, writeFiles } from '../../../images/test/support/pictures.js'
import * as folders from '../support/annotated-folders.js'

async function open(files: folders.Files, at = ''): Promise<AnnotatedData> {
  const folder = await temporaryFolder()
  await writeFiles(folder, files)
  return openAnnotatedData(join(folder, at))
}
const all = ({ splits: { train, heldOut, validation, test } }: AnnotatedData) => [...train, ...heldOut, ...validation, ...test]
const named = (data: AnnotatedData, name: string): AnnotatedExample => all(data).find(({ file }) => file.endsWith(`/${name}`))!
const sizes = ({ splits: { train, heldOut, validation } }: AnnotatedData) =>
  [train, heldOut, validation].map(({ length }) => length)
const { cocoBox, cocoFile, cocoFolder, cocoImage, pictureFiles, vocFolder, vocXml, yoloFolder } = folders

describe('annotated data', () => {
  it('of COCO keeps ids, areas, holes between categories and pictures without a box', async () => {
    const data = await open(cocoFolder())
    expect([data.format, data.labels, data.labelIds, data.skipped]).toEqual(['coco', ['car', 'toothbrush'], [3, 90], []])
    expect(sizes(data)).toEqual([4, 1, 1])
    expect(named(data, '2.jpg')).toMatchObject({ id: 2, size: folders.size })
    expect(named(data, '2.jpg').boxes).toEqual([
      { label: 0, box: { x: 1, y: 2, width: 10, height: 20 }, crowd: false, difficult: false, area: 50, id: 4 },
      { label: 1, box: { x: 5, y: 5, width: 8.5, height: 8 }, crowd: false, difficult: false, area: 68, id: 5 },
    ])
    expect(named(data, '6.jpg').boxes).toEqual([])
  })

  it('of VOC counts corners from 1 and keeps what is difficult', async () => {
    const data = await open(vocFolder())
    expect([data.format, data.labels, data.labelIds]).toEqual(['voc', ['cat', 'dog'], [0, 1]])
    expect(named(data, '1.jpg').boxes[0]).toMatchObject({ label: 1, box: { x: 1, y: 2, width: 10, height: 20 }, difficult: true })
    expect(new Set(all(data).flatMap(({ boxes }) => boxes.map(({ id }) => id))).size).toBe(12)
  })

  it('of YOLO turns shares into pixels; no label file is no object', async () => {
    const data = await open(yoloFolder())
    expect([data.format, data.labels]).toEqual(['yolo', ['dog', 'cat']])
    expect(named(data, '1.jpg').boxes[0]).toMatchObject({ label: 0, box: { x: 18, y: 10, width: 12, height: 20 }, area: 240 })
    expect(named(data, '6.jpg').boxes).toEqual([])
  })

  it('of VOC takes names with blanks from a list, and the marks of a class for none of the name', async () => {
    const xmls = Object.fromEntries(
      ['a (1)', 'a (2)', 'b 1', 'c'].map((name) => [`Annotations/${name}.xml`, vocXml(`${name}.jpg`, '')]),
    )
    const [picture] = Object.values(pictureFiles(''))
    const pictures = Object.fromEntries(['a (1)', 'a (2)', 'b 1', 'c'].map((name) => [`JPEGImages/${name}.jpg`, picture!]))
    const set = async (train: string, val: string) => {
      const lists = { 'ImageSets/Main/train.txt': train, 'ImageSets/Main/val.txt': val }
      const folder = await temporaryFolder()
      await writeFiles(folder, { ...xmls, ...pictures, ...lists })
      const { splits } = await openAnnotatedData(folder, { purpose: 'evaluation' })
      return [splits.train.length + splits.heldOut.length, splits.validation.length]
    }
    expect(await set('a (1)\na (2)\nb 1\n', 'c\n')).toEqual([3, 1])
    expect(await set('a (1) 1\na (2) -1\nb 1 1\n', 'c  0\n')).toEqual([3, 1])
  })

  const coco = JSON.stringify(cocoFile())
  it.each<[string, folders.Files, string]>([
    [
      'instances_train2017.json',
      {
        ...pictureFiles('train2017/'),
        ...pictureFiles('val2017/'),
        'annotations/instances_train2017.json': coco,
        'annotations/instances_val2017.json': coco,
        'annotations/captions_train2017.json': '{}',
      },
      '',
    ],
    [
      'parts as shops export them',
      {
        ...pictureFiles('train/'),
        ...pictureFiles('valid/'),
        'train/_annotations.coco.json': coco,
        'valid/_annotations.coco.json': coco,
      },
      '',
    ],
    ['image sets', { ...vocFolder(), 'ImageSets/Main/train.txt': '1\n2 -1\n3\n4\n5', 'ImageSets/Main/val.txt': '6.jpg\n' }, ''],
    [
      'XML beside images',
      {
        ...pictureFiles('train/'),
        ...pictureFiles('valid/'),
        ...Object.fromEntries(
          [1, 2, 3, 4, 5, 6].flatMap((at) =>
            ['train', 'valid'].map((part) => [`${part}/${at}.xml`, vocFolder()[`Annotations/${at}.xml`]!]),
          ),
        ),
      },
      '',
    ],
    [
      'lists of images',
      {
        ...yoloFolder(),
        'data.yaml': 'train: lists/train.txt\nval: lists/val.txt\nnames: {0: dog, 1: cat}',
        'lists/train.txt': '../images/1.jpg\r\n../images/2.jpg\n..\\images\\3.jpg',
        'lists/val.txt': '../images/4.jpg\n',
      },
      '',
    ],
    [
      'places above, as shops write them',
      {
        ...pictureFiles('train/images/'),
        ...pictureFiles('valid/images/'),
        'train/labels/1.txt': '0 .5 .5 .5 .5',
        'data.yaml': 'train: ../train/images\nval: ../valid/images\nnames: [dog]',
      },
      '',
    ],
    [
      'an archive unpacked into a folder',
      Object.fromEntries(Object.entries(cocoFolder()).map(([path, bytes]) => [`coco/${path}`, bytes])),
      '',
    ],
    ['a .json named itself', cocoFolder(), 'instances.json'],
    ['a .yaml named itself', yoloFolder(), 'data.yaml'],
  ])('is found: %s', async (_, files, at) => {
    const data = await open(files, at)
    expect(data.splits.validation.length).toBeGreaterThan(0)
    expect(data.splits.train.length + data.splits.heldOut.length).toBeGreaterThan(1)
    expect(data.skipped).toEqual([])
  })

  it('cuts boxes at the border; counts those outside, doubled or without area', async () => {
    const good = Array.from({ length: 60 }, (_, at) => cocoBox(1, [1, 1, 5 + at / 10, 5]))
    const bad = [cocoBox(1, [-4, 0, 10, 10]), cocoBox(2, [40, 0, 20, 10]), cocoBox(2, [1, 1, 0, 4]), good[0]]
    const data = await open(cocoFolder(cocoFile({ annotations: [...good, ...bad] })))
    expect(named(data, '1.jpg').boxes.at(-1)!.box).toEqual({ x: 0, y: 0, width: 6, height: 10 })
    expect(data.skipped.map(({ reason }) => reason)).toEqual([
      'box of which less than half lies in the image',
      'box without width or height',
      'box that is there twice',
    ])
  })

  it.each(Object.keys(folders.turnedPictures))(
    'takes boxes as shown on a turned .%s, and refuses those drawn on what is stored',
    async (kind) => {
      const name = `1.${kind}`
      const { 'images/1.jpg': _, ...others } = cocoFolder()
      const annotated = (more: object) =>
        JSON.stringify({
          ...cocoFile(),
          images: [1, 2, 3, 4, 5, 6].map((id) => cocoImage(id, id === 1 ? { file_name: name, ...more } : {})),
        })
      const pictures = { ...others, [`images/${name}`]: await folders.turnedPictures[kind]!() }
      const data = await open({ ...pictures, 'instances.json': annotated({ width: 40, height: 48 }) })
      expect(named(data, name)).toMatchObject({ size: { width: 40, height: 48 } })
      expect(named(data, name).boxes[0]!.box).toEqual({ x: 1, y: 2, width: 10, height: 20 })
      // What turns by itself when it is decoded has no other form.
      if (kind === 'avif') return
      const sideways = { ...pictures, 'instances.json': annotated({}) }
      await expect(open(sideways)).rejects.toMatchObject({ code: 'MNAS_DETECTION_ORIENTATION' })
    },
  )

  it('follows no link out of the folder', async () => {
    const [folder, outside] = [await temporaryFolder(), await temporaryFolder()]
    await writeFiles(outside, pictureFiles(''))
    await writeFiles(folder, { ...yoloFolder(), 'labels/6.txt': '' })
    await symlink(join(outside, '1.jpg'), join(folder, 'images/7.jpg'))
    await expect(openAnnotatedData(folder)).rejects.toMatchObject({
      code: 'MNAS_DATA_BROKEN',
      message: expect.stringContaining('images/7.jpg (a link leads out of the folder)'),
    })
  })
})

describe('bad annotations', () => {
  const corners = [1, 2, 3, 4, 5].map((id) => cocoBox(id, [20, 20, 44, 38]))
  const images = (more: Record<string, unknown>) =>
    cocoFolder(cocoFile({ images: [1, 2, 3, 4, 5, 6].map((id) => cocoImage(id, more)) }))
  const list = (first: string) => ({
    ...yoloFolder(),
    'data.yaml': 'train: a.txt\nnames: [a]',
    'a.txt': `${first}\nimages/2.jpg\nimages/3.jpg`,
  })
  it.each<[string, folders.Files, string]>([
    ['nothing', {}, 'MNAS_DETECTION_LAYOUT'],
    ['pictures alone', pictureFiles(''), 'MNAS_DETECTION_LAYOUT'],
    ['two files of one part', { 'train_a.json': coco(), 'train_b.json': coco() }, 'MNAS_DETECTION_LAYOUT'],
    ['no JSON', { ...cocoFolder(), 'instances.json': '{' }, 'MNAS_DETECTION_ANNOTATIONS'],
    ['no images', cocoFolder(cocoFile({ images: [], annotations: [] })), 'MNAS_DETECTION_TOO_FEW'],
    [
      'one image',
      cocoFolder(cocoFile({ images: [cocoImage(1)], annotations: [cocoBox(1, [1, 1, 5, 5])] })),
      'MNAS_DETECTION_TOO_FEW',
    ],
    ['no boxes', cocoFolder(cocoFile({ annotations: [] })), 'MNAS_DETECTION_TOO_FEW'],
    ['other sizes', images({ width: 20 }), 'MNAS_DATA_BROKEN'],
    ['missing files', images({ file_name: 'x.jpg' }), 'MNAS_DATA_BROKEN'],
    ['paths out of the folder', images({ file_name: '../1.jpg' }), 'MNAS_DATA_BROKEN'],
    ['corners', cocoFolder(cocoFile({ annotations: corners })), 'MNAS_DETECTION_CORNERS'],
    [
      'boxes far outside',
      cocoFolder(cocoFile({ annotations: [cocoBox(1, [1, 1, 5, 5]), cocoBox(1, [90, 1, 5, 5])] })),
      'MNAS_DETECTION_BOXES',
    ],
    [
      'no pictures in the files',
      { ...cocoFolder(), ...Object.fromEntries([1, 2, 3].map((at) => [`images/${at}.jpg`, 'text'])) },
      'MNAS_DATA_BROKEN',
    ],
    [
      'an entity bomb',
      { ...vocFolder(), 'Annotations/1.xml': `<!DOCTYPE a [<!ENTITY b "c">]>${vocXml('1.jpg', '')}` },
      'MNAS_DATA_BROKEN',
    ],
    ['an XML without its image', { ...vocFolder(), 'Annotations/9.xml': vocXml('9.jpg', '') }, 'MNAS_DATA_BROKEN'],
    ['classes beyond the names', { ...yoloFolder(), 'data.yaml': 'train: images\nnames: [a]' }, 'MNAS_DETECTION_BOXES'],
    ['a place that is not there', { ...yoloFolder(), 'data.yaml': 'train: nowhere\nnames: [a]' }, 'MNAS_DETECTION_ANNOTATIONS'],
    ['a place outside', { ...yoloFolder(), 'data.yaml': 'train: /tmp\nnames: [a]' }, 'MNAS_DETECTION_ANNOTATIONS'],
    ['a path outside in a list', list('../../etc/passwd'), 'MNAS_DATA_BROKEN'],
    ['two images of one stem', { ...yoloFolder(), 'images/1.jpeg': pictureFiles('')['2.jpg']! }, 'MNAS_DATA_BROKEN'],
  ])('are an error of one line: %s', async (_, files, code) => {
    await expect(open(files)).rejects.toMatchObject({ code, message: expect.stringMatching(/^[^\n]+$/) })
  })

  it('of a size of 0 are read by the pictures; a file listed once more is left out', async () => {
    expect(sizes(await open(images({ width: 0, height: null })))).toEqual([4, 1, 1])
    const many = Array.from({ length: 20 }, (_, at) => [`images/${at + 10}.jpg`, pictureFiles('')['1.jpg']!] as const)
    const twice = [
      cocoImage(11, { file_name: 'images/10.jpg' }),
      ...many.map(([file_name], at) => cocoImage(at + 12, { file_name })),
    ]
    const data = await open({
      ...Object.fromEntries(many),
      'a.json': JSON.stringify(cocoFile({ images: twice, annotations: [cocoBox(13, [1, 1, 5, 5])] })),
    })
    expect(data.skipped).toEqual([{ file: 'images/10.jpg', reason: 'the file is listed twice' }])
  })
})

function coco(): string {
  return JSON.stringify(cocoFile())
}
