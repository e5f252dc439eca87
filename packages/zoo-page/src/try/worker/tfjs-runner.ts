import { pageErrors } from '@mnas/plugin-zoo'
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm'
import plainUrl from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url'
import simdUrl from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url'
import { type GraphModel, loadGraphModel } from '@tensorflow/tfjs-converter'
import { env, getBackend, type io, ready, setBackend, type Tensor, tensor, tidy } from '@tensorflow/tfjs-core'
import type { ExportFiles, Runner, RunnerRequest } from './runner.js'

const wanted = 'wasm'

/** A graph model of TensorFlow.js on WebAssembly. @throws MNAS_PAGE_WASM, MNAS_PAGE_MODEL */
export async function openTfjs({ files, side, preprocessing }: RunnerRequest): Promise<Runner> {
  await useWasm()
  const model = await load(files)
  return {
    backend: `TensorFlow.js, ${getBackend()}`,
    normalization: preprocessing,
    async run(input) {
      const output = tidy(() => answerOf(model, tensor(input, [1, side, side, 3])))
      const values = await output.data<'float32'>()
      output.dispose()
      return values
    },
  }
}

/** TensorFlow.js takes another backend without a word where this one does not start, so what it took is looked at. */
async function useWasm(): Promise<void> {
  env().set('WASM_HAS_MULTITHREAD_SUPPORT', false)
  const [plain, simd] = [plainUrl, simdUrl].map((url) => new URL(url, location.href).href) as [string, string]
  const names = {
    'tfjs-backend-wasm.wasm': plain,
    'tfjs-backend-wasm-simd.wasm': simd,
    'tfjs-backend-wasm-threaded-simd.wasm': simd,
  }
  if (getBackend() !== wanted) setWasmPaths(names)
  const started = await setBackend(wanted)
  await ready()
  if (!started || getBackend() !== wanted)
    throw pageErrors.MNAS_PAGE_WASM({ reason: `TensorFlow.js is on ${getBackend() ?? 'no backend'}` })
}

async function load(files: ExportFiles): Promise<GraphModel> {
  try {
    return await loadGraphModel({ load: async () => artifactsOf(files) })
  } catch (error) {
    if (error instanceof Error && 'code' in error) throw error
    throw pageErrors.MNAS_PAGE_MODEL({ expected: 'a graph model of TensorFlow.js', received: 'something else' }, error)
  }
}

interface ModelJson {
  readonly modelTopology: object
  readonly weightsManifest: readonly { readonly paths: readonly string[]; readonly weights: readonly io.WeightsManifestEntry[] }[]
}

/** From the files that the entry lists alone: whatever a manifest says, nothing else is fetched. */
function artifactsOf(files: ExportFiles): io.ModelArtifacts {
  const json = JSON.parse(new TextDecoder().decode(files.get('model.json'))) as ModelJson
  const groups = json.weightsManifest
  const shards = groups.flatMap(({ paths }) => paths).map((path) => shard(files, path))
  return { modelTopology: json.modelTopology, weightSpecs: groups.flatMap(({ weights }) => weights), weightData: shards }
}

function shard(files: ExportFiles, path: string): ArrayBuffer {
  const bytes = files.get(path)
  if (!bytes) throw pageErrors.MNAS_PAGE_MODEL({ expected: 'weights among the files of the entry', received: `"${path}"` })
  return bytes.buffer
}

const answerOf = (model: GraphModel, input: Tensor): Tensor => model.predict(input) as Tensor
