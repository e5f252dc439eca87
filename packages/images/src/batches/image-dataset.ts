import { join } from 'node:path'
import type { Batch, BatchPlan, Dataset, Hash, OpenOptions, Position, SkippedFile, Split } from '@mnas/core/contracts'
import type { ImageFolder } from '../cache/prepare-pixel-cache.js'
import { decoderVersion } from '../decoding/decode-image.js'
import type { ImageFiles } from '../decoding/image-files.js'
import { pathAt } from '../listing/path-table.js'
import { type Identities, identitiesAt } from '../scanning/identities.js'
import { contactSheet, type Tile } from '../sheets/contact-sheet.js'
import type { BatchTask } from './batch-maker.js'
import { type BatchRows, batchRows, countBatches } from './batch-rows.js'
import { type BatchWork, ImageBatches, type WantedBatch } from './image-batches.js'

/** Images that are divided: of each split, indices into the images. */
export interface DividedFiles extends ImageFiles {
  readonly splits: Readonly<Record<Split, Uint32Array>>
}

/** What is known of images besides their files, whatever is learnt of them. */
export interface ImageFacts {
  readonly fingerprint: Hash
  readonly labels: readonly string[]
  /** As Dataset.warnings. */
  readonly warnings: readonly string[]
  /** Of each image. */
  readonly identities: Identities
}

/** Image files as batches: what the data sets of all tasks have in common. What a batch is made of is the task's. */
export abstract class ImageDataset<Files extends DividedFiles, Task extends BatchTask> implements Dataset {
  readonly fingerprint: Hash
  readonly labels: readonly string[]
  readonly warnings: readonly string[]
  protected readonly files: Files
  readonly #identities: Identities
  readonly #data: ImageFolder<Files>
  readonly #batches: ImageBatches<Files, Task>

  constructor(facts: ImageFacts, data: ImageFolder<Files>, work: BatchWork<Files, Task>, options: OpenOptions) {
    this.fingerprint = facts.fingerprint
    this.labels = facts.labels
    this.warnings = facts.warnings
    this.files = data.files
    this.#identities = facts.identities
    this.#data = data
    this.#batches = new ImageBatches(data, work, options)
  }

  /** Grows when a file turns out to be unreadable only when it is decoded. */
  get skipped(): readonly SkippedFile[] {
    return this.#data.broken.files
  }

  identities(split: Split): Identities {
    return identitiesAt(this.#identities, this.files.splits[split])
  }

  size(split: Split): number {
    return this.files.splits[split].length
  }

  batchesPerEpoch(plan: BatchPlan): number {
    return countBatches(plan, this.size(plan.split))
  }

  decoders(): Promise<string> {
    return decoderVersion()
  }

  async *batches(plan: BatchPlan, from: Position, workers: number, signal: AbortSignal): AsyncGenerator<Batch> {
    signal.throwIfAborted()
    const rows = batchRows(plan, this.size(plan.split), from)
    yield* this.#batches.deliver(plan, this.wanted(plan, rows), workers, signal)
  }

  /** Taken evenly from all images. */
  sheet(most: number, signal: AbortSignal): Promise<Uint8Array> {
    const { folder, paths, splits } = this.files
    const wanted = Math.min(most, splits.all.length)
    const tiles = Array.from({ length: wanted }, (_, at): Tile => {
      const image = splits.all[Math.floor((at * splits.all.length) / wanted)]!
      const path = pathAt(paths, image)
      return { file: join(folder, path), ...this.shown(image, path) }
    })
    return contactSheet(tiles, signal)
  }

  close(): Promise<void> {
    return this.#batches.close()
  }

  /** What a sheet says of an image. @param path within the folder */
  protected abstract shown(image: number, path: string): Omit<Tile, 'file'>

  /** What the batches of these rows are made of. */
  protected abstract wanted(plan: BatchPlan, batches: Iterable<BatchRows>): Iterator<WantedBatch<Task>>
}
