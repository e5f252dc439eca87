import { hash } from '@mnas/core/answers'
import { entrySchema } from '../../entry/entry-schema.js'
import { lineage } from '../../entry/lineage.js'

/** entry.json, in answers. */
export const zooEntry = entrySchema.meta({ id: 'ZooEntry', description: 'One release of a model: its `entry.json`.' })
export const digest = hash.describe('sha256 of the bytes of its `entry.json`')
export const zooLineage = lineage.meta({ id: 'ZooLineage', description: 'Where an entry comes from, as it says itself.' })
