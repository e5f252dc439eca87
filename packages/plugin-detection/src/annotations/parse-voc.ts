import { SaxesParser } from 'saxes'
import type { PixelBox } from '../evaluation/box-tables.js'
import { SkipCounter, type Skipped } from './skip-counter.js'

export interface VocObject {
  readonly label: string
  readonly box: PixelBox
  /** Counts neither for nor against in an evaluation, as a crowd does. */
  readonly difficult: boolean
}

/** One file of Pascal VOC. */
export interface VocAnnotation {
  /** As it is written: the file may be called otherwise now. */
  readonly filename: string
  /** null: not said, or 0 × 0 as labelImg writes it. */
  readonly size: { readonly width: number; readonly height: number } | null
  readonly objects: readonly VocObject[]
  readonly skipped: readonly Skipped[]
}

/** The texts of elements, by their path from the root. */
type Texts = Map<string, string>

const corners = ['xmin', 'ymin', 'xmax', 'ymax'] as const
const mostDepth = 20

/**
 * A file of Pascal VOC. Its corners are counted from 1 and belong to the box, so that a box of xmin 1 and xmax 2 is two pixels
 * wide; parts of objects have boxes of their own, which are left out.
 * @param where for what was skipped
 * @throws SyntaxError for what is no XML, has a document type (entities would come with it) or no <annotation>
 */
export function parseVoc(xml: string, where: string): VocAnnotation {
  const [skips, objects] = [new SkipCounter(), [] as VocObject[]]
  const image: Texts = new Map()
  readElements(
    xml,
    (path, texts) => {
      if (path !== 'annotation/object') return
      const object = objectOf(texts)
      if (typeof object === 'string') skips.add(object, where)
      else objects.push(object)
    },
    image,
  )
  const [width, height] = [Number(image.get('annotation/size/width')), Number(image.get('annotation/size/height'))]
  const size = width > 0 && height > 0 && Number.isFinite(width * height) ? { width, height } : null
  return { filename: (image.get('annotation/filename') ?? '').trim(), size, objects, skipped: skips.result() }
}

/** @returns why it cannot be used, or the object */
function objectOf(texts: Texts): VocObject | string {
  const label = (texts.get('annotation/object/name') ?? '').trim().normalize('NFC')
  if (label === '') return 'object without a name'
  const written = corners.map((corner) => texts.get(`annotation/object/bndbox/${corner}`)?.trim() ?? '')
  const [left, top, right, bottom] = written.map((text) => (text === '' ? Number.NaN : Number(text)))
  const box: PixelBox = [left! - 1, top! - 1, right! - left! + 1, bottom! - top! + 1]
  if (!box.every(Number.isFinite)) return 'box whose corners are not four numbers'
  if (box[2] <= 0 || box[3] <= 0) return 'box without width or height'
  return { label, box, difficult: Number(texts.get('annotation/object/difficult')) === 1 }
}

/**
 * Says of each element when it ends what texts stood in it; those outside of objects are kept in `image`.
 */
function readElements(xml: string, ended: (path: string, texts: Texts) => void, image: Texts): void {
  const parser = new SaxesParser()
  const names: string[] = []
  let texts = image
  const refuse = (problem: string) => {
    throw new SyntaxError(problem)
  }
  parser.on('doctype', () => refuse('it has a document type, which is not read'))
  parser.on('error', (error) => refuse(`it is no XML (${error.message})`))
  parser.on('opentag', ({ name }) => {
    names.push(name)
    if (names.length > mostDepth) refuse(`elements lie more than ${mostDepth} deep in each other`)
    if (names.length === 1 && name !== 'annotation') refuse(`its outermost element is <${name}>`)
    if (names.join('/') === 'annotation/object') texts = new Map()
  })
  parser.on('text', (text) => {
    const path = names.join('/')
    texts.set(path, (texts.get(path) ?? '') + text)
  })
  parser.on('closetag', () => {
    const path = names.join('/')
    ended(path, texts)
    if (path === 'annotation/object') texts = image
    names.pop()
  })
  parser.write(xml).close()
}
