import { architectureSchema } from '../../architecture/index.js'

export const architecture = architectureSchema.meta({ id: 'Architecture', description: 'A network as people write it.' })
