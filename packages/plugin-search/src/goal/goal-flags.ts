import { bytesFlag, countFlag, durationFlag } from '@mnas/core/cli'
import { Flags } from '@oclif/core'

/** What is searched for and how, for every command that begins a search. Loads nothing but oclif: commands must start quickly. */
export const goalFlags = () => ({
  size: Flags.integer({ default: 224, min: 16, max: 1024, summary: 'side of the deployed input in pixels' }),
  'target-latency': durationFlag({ summary: 'the latency that the network may have, e.g. 10ms' }),
  quantize: Flags.option({
    options: ['none', 'float16', 'weights', 'dynamic', 'int8'] as const,
    default: 'none' as const,
    summary: 'how the file will be deployed: its latency in this form is what counts',
  })(),
  space: Flags.string({ default: 'mnasnet', summary: 'which networks there are to choose from' }),
  strategy: Flags.string({ default: 'model', summary: 'how candidates are proposed: model, evolution, ppo, random' }),
  'strategy-option': Flags.string({
    summary: 'an option of the strategy, e.g. preset=paper of ppo',
    helpValue: '<name=value>',
    multiple: true,
    default: [],
  }),
  objective: Flags.string({ summary: 'hard (default with a target), front (default without), soft, absolute' }),
  'latency-range': Flags.string({
    summary: 'of a front: between which latencies, e.g. 5ms..20ms (default: 10th to 90th percentile of random networks)',
    helpValue: '<duration>..<duration>',
  }),
  width: Flags.string({
    default: 'auto',
    summary: 'width multiplier of the skeleton, or auto: as the target allows',
    helpValue: 'auto|<number>',
  }),
  'max-params': countFlag({ summary: 'how many parameters the network may have, e.g. 3M', aliases: ['max-parameters'] }),
  'max-size': bytesFlag({ summary: 'how large its file may be as it is deployed (--quantize), e.g. 5MB' }),
  'max-memory': bytesFlag({ summary: 'how much memory its activations may take at once, e.g. 20MB' }),
  'rung-eta': Flags.integer({
    min: 2,
    max: 10,
    summary: 'of a rung about one in so many goes on (default: 3)',
    dependsOn: ['rungs'],
  }),
  'rung-policy': Flags.string({ summary: 'who decides which go on (default: halving)', dependsOn: ['rungs'] }),
})

/** The values of `goalFlags`, as oclif hands them over. */
export interface GoalFlags {
  readonly size: number
  readonly 'target-latency': number | undefined
  readonly quantize: 'none' | 'float16' | 'weights' | 'dynamic' | 'int8'
  readonly space: string
  readonly strategy: string
  readonly 'strategy-option': readonly string[]
  readonly objective: string | undefined
  readonly 'latency-range': string | undefined
  readonly width: string
  readonly 'max-params': number | undefined
  readonly 'max-size': number | undefined
  readonly 'max-memory': number | undefined
  readonly 'rung-eta': number | undefined
  readonly 'rung-policy': string | undefined
}
