import fc from 'fast-check'
import { expect, it } from 'vitest'
import { html } from '#internal/report/page/html.js'

it('lets no text be markup, in content or between quotes', () => {
  const text = '<script>alert(1)</script> & "quoted" \'too\''
  expect(html`<p title="${text}">${text}</p>`.markup).not.toMatch(/<script|" |' /)
  fc.assert(
    fc.property(fc.string({ unit: 'binary-ascii' }), (any) => !/[<>"']/.test(html`${any}`.markup)),
    { numRuns: 50 },
  )
})

it('puts pieces and lists of pieces in as they are, and takes what HTML cannot hold out', () => {
  expect(html`<ul>${['a', '<'].map((name) => html`<li>${name}</li>`)}</ul>`.markup).toBe('<ul><li>a</li><li>&lt;</li></ul>')
  expect(html`${'a\u0000b\uD800'}`.markup).toBe('a\uFFFDb\uFFFD')
})
