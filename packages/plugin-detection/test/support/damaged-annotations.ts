import fc from 'fast-check'
import { cocoBox, cocoFile, cocoFolder, cocoImage, type Files, pictureFiles, vocFolder, yoloFolder } from './annotated-folders.js'

/** What annotations must not do and sometimes say. */
const tokens = [
  ...['../', '/etc/passwd', 'C:\\a', 'https://a.example/', '\0', '\ufffd', '\ud800', '1.jpg', '1.txt'],
  ...['-1', '0', '1e400', '-1e-400', 'NaN', 'Infinity', 'null', '""', '[]', '{}', '99999999999999999999', '1,5', '__proto__'],
  ...['<!DOCTYPE a [<!ENTITY b "bbbb">]>', '&b;', '<![CDATA[', '<object>', '</annotation>', '&#x110000;'],
  ...['*a', '&a [*a, *a]', '? ', '!!js/function', '- ', ': ', '\n', '\t', '"', "'", '[', '{', '}', ']', ','],
]
const damage = fc.record({
  kind: fc.constantFrom('token', 'replace', 'flip', 'drop', 'cut', 'repeat'),
  ...{
    at: fc.nat(),
    length: fc.integer({ min: 1, max: 40 }),
    token: fc.constantFrom(...tokens),
    mask: fc.integer({ min: 1, max: 255 }),
  },
})
type Damage = typeof damage extends fc.Arbitrary<infer T> ? T : never
const change = fc.record({ file: fc.nat(), damages: fc.array(damage, { minLength: 1, maxLength: 4 }) })

/** So many more that a single one that cannot be used is no reason to refuse all: 10.jpg and so on. */
const more = Array.from({ length: 34 }, (_, at) => at + 10)
const filesOf = (path: (at: number) => string, content: Uint8Array | string): Files =>
  Object.fromEntries(more.map((at) => [path(at), content]))
const picture = pictureFiles('')['1.jpg']!

const { images, annotations } = cocoFile()
const coco = {
  images: [...images, ...more.map((id) => cocoImage(id))],
  annotations: [...annotations, ...more.map((id) => cocoBox(id, [3, 3, 9, 9]))],
}
const yolo: Files = {
  ...yoloFolder(),
  ...filesOf((at) => `images/${at}.jpg`, picture),
  ...filesOf((at) => `labels/${at}.txt`, '1 .5 .5 .5 .5'),
}
const folders: readonly Files[] = [
  { ...cocoFolder(cocoFile(coco)), ...filesOf((at) => `images/${at}.jpg`, picture) },
  {
    ...vocFolder(),
    ...filesOf((at) => `JPEGImages/${at}.jpg`, picture),
    ...filesOf((at) => `Annotations/${at}.xml`, vocFolder()['Annotations/1.xml']!),
  },
  yolo,
  {
    ...yolo,
    'data.yaml': 'train: a.txt\nval: images\nnames: {0: dog, 1: cat}\n',
    'a.txt': more.map((at) => `images/${at}.jpg`).join('\n'),
  },
]

export interface DamagedFolder {
  readonly intact: Files
  /** Path of the file that is damaged, and what it holds. */
  readonly changed: string
  readonly bytes: Uint8Array
}

/** A folder of each format in turn, with a file of annotations damaged: the same ones each time. */
export function damagedFolders(count: number): readonly DamagedFolder[] {
  return fc.sample(change, { seed: 20261128, numRuns: count }).map(({ file, damages }, at) => {
    const intact = folders[at % folders.length]!
    const texts = Object.keys(intact).filter((path) => !path.endsWith('.jpg'))
    const changed = texts[file % texts.length]!
    const bytes = damages.reduce(damaged, Buffer.from(intact[changed]!))
    return { intact, changed, bytes }
  })
}

function damaged(bytes: Buffer, { kind, at, length, token, mask }: Damage): Buffer {
  const from = at % (bytes.length + 1)
  const [before, behind] = [bytes.subarray(0, from), bytes.subarray(from)]
  switch (kind) {
    case 'token':
      return Buffer.concat([before, Buffer.from(token), behind])
    case 'replace':
      return Buffer.concat([before, Buffer.from(token), behind.subarray(length)])
    case 'flip':
      return Buffer.concat([before, Buffer.from(behind.subarray(0, 1).map((byte) => byte ^ mask)), behind.subarray(1)])
    case 'drop':
      return Buffer.concat([before, behind.subarray(length)])
    case 'cut':
      return Buffer.from(before)
    case 'repeat':
      return Buffer.concat([before, ...Array.from({ length: 3 }, () => behind.subarray(0, length)), behind])
    default:
      throw new Error(kind satisfies never)
  }
}
