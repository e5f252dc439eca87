import { join } from 'node:path'
import { expect, it } from 'vitest'
import type { AnnotatedData } from '#internal/data/annotated-data.js'
import { openAnnotatedData } from '#internal/data/open-annotated-data.js'
import { recogniseAnnotations } from '#internal/data/recognise-annotations.js'
import { temporaryFolder, writeFiles } from '../../../images/test/support/pictures.js'
import * as folders from '../support/annotated-folders.js'

const { cocoBox, cocoFile, cocoFolder, cocoImage, pictureFiles, vocFolder, vocXml, yoloFolder } = folders

async function open(files: folders.Files, at = '', purpose: 'training' | 'evaluation' = 'training'): Promise<AnnotatedData> {
  const folder = await temporaryFolder()
  await writeFiles(folder, files)
  return openAnnotatedData(join(folder, at), { purpose })
}
const sizes = ({ splits: { train, heldOut, validation, test } }: AnnotatedData) =>
  [train, heldOut, validation, test].map(({ length }) => length)
const { 'data.yaml': _, ...withoutYaml } = yoloFolder()
const names = 'dog\ncat\n\n'
const beside = (folder: string) => ({
  ...pictureFiles(folder),
  ...Object.fromEntries([1, 2, 3, 4, 5].map((at) => [`${folder}${at}.txt`, '0 .5 .5 .25 .5\n'])),
})

it.each<[string, folders.Files, string, string]>([
  ['images/ and labels/', { ...withoutYaml, 'classes.txt': names }, '', 'images/ with labels/, names from classes.txt'],
  [
    'names among the labels',
    { ...withoutYaml, 'labels/classes.txt': names },
    '',
    'images/ with labels/, names from labels/classes.txt',
  ],
  ['side by side', { ...beside(''), 'obj.names': names }, '', 'images with .txt beside them, names from obj.names'],
  [
    'images/train and images/val',
    {
      ...moved(withoutYaml, /^(images|labels)\//, '$1/train/'),
      ...moved(withoutYaml, /^(images|labels)\//, '$1/val/'),
      'classes.txt': names,
    },
    '',
    'images/ with labels/, names from classes.txt',
  ],
  [
    'train/images and valid/images',
    { ...moved(withoutYaml, /^/, 'train/'), ...moved(withoutYaml, /^/, 'valid/'), 'classes.txt': names },
    '',
    'train/images/, valid/images/, names from classes.txt',
  ],
  [
    'side by side in images/',
    { ...beside('images/'), 'images/classes.txt': names },
    '',
    'images with .txt beside them, names from images/classes.txt',
  ],
  ["Darknet's folder", { ...beside('obj_train_data/'), 'obj.names': names }, '', 'obj_train_data/, names from obj.names'],
  [
    'a list, as CVAT writes it',
    {
      ...beside('obj_train_data/'),
      'obj.names': names,
      'train.txt': [1, 2, 3, 4].map((at) => `data/obj_train_data/${at}.jpg`).join('\n'),
    },
    'train.txt',
    'train.txt, names from obj.names',
  ],
  [
    'a list in a folder below the names',
    { ...yoloFolder(), 'lists/train.txt': '../images/1.jpg\n../images/2.jpg\n../images/3.jpg' },
    'lists/train.txt',
    'lists/train.txt, names from data.yaml',
  ],
  [
    "beside Label Studio's notes",
    { ...withoutYaml, 'classes.txt': names, 'notes.json': '{"categories": []}' },
    '',
    'images/ with labels/, names from classes.txt',
  ],
])('reads YOLO without a data.yaml: %s', async (_, files, at, place) => {
  const data = await open(files, at)
  expect([data.labels, data.takenFor]).toEqual([['dog', 'cat'], `YOLO: ${place}`])
  expect([data.skipped, data.warnings]).toEqual([[], []])
  expect(data.splits.train.some(({ boxes }) => boxes.length > 0)).toBe(true)
})

function moved(files: folders.Files, from: RegExp, to: string): folders.Files {
  return Object.fromEntries(Object.entries(files).map(([path, content]) => [path.replace(from, to), content]))
}

it.each<[string, folders.Files, string, string]>([
  ['no names', withoutYaml, '', 'nothing names the classes: no classes.txt'],
  ['no names for a list', { ...withoutYaml, 'train.txt': 'images/1.jpg' }, 'train.txt', 'nothing names the classes'],
  ['a class twice', { ...withoutYaml, 'classes.txt': 'a\na' }, '', 'two classes have the name "a"'],
  ['a file of another kind', { 'a.csv': '' }, 'a.csv', 'no .json, .yaml or .txt'],
  ['pixels', { ...yoloFolder(), 'labels/1.txt': '0 20 20 9 9' }, '', 'pixels, where shares of the image belong'],
  ['corners', { ...yoloFolder(), ...label('0 .6 .6 .9 .95') }, '', 'leave their pictures as \\(centre x'],
  ['decimal commas', { ...yoloFolder(), 'labels/1.txt': '0 0,5 0,5 0,1 0,1' }, '', 'line of other than numbers'],
  [
    'NaN in a bbox',
    cocoFolder(cocoFile({ annotations: [cocoBox(1, [1, 1, null, 5]), cocoBox(2, [1, 1, 5, 5])] })),
    '',
    'bbox that is not four numbers',
  ],
  ['an unknown image', cocoFolder(cocoFile({ annotations: [cocoBox(77, [1, 1, 5, 5])] })), '', 'box of an unknown image'],
  [
    'an unknown category',
    cocoFolder(cocoFile({ annotations: [cocoBox(1, [1, 1, 5, 5], { category_id: 1 })] })),
    '',
    'unknown category',
  ],
  [
    'an id twice',
    cocoFolder(cocoFile({ images: [1, 1, 2, 3, 4].map((id) => cocoImage(id)) })),
    '',
    'image whose id another image has',
  ],
  [
    'an address',
    cocoFolder(cocoFile({ images: [cocoImage(1, { file_name: 'https://a.example/1.jpg' })] })),
    '',
    'no path within the folder',
  ],
  [
    'two categories of one name',
    cocoFolder({
      ...cocoFile(),
      categories: [
        { id: 1, name: 'a' },
        { id: 2, name: 'a' },
      ],
    }),
    '',
    'two categories have the name',
  ],
  ['no categories', cocoFolder({ images: [], annotations: [] }), '', 'no array "categories"'],
])('says in a line what is wrong: %s', async (_, files, at, problem) => {
  await expect(open(files, at)).rejects.toMatchObject({
    code: expect.stringMatching(/^MNAS_(DETECTION|DATA)_/),
    message: expect.stringMatching(new RegExp(`^[^\\n]*(${problem})[^\\n]*$`)),
  })
})

function label(line: string): folders.Files {
  return Object.fromEntries([1, 2, 3, 4, 5].map((at) => [`labels/${at}.txt`, line]))
}

it('takes what has no fault, however odd', async () => {
  const odd = {
    annotations: [cocoBox(1, [1, 1, 1, 1], { id: 0, area: undefined, iscrowd: undefined, segmentation: { counts: 'x' } })],
  }
  const data = await open(cocoFolder(cocoFile(odd)))
  const boxes = Object.values(data.splits).flatMap((examples) => examples.flatMap((example) => example.boxes))
  expect(boxes).toEqual([{ label: 0, box: { x: 1, y: 1, width: 1, height: 1 }, crowd: false, difficult: false, area: 1, id: 0 }])
  const many = Array.from({ length: 1200 }, (_, at) => cocoBox(1, [at % 30, at % 20, 1 + at / 200, 3]))
  expect((await open(cocoFolder(cocoFile({ annotations: many })))).skippedBoxes).toEqual([])
})

const coco = JSON.stringify(cocoFile())
const shopPart = (part: string) => ({ ...pictureFiles(`${part}/`), [`${part}/_annotations.coco.json`]: coco })
it.each<[string, folders.Files]>([
  ['COCO', { ...shopPart('train'), ...shopPart('valid'), ...shopPart('test') }],
  ['VOC', { ...vocFolder(), ...sets({ train: '1\n2\n3', val: '4', test: '5\n6' }) }],
  [
    'YOLO',
    {
      ...yoloFolder(),
      'data.yaml': 'train: a.txt\nval: b.txt\ntest: images\nnames: [dog, cat]',
      'a.txt': 'images/1.jpg\nimages/2.jpg',
      'b.txt': 'images/3.jpg',
    },
  ],
])('has the test part that %s sets apart', async (_, files) => {
  const data = await open(files)
  expect(data.splits.test.length).toBeGreaterThan(1)
  expect(Object.keys(data.places)).toEqual(['train', 'validation', 'test'])
})

function sets(names: Readonly<Record<string, string>>): folders.Files {
  return Object.fromEntries(Object.entries(names).map(([name, text]) => [`ImageSets/Main/${name}.txt`, text]))
}

it('trains on no picture of another set, and judges on a test part alone', async () => {
  expect(sizes(await open({ ...vocFolder(), ...sets({ test: '5\n6' }) })).at(-1)).toBe(2)
  expect(sizes(await open({ ...vocFolder(), ...sets({ test: '5\n6' }) })).reduce((sum, size) => sum + size)).toBe(6)
  const alone = shopPart('test')
  expect(sizes(await open(alone, '', 'evaluation'))).toEqual([0, 0, 0, 6])
  await expect(open(alone)).rejects.toMatchObject({ code: 'MNAS_DETECTION_TOO_FEW' })
})

it('says which of several formats it took, and what else is there', async () => {
  const all = { ...yoloFolder(), ...vocFolder(), 'instances.json': coco }
  const data = await open(all)
  expect(data.takenFor).toBe('YOLO: data.yaml')
  expect(data.warnings.map((warning) => warning.split(' is there')[0])).toEqual([
    'Pascal VOC (Annotations/)',
    'COCO (instances.json)',
  ])
  const named = await open({ ...all, ...pictureFiles('') }, 'instances.json')
  expect([named.takenFor, named.warnings]).toEqual(['COCO: instances.json', []])
})

it('counts pictures of VOC without a file as not annotated', async () => {
  const data = await open({
    ...vocFolder(),
    'JPEGImages/7.jpg': pictureFiles('')['1.jpg']!,
    'Annotations/6.xml': vocXml('6.jpg', ''),
  })
  expect(data.skipped).toEqual([{ file: 'JPEGImages/7.jpg', reason: 'no XML file describes it' }])
  expect(data.warnings).toEqual([expect.stringMatching(/^1 picture has no XML file/)])
})

it('says which names of a list of VOC are nowhere, and only then', async () => {
  const lists = { train: '1\n2\n3\n7\n8\n9\n10', val: '4\n5\n6', test: '12.jpg' }
  expect((await open({ ...vocFolder(), ...sets(lists) })).warnings).toEqual([
    'ImageSets/Main/train.txt names 4 that have neither an XML file nor an image: 7, 8, 9, …',
    'ImageSets/Main/test.txt names 1 that have neither an XML file nor an image: 12',
  ])
  expect((await open({ ...vocFolder(), ...sets({ train: '1\n2\n3', val: '4' }) })).warnings).toEqual([])
})

it('goes by an absolute path of a data.yaml within the data, and says that it does not by another', async () => {
  const folder = await temporaryFolder()
  const yaml = (path: string) => `path: ${path}\ntrain: images\nnames: [dog, cat]`
  await writeFiles(folder, { ...moved(withoutYaml, /^/, 'inner/'), 'data.yaml': yaml(join(folder, 'inner')) })
  expect((await openAnnotatedData(folder)).warnings).toEqual([])
  await writeFiles(folder, { ...withoutYaml, 'data.yaml': yaml('/nowhere/coco') })
  expect((await openAnnotatedData(folder)).warnings).toEqual([expect.stringContaining('"path: /nowhere/coco" of data.yaml')])
})

it('knows a folder of classes for none of its own', async () => {
  const folder = await temporaryFolder()
  await writeFiles(folder, { ...pictureFiles('train/cat/'), ...pictureFiles('val/cat/'), 'labels.json': '{}' })
  expect(await recogniseAnnotations(join(folder, 'train'))).toBeNull()
})
