import { posix } from 'node:path'
import type { SkippedFile } from '@mnas/core/contracts'
import { byCodeUnit, filesBelow } from '@mnas/images/listing'
import type { DataYaml } from '../annotations/parse-data-yaml.js'
import { parseYolo } from '../annotations/parse-yolo.js'
import { SkipCounter } from '../annotations/skip-counter.js'
import { type DataFolder, fileMissing } from './data-folder.js'
import type { FoundAnnotations, FoundImage } from './found-annotations.js'
import { stemOf } from './images-by-stem.js'
import { unreadable } from './unreadable.js'

const mostListBytes = 256 * 2 ** 20
const mostLabelBytes = 16 * 2 ** 20

/**
 * @param file data.yaml, within the folder: places are written relative to it
 * @throws MNAS_DETECTION_ANNOTATIONS for a place that is not there
 */
export async function findYolo(folder: DataFolder, file: string, data: DataYaml): Promise<FoundAnnotations> {
  const reader = new YoloReader(folder, file, data)
  const train = await reader.read(data.train)
  const validation = data.val.length > 0 ? await reader.read(data.val) : null
  const { labels } = data
  return {
    ...{ format: 'yolo', labels, labelIds: labels.map((_, at) => at), unit: 'shares', train, validation },
    ...{ broken: reader.broken, unannotated: [], skips: reader.skips },
  }
}

class YoloReader {
  readonly broken: SkippedFile[] = []
  readonly skips = new SkipCounter()
  readonly #folder: DataFolder
  readonly #file: string
  readonly #data: DataYaml
  #images = 0
  #boxes = 0

  constructor(folder: DataFolder, file: string, data: DataYaml) {
    this.#folder = folder
    this.#file = file
    this.#data = data
  }

  async read(places: readonly string[]): Promise<readonly FoundImage[]> {
    const names: string[] = []
    for (const place of places) for (const name of await this.#list(place)) names.push(name)
    const described = new Set<string>()
    return [...new Set(names)].sort(byCodeUnit).flatMap((name) => this.#image(name, described))
  }

  /** Images of a folder, or of a list of images. */
  async #list(place: string): Promise<readonly string[]> {
    const path = this.#placeOf(place)
    if (path === undefined) throw unreadable(this.#file, 'data.yaml of YOLO', `"${place}" is no place within its folder`)
    if (this.#folder.kindOf(path) === 'folder') return filesBelow(this.#folder.root, path)
    const content = this.#folder.readText(path, mostListBytes)
    if ('reason' in content) throw unreadable(path, 'a list of images', content.reason)
    const lines = content.text.split(/\r\n|\n|\r/).map((line) => line.trim().replaceAll('\\', '/'))
    return lines.filter((line) => line !== '').map((line) => posix.join(posix.dirname(path), line))
  }

  /** Some shops write `../train/images` for what lies beside data.yaml. */
  #placeOf(place: string): string | undefined {
    const own = posix.dirname(this.#file)
    const slashed = place.replaceAll('\\', '/')
    const bases = this.#data.path === null ? [own] : [posix.join(own, this.#data.path.replaceAll('\\', '/')), own]
    const written = [...bases.map((base) => posix.join(base, slashed)), posix.join(own, slashed.replace(/^(\.\.\/)+/, ''))]
    return written.find((path) => !path.startsWith('/') && !slashed.startsWith('/') && this.#folder.kindOf(path) !== null)
  }

  #image(name: string, described: Set<string>): readonly FoundImage[] {
    const lost = (reason: string) => {
      this.broken.push({ file: name, reason })
      return []
    }
    const place = this.#folder.locate(name)
    if ('reason' in place) return lost(place.reason)
    const labelFile = labelFileOf(name)
    if (described.has(labelFile)) return lost(`another image has the same label file ${labelFile}`)
    described.add(labelFile)
    const content = this.#folder.readText(labelFile, mostLabelBytes)
    // A missing file is an image without objects.
    if ('reason' in content && content.reason !== fileMissing) return lost(`${labelFile}: ${content.reason}`)
    const { objects, skipped } = parseYolo('text' in content ? content.text : '', this.#data.labels.length, labelFile)
    for (const { reason, count, examples } of skipped) this.skips.add(reason, examples[0]!, count)
    const boxes = objects.map(({ label, box }) => ({
      ...{ label, box, crowd: false, difficult: false, area: null, id: ++this.#boxes },
    }))
    return [{ file: place.file, name, id: ++this.#images, size: null, boxes }]
  }
}

/** `images/train/a.jpg` → `labels/train/a.txt`; beside the image where no folder is called images. */
function labelFileOf(image: string): string {
  const folders = image.split('/').slice(0, -1)
  const at = folders.lastIndexOf('images')
  const own = at < 0 ? folders : folders.with(at, 'labels')
  return [...own, `${stemOf(image)}.txt`].join('/')
}
