import { exportableOps, openInputs, opFacts, ops, parametersOf } from '@mnas/core/graph'
import { interpret, type OpCase, opCases } from '@mnas/core/testing'
import { describe, expect, it } from 'vitest'

const cases = opCases()
const nodeOf = ({ graph }: OpCase) => graph.nodes.find(({ id }) => id === 'op')!
const valuesOf = ({ graph, inputs, weights }: OpCase) => interpret(graph, { inputs, weights, mode: 'inference' }).values

describe('the facts of every op', () => {
  it.each(ops)('%s has a case in opCases()', (op) => {
    expect(cases.some((opCase) => opCase.op === op)).toBe(true)
  })

  it('are right about parameters: the interpreter reads them and no others, in these shapes', () => {
    for (const opCase of cases) {
      const expected = parametersOf(opCase.graph).filter(({ node }) => node === 'op')
      const read: string[] = []
      const weights = new Proxy(opCase.weights, {
        get: (target, name: string) => {
          if (name.startsWith('op.')) read.push(name)
          return target[name]
        },
      })
      valuesOf({ ...opCase, weights })
      expect(read.sort(), opCase.name).toEqual(expected.map(({ name }) => name).sort())
      expect(
        expected.map(({ role }) => role),
        opCase.name,
      ).toEqual(Object.keys(opFacts[opCase.op].parameters(nodeOf(opCase).attributes as never, 1)).slice(0, expected.length))
    }
  })

  it('are right about identities: in inference they give their operand', () => {
    for (const opCase of cases.filter(({ op }) => opFacts[op].inference === 'identity')) {
      const values = valuesOf(opCase)
      expect(values['op'], opCase.name).toEqual(values[nodeOf(opCase).inputs[0]!])
    }
    expect(ops.filter((op) => opFacts[op].inference === 'identity')).toEqual(['dropout', 'stopGradient'])
  })

  it('are right about gradients: a case without one lets none through', () => {
    for (const opCase of cases) {
      const open = openInputs(nodeOf(opCase))
      if (!opCase.differentiable) expect(open, opCase.name).toEqual([])
      for (const fixed of opCase.fixed) expect(open, opCase.name).not.toContain(fixed)
    }
    expect(ops.filter((op) => opFacts[op].gradient === 'none')).toEqual(['less', 'constant', 'rank', 'stopGradient'])
  })

  it('leave out of files what works across examples or places', () => {
    expect(ops.filter((op) => !exportableOps.includes(op))).toEqual(['batchSum', 'rank'])
  })
})
