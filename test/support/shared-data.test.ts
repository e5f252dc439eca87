import { existsSync } from 'node:fs'
import { expect, it } from 'vitest'
import { sharedData } from './shared-data.js'

it('finds shared data beside the checkout, and says null for what is not there', () => {
  expect(sharedData('no-such-data')).toBeNull()
  const readme = sharedData('README.md')
  if (readme === null) {
    expect(process.env['CI'], 'shared data must be present in continuous integration').toBeUndefined()
    return
  }
  expect(existsSync(readme)).toBe(true)
})
