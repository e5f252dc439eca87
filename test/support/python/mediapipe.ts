import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

/** A class as the client tells it. */
export type Category = readonly [index: number, name: string, score: number]

/** A thing as the client tells it, its box in whole pixels. */
export type DetectedThing = readonly [name: string, score: number, x: number, y: number, width: number, height: number]

/** MediaPipe has been seen to hang after files that it could not use: no answer within this is an error. */
const limitMs = 120_000

/**
 * A Python with MediaPipe, or null: then say that the test is skipped.
 * @throws where CI is set: there it must be present (.ci/mediapipe makes it)
 */
export function mediapipePython(): string | null {
  const python = process.env['MNAS_MEDIAPIPE_PYTHON']
  if (python) return python
  if (process.env['CI']) throw new Error('MNAS_MEDIAPIPE_PYTHON is not set: export MNAS_MEDIAPIPE_PYTHON="$(.ci/mediapipe)"')
  return null
}

export interface Classification {
  readonly file: string
  /** Side of the square in the middle that it looks at, of the short side; 0: at all of the image, stretched. */
  readonly fraction: number
  readonly images: readonly string[]
}

/**
 * What MediaPipe's ImageClassifier answers to images, in a process of its own for all files: it takes longer to start than to classify.
 * @returns for each file for each image all classes, by index; rejects with what the client wrote to stderr
 */
export async function classify(
  python: string,
  requests: readonly Classification[],
): Promise<readonly (readonly (readonly Category[])[])[]> {
  const answers = await ask(
    python,
    'classify.py',
    requests.map((request) => JSON.stringify(request)),
  )
  return answers
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as readonly (readonly Category[])[])
}

/**
 * What MediaPipe's ObjectDetector finds in images, in a process of its own.
 * @param threshold the least score of what it tells
 * @returns for each image what it finds, the best first; rejects with what the client wrote to stderr
 */
export async function detectThings(
  python: string,
  { file, threshold, images }: { readonly file: string; readonly threshold: number; readonly images: readonly string[] },
): Promise<readonly (readonly DetectedThing[])[]> {
  return JSON.parse(await ask(python, 'detect.py', [file, String(threshold), ...images])) as readonly (readonly DetectedThing[])[]
}

async function ask(python: string, name: string, args: readonly string[]): Promise<string> {
  const script = fileURLToPath(new URL(`../../mediapipe/${name}`, import.meta.url))
  const limits = { timeout: limitMs, killSignal: 'SIGKILL', maxBuffer: 64 * 2 ** 20 } as const
  const { stdout } = await promisify(execFile)(python, [script, ...args], limits)
  return stdout
}

/** The most probable class. */
export function best(categories: readonly Category[]): Category {
  return categories.reduce((most, category) => (category[2] > most[2] ? category : most))
}
