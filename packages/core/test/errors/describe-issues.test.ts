import { describeIssues } from '@mnas/core/errors'
import { expect, it } from 'vitest'

const issues = [
  { path: ['crop', 'area', 0], message: 'expected a number' },
  { path: [], message: 'unknown field "flp"' },
]

it('describes what a schema says on one line, each issue with its place', () => {
  expect(describeIssues({ issues })).toBe('crop.area.0: expected a number; unknown field "flp"')
  expect(describeIssues({ issues }, 'recipe')).toBe('crop.area.0: expected a number; recipe: unknown field "flp"')
})
