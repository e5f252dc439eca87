import { lower, parametersOf } from '@mnas/core/graph'
import { expect, test } from 'vitest'
import { headRates } from '#internal/training/head-rates.js'
import { task, withClasses } from '../import/made-up-imports.js'

const architecture = withClasses('mnasnet-small', 6)
const parameters = parametersOf(lower(architecture, task))

test('a rate of its own is for what the task puts behind the backbone', () => {
  expect(headRates(architecture, parameters, 5)).toEqual({ 'logits.kernel': 5, 'logits.bias': 5 })
  expect(headRates({ ...architecture, input: { size: 96 } }, parameters, 0.5)).toEqual({
    'logits.kernel': 0.5,
    'logits.bias': 0.5,
  })
})

test('a recipe that has none gives all the same', () => {
  expect(headRates(architecture, parameters, undefined)).toEqual({})
})
