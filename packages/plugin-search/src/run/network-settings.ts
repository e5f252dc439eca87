import { precision } from '@mnas/core/answers'
import type { JsonObject } from '@mnas/core/contracts'
import { z } from 'zod'
import { searchErrors } from '../errors.js'
import { type RunFile, runFilePath } from './run-file.js'

const json = z.record(z.string(), z.json()).transform((value) => value as JsonObject)

const schema = z.object({
  task: z.object({ name: z.string(), options: json }),
  space: z.string(),
  width: z.union([z.literal('auto'), z.number().positive()]),
  size: z.int(),
  seed: z.int(),
  targetMs: z.number().positive().nullable(),
  exporter: z.object({ format: z.string(), version: z.string(), precision: precision.default('float32') }),
  device: z.object({ name: z.string(), fingerprint: z.string(), runtime: json, flags: json }),
})

const openingSchema = z.object({ device: z.string(), deviceOptions: z.array(z.string()) })

/** As behind `--device`, and behind each `--option`. */
export type DeviceOpening = Readonly<z.infer<typeof openingSchema>>

/** What of a run's settings says which networks it looks at, and how and where it times them: the same in both kinds of run. */
export type NetworkSettings = Readonly<z.infer<typeof schema>>

/** How to open the device on which a run times its networks. One that trains them itself keeps the name alone. */
export function deviceOpening({ plan }: RunFile, { device }: NetworkSettings): DeviceOpening {
  return openingSchema.safeParse(plan).data ?? { device: device.name, deviceOptions: [] }
}

/** @throws MNAS_RUN_CORRUPT */
export function networkSettings(folder: string, { settings }: RunFile): NetworkSettings {
  const result = schema.safeParse(settings)
  if (result.success) return result.data
  const reason = result.error.issues.map(({ path, message }) => `settings.${path.join('.')}: ${message}`).join('; ')
  throw searchErrors.MNAS_RUN_CORRUPT({ path: runFilePath(folder), reason })
}
