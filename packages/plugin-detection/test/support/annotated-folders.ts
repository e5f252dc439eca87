import sharp from 'sharp'
import { picture } from '../../../images/test/support/pictures.js'

/** Files by their paths. */
export type Files = Readonly<Record<string, Uint8Array | string>>

export const size = { width: 48, height: 40 } as const
const numbers = Array.from({ length: 6 }, (_, at) => at + 1)
const images = Object.fromEntries(await Promise.all(numbers.map(async (at) => [at, await picture(at)] as const)))

/** The pictures 1.jpg to 6.jpg, of 48 × 40 pixels. */
export const pictureFiles = (folder: string): Files =>
  Object.fromEntries(numbers.map((at) => [`${folder}${at}.jpg`, images[at]!]))

/** 48 × 40 as stored, and shown as 40 × 48: turned a quarter to the right. */
const turnedImage = () => sharp(images[1]!).withMetadata({ orientation: 6 })

/** A picture that is stored on its side, by the ending of its name. */
export const turnedPictures: Readonly<Record<string, () => Promise<Buffer>>> = {
  jpg: () => turnedImage().jpeg().toBuffer(),
  'long.jpg': async () => withLongHeader(await turnedImage().jpeg().toBuffer()),
  png: () => turnedImage().png().toBuffer(),
  webp: () => turnedImage().webp().toBuffer(),
  tiff: () => turnedImage().tiff().toBuffer(),
  avif: () => turnedImage().avif().toBuffer(),
}

/** Five segments of 65,000 bytes before all others. */
function withLongHeader(jpeg: Buffer): Buffer {
  const segment = Buffer.concat([Buffer.from([0xff, 0xe2, 0xfd, 0xe8]), Buffer.alloc(0xfde8 - 2)])
  return Buffer.concat([jpeg.subarray(0, 2), ...Array<Buffer>(5).fill(segment), jpeg.subarray(2)])
}

export const categories = [
  { id: 90, name: 'toothbrush' },
  { id: 3, name: 'car' },
]
export const cocoImage = (id: number, more = {}) => ({ id, file_name: `${id}.jpg`, ...size, ...more })
export const cocoBox = (image_id: number, bbox: unknown, more = {}) => ({ id: 0, image_id, category_id: 3, bbox, ...more })

/** Two boxes on each picture but the last, which has none. */
export const cocoFile = (more: { readonly images?: readonly unknown[]; readonly annotations?: readonly unknown[] } = {}) => ({
  images: numbers.map((id) => cocoImage(id)) as readonly unknown[],
  annotations: numbers
    .slice(0, 5)
    .flatMap((id) => [
      cocoBox(id, [1, 2, 10, 20], { id: 2 * id, area: 50 }),
      cocoBox(id, [5, 5, 8.5, 8], { id: 2 * id + 1, category_id: 90 }),
    ]) as readonly unknown[],
  categories,
  ...more,
})

export const cocoFolder = (file: unknown = cocoFile()): Files => ({
  ...pictureFiles('images/'),
  'instances.json': JSON.stringify(file),
})

const vocObject = (name: string, corners: readonly number[], more = '') =>
  `<object><name>${name}</name>${more}<bndbox>${['xmin', 'ymin', 'xmax', 'ymax']
    .map((corner, at) => `<${corner}>${corners[at]}</${corner}>`)
    .join('')}</bndbox></object>`
export const vocXml = (filename: string, objects: string) =>
  `<annotation><filename>${filename}</filename><size><width>0</width><height>0</height></size>${objects}</annotation>`

export const vocFolder = (): Files => ({
  ...pictureFiles('JPEGImages/'),
  ...Object.fromEntries(
    numbers.map((at) => [
      `Annotations/${at}.xml`,
      vocXml(`${at}.jpg`, vocObject('dog', [2, 3, 11, 22], '<difficult>1</difficult>') + vocObject('cat', [6, 6, 14.5, 13])),
    ]),
  ),
})

export const dataYaml = 'path: .\ntrain: images\nnames: [dog, cat]\n'
export const yoloFolder = (): Files => ({
  ...pictureFiles('images/'),
  ...Object.fromEntries(numbers.slice(0, 5).map((at) => [`labels/${at}.txt`, '0 .5 .5 .25 .5\n1 .25 .25 .2 .2\n'])),
  'data.yaml': dataYaml,
})
