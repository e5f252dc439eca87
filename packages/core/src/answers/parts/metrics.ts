import { z } from 'zod'

/** Which there are is the task's business. */
export const metrics = z
  .record(z.string(), z.number())
  .meta({ id: 'Metrics', description: "Of a model on images, by the task's own names: fractions 0–1, losses in nats, counts." })
