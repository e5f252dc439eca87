import { gzipSync } from 'node:zlib'
import type { AccuracyClaim, LatencyClaim } from '@mnas/plugin-zoo'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { accuracyOf, latencyOf } from '../../../test/support/zoo/zoo-folder.mjs'
import { readAttestation } from '../src/zoo/read-attestation.js'
import { unpack } from '../src/zoo/unpack.js'

const bytesOf = (data: Uint8Array) => Uint8Array.from(data)

describe('a file that is stored gzipped', () => {
  it('is unpacked, also where the server has done so', async () => {
    const text = bytesOf(Buffer.from('{"version":1}'))
    expect(await unpack(bytesOf(gzipSync(text)), 100)).toEqual({ bytes: text, packed: true })
    expect(await unpack(text, 100)).toEqual({ bytes: text, packed: false })
  })

  it('is refused when it is cut off, or would unpack to more than it may', async () => {
    const packed = bytesOf(gzipSync(new Uint8Array(1e6)))
    await expect(unpack(packed, 1000)).rejects.toThrow(RangeError)
    await expect(unpack(packed.slice(0, packed.length - 20), 2e6)).rejects.toThrow()
  })
})

describe('an attestation', () => {
  const digest = 'd'.repeat(64)
  const envelope = (statement: unknown, hint: unknown = 'key') => {
    const payload = Buffer.from(JSON.stringify(statement)).toString('base64')
    return Buffer.from(JSON.stringify({ verificationMaterial: { publicKey: { hint } }, dsseEnvelope: { payload } }))
  }
  const statement = (basis: string, of = digest) => ({
    subject: [{ digest: { sha256: of } }],
    predicate: { accuracy: [{ ...accuracyOf({ metrics: { top1: 1 } }), basis }], latency: [] },
  })

  it('says what its signer measured, and calls it attested or nothing', () => {
    expect(readAttestation(envelope(statement('attested')), digest)).toMatchObject({
      key: 'key',
      accuracy: [{ basis: 'attested' }],
    })
    expect(readAttestation(envelope(statement('measured')), digest)).toMatchObject({ accuracy: [], latency: [] })
  })

  it('keeps of its claims those that are shaped like claims, whatever else is beside them', () => {
    const accuracy = accuracyOf({ basis: 'attested', metrics: { top1: 1 } }) as AccuracyClaim
    const latency = latencyOf({ basis: 'attested', device: 'Pixel 8', ms: 3 }) as LatencyClaim
    const read = (predicate: object) =>
      readAttestation(envelope({ subject: [{ digest: { sha256: digest } }], predicate }), digest)!
    const bad = [{ basis: 'attested' }, null, 1, 'claim', [], { ...accuracy, metrics: null }, { ...latency, device: {} }]
    expect(read({ accuracy: [...bad, accuracy], latency: [...bad, latency] })).toEqual({
      ...{ key: 'key', accuracy: [accuracy], latency: [latency] },
    })
    const damaged = <C extends object>(claim: C) =>
      fc
        .tuple(fc.constantFrom(...(Object.keys(claim) as (keyof C)[])), fc.jsonValue())
        .map(([field, value]) => ({ ...claim, [field]: value, basis: 'attested' }))
    fc.assert(
      fc.property(damaged(accuracy), damaged(latency), (one, other) => {
        const found = read({ accuracy: [one], latency: [other] })
        for (const { metrics, dataset, seeds } of found.accuracy) {
          expect([typeof Object.entries(metrics), typeof dataset.name.length, typeof seeds.length]).toHaveLength(3)
          for (const value of Object.values(metrics)) expect(value.toFixed(4)).toBeDefined()
        }
        for (const { ms, device, flags } of found.latency)
          expect(`${ms.p50.toPrecision(3)} ${device.model.length} ${Object.keys(flags).length}`).toBeDefined()
      }),
    )
  })

  it('is none when it is of another entry, or of any other form', () => {
    expect(readAttestation(envelope(statement('attested', 'e'.repeat(64))), digest)).toBeNull()
    const none = (bytes: Uint8Array) => {
      expect(readAttestation(bytes, digest)).toBeNull()
    }
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array(),
          fc.jsonValue().map((json) => Buffer.from(JSON.stringify(json))),
        ),
        none,
      ),
    )
    fc.assert(
      fc.property(
        fc.jsonValue().map((json) => envelope(json)),
        none,
      ),
    )
  })
})
