import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
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
    predicate: { accuracy: [{ basis, metrics: { top1: 1 } }], latency: [] },
  })

  it('says what its signer measured, and calls it attested or nothing', () => {
    expect(readAttestation(envelope(statement('attested')), digest)).toMatchObject({
      key: 'key',
      accuracy: [{ basis: 'attested' }],
    })
    expect(readAttestation(envelope(statement('measured')), digest)).toMatchObject({ accuracy: [], latency: [] })
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
