import { architectureHash, parseArchitecture } from '../../../architecture/index.js'
import type { Genome, SearchSpace, SpaceFactory } from '../../../contracts/index.js'
import { costsOf, lowerBackbone } from '../../../graph/index.js'
import { uniformSource } from '../../random-tensors.js'
import { type ConformanceCase, check, checkEqual } from '../check.js'
import { checkGenome, identity, randomGenome } from './genomes.js'

const task = { name: 'classification', options: { classes: 10, dropout: 0.2 } }
const samples = 60

/** What every search space has to do, at each of its widths. */
export function spaceConformance(factory: SpaceFactory): readonly ConformanceCase[] {
  const widths: ConformanceCase = {
    name: 'widths stand smallest first',
    run: async () => {
      checkEqual(
        [...factory.widths].sort((a, b) => a - b),
        factory.widths,
        'widths',
      )
      check(factory.widths.length > 0, 'widths', 'at least one', 'none')
    },
  }
  const reference: ConformanceCase = {
    name: 'the reference network is one of this size and task',
    run: async () => checkReference(factory),
  }
  return [widths, reference, ...factory.widths.flatMap((width) => casesAt(factory, width))]
}

function casesAt(factory: SpaceFactory, width: number): readonly ConformanceCase[] {
  const onSpace = (name: string, work: (space: SearchSpace) => void): ConformanceCase => ({
    name: `${name} (width ${width})`,
    run: async () => work(factory.create({ width, inputSize: 96, task })),
  })
  return [
    onSpace('decisions are named and have choices', checkDecisions),
    onSpace('every genome is a valid architecture', checkDecode),
    onSpace('canonical(a) = canonical(b) exactly when decode(a) = decode(b)', checkCanonical),
    onSpace('rows are the blocks of decode', checkRows),
    onSpace('encode undoes decode', checkEncode),
    onSpace('the smallest genome has the fewest multiply-adds', checkSmallest),
    {
      name: `two spaces made alike are alike (width ${width})`,
      run: async () => checkAlike(factory, width),
    },
  ]
}

function genomesOf(space: SearchSpace): readonly Genome[] {
  const next = uniformSource(91)
  return [space.smallest(), ...Array.from({ length: samples }, () => randomGenome(space, next))]
}

function checkDecisions({ decisions }: SearchSpace): void {
  check(decisions.length > 0, 'decisions', 'at least one', 'none')
  checkEqual(new Set(decisions.map(({ name }) => name)).size, decisions.length, 'number of different decision names')
  for (const { name, choices } of decisions) {
    check(choices.length > 0, `choices of "${name}"`, 'at least one', 'none')
    checkEqual(
      new Set(choices.map((choice) => JSON.stringify(choice))).size,
      choices.length,
      `number of different choices of "${name}"`,
    )
  }
}

function checkDecode(space: SearchSpace): void {
  for (const genome of genomesOf(space)) {
    const architecture = space.decode(genome)
    checkEqual(parseArchitecture(JSON.parse(JSON.stringify(architecture))), architecture, `architecture of [${genome}]`)
    checkEqual(architecture.task, task, `task of [${genome}]`)
    checkEqual(architecture.input.size, 96, `input size of [${genome}]`)
    lowerBackbone(architecture)
  }
}

/** Pairs that differ in one decision, since that is where a choice that does not act shows. */
function checkCanonical(space: SearchSpace): void {
  const next = uniformSource(92)
  for (const genome of genomesOf(space)) {
    const canonical = space.canonical(genome)
    checkGenome(space, canonical, `canonical([${genome}])`)
    checkEqual(space.canonical(canonical), canonical, `canonical of the canonical genome of [${genome}]`)
    checkEqual(identity(space, canonical), identity(space, genome), `architecture of the canonical genome of [${genome}]`)
    for (const other of neighbours(space, genome, next)) {
      const sameCanonical = JSON.stringify(space.canonical(other)) === JSON.stringify(canonical)
      const sameArchitecture = identity(space, other) === identity(space, genome)
      checkEqual(sameCanonical, sameArchitecture, `whether [${genome}] and [${other}] are one, by canonical and by decode`)
    }
  }
}

/** The genome with one decision changed, for a few decisions. */
function neighbours(space: SearchSpace, genome: Genome, next: () => number): readonly Genome[] {
  return Array.from({ length: 6 }, () => {
    const position = Math.floor(next() * genome.length)
    const count = space.decisions[position]!.choices.length
    const choice = (genome[position]! + 1 + Math.floor(next() * Math.max(count - 1, 1))) % count
    return genome.map((old, i) => (i === position ? choice : old))
  })
}

function checkReference(factory: SpaceFactory): void {
  const reference = factory.reference({ inputSize: 96, task })
  checkEqual(parseArchitecture(JSON.parse(JSON.stringify(reference))), reference, 'reference network')
  checkEqual(reference.task, task, 'task of the reference network')
  checkEqual(reference.input.size, 96, 'input size of the reference network')
  const filters = factory.proxyHeadFilters
  check(Number.isInteger(filters) && filters > 0, 'proxyHeadFilters', 'a whole number above 0', `${filters}`)
}

/** All genomes of a space that has rows differ in name and blocks alone. */
function checkRows(space: SearchSpace): void {
  if (!space.rows) return
  const { name: _, blocks: __, ...frame } = space.decode(space.smallest())
  for (const genome of genomesOf(space)) {
    const { name: _, blocks, ...rest } = space.decode(genome)
    checkEqual(space.rows(genome), blocks, `rows of [${genome}]`)
    checkEqual(rest, frame, `all but name and blocks of [${genome}]`)
  }
}

function checkEncode(space: SearchSpace): void {
  for (const genome of genomesOf(space)) {
    const { genome: encoded, differences } = space.encode(space.decode(genome))
    checkEqual(encoded, space.canonical(genome), `encode(decode([${genome}]))`)
    checkEqual(differences, [], `differences of encode(decode([${genome}]))`)
  }
}

function checkSmallest(space: SearchSpace): void {
  const macs = (genome: Genome) => costsOf(lowerBackbone(space.decode(genome))).macs
  const smallest = space.smallest()
  checkGenome(space, smallest, 'smallest()')
  for (const genome of genomesOf(space)) {
    check(macs(genome) >= macs(smallest), `multiply-adds of [${genome}]`, `at least ${macs(smallest)}`, `${macs(genome)}`)
  }
}

function checkAlike(factory: SpaceFactory, width: number): void {
  const [first, second] = [0, 1].map(() => factory.create({ width, inputSize: 96, task }))
  checkEqual(second!.decisions, first!.decisions, 'decisions of a second space')
  for (const genome of genomesOf(first!)) {
    checkEqual(architectureHash(second!.decode(genome)), architectureHash(first!.decode(genome)), `architecture of [${genome}]`)
  }
}
