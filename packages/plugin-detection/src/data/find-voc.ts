import { posix } from 'node:path'
import type { SkippedFile } from '@mnas/core/contracts'
import { byCodeUnit, otherKind, readFolder } from '@mnas/images/listing'
import { parseVoc, type VocAnnotation } from '../annotations/parse-voc.js'
import { SkipCounter } from '../annotations/skip-counter.js'
import type { DataFolder } from './data-folder.js'
import type { FoundAnnotations, FoundImage } from './found-annotations.js'
import { ImagesByStem, stemOf } from './images-by-stem.js'

/** Folders of VOC's XML files with the folders of their images; `names`: those of the image set alone. */
export interface VocPlace {
  readonly annotations: string
  readonly images: string
  readonly names: ReadonlySet<string> | null
}

export interface VocPlaces {
  readonly train: VocPlace
  readonly validation: VocPlace | null
}

interface ReadXml {
  readonly file: string
  readonly name: string
  readonly annotation: VocAnnotation
}

const mostXmlBytes = 16 * 2 ** 20

/** Labels are the names that occur, in the order of code units. A file that cannot be read costs its image, no more. */
export async function findVoc(folder: DataFolder, places: VocPlaces): Promise<FoundAnnotations> {
  const reader = new VocReader(folder)
  const train = await reader.read(places.train)
  const validation = places.validation && (await reader.read(places.validation))
  const all = [...train, ...(validation ?? [])]
  const labels = [...new Set(all.flatMap(({ annotation }) => annotation.objects.map(({ label }) => label)))].sort(byCodeUnit)
  const labelAt = new Map(labels.map((label, at) => [label, at]))
  const counts = { images: 0, boxes: 0 }
  const found = ({ file, name, annotation }: ReadXml): FoundImage => ({
    ...{ file, name, id: ++counts.images, size: annotation.size },
    boxes: annotation.objects.map(({ label, box, difficult }) => ({
      ...{ label: labelAt.get(label)!, box, crowd: false, difficult, area: null, id: ++counts.boxes },
    })),
  })
  return {
    ...{ format: 'voc', labels, labelIds: labels.map((_, at) => at), unit: 'pixels' },
    ...{ train: train.map(found), validation: validation?.map(found) ?? null },
    ...{ broken: reader.broken, unannotated: reader.unannotated, skips: reader.skips },
  }
}

class VocReader {
  readonly broken: SkippedFile[] = []
  readonly unannotated: SkippedFile[] = []
  readonly skips = new SkipCounter()
  readonly #folder: DataFolder

  constructor(folder: DataFolder) {
    this.#folder = folder
  }

  async read({ annotations, images, names }: VocPlace): Promise<readonly ReadXml[]> {
    const [{ files }, { files: imageFiles }] = [
      await readFolder(this.#folder.root, annotations),
      await readFolder(this.#folder.root, images),
    ]
    const byStem = new ImagesByStem(imageFiles.filter((name) => otherKind(name) === undefined))
    const listed = files.filter((name) => isXml(name) && (names === null || names.has(stemOf(name)))).sort(byCodeUnit)
    const read = listed.flatMap((xml) => this.#readXml(posix.join(annotations, xml), images, byStem))
    const stems = new Set(files.filter(isXml).map(stemOf))
    const isMeant = (name: string) => !stems.has(stemOf(name)) && (names === null || names.has(stemOf(name)))
    for (const name of byStem.unused().filter(isMeant))
      this.unannotated.push({ file: posix.join(images, name), reason: 'no XML file describes it' })
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
