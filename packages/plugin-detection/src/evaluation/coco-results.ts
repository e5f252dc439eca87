import type { Json, JsonObject } from '@mnas/core/contracts'
import type { PhotoDetection } from '../detections/photo-detections.js'

/** How annotations call what is in them. */
export interface Origin {
  /** Of each label: COCO's category, with holes; elsewhere its index. null: the annotations do not have it. */
  readonly categories: readonly (number | null)[]
  /** Of each photo by its id: its file; null where the ids are COCO's own, by which everybody knows the photo. */
  readonly files: Readonly<Record<string, string>> | null
}

export const originToJson = (origin: Origin): JsonObject => origin as unknown as JsonObject

/** @param json of a data set of this task */
export const originOf = (json: JsonObject): Origin => json as unknown as Origin

/** What was found in a photo, the best first. */
export interface FoundInPhoto {
  readonly id: number
  readonly found: readonly PhotoDetection[]
}

/**
 * COCO's results format, an array of {image_id, category_id, bbox: [x, y, width, height], score}, in pixels of the photo as it is
 * shown; where the ids are ours, `file_name` says which photo it is. Numbers have all their digits, so that who evaluates the file
 * has our numbers. A piece of text for each photo.
 */
export function* cocoResults(photos: Iterable<FoundInPhoto>, { categories, files }: Origin): Generator<string> {
  yield '['
  let separator = '\n'
  for (const { id, found } of photos) {
    const rows = found.flatMap(({ label, box, score }) => {
      const category = categories[label] ?? null
      if (category === null) return []
      const row: Json = { image_id: id, category_id: category, bbox: box, score, ...(files && { file_name: files[id]! }) }
      return [JSON.stringify(row)]
    })
    if (rows.length === 0) continue
    yield `${separator}${rows.join(',\n')}`
    separator = ',\n'
  }
  yield '\n]\n'
}
