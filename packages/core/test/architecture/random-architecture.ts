import { type Architecture, architectureSchema, type Block } from '@mnas/core/architecture'
import fc from 'fast-check'

const filters = fc.integer({ min: 1, max: 40 })
const common = {
  repeats: fc.integer({ min: 1, max: 3 }),
  kernel: fc.constantFrom(1, 3, 5, 7),
  stride: fc.constantFrom(1, 2),
  filters,
  skip: fc.constantFrom('identity', 'pool', 'none'),
} as const
const squeezeExcite = fc.option(fc.constantFrom(0.05, 0.25, 0.5, 1), { nil: undefined })

/** Without fields whose value is undefined, as they would stand in a file. */
function present<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined)) as T
}

const keptExpansion = { expansion: fc.constant(1), expansionConvolution: fc.constant(true as const) }

/** Any valid row. */
export const blocks: fc.Arbitrary<Block> = fc
  .oneof(
    fc.record({ op: fc.constant('conv' as const), ...common }),
    fc.record({ op: fc.constant('separable' as const), ...common, squeezeExcite }),
    fc.record({ op: fc.constant('mbconv' as const), ...common, expansion: fc.integer({ min: 1, max: 6 }), squeezeExcite }),
    fc.record({ op: fc.constant('mbconv' as const), ...common, ...keptExpansion, squeezeExcite }),
  )
  .map((block) => present(block) as Block)

/** Any valid architecture of up to six rows. */
export const architectures: fc.Arbitrary<Architecture> = fc
  .record({
    version: fc.constant(1 as const),
    name: fc.stringMatching(/^[a-z0-9][a-z0-9._@-]{0,20}$/),
    input: fc.record({ size: fc.integer({ min: 16, max: 80 }) }),
    padding: fc.constantFrom('same', 'symmetric'),
    activation: fc.constantFrom('relu', 'relu6'),
    batchNormEpsilon: fc.constantFrom(1e-3, 1e-5),
    stem: fc.record({ filters, kernel: fc.constantFrom(1, 3, 5, 7), stride: fc.constantFrom(1, 2) }),
    blocks: fc.array(blocks, { minLength: 1, maxLength: 6 }),
    head: fc.record({ filters }),
    task: fc.constant({ name: 'classification', options: { classes: 3, dropout: 0.2 } }),
  })
  .filter((architecture) => architectureSchema.safeParse(architecture).success) as fc.Arbitrary<Architecture>
