import { PathPacker, type PathTable } from '../listing/path-table.js'
import { type Part, parts } from './part-names.js'

/** Files in the order of their paths, by code unit, so that every machine has the same. In shared memory; plain data. */
export interface LabelledFiles {
  /** Relative to the data folder, with `/`. */
  readonly paths: PathTable
  /** Label index of each file. */
  readonly labelOf: Uint32Array
  /** Which of the parts each file belongs to, as its index in `parts`. */
  readonly partOf: Uint8Array
}

export const partIndex = (part: Part): number => parts.indexOf(part)

/** Files of one label and part that follow each other. */
interface Run {
  readonly label: string
  readonly part: Part
  files: number
}

/** Collects files in the order of their paths. */
export class LabelledFilesPacker {
  readonly #paths = new PathPacker()
  readonly #runs: Run[] = []

  get length(): number {
    return this.#paths.length
  }

  add(path: string, label: string, part: Part): void {
    this.#paths.add(path)
    const last = this.#runs.at(-1)
    if (last?.label === label && last.part === part) last.files++
    else this.#runs.push({ label, part, files: 1 })
  }

  /** Labels of a part, each once. */
  labelsOf(part: Part): ReadonlySet<string> {
    return new Set(this.#runs.filter((run) => run.part === part).map(({ label }) => label))
  }

  /** @param labels all that were added */
  pack(labels: readonly string[]): LabelledFiles {
    const indexOf = new Map(labels.map((label, index) => [label, index]))
    const labelOf = new Uint32Array(new SharedArrayBuffer(Uint32Array.BYTES_PER_ELEMENT * this.length))
    const partOf = new Uint8Array(this.length)
    let next = 0
    for (const { label, part, files } of this.#runs) {
      labelOf.fill(indexOf.get(label)!, next, next + files)
      partOf.fill(partIndex(part), next, next + files)
      next += files
    }
    return { paths: this.#paths.pack(), labelOf, partOf }
  }
}

/** The files at some indices. @param paths theirs */
export function selectLabelled({ labelOf, partOf }: LabelledFiles, paths: PathTable, indices: Uint32Array): LabelledFiles {
  const selected = new Uint32Array(new SharedArrayBuffer(indices.byteLength))
  for (const [place, index] of indices.entries()) selected[place] = labelOf[index]!
  return { paths, labelOf: selected, partOf: Uint8Array.from(indices, (index) => partOf[index]!) }
}
