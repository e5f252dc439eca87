import { posix } from 'node:path'
import type { SkippedFile } from '@mnas/core/contracts'
import { byCodeUnit, filesBelow } from '@mnas/images/listing'
import { parseYolo } from '../../annotations/parse-yolo.js'
import { SkipCounter } from '../../annotations/skip-counter.js'
import { type DataFolder, fileMissing } from '../folder/data-folder.js'
import { stemOf } from '../folder/images-by-stem.js'
import { unreadable } from '../folder/unreadable.js'
import type { FoundAnnotations, FoundImage } from '../found-annotations.js'
import { placesOf } from './places-of.js'
import type { YoloSource } from './yolo-source.js'

const mostListBytes = 256 * 2 ** 20
const mostLabelBytes = 16 * 2 ** 20

/** @throws MNAS_DETECTION_ANNOTATIONS for a place that is not there */
export async function findYolo(folder: DataFolder, source: YoloSource): Promise<FoundAnnotations> {
  const reader = new YoloReader(folder, source)
  const read = async (places: readonly string[]) => (places.length > 0 ? await reader.read(places) : null)
  const parts = { train: await read(source.train), validation: await read(source.val), test: await read(source.test) }
  const { labels } = source
  return {
    ...{ format: 'yolo', labels, labelIds: labels.map((_, at) => at), unit: 'shares', parts },
    ...{ broken: reader.broken, unannotated: [], skips: reader.skips, corners: reader.corners, warnings: [...reader.warnings] },
  }
}

/** What Darknet keeps beside images: the names of classes, and where all of it is. */
const darknetFile = /\.(names|data)$/i

class YoloReader {
  readonly broken: SkippedFile[] = []
  readonly skips = new SkipCounter()
  readonly warnings = new Set<string>()
  corners = 0
  readonly #folder: DataFolder
  readonly #source: YoloSource
  #images = 0
  #boxes = 0

  constructor(folder: DataFolder, source: YoloSource) {
    this.#folder = folder
    this.#source = source
  }

  async read(places: readonly string[]): Promise<readonly FoundImage[]> {
    const names: string[] = []
    for (const place of places) for (const name of await this.#list(place)) names.push(name)
    const described = new Set<string>()
    return [...new Set(names)].sort(byCodeUnit).flatMap((name) => this.#image(name, described))
  }

  /** Images of a folder, or of a list of images. */
  async #list(place: string): Promise<readonly string[]> {
    const { paths, warning } = placesOf(this.#folder, this.#source, place)
    if (warning !== undefined) this.warnings.add(warning)
    const path = paths.find((written) => this.#folder.kindOf(written) !== null)
    if (path === undefined) {
      const format = this.#source.file.endsWith('.txt') ? 'a list of images' : 'data.yaml of YOLO'
      throw unreadable(this.#source.file, format, `"${place}" is no place within its folder`)
    }
    if (this.#folder.kindOf(path) === 'folder') {
      const files = await filesBelow(this.#folder.root, path === '.' ? '' : path)
      return files.filter((name) => !darknetFile.test(name))
    }
    const content = this.#folder.readText(path, mostListBytes)
    if ('reason' in content) throw unreadable(path, 'a list of images', content.reason)
    const lines = content.text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/)
    const written = lines.map((line) => line.trim().replaceAll('\\', '/')).filter((line) => line !== '')
    return written.map((line) => this.#inList(posix.dirname(path), line))
  }

  /** Paths are from the list on; Darknet's and CVAT's begin with the name of the folder that all of it was in. */
  #inList(folder: string, line: string): string {
    const absolute = this.#folder.within(line)
    if (absolute !== null) return absolute
    const written = [posix.join(folder, line), posix.join(folder, line.replace(/^[^/]+\//, ''))]
    const isThere = (path: string) => !line.startsWith('/') && 'file' in this.#folder.locate(path)
    return written.find(isThere) ?? (line.startsWith('/') ? line : written[0]!)
  }

  #image(name: string, described: Set<string>): readonly FoundImage[] {
    const lost = (reason: string) => {
      this.broken.push({ file: name, reason })
      return []
    }
    const place = this.#folder.locate(name)
    if ('reason' in place) return lost(place.reason)
    const candidates = labelFilesOf(name)
    const labelFile = candidates.find((file) => this.#folder.kindOf(file) === 'file') ?? candidates[0]!
    if (described.has(labelFile)) return lost(`another image has the same label file ${labelFile}`)
    described.add(labelFile)
    const content = this.#folder.readText(labelFile, mostLabelBytes)
    // A missing file is an image without objects.
    if ('reason' in content && content.reason !== fileMissing) return lost(`${labelFile}: ${content.reason}`)
    const text = 'text' in content ? content.text : ''
    const { objects, skipped, corners = 0 } = parseYolo(text, this.#source, labelFile)
    this.corners += corners
    for (const { reason, count, examples } of skipped) this.skips.add(reason, examples[0]!, count)
    const boxes = objects.map(({ label, box }) => ({
      ...{ label, box, crowd: false, difficult: false, area: null, id: ++this.#boxes },
    }))
    return [{ file: place.file, name, id: ++this.#images, size: null, boxes }]
  }
}

/** `images/train/a.jpg` → `labels/train/a.txt`, or beside the image, where labels stand that a program wrote to where it found the image. */
function labelFilesOf(image: string): readonly string[] {
  const folders = image.split('/').slice(0, -1)
  const at = folders.lastIndexOf('images')
  const places = at < 0 ? [folders] : [folders.with(at, 'labels'), folders]
  return places.map((own) => [...own, `${stemOf(image)}.txt`].join('/'))
}
