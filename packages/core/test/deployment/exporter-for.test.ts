import type { DeviceInfo, Exporter } from '@mnas/core/contracts'
import { exporterFor } from '@mnas/core/deployment'
import type { Registry } from '@mnas/core/plugins'
import { describe, expect, it } from 'vitest'

/** Contributions by name → format. */
function registryOf(formats: Readonly<Record<string, string>>) {
  const loaded: string[] = []
  const registry = {
    names: () => Object.keys(formats).sort(),
    get: async (_kind: string, name: string) => {
      loaded.push(name)
      return { format: formats[name] } as Exporter
    },
  } as unknown as Registry
  return { registry, loaded }
}
const device = (...formats: string[]) => ({ name: 'phone', formats }) as unknown as DeviceInfo

describe('exporterFor', () => {
  it('goes by the format that an exporter writes, not by its name, in the order that the device prefers', async () => {
    const { registry } = registryOf({ better: 'tflite', tfjs: 'tfjs' })
    expect((await exporterFor(registry, device('qnn', 'tflite', 'tfjs'))).format).toBe('tflite')
    expect((await exporterFor(registry, device('tfjs', 'tflite'))).format).toBe('tfjs')
  })

  it('loads no other where one is called as its format is', async () => {
    const { registry, loaded } = registryOf({ another: 'onnx', tflite: 'tflite' })
    await exporterFor(registry, device('tflite'))
    expect(loaded).toEqual(['tflite'])
  })

  it('names what there is when the device runs none of it', async () => {
    const { registry } = registryOf({ better: 'tflite' })
    await expect(exporterFor(registry, device('qnn'))).rejects.toMatchObject({
      code: 'MNAS_DEVICE_FORMAT',
      message: expect.stringMatching(/Expected one of the formats qnn, received tflite/),
    })
    await expect(exporterFor(registryOf({}).registry, device('qnn'))).rejects.toMatchObject({
      message: expect.stringContaining('received no exporter'),
    })
  })
})
