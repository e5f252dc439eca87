import { z } from 'zod'
import type { Fit } from '../../contracts/index.js'
import { readJson } from '../../files/index.js'
import { importErrors } from '../errors.js'

const share = z.number().gt(0).max(1)
const three = z.tuple([z.number(), z.number(), z.number()])
/** By class: a list, or a dictionary of their numbers where some have no name. */
const names = z.union([z.array(z.string()), z.record(z.string(), z.string())])

/** What timm says of weights and how to use them. */
const pretrained = z.looseObject({
  tag: z.string().optional(),
  input_size: z.tuple([z.literal(3), z.int(), z.int()]).optional(),
  crop_pct: share.optional(),
  crop_mode: z.literal(['center', 'squash', 'border']).optional(),
  interpolation: z.string().max(40).optional(),
  /** Of pixels from 0 to 1. */
  mean: three.optional(),
  std: z.tuple([z.number().gt(0), z.number().gt(0), z.number().gt(0)]).optional(),
  num_classes: z.int().min(1).optional(),
  label_names: names.optional(),
  license: z.string().max(100).nullish(),
  origin_url: z.string().max(500).nullish(),
})

/**
 * What else made the network. The loop of a training (dropout, momentum) leaves no trace in it; whatever is not named here
 * could change what it computes.
 */
const modelArguments = z.strictObject({
  in_chans: z.literal(3).optional(),
  num_classes: z.int().optional(),
  global_pool: z.literal('avg').optional(),
  img_size: z.unknown().optional(),
  bn_eps: z.number().gt(0).optional(),
  bn_momentum: z.number().optional(),
  pad_type: z.literal(['', 'same']).optional(),
  act_layer: z.literal(['relu', 'relu6']).optional(),
  drop_rate: z.number().optional(),
  drop_path_rate: z.number().optional(),
})

const split = z.looseObject({
  architecture: z.string().min(1).max(100),
  num_classes: z.int().min(1).optional(),
  global_pool: z.literal('avg').optional(),
  label_names: names.optional(),
  license: z.string().max(100).nullish(),
  model_args: modelArguments.optional(),
  pretrained_cfg: pretrained,
})

export type HubConfig = Readonly<z.infer<typeof split>>

/**
 * A config.json as timm writes it beside weights: `save_for_hf` and `push_to_hf_hub`, of its first versions too, in which
 * all stood in one object.
 * @throws MNAS_IMPORT_FOLDER when there is none, MNAS_IMPORT_CONFIG naming the field
 */
export async function readHubConfig(folder: string, path: string): Promise<HubConfig> {
  const json = await readJson(path, ({ reason, cause }) =>
    importErrors.MNAS_IMPORT_CONFIG({ file: path, field: 'the whole file', expected: 'JSON', received: reason }, cause),
  )
  if (json === null) throw importErrors.MNAS_IMPORT_FOLDER({ folder, missing: 'config.json' })
  const value = inTwo(json)
  const result = split.safeParse(value)
  if (result.success) return result.data
  const { path: place, message } = result.error.issues[0]!
  const field = place.join('.') || 'the whole file'
  const found = place.reduce<unknown>((object, key) => (object as Record<PropertyKey, unknown> | undefined)?.[key], value)
  const received = (JSON.stringify(found) ?? 'nothing').slice(0, 80)
  const expected = message.replace(/^Invalid (input|option): expected /, '')
  throw importErrors.MNAS_IMPORT_CONFIG({ file: path, field, expected, received })
}

/** timm before 0.9: one object, in which the names of the classes are called labels. */
function inTwo(json: unknown): unknown {
  if (typeof json !== 'object' || json === null || 'pretrained_cfg' in json) return json
  const { architecture, labels, ...rest } = json as Readonly<Record<string, unknown>>
  return { architecture, pretrained_cfg: { ...(labels !== undefined && { label_names: labels }), ...rest } }
}

/** The names of so many classes, in order, or null where none are given. A class without one has its number. */
export function labelNamesOf({ label_names: own, pretrained_cfg }: HubConfig, classes: number): readonly string[] | null {
  const given = own ?? pretrained_cfg.label_names
  if (given === undefined) return null
  const byNumber = new Map(Object.entries(given))
  return Array.from({ length: classes }, (_, index) => byNumber.get(String(index)) ?? String(index))
}

/**
 * How timm's evaluation cuts a photo; null where it does what ours cannot.
 * squash: both sides scaled; border: the long side scaled and the rest filled with the mean. With a crop behind it they lose
 * a rim that ours keep.
 */
export function fitOf({ pretrained_cfg: { crop_mode = 'center', crop_pct, mean } }: HubConfig): Fit | null {
  const fraction = crop_pct ?? 0.875
  switch (crop_mode) {
    case 'center':
      return { kind: 'crop', fraction }
    case 'squash':
      return fraction === 1 ? { kind: 'stretch' } : null
    case 'border': {
      if (fraction !== 1 || mean === undefined) return null
      const [red, green, blue] = mean.map((level) => Math.round(255 * level)) as [number, number, number]
      return { kind: 'letterbox', fill: [red, green, blue] }
    }
    default:
      return crop_mode satisfies never
  }
}
