import { Emitter } from '../onnx/emitter.js'
import { createSession } from '../runtime/create-session.js'
import type { OrtSession, OrtTensor } from '../runtime/load-runtime.js'

type OrtTensors = Readonly<Record<string, OrtTensor>>

const copied = (name: string) => `${name}/copy`

/** Frees tensors on the device; those of the host are garbage like any array. */
export function disposeTensors(tensors: Iterable<OrtTensor>): void {
  for (const tensor of tensors) if (tensor.location === 'gpu-buffer') tensor.dispose()
}

/**
 * Copies tensors to the device and back. onnxruntime-node has no call for either ("download" is not implemented for its buffers), so a model
 * of Identity nodes does it, whose outputs stay on the device or come to the host.
 */
export class DeviceCopies {
  readonly #upload: OrtSession
  readonly #download: OrtSession

  private constructor(upload: OrtSession, download: OrtSession) {
    this.#upload = upload
    this.#download = download
  }

  /** @param shapes of the tensors, by name */
  static async open(accelerator: string, shapes: Readonly<Record<string, readonly number[]>>): Promise<DeviceCopies> {
    const g = new Emitter()
    for (const [name, shape] of Object.entries(shapes)) g.output(copied(name), g.input(name, shape))
    const model = g.finish()
    const plan = { threads: 1, mode: 'standard', accelerator, waiting: 'sleep' } as const
    const onDevice = Object.keys(shapes).map(copied)
    return new DeviceCopies(
      await createSession(model, { ...plan, onDevice }),
      await createSession(model, { ...plan, onDevice: [] }),
    )
  }

  toDevice = (tensors: OrtTensors): Promise<OrtTensors> => copy(this.#upload, tensors)
  toHost = (tensors: OrtTensors): Promise<OrtTensors> => copy(this.#download, tensors)

  async close(): Promise<void> {
    await this.#upload.release()
    await this.#download.release()
  }
}

async function copy(session: OrtSession, tensors: OrtTensors): Promise<OrtTensors> {
  const results = await session.run(Object.fromEntries(session.inputNames.map((name) => [name, tensors[name]!])))
  return Object.fromEntries(session.inputNames.map((name) => [name, results[copied(name)]!]))
}
