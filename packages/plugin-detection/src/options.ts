import { z } from 'zod'
import { anchorOptionsSchema } from './anchors/anchor-options.js'

/** The backbone's maps: what its last stride reads, and its features. */
export const backboneMaps = 2

/** What a detector's architecture says about its head. */
export const optionsSchema = z
  .strictObject({
    classes: z.int().min(1).max(10_000),
    /** How many maps are read: the backbone's two, then the extra ones. Fewer are enough for small inputs. */
    maps: z.int().min(backboneMaps).default(6),
    /** Filters of the extra layers, each at half the size of the map before it. */
    extras: z.array(z.int().min(2).max(4096)).max(8).default([512, 256, 256, 128]),
    anchors: anchorOptionsSchema.prefault({}),
    /**
     * Where the scores of all classes start, as a logit: −4.6, a probability of .01, for the loss `focal` (Lin et al. 2017,
     * §3.3).
     */
    startBias: z.number().default(0),
  })
  .superRefine(({ maps, extras }, context) => {
    const most = backboneMaps + extras.length
    if (maps <= most) return
    const message = `Expected at most ${most}, the backbone's two and ${extras.length} extras, received ${maps}`
    context.addIssue({ code: 'custom', path: ['maps'], message })
  })

export type DetectionOptions = Readonly<z.infer<typeof optionsSchema>>
