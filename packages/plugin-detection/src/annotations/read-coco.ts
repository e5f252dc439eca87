import { createReadStream } from 'node:fs'
import { detectionErrors } from '../errors.js'
import type { AnnotatedImages } from './annotated-images.js'
import { CocoRows } from './coco-rows.js'
import { JsonElements } from './json-elements.js'

const arrays = ['images', 'annotations', 'categories'] as const
const chunkBytes = 2 ** 20

/**
 * COCO's instances file, as a stream: polygons are read and forgotten, so that memory follows the number of boxes and not the
 * file's length. A missing area is the box's, a missing iscrowd 0.
 * @throws MNAS_DETECTION_ANNOTATIONS for what is no such file; the file system's own errors
 */
export async function readCoco(file: string, signal?: AbortSignal): Promise<AnnotatedImages> {
  const rows = new CocoRows()
  const counts = { images: 0, annotations: 0, categories: 0 }
  const elements = new JsonElements((array, element) => {
    const fields = element as Readonly<Record<string, unknown>>
    if (array === 'annotations') rows.addBox(fields, counts.annotations++)
    else if (array === 'images') rows.addImage(fields, counts.images++)
    else if (array === 'categories') rows.addCategory(fields, counts.categories++)
  })
  const rest = await readAll(file, elements, signal)
  const missing = arrays.filter((name) => !Array.isArray((rest as Readonly<Record<string, unknown>> | null)?.[name]))
  if (missing.length > 0) throw wrong(file, `it has no array "${missing.join('", "')}"`)
  if (counts.categories === 0) throw wrong(file, 'it has no categories')
  const read = rows.result()
  if ('twice' in read) throw wrong(file, `two categories have the name "${read.twice}"`)
  return read
}

async function readAll(file: string, elements: JsonElements, signal?: AbortSignal): Promise<unknown> {
  try {
    for await (const chunk of createReadStream(file, { highWaterMark: chunkBytes, ...(signal && { signal }) }))
      elements.write(chunk)
    return elements.end()
  } catch (error) {
    if (error instanceof SyntaxError) throw wrong(file, `it is no JSON (${error.message.split('\n')[0]})`, error)
    throw error
  }
}

const wrong = (file: string, problem: string, cause?: unknown) =>
  detectionErrors.MNAS_DETECTION_ANNOTATIONS({ file, format: 'COCO instances', problem }, cause)
