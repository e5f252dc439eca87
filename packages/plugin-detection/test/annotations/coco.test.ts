import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readCoco } from '#internal/annotations/read-coco.js'
import { sharedData } from '../../../../test/support/shared-data.js'
import { temporaryFolder } from '../../../../test/support/temporary-folder.js'

let folder: Awaited<ReturnType<typeof temporaryFolder>>
beforeAll(async () => {
  folder = await temporaryFolder('coco')
})
afterAll(() => folder.remove())

async function read(content: unknown) {
  const file = join(folder.path, 'instances.json')
  await writeFile(file, typeof content === 'string' ? content : JSON.stringify(content))
  return readCoco(file)
}
const image = (id: unknown, file_name: unknown = `${id}.jpg`) => ({ id, file_name, width: 40, height: 30 })
const box = (image_id: unknown, category_id: unknown, bbox: unknown, more = {}) => ({ image_id, category_id, bbox, ...more })
const categories = [
  { id: 90, name: 'toothbrush' },
  { id: 3, name: ' car ' },
]
const reasons = ({ skipped }: Awaited<ReturnType<typeof read>>) =>
  Object.fromEntries(skipped.map(({ reason, count }) => [reason, count]))

describe('a COCO file', () => {
  it('becomes images, labels and boxes by their ids, whatever stands first; ids keep their holes', async () => {
    const annotations = [
      box(9, 90, [1, 2, 10, 20], { area: 50, iscrowd: 1, segmentation: { counts: [1, 2], size: [1, 1] } }),
      box(2, 3, [0, 0, 4, 5], { id: 0 }),
    ]
    const { labels, labelIds, images, boxes, unit, skipped } = await read({
      annotations,
      images: [image(9), image(5), image(2)],
      categories,
    })
    expect([labels, labelIds, unit, skipped]).toEqual([['car', 'toothbrush'], [3, 90], 'pixels', []])
    expect(images).toEqual([2, 5, 9].map((id) => ({ id, path: `${id}.jpg`, size: { width: 40, height: 30 } })))
    const { image: imageOf, label, box: numbers, area, crowd } = boxes.columns()
    expect([...imageOf, ...label]).toEqual([2, 0, 1, 0])
    expect([...numbers]).toEqual([1, 2, 10, 20, 0, 0, 4, 5])
    expect([...area, ...crowd]).toEqual([50, 20, 1, 0])
  })

  it('counts what it cannot use, and why', async () => {
    const images = [
      image(1),
      image(1),
      image('x'),
      image(2, '../2.jpg'),
      image(3, 'https://a.example/3.jpg'),
      image(4, 'a\\b.jpg'),
      image(5, 7),
    ]
    const annotations = [
      ...[box(1, 3, [1, 2, 3]), box(1, 3, null), box(1, 3, [1, null, 3, 4]), box(1, 3, ['1', 2, 3, 4])],
      ...[
        box(1, 3, [1, 2, 0, 4]),
        box(1, 3, [1, 2, 3, -4]),
        box(7, 3, [1, 2, 3, 4]),
        box(2, 3, [1, 2, 3, 4]),
        box(1, 4, [1, 2, 3, 4]),
        box(1, undefined, [1, 2, 3, 4]),
      ],
    ]
    const result = await read({ images, annotations, categories: [...categories, { id: 'x', name: 'x' }] })
    expect(reasons(result)).toEqual({
      'image whose id another image has': 1,
      'image without a whole number as id': 1,
      'image whose file_name is no path within the folder': 3,
      'category without an id of its own or without a name': 1,
      'bbox that is not four numbers': 4,
      'box without width or height': 2,
      'box without image_id or category_id': 1,
      'box of an unknown image': 1,
      'box of a skipped image': 1,
      'box of an unknown category': 1,
    })
    expect(result.images.map(({ path }) => path)).toEqual(['1.jpg', 'a/b.jpg'])
    expect(result.skipped[0]!.examples).toEqual(['annotations[0]', 'annotations[1]', 'annotations[2]'])
  })

  it.each([
    ['no JSON at all', 'is no JSON'],
    ['{"images": [], "categories": [{"id": 1, "name": "a"}], "annotations": [', 'is no JSON'],
    ['null', 'no array "images", "annotations", "categories"'],
    ['{"images": {}, "annotations": [], "categories": []}', 'no array "images"'],
    ['{"images": [], "annotations": [], "categories": []}', 'no categories'],
    [
      JSON.stringify({
        images: [],
        annotations: [],
        categories: [
          { id: 1, name: 'a' },
          { id: 2, name: 'a' },
        ],
      }),
      'two categories have the name "a"',
    ],
  ])('is an error of one line when it is none: %s', async (content, problem) => {
    await expect(read(content)).rejects.toMatchObject({
      code: 'MNAS_DETECTION_ANNOTATIONS',
      message: expect.stringMatching(new RegExp(`^[^\\n]*${problem}[^\\n]*$`)),
    })
  })

  it.skipIf(sharedData('coco-eval-reference') === null)('of the COCO API is read whole', async () => {
    const { images, boxes, labels, skipped } = await readCoco(join(sharedData('coco-eval-reference')!, 'gt.json'))
    expect([images.length, boxes.length, labels.length, skipped]).toEqual([100, 839, 80, []])
  })
})
