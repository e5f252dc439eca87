import { blobKey, type EntryFile, type ZooEntry } from '@mnas/plugin-zoo'
import type { ModelSource, SourceFile } from './protocol.js'

/** A way to run an entry's model in a browser. */
export interface Route {
  readonly id: string
  readonly runtime: 'tfjs' | 'litert'
  readonly label: string
  /** Of what comes over the wire besides the runtime. */
  readonly sizeBytes: number
  readonly source: ModelSource
}

/**
 * The ways that the files of an entry offer: TensorFlow.js first, whose runtime is small, then each .tflite.
 * @param urlOf the address of a key of the zoo
 */
export function routesOf({ files }: Pick<ZooEntry, 'files'>, urlOf: (key: string) => string): readonly Route[] {
  const bundle = files.find(({ role, path }) => role === 'model' && nameOf(path) === 'model.json')
  if (!bundle) return []
  const exported = files.filter(({ role }) => role === 'export')
  const source = (of: readonly EntryFile[]): ModelSource => ({ bundle: sourceOf(bundle), files: of.map(sourceOf) })
  const sourceOf = ({ path, sha256, sizeBytes }: EntryFile): SourceFile => ({
    path,
    sha256,
    sizeBytes,
    url: urlOf(blobKey(sha256)),
  })
  const graphs = exported.filter(({ path, format }) => format === 'tfjs' && nameOf(path) === 'model.json')
  return [
    ...graphs.map(({ path, precision }): Route => {
      const own = exported.filter((file) => isTfjs(file) && folderOf(file.path) === folderOf(path))
      const label = `TensorFlow.js${precision ? `, ${precision}` : ''}`
      return { id: path, runtime: 'tfjs', label, sizeBytes: sizeOf(own), source: source(own) }
    }),
    ...exported
      .filter(({ format }) => format === 'tflite')
      .map((file): Route => {
        const label = `${nameOf(file.path)}${file.precision ? `, ${file.precision}` : ''}`
        return { id: file.path, runtime: 'litert', label, sizeBytes: file.sizeBytes, source: source([file]) }
      }),
  ]
}

/** A program beside the model is code of whoever published it: it is not fetched. */
const isTfjs = ({ format, path }: EntryFile) => format === 'tfjs' && !path.endsWith('.js')
const nameOf = (path: string) => path.slice(path.lastIndexOf('/') + 1)
const folderOf = (path: string) => path.slice(0, path.lastIndexOf('/') + 1)
const sizeOf = (files: readonly EntryFile[]) => files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
