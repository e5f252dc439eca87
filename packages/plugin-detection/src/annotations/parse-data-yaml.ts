import { parse } from 'yaml'
import { z } from 'zod'
import { detectionErrors } from '../errors.js'

const places = z.union([z.string().transform((place) => [place]), z.array(z.string())]).nullish()
const dataSchema = z.looseObject({
  /** Of all places below, itself beside the file. */
  path: z.string().nullish(),
  train: places,
  val: places,
  test: places,
  /** Of poses: how many keypoints follow behind each box, and how many numbers each is. */
  kpt_shape: z.tuple([z.number().int().min(0), z.number().int().min(0)]).nullish(),
  names: z.union([z.array(z.coerce.string()), z.record(z.coerce.number().int().min(0), z.coerce.string())]),
})

/** A data.yaml of YOLO. What programs besides write into it (`nc`, `download`, `roboflow`) is left alone. */
export interface DataYaml {
  readonly labels: readonly string[]
  /** How many numbers of keypoints follow behind each box; 0: none. */
  readonly keypointNumbers: number
  readonly path: string | null
  /** Folders of images, or lists of them, as they are written. */
  readonly train: readonly string[]
  readonly val: readonly string[]
  readonly test: readonly string[]
}

/**
 * @param file for errors
 * @throws MNAS_DETECTION_ANNOTATIONS
 */
export function parseDataYaml(text: string, file: string): DataYaml {
  const wrong = (problem: string, cause?: unknown) =>
    detectionErrors.MNAS_DETECTION_ANNOTATIONS({ file, format: 'data.yaml of YOLO', problem }, cause)
  const read = dataSchema.safeParse(parseYaml(text, wrong))
  if (!read.success) {
    const { path, message } = read.error.issues[0]!
    throw wrong(path.length === 0 ? 'it holds no fields' : `${path.join('.')}: ${message}`, read.error)
  }
  const { path, train, val, test, names, kpt_shape: keypoints } = read.data
  const labels = labelsOf(names)
  if (labels === null) throw wrong('the numbers of its names are not 0, 1, 2 and so on')
  if (labels.length === 0) throw wrong('it names no class')
  const twice = labels.find((label, at) => labels.indexOf(label) !== at)
  if (twice !== undefined) throw wrong(`two classes have the name "${twice}"`)
  const keypointNumbers = keypoints ? keypoints[0] * keypoints[1] : 0
  return { labels, keypointNumbers, path: path ?? null, train: train ?? [], val: val ?? [], test: test ?? [] }
}

/** A few aliases are more than such a file has: more would be made to fill the memory. */
const parseOptions = { maxAliasCount: 10, logLevel: 'error' } as const

function parseYaml(text: string, wrong: (problem: string, cause?: unknown) => Error): unknown {
  try {
    return parse(text, parseOptions)
  } catch (error) {
    // Whatever the parser stumbles over, the file is to blame.
    throw wrong(`it is no YAML (${firstLine(error as Error)})`, error)
  }
}

const firstLine = ({ message }: Error) => message.split('\n')[0]!.replace(/:$/, '')

function labelsOf(names: readonly string[] | Readonly<Record<number, string>>): readonly string[] | null {
  const tidy = (label: string) => label.trim().normalize('NFC')
  if (Array.isArray(names)) return names.map(tidy)
  const entries = Object.entries(names as Readonly<Record<string, string>>)
  const labels = entries.map((_, at) => (names as Readonly<Record<number, string>>)[at])
  return labels.every((label) => label !== undefined) ? labels.map(tidy) : null
}
