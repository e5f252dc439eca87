import { posix } from 'node:path'
import type { SkippedFile } from '@mnas/core/contracts'
import { byCodeUnit, otherKind, readFolder } from '@mnas/images/listing'
import { parseVoc, type VocAnnotation } from '../../annotations/parse-voc.js'
import { SkipCounter } from '../../annotations/skip-counter.js'
import type { OwnPart } from '../annotated-data.js'
import type { DataFolder } from '../folder/data-folder.js'
import { ImagesByStem, stemOf } from '../folder/images-by-stem.js'
import type { FoundAnnotations, FoundImage } from '../found-annotations.js'

/** A list of VOC, whose names are those of its images without their endings. */
export interface ImageSet {
  /** Within the data. */
  readonly file: string
  readonly names: ReadonlySet<string>
}

/** Folders of VOC's XML files with the folders of their images. */
export interface VocPlace {
  readonly annotations: string
  readonly images: string
  /** Names all that belongs here; null: no list does. */
  readonly set: ImageSet | null
  /** Whether a name without its ending belongs here: to the image set, where there are sets. */
  readonly holds: (name: string) => boolean
}

/** null: a part that is not set apart. */
export type VocPlaces = Readonly<Record<OwnPart, VocPlace | null>>

interface ReadXml {
  readonly file: string
  readonly name: string
  readonly annotation: VocAnnotation
}

const mostXmlBytes = 16 * 2 ** 20

/**
 * Labels are the names that occur in training and validation images, in the order of code units; where there are test images alone,
 * in these. A file that cannot be read costs its image, no more. An image without a file was not looked at by whoever annotated:
 * programs that write VOC write a file without objects for a picture without objects. It is left out, and counted.
 */
export async function findVoc(folder: DataFolder, places: VocPlaces): Promise<FoundAnnotations> {
  const reader = new VocReader(folder)
  const read = async (place: VocPlace | null) => place && (await reader.read(place))
  const parts = { train: await read(places.train), validation: await read(places.validation), test: await read(places.test) }
  const own = [...(parts.train ?? []), ...(parts.validation ?? [])]
  const naming = own.length > 0 ? own : (parts.test ?? [])
  const labels = [...new Set(naming.flatMap(({ annotation }) => annotation.objects.map(({ label }) => label)))].sort(byCodeUnit)
  const placer = new VocPlacer(labels, reader.skips)
  const found = (xmls: readonly ReadXml[] | null) => xmls?.map((xml) => placer.place(xml)) ?? null
  return {
    ...{ format: 'voc', labels, labelIds: labels.map((_, at) => at), unit: 'pixels' },
    parts: { train: found(parts.train), validation: found(parts.validation), test: found(parts.test) },
    ...{ broken: reader.broken, unannotated: reader.unannotated, skips: reader.skips, corners: null, warnings: reader.warnings },
  }
}

/** Numbers images and boxes, and turns names into labels. */
class VocPlacer {
  readonly #labelAt: ReadonlyMap<string, number>
  readonly #skips: SkipCounter
  #images = 0
  #boxes = 0

  constructor(labels: readonly string[], skips: SkipCounter) {
    this.#labelAt = new Map(labels.map((label, at) => [label, at]))
    this.#skips = skips
  }

  place({ file, name, annotation: { size, objects } }: ReadXml): FoundImage {
    const boxes = objects.flatMap(({ label: called, box, difficult }) => {
      const label = this.#labelAt.get(called)
      if (label === undefined) this.#skips.add('box of a class that the training part does not have', called)
      return label === undefined ? [] : [{ label, box, crowd: false, difficult, area: null, id: ++this.#boxes }]
    })
    return { file, name, id: ++this.#images, size, boxes }
  }
}

class VocReader {
  readonly broken: SkippedFile[] = []
  readonly unannotated: SkippedFile[] = []
  readonly skips = new SkipCounter()
  readonly warnings: string[] = []
  readonly #folder: DataFolder

  constructor(folder: DataFolder) {
    this.#folder = folder
  }

  async read({ annotations, images, set, holds }: VocPlace): Promise<readonly ReadXml[]> {
    const [{ files }, { files: imageFiles }] = [
      await readFolder(this.#folder.root, annotations),
      await readFolder(this.#folder.root, images),
    ]
    const pictures = imageFiles.filter((name) => otherKind(name) === undefined)
    const byStem = new ImagesByStem(pictures)
    const listed = files.filter((name) => isXml(name) && holds(stemOf(name))).sort(byCodeUnit)
    const read = listed.flatMap((xml) => this.#readXml(posix.join(annotations, xml), images, byStem))
    const stems = new Set(files.filter(isXml).map(stemOf))
    const isMeant = (name: string) => !stems.has(stemOf(name)) && holds(stemOf(name))
    for (const name of byStem.unused().filter(isMeant))
      this.unannotated.push({ file: posix.join(images, name), reason: 'no XML file describes it' })
    if (set) this.warnings.push(...warnOfMissing(set, new Set([...stems, ...pictures.map(stemOf)])))
    return read
  }

  #readXml(xml: string, images: string, byStem: ImagesByStem): readonly ReadXml[] {
    const lost = (reason: string) => {
      this.broken.push({ file: xml, reason })
      return []
    }
    const content = this.#folder.readText(xml, mostXmlBytes)
    if ('reason' in content) return lost(content.reason)
    const annotation = parsed(content.text, xml)
    if (typeof annotation === 'string') return lost(annotation)
    for (const { reason, count } of annotation.skipped) this.skips.add(reason, xml, count)
    const image = byStem.take(stemOf(xml), annotation.filename)
    if (image === undefined) return lost('its image is not there')
    const name = posix.join(images, image)
    const place = this.#folder.locate(name)
    return 'reason' in place ? lost(place.reason) : [{ file: place.file, name, annotation }]
  }
}

const mostNamed = 3

/** An image without an XML file is told as not annotated; of a name that is neither nobody else would hear. */
function warnOfMissing({ file, names }: ImageSet, there: ReadonlySet<string>): readonly string[] {
  const missing = [...names].filter((name) => !there.has(name))
  if (missing.length === 0) return []
  const named = `${missing.slice(0, mostNamed).join(', ')}${missing.length > mostNamed ? ', …' : ''}`
  return [`${file} names ${missing.length.toLocaleString('en')} that have neither an XML file nor an image: ${named}`]
}

export const isXml = (name: string): boolean => /\.xml$/i.test(name)

/** The annotation, or what is wrong with it. */
function parsed(xml: string, where: string): VocAnnotation | string {
  try {
    return parseVoc(xml, where)
  } catch (error) {
    if (error instanceof SyntaxError) return error.message.split('\n')[0]!
    throw error
  }
}
