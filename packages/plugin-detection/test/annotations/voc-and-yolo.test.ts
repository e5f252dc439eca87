import { resolve, sep } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { clipBox } from '#internal/annotations/clip-box.js'
import { parseDataYaml } from '#internal/annotations/parse-data-yaml.js'
import { parseVoc } from '#internal/annotations/parse-voc.js'
import { parseYolo } from '#internal/annotations/parse-yolo.js'
import { pathWithin } from '#internal/annotations/path-within.js'

const object = (inside: string) => `<object>${inside}</object>`
const box = (xmin: unknown, ymin: unknown, xmax: unknown, ymax: unknown) =>
  `<bndbox><xmin>${xmin}</xmin><ymin>${ymin}</ymin><xmax>${xmax}</xmax><ymax>${ymax}</ymax></bndbox>`
const photo = '<filename>a.jpg</filename><size><width>40</width><height>30</height></size>'
const voc = (inside: string) => `<?xml version="1.0"?><annotation>${photo}${inside}</annotation>`
const reasons = ({ skipped }: { readonly skipped: readonly { readonly reason: string; readonly count: number }[] }) =>
  skipped.map(({ reason, count }) => `${count} ${reason}`)

describe('a VOC file', () => {
  it('has corners that count from 1 and belong to the box, and parts that are no objects', () => {
    const part = `<part><name>head</name>${box(2, 2, 3, 3)}</part>`
    const inside =
      object(`<name> dog </name>${part}<difficult>1</difficult>${box(1, 2, 2, 5)}`) +
      object(`${box(4.5, 1, 6, 1)}<name>cat</name>`)
    expect(parseVoc(voc(inside), 'a.xml')).toEqual({
      filename: 'a.jpg',
      size: { width: 40, height: 30 },
      objects: [
        { label: 'dog', box: [0, 1, 2, 4], difficult: true },
        { label: 'cat', box: [3.5, 0, 2.5, 1], difficult: false },
      ],
      skipped: [],
    })
  })

  it('may have no size and no objects', () => {
    const xml = '<annotation><size><width>0</width><height>0</height></size></annotation>'
    expect(parseVoc(xml, 'a.xml')).toEqual({ filename: '', size: null, objects: [], skipped: [] })
  })

  it('counts objects that cannot be used', () => {
    const inside = [
      `<name>a</name>${box(5, 1, 2, 3)}`,
      `<name>a</name>${box('x', 1, 2, 3)}`,
      `<name>a</name>${box('', 1, 2, 3)}`,
      box(1, 1, 2, 2),
      '<name>a</name>',
    ]
    expect(reasons(parseVoc(voc(inside.map(object).join('')), 'a.xml'))).toEqual([
      '3 box whose corners are not four numbers',
      '1 box without width or height',
      '1 object without a name',
    ])
  })

  it.each([
    ['<annotation>', 'no XML'],
    ['{"images": []}', 'no XML'],
    ['<kml></kml>', 'outermost element is <kml>'],
    ['<!DOCTYPE a [<!ENTITY b "cccc">]><annotation>&b;</annotation>', 'document type'],
    ['<annotation><filename>&b;</filename></annotation>', 'no XML'],
    [`<annotation>${'<a>'.repeat(50)}${'</a>'.repeat(50)}</annotation>`, 'more than 20 deep'],
  ])('is refused: %s', (xml, problem) => {
    expect(() => parseVoc(xml, 'a.xml')).toThrow(SyntaxError)
    expect(() => parseVoc(xml, 'a.xml')).toThrow(problem)
  })
})

const classes = (count: number, keypointNumbers = 0) => ({
  labels: Array.from({ length: count }, (_, at) => `${at}`),
  keypointNumbers,
})

describe('a YOLO label file', () => {
  it('has boxes by their centres, polygons whose boxes count, and no lines for an image without objects', () => {
    const { objects, skipped } = parseYolo('\uFEFF1 0.5 .5 0.5 0.25\r\n\r\n0 0.1 0.2 0.3 0.2 0.2 6e-1\n', classes(2), 'a.txt')
    expect(objects.map(({ label }) => label)).toEqual([1, 0])
    expect(objects.flatMap((one) => one.box)).toEqual(
      [0.25, 0.375, 0.5, 0.25, 0.1, 0.2, 0.2, 0.4].map((value) => expect.closeTo(value, 12)),
    )
    expect(skipped).toEqual([])
    expect(parseYolo('', classes(2), 'a.txt')).toEqual({ objects: [], skipped: [] })
  })

  it('of poses has a box in front of its keypoints, and without such keypoints a polygon', () => {
    const pose = '0 .5 .5 .2 .4 .1 .1 .9 .9'
    expect(parseYolo(pose, classes(1, 4), 'a.txt').objects[0]!.box).toEqual(
      [0.4, 0.3, 0.2, 0.4].map((x) => expect.closeTo(x, 12)),
    )
    expect(parseYolo(`${pose} 2 1`, classes(1, 6), 'a.txt').objects[0]!.box[2]).toBeCloseTo(0.2, 12)
    expect(parseYolo(pose, classes(1), 'a.txt').objects[0]!.box[2]).toBeCloseTo(0.8, 12)
    expect(parseYolo('0 .5 .5 .2 .4', classes(1, 4), 'a.txt').objects).toHaveLength(1)
  })

  it('clips boxes to the image', () => {
    expect(parseYolo('0 0.1 0.5 0.4 1', classes(1), 'a.txt').objects).toEqual([
      { label: 0, box: [0, 0, expect.closeTo(0.3, 12), 1] },
    ])
  })

  it('counts lines that cannot be used', () => {
    const lines = [
      '2 .5 .5 .1 .1',
      '-1 .5 .5 .1 .1',
      '0.5 .5 .5 .1 .1',
      '0 0,5 0,5 0,1 0,1',
      '0 .5 .5 .1',
      '0 .5 .5 .1 .1 .9',
      '0 320 240 20 20',
      '0 .5 .5 0 .1',
      '0 1.2 .5 .2 .2',
      'dog',
      '0x0 .5 .5 .1 .1',
    ]
    expect(reasons(parseYolo(lines.join('\n'), classes(2), 'a.txt'))).toEqual([
      '3 class that data.yaml has no name for',
      '3 line of other than numbers',
      '2 line of neither a box nor a polygon',
      '1 box of which less than half lies in the image',
      '1 box without width or height',
      '1 pixels, where shares of the image belong (0 to 1)',
    ])
    expect(parseYolo('\n0 dog', classes(1), 'a.txt').skipped[0]!.examples).toEqual(['a.txt:2'])
  })
})

describe('a data.yaml', () => {
  it('names classes as a list or by numbers, and places of images, one or several', () => {
    expect(parseDataYaml('names: [cat, 1, yes]\nnc: 3\ntrain: images/train\nval: [a, b]\n', 'data.yaml')).toEqual({
      ...{ labels: ['cat', '1', 'yes'], keypointNumbers: 0, path: null },
      ...{ train: ['images/train'], val: ['a', 'b'], test: [] },
    })
    expect(parseDataYaml('path: ../x\nnames:\n  1: dog\n  0: cat\ntest:\n', 'data.yaml')).toMatchObject({
      labels: ['cat', 'dog'],
      path: '../x',
    })
    expect(parseDataYaml('names: [person]\nkpt_shape: [17, 3]\ntrain: a', 'data.yaml').keypointNumbers).toBe(51)
  })

  it.each([
    ['train: a', 'names'],
    ['names: []', 'names no class'],
    ['names: {0: a, 2: b}', 'not 0, 1, 2'],
    ['names: [a, " a"]', 'two classes have the name "a"'],
    ['just text', 'no fields'],
    ['', 'no fields'],
    ['names: [a\nb: ]', 'no YAML'],
    ['a: &a [x, x, x, x]\nb: &b [*a, *a, *a, *a]\nnames: [*b, *b, *b, *b, *b]', 'no YAML'],
  ])('is refused: %s', (text, problem) => {
    expect(() => parseDataYaml(text, 'data.yaml')).toThrow(
      expect.objectContaining({
        code: 'MNAS_DETECTION_ANNOTATIONS',
        message: expect.stringMatching(new RegExp(`^[^\\n]*${problem}[^\\n]*$`)),
      }),
    )
  })
})

describe('a path that annotations name', () => {
  it('never leads out of the folder', () => {
    const piece = fc.constantFrom('..', '.', '/', '\\', 'a', 'b.jpg', 'C:', 'http://', ' ', '~', '...')
    fc.assert(
      fc.property(
        fc.oneof(
          fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join('')),
          fc.string(),
        ),
        (name) => {
          const path = pathWithin(name)
          if (path !== null) expect(resolve('/data/set', path).startsWith(`/data/set${sep}`)).toBe(true)
        },
      ),
      { numRuns: 2000 },
    )
  })

  it.each([
    ['a.jpg', 'a.jpg'],
    ['train\\a.jpg', 'train/a.jpg'],
    ['./x/../a.jpg', 'a.jpg'],
    ['Bär 1.jpg', 'Bär 1.jpg'],
    ['../a.jpg', null],
    ['x/../../a.jpg', null],
    ['/etc/a.jpg', null],
    ['\\\\server\\a.jpg', null],
    ['C:\\a.jpg', null],
    ['https://a.example/a.jpg', null],
    ['a\0.jpg', null],
    ['', null],
    ['x/..', null],
    ['x/', null],
  ])('%j is %j', (name, path) => expect(pathWithin(name)).toBe(path))
})

describe('a box', () => {
  const size = { width: 100, height: 50 }
  it.each([
    [
      [10, 10, 20, 20],
      [10, 10, 20, 20],
    ],
    [
      [-5, 10, 20, 20],
      [0, 10, 15, 20],
    ],
    [
      [90, 40, 20, 10],
      [90, 40, 10, 10],
    ],
    [[95, 45, 20, 20], null],
    [[200, 10, 20, 20], null],
    [
      [0, 0, 100, 50],
      [0, 0, 100, 50],
    ],
  ] as const)('%j becomes %j', (given, expected) => expect(clipBox(given, size)).toEqual(expected))

  it('lies in the image, at least half of it', () => {
    const number = fc.double({ min: -150, max: 250, noNaN: true })
    const side = fc.double({ min: 0.01, max: 200, noNaN: true })
    fc.assert(
      fc.property(fc.tuple(number, number, side, side), (given) => {
        const clipped = clipBox(given, size)
        if (clipped === null) return
        const [x, y, width, height] = clipped
        expect(Math.min(x, y)).toBeGreaterThanOrEqual(0)
        expect(x + width).toBeLessThanOrEqual(100 + 1e-9)
        expect(y + height).toBeLessThanOrEqual(50 + 1e-9)
        expect(width * height).toBeGreaterThanOrEqual(0.5 * given[2] * given[3] - 1e-9)
      }),
    )
  })
})
