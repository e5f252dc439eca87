import { precision } from '@mnas/core/answers'
import type { JsonObject } from '@mnas/core/contracts'
import { z } from 'zod'
import { askedErrors } from '../asked-errors.js'
import { searchErrors } from '../errors.js'
import { type RunFile, runFilePath } from '../run/run-file.js'

/** `RunFile.kind` of a run whose candidates somebody else trains. */
export const askedKind = 'asked'

const json = z.record(z.string(), z.json()).transform((value) => value as JsonObject)
const limit = z.int().min(1).optional()

/** Everything that decides what such a run finds, as run.json keeps it: data and training are its users' business. */
const settingsSchema = z.strictObject({
  task: z.strictObject({ name: z.string(), options: json }),
  headline: z.strictObject({ name: z.string(), label: z.string(), percent: z.boolean() }),
  size: z.int(),
  targetMs: z.number().positive().nullable(),
  /** Of a front, where one was stated. */
  latencyRangeMs: z.tuple([z.number().positive(), z.number().positive()]).nullable(),
  limits: z.strictObject({ sizeBytes: limit, parameters: limit, peakMemoryBytes: limit }),
  width: z.union([z.literal('auto'), z.number().positive()]),
  space: z.string(),
  strategy: z.string(),
  strategyOptions: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  objective: z.string(),
  seed: z.int(),
  /** How many are to be trained; null: nobody knows. What a strategy plans by, no bound. */
  trials: z.int().min(1).nullable(),
  /** How often a candidate is trained on, and who decides which are; absent: each is trained once. */
  rungs: z.strictObject({ count: z.int().min(2), eta: z.number().gt(1), policy: z.string() }).optional(),
  /** How candidates are trained, in words. */
  training: z.string(),
  exporter: z.strictObject({ format: z.string(), version: z.string(), precision }),
  device: z.strictObject({ name: z.string(), fingerprint: z.string(), runtime: json, flags: json }),
})
export type AskedSettings = Readonly<z.infer<typeof settingsSchema>>

const planSchema = z.strictObject({
  /** As behind `--device`, and behind each `--option`. */
  device: z.string(),
  deviceOptions: z.array(z.string()),
})
/** Where candidates are timed. */
export type AskedPlan = Readonly<z.infer<typeof planSchema>>

/**
 * @param command that needs it, for messages
 * @throws MNAS_SEARCH_TRAINS, MNAS_RUN_CORRUPT
 */
export function parseAskedRun(
  folder: string,
  run: RunFile,
  command: string,
): { readonly settings: AskedSettings; readonly plan: AskedPlan } {
  if (run.kind !== askedKind) throw askedErrors.MNAS_SEARCH_TRAINS({ folder, command })
  const [settings, plan] = [settingsSchema.safeParse(run.settings), planSchema.safeParse(run.plan)]
  if (settings.success && plan.success) return { settings: settings.data, plan: plan.data }
  const issues = [settings, plan].flatMap(({ error }) => error?.issues ?? [])
  const reason = issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ')
  throw searchErrors.MNAS_RUN_CORRUPT({ path: runFilePath(folder), reason })
}
