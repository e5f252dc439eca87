import type { Genome } from '@mnas/core/contracts'

/** A genome as text: a key of maps, and how the run's database stores it. */
export const keyOf = (genome: Genome): string => genome.join('.')
export const genomeOfKey = (key: string): Genome => (key === '' ? [] : key.split('.').map(Number))
