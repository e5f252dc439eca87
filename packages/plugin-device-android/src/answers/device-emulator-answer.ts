import { type AnswerOf, runtime, version } from '@mnas/core/answers'
import { z } from 'zod'

export const deviceEmulatorAnswer = z.strictObject({
  version,
  device: z.string().describe('what `--device` took'),
  emulated: z.literal(true).describe('no hardware'),
  tool: z.string().describe('the benchmark_model of the phone, which went with it'),
  dialect: z.literal(['classic', 'compiled-model']).describe('of the tool'),
  runtime: runtime.describe('what ran the models'),
  faults: z.array(z.string()).describe('that it was asked for'),
})
export type DeviceEmulatorAnswer = AnswerOf<typeof deviceEmulatorAnswer>
