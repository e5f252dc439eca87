import type { MnasErrorRecord } from '@mnas/core/errors'

/** One file of an entry: where it lies and what it must be. */
export interface SourceFile {
  readonly path: string
  readonly url: string
  readonly sha256: string
  readonly sizeBytes: number
}

/** What a worker needs to answer for a model: its bundle's model.json, and the files of one export. */
export interface ModelSource {
  readonly bundle: SourceFile
  /** Of a tfjs folder its model.json first. */
  readonly files: readonly SourceFile[]
}

/** A photo as a file, or a picture of the camera that no file holds. */
export type Picture =
  | { readonly kind: 'file'; readonly name: string; readonly blob: Blob }
  | { readonly kind: 'frame'; readonly bitmap: ImageBitmap }

export type Question =
  | { readonly kind: 'open'; readonly model: ModelSource }
  | { readonly kind: 'ask'; readonly id: number; readonly picture: Picture }

export interface OpenedModel {
  /** What computes, as it calls itself. */
  readonly backend: string
  readonly openMs: number
  /** Whether the hashes of the files could be compared: a page that came over plain http cannot. */
  readonly checked: boolean
}

export interface PictureAnswer {
  readonly labels: readonly string[]
  /** By class index. */
  readonly probabilities: Float32Array
  /** What the model saw: side · side · 3 RGB bytes. */
  readonly pixels: Uint8Array<ArrayBuffer>
  readonly side: number
  /** From the picture's bytes to the input. */
  readonly pictureMs: number
  readonly modelMs: number
}

export type Reply =
  | { readonly kind: 'opened'; readonly opened: OpenedModel }
  | { readonly kind: 'answered'; readonly id: number; readonly answer: PictureAnswer }
  /** `id` null: of opening. */
  | { readonly kind: 'failed'; readonly id: number | null; readonly error: MnasErrorRecord }
