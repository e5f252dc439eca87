import { z } from 'zod'

/** docs/json.md as schemas, strict: a field that is not promised is a mistake here. */
const fraction = z.number().min(0).max(1)
const count = z.int().min(0)
const hash = z.string().regex(/^[0-9a-f]{64}$/)
const id = z.string().regex(/^[0-9a-f]{12}$/)
const milliseconds = z.number().positive()
const version = z.literal(1)
const object = z.record(z.string(), z.json())
const architecture = z.looseObject({
  version,
  name: z.string(),
  input: object,
  stem: object,
  blocks: z.array(object),
  head: object,
})
const runtime = z.strictObject({ name: z.string(), version: z.string(), sha256: hash })
const skipped = z.array(z.strictObject({ file: z.string(), reason: z.string() }))
const charts = z.array(
  z.strictObject({ name: z.string(), theme: z.literal(['light', 'dark']), file: z.string().endsWith('.svg') }),
)
const errorRecord = z.strictObject({ code: z.string().regex(/^MNAS_/), message: z.string().regex(/^.+$/), exitCode: count })

const metrics = { top1: fraction, top5: fraction, balancedAccuracy: fraction, loss: z.number().min(0), count }
const perClass = z.record(z.string().startsWith('perClass.'), fraction)
type Fields = Readonly<Record<string, unknown>>

/** An answer beside which the metrics of single classes stand. */
function withPerClass<S extends z.ZodRawShape>(shape: S) {
  const split = (value: unknown) => {
    const entries = Object.entries(value as Fields)
    const part = (classes: boolean) => Object.fromEntries(entries.filter(([name]) => name.startsWith('perClass.') === classes))
    return { answer: part(false), perClass: part(true) }
  }
  return z.preprocess(split, z.strictObject({ answer: z.strictObject(shape), perClass }))
}

const candidate = z.strictObject({
  ...{ id, trial: count, architecture, accuracy: fraction, latencyMs: milliseconds, spread: fraction, stable: z.boolean() },
  ...{ parameters: count, macs: count, reward: z.number() },
})
const counts = z.strictObject({ completed: count, stopped: count, failed: count, lost: count, rejected: count, pending: count })
const trial = z.strictObject({
  ...{ trial: count, id, status: z.literal(['pending', 'completed', 'stopped', 'infeasible', 'failed', 'lost']) },
  ...{ latencyMs: milliseconds, latencySource: z.literal(['estimated', 'quick', 'measured']) },
  ...{ accuracy: fraction.nullable(), reward: z.number().nullable(), error: z.string().nullable() },
})
const epoch = z.strictObject({
  ...{ epoch: count, step: count, trainingLoss: z.number(), learningRate: z.number() },
  metrics: withPerClass(metrics).nullable(),
})
const affine = z.strictObject({ scale: z.array(z.number()), zeroPoint: z.array(z.int()), axis: count.nullable() })
const fileTensors = z
  .array(z.strictObject({ name: z.string(), shape: z.array(z.int()), dtype: z.string(), affine: affine.nullable() }))
  .min(1)
const statistic = z.literal(['median', 'mean'])
const processTiming = z.strictObject({
  ...{ count, medianMs: milliseconds.nullable(), meanMs: milliseconds, minMs: milliseconds, maxMs: milliseconds },
  ...{ stdMs: z.number().min(0), samplesMs: z.array(milliseconds).optional() },
})
const measurement = {
  ...{ latencyMs: milliseconds, spread: fraction, stable: z.boolean() },
  ...{ runtime, device: z.string(), emulated: z.boolean() },
}

export const schemas = {
  failure: z.strictObject({ version, error: errorRecord }),
  'arch list': z.strictObject({
    version,
    architectures: z
      .array(z.strictObject({ name: z.string(), inputSize: count, parameters: count, macs: count, peakMemoryBytes: count }))
      .min(5),
  }),
  'arch show': z.strictObject({
    ...{ version, name: z.string(), hash, parameters: count, macs: count, peakMemoryBytes: count, architecture },
    blocks: z.array(
      z.strictObject({
        ...{ row: z.union([z.literal(['stem', 'head']), count]), layers: object.nullable() },
        ...{ filters: count, outputSize: count, parameters: count, macs: count },
      }),
    ),
  }),
  'arch schema': z.looseObject({ $schema: z.string(), properties: object }),
  'config show': z.strictObject({
    version,
    settings: z.strictObject({
      ...{ cacheFolder: z.string(), cacheLimit: count, engine: z.string(), accelerator: z.string(), device: z.string() },
      ...{ threads: count, workers: count, progress: z.string() },
    }),
  }),
  doctor: z.strictObject({
    ...{ version, ok: z.boolean() },
    checks: z.array(
      z.strictObject({
        ...{ name: z.string(), status: z.literal(['ok', 'hint', 'failed']), detail: z.string(), fix: z.string().nullable() },
      }),
    ),
  }),
  'device list': z.strictObject({ version, devices: z.array(z.strictObject({ device: z.string(), state: z.string() })).min(2) }),
  'device describe': z.strictObject({
    ...{ version, name: z.literal('host'), kind: z.literal('host'), emulated: z.literal(false), formats: z.array(z.string()) },
    ...{ runtime, fingerprint: hash, details: object },
    options: z
      .array(
        z.strictObject({
          ...{ name: z.string(), summary: z.string(), kind: z.literal(['text', 'number', 'flag', 'path']) },
          ...{ choices: z.array(z.string()).nullable(), use: z.literal(['device', 'benchmark', 'setup']) },
        }),
      )
      .min(1),
  }),
  'device setup': z.strictObject({ version, device: z.string(), runtime }),
  'device benchmark': z.strictObject({
    ...{ version, model: z.string(), sizeBytes: count, ...measurement, statistic, processes: z.array(processTiming).min(1) },
    ...{ fingerprint: hash, flags: object, before: object, after: object, inputs: fileTensors, outputs: fileTensors },
  }),
  search: z.strictObject({
    ...{
      version,
      run: z.string(),
      reason: z.literal(['trials', 'time', 'exhausted']),
      width: z.number(),
      targetMs: milliseconds,
    },
    ...{ counts, best: id, candidates: z.array(candidate).min(1) },
  }),
  'search --dry-run': z.strictObject({
    ...{ version, dryRun: z.literal(true), run: z.string(), classes: count, trainingImages: count, heldOutImages: count },
    ...{ batchSize: count, network: z.string(), stepsPerTrial: count, secondsPerStep: z.number(), secondsPerTrial: z.number() },
    ...{ trials: count.nullable(), seconds: z.number().nullable() },
  }),
  'search front': z.strictObject({ version, run: z.string(), candidates: z.array(candidate).min(1) }),
  'search show': z.strictObject({
    ...{ version, run: z.string(), settings: object, counts, activeSeconds: z.number(), best: id.nullable() },
    ...{ candidates: z.array(candidate), trials: z.array(trial).min(1) },
  }),
  train: z.strictObject({
    ...{ version, bundle: z.string(), metrics: withPerClass(metrics), epochs: count, heldOut: withPerClass(metrics) },
    ...{ history: z.array(epoch), charts: charts.length(4), skipped },
  }),
  evaluate: z.strictObject({
    ...{ version, bundle: z.string(), split: z.literal(['all', 'train', 'heldOut', 'validation', 'test']), images: count },
    ...{ trainedOn: count.nullable(), metrics: withPerClass(metrics), epochs: count.nullable(), charts, skipped },
  }),
  predict: z.strictObject({
    version,
    predictions: z.array(
      z.union([
        z.strictObject({
          image: z.string(),
          output: z.strictObject({
            predictions: z.array(z.strictObject({ label: z.string(), probability: fraction })).length(4),
          }),
          error: z.null(),
        }),
        z.strictObject({ image: z.string(), output: z.null(), error: errorRecord }),
      ]),
    ),
  }),
  deploy: z.strictObject({
    ...{ version, file: z.string(), sizeBytes: count, ...measurement, parameters: count, macs: count },
    ...{ randomWeights: z.boolean(), verifiedOn: z.literal(['photos', 'synthetic', 'nothing']), images: count },
    agreement: z.strictObject({ maxLogProbabilityError: z.number(), top1Agreement: fraction.optional() }).nullable(),
  }),
  export: z.strictObject({
    ...{ version, file: z.string(), format: z.string(), sizeBytes: count, sha256: hash, inputSize: count },
    ...{ parameters: count, macs: count, randomWeights: z.boolean() },
  }),
} as const
export type Answer = keyof typeof schemas
