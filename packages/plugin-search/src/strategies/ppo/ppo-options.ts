import type { Option, OptionValues } from '@mnas/core/contracts'
import { type PpoPreset, type PpoSettings, ppoPresets, presetNames } from './ppo-presets.js'

/** What `--strategy-option` can say: a preset, and what is to be otherwise than there. */
export const ppoOptions: readonly Option[] = [
  {
    name: 'preset',
    summary: 'for hundreds of networks (small, the default) or as published',
    kind: 'text',
    choices: presetNames,
  },
  { name: 'learning-rate', summary: 'of Adam', kind: 'number', range: [1e-5, 0.1] },
  { name: 'networks', summary: 'to one update', kind: 'number', range: [2, 100], whole: true },
  { name: 'epochs', summary: 'steps of Adam on the networks of an update', kind: 'number', range: [1, 20], whole: true },
  { name: 'entropy', summary: 'the worth of a decision that is still open', kind: 'number', range: [0, 1] },
]

/** @param values by ppoOptions: in their ranges, what nobody said is not there */
export function ppoSettings(values: OptionValues = {}): PpoSettings {
  const preset: PpoSettings = ppoPresets[(values['preset'] ?? 'small') as PpoPreset]
  const number = (name: string, otherwise: number) => (values[name] as number | undefined) ?? otherwise
  return {
    ...preset,
    learningRate: number('learning-rate', preset.learningRate),
    networks: number('networks', preset.networks),
    epochs: number('epochs', preset.epochs),
    entropy: number('entropy', preset.entropy),
  }
}
