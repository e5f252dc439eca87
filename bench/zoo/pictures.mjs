/** Pictures that decoders like to read otherwise, made of photos; and files that no model may be asked about. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'

/** By name: how a photo becomes a file. `alpha` in a name: browsers may round its pixels by a level. */
const kinds = {
  'plain.jpg': (image) => image.jpeg({ quality: 90 }),
  'progressive.jpg': (image) => image.jpeg({ progressive: true }),
  'chroma444.jpg': (image) => image.jpeg({ chromaSubsampling: '4:4:4' }),
  'grey.jpg': (image) => image.greyscale().jpeg(),
  'p3.jpg': (image) => image.withIccProfile('p3').jpeg(),
  'odd.jpg': (image) => image.resize(333, 251, { fit: 'fill' }).jpeg(),
  'tiny.jpg': (image) => image.resize(40, 31, { fit: 'fill' }).jpeg(),
  'pixel.png': (image) => image.resize(1, 1, { fit: 'fill' }).png(),
  'panorama.jpg': (image) => image.resize(900, 150, { fit: 'fill' }).jpeg(),
  'tower.jpg': (image) => image.resize(120, 700, { fit: 'fill' }).jpeg(),
  'plain.png': (image) => image.png(),
  'palette.png': (image) => image.png({ palette: true }),
  'lossy.webp': (image) => image.webp({ quality: 85 }),
  ...Object.fromEntries([1, 2, 3, 4, 5, 6, 7, 8].map((orientation) => [`exif${orientation}.jpg`, turned(orientation)])),
  'alpha.png': (image) => image.ensureAlpha(0.4).png(),
  'alpha.webp': (image) => image.ensureAlpha(0.4).webp({ lossless: true }),
}

function turned(orientation) {
  return (image) => image.withMetadata({ orientation }).jpeg()
}

/** @returns {Promise<readonly string[]>} paths of so many pictures, all kinds in turn */
export async function makePictures(folder, photos, count) {
  const names = Object.keys(kinds)
  const paths = []
  for (let index = 0; index < count; index++) {
    const name = names[index % names.length]
    const path = join(folder, `${Math.floor(index / names.length)}-${name}`)
    await kinds[name](sharp(photos[index % photos.length])).toFile(path)
    paths.push(path)
  }
  return paths
}

/** Files, and which code the page is to name: `same` as `mnas predict`, or its own for what browsers decode otherwise. */
export async function makeRefused(folder, photo) {
  const bytes = readFileSync(photo)
  const png = await sharp(photo).png().toBuffer()
  const webp = await sharp(photo).webp().toBuffer()
  const files = {
    'empty.jpg': [Buffer.alloc(0), 'same'],
    'half.jpg': [bytes.subarray(0, bytes.length >> 1), 'same'],
    'without-its-end.jpg': [bytes.subarray(0, bytes.length - 2), 'same'],
    'header-only.jpg': [bytes.subarray(0, 400), 'same'],
    'half.png': [png.subarray(0, png.length >> 1), 'same'],
    'half.webp': [webp.subarray(0, webp.length >> 1), 'same'],
    'text.jpg': [Buffer.from('not a picture\n'), 'same'],
    'video.mp4': [Buffer.concat([Buffer.from([0, 0, 0, 32]), Buffer.from('ftypisom'), Buffer.alloc(4000)]), 'same'],
    'heic.heic': [Buffer.concat([Buffer.from([0, 0, 0, 32]), Buffer.from('ftypheic'), Buffer.alloc(4000)]), 'same'],
    'huge.png': [largeHeader(png), 'same'],
    'drawing.svg': [Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'), 'same'],
    'inks.jpg': [await sharp(photo).toColourspace('cmyk').jpeg().toBuffer(), 'MNAS_PAGE_OTHERWISE'],
    'deep.png': [await sharp(photo).toColourspace('rgb16').png().toBuffer(), 'MNAS_PAGE_OTHERWISE'],
    'pages.tiff': [await sharp(photo).tiff().toBuffer(), 'MNAS_PAGE_UNDECODED'],
  }
  return Object.entries(files).map(([name, [data, expected]]) => {
    const path = join(folder, name)
    writeFileSync(path, data)
    return { path, expected }
  })
}

/** A PNG that says of itself that it is 60,000 by 60,000 pixels. */
function largeHeader(png) {
  const header = Buffer.from(png)
  header.writeUInt32BE(60_000, 16)
  header.writeUInt32BE(60_000, 20)
  return header
}
