import { type CompiledModel, loadAndCompile, loadLiteRt, Tensor } from '@litertjs/core'
import { pageErrors } from '@mnas/plugin-zoo'
import { fileNormalization } from '@mnas/tflite/normalization'
import type { Runner, RunnerRequest } from './runner.js'

/** Beside the page: `mnas zoo site` lays the runtime there. */
const runtimeFolder = '../litert/'

/** The very .tflite, by LiteRT.js on WebAssembly. @throws MNAS_PAGE_WASM, MNAS_PAGE_MODEL */
export async function openLiteRt({ files, side, preprocessing }: RunnerRequest): Promise<Runner> {
  await start()
  const model = await compile([...files.values()][0]!)
  const input = model.getInputDetails()[0]!
  if (input.dtype !== 'float32')
    throw pageErrors.MNAS_PAGE_MODEL({ expected: 'a file that takes float32', received: `one that takes ${input.dtype}` })
  return {
    backend: 'LiteRT.js, wasm',
    normalization: fileNormalization(preprocessing),
    async run(pixels) {
      const fed = new Tensor(pixels, [1, side, side, 3])
      const outputs = Object.values(await model.run({ [input.name]: fed }))
      const values = Float32Array.from(await outputs[0]!.data())
      for (const tensor of [fed, ...outputs]) tensor.delete()
      return values
    },
  }
}

async function start(): Promise<void> {
  const folder = new URL(runtimeFolder, location.href)
  Object.assign(globalThis, {
    Module: {
      // Its script looks for its WebAssembly beside the worker, unless it is told where it lies.
      locateFile: (name: string) => new URL(name, folder).href,
      // What it tells of itself is no error of the page.
      printErr: (line: string) => console.debug(line),
    },
  })
  try {
    await loadLiteRt(folder.href)
  } catch (error) {
    throw pageErrors.MNAS_PAGE_WASM({ reason: error instanceof Error ? error.message : String(error) }, error)
  }
}

async function compile(bytes: Uint8Array): Promise<CompiledModel> {
  try {
    return await loadAndCompile(bytes, { accelerator: 'wasm' })
  } catch (error) {
    throw pageErrors.MNAS_PAGE_MODEL({ expected: 'a .tflite that LiteRT.js runs', received: 'one that it refuses' }, error)
  }
}
