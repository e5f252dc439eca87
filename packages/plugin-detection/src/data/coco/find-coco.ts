import { posix } from 'node:path'
import type { SkippedFile } from '@mnas/core/contracts'
import type { AnnotatedImages } from '../../annotations/annotated-images.js'
import { readCoco } from '../../annotations/read-coco.js'
import { SkipCounter } from '../../annotations/skip-counter.js'
import type { PixelBox } from '../../evaluation/box-tables.js'
import type { OwnPart } from '../annotated-data.js'
import type { DataFolder, Located } from '../folder/data-folder.js'
import { unreadable } from '../folder/unreadable.js'
import type { FoundAnnotations, FoundBox, FoundImage } from '../found-annotations.js'

/** Files of COCO's format by their parts, within the folder; null where there is none. */
export type CocoFiles = Readonly<Record<OwnPart, string | null>>

/**
 * The classes are those of the training part, else of the first part that there is.
 * @throws MNAS_DETECTION_ANNOTATIONS
 */
export async function findCoco(folder: DataFolder, files: CocoFiles, signal?: AbortSignal): Promise<FoundAnnotations> {
  const [skips, broken] = [new SkipCounter(), [] as SkippedFile[]]
  const read = async (file: string | null) => {
    if (file === null) return null
    const place = folder.locate(file)
    if ('reason' in place) throw unreadable(file, 'COCO instances', place.reason)
    return { file, own: await readCoco(place.file, signal) }
  }
  const parts = { train: await read(files.train), validation: await read(files.validation), test: await read(files.test) }
  const { labels, labelIds } = (parts.train ?? parts.validation ?? parts.test)!.own
  const imagesOf = (part: (typeof parts)[OwnPart]) => part && placeImages(folder, part.file, part.own, labels, { skips, broken })
  return {
    ...{ format: 'coco', labels, labelIds, unit: 'pixels' },
    ownLabelIds: Object.fromEntries(
      (['validation', 'test'] as const).flatMap((part) => {
        const own = parts[part]?.own
        return own ? [[part, labels.map((label) => idOf(label, own))] as const] : []
      }),
    ),
    parts: { train: imagesOf(parts.train), validation: imagesOf(parts.validation), test: imagesOf(parts.test) },
    ...{ broken, unannotated: [], skips, corners: null, warnings: [] },
  }
}

const idOf = (label: string, { labels, labelIds }: AnnotatedImages) => labelIds[labels.indexOf(label)] ?? null

interface Losses {
  readonly skips: SkipCounter
  readonly broken: SkippedFile[]
}

function placeImages(
  folder: DataFolder,
  file: string,
  own: AnnotatedImages,
  labels: readonly string[],
  { skips, broken }: Losses,
): readonly FoundImage[] {
  for (const { reason, count, examples } of own.skipped) {
    if (reason.startsWith('image'))
      for (let at = 0; at < count; at++) broken.push({ file: `${file}: ${examples[at] ?? 'images'}`, reason })
    else skips.add(reason, `${file}: ${examples[0]}`, count)
  }
  const boxes = boxesOf(own, labels, (label) => skips.add('box of a class that the training part does not have', label))
  const locate = imageFinder(folder, file)
  const seen = new Set<string>()
  return own.images.flatMap(({ path, id, size }, index) => {
    const place = locate(path)
    const reason = 'reason' in place ? place.reason : seen.has(place.file) ? 'the file is listed twice' : null
    if (reason !== null || 'reason' in place) {
      broken.push({ file: path, reason: reason! })
      return []
    }
    seen.add(place.file)
    return [{ file: place.file, name: path, id, size, boxes: boxes[index]! }]
  })
}

/** By image. A validation file may number the same classes otherwise: their names tell. */
function boxesOf(
  { boxes, boxIds, images, labels: own }: AnnotatedImages,
  labels: readonly string[],
  unknown: (label: string) => void,
): readonly (readonly FoundBox[])[] {
  const labelAt = own.map((label) => labels.indexOf(label))
  const { image, label, box, area, crowd } = boxes.columns()
  const result = images.map((): FoundBox[] => [])
  for (let row = 0; row < boxes.length; row++) {
    const at = labelAt[label[row]!]!
    if (at < 0) {
      unknown(own[label[row]!]!)
      continue
    }
    const [x, y, width, height] = box.subarray(4 * row, 4 * row + 4) as unknown as PixelBox
    result[image[row]!]!.push({
      ...{ label: at, box: [x, y, width, height], crowd: crowd[row] === 1, difficult: false },
      ...{ area: area[row]!, id: boxIds[row]! },
    })
  }
  return result
}

/** Names of a folder that holds nothing but annotations: the images are beside it. */
const annotationFolders: readonly string[] = ['annotations', 'annotation', 'labels']

/** Finds images by what `file_name` says, from each folder that files of this format start at; the last one that held an image first. */
function imageFinder(folder: DataFolder, file: string): (path: string) => Located {
  const own = posix.dirname(file)
  const above = annotationFolders.includes(posix.basename(own).toLowerCase()) ? posix.dirname(own) : own
  const stem = posix.basename(file, '.json').replace(/^instances_/, '')
  const inner = ['', 'images', stem, `images/${stem}`, stem.replace(/\d+$/, '')]
  const bases = [...new Set([own, ...inner.map((name) => posix.join(above, name))])]
  return (path) => {
    let missing: Located | undefined
    for (const [at, base] of bases.entries()) {
      const place = folder.locate(posix.join(base, path))
      if ('reason' in place) {
        missing ??= place
        continue
      }
      if (at > 0) bases.unshift(...bases.splice(at, 1))
      return place
    }
    return missing!
  }
}
