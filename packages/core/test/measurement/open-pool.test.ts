import type { Device, DeviceDriver } from '@mnas/core/contracts'
import { deviceContext, openPool } from '@mnas/core/measurement'
import type { Registry } from '@mnas/core/plugins'
import { testSurroundings } from '@mnas/core/testing'
import { describe, expect, it } from 'vitest'

interface Phone {
  readonly model?: string
  /** null: no known model. */
  readonly anchorMs?: number | null
}

/** A driver of these phones by serial. */
function kit(phones: Readonly<Record<string, Phone>>, shared = true) {
  const [open, warnings] = [new Set<string>(), [] as string[]]
  const driver: DeviceDriver = {
    name: 'phone',
    options: [],
    flags: [],
    list: async () => [],
    ...(shared && { alike: async () => Object.keys(phones) }),
    async open({ selector = 'only' }) {
      const { model = 'm', anchorMs = 10 } = phones[selector] ?? {}
      open.add(selector)
      const runtime = { name: 'tool', version: '1', sha256: 'a'.repeat(64) }
      const described = { name: `phone:${selector}`, kind: 'phone', emulated: true, formats: [], details: { model } } as const
      return {
        describe: async () => ({ ...described, runtime, fingerprint: `of ${model}` }),
        ...(anchorMs !== null && { timeAnchor: async () => anchorMs }),
        close: async () => void open.delete(selector),
      } as unknown as Device
    },
  }
  const registry = { names: () => ['phone'], get: async () => driver } as unknown as Registry
  const context = deviceContext(registry, { ...testSurroundings(), warn: (text) => void warnings.push(text) })
  return { open, warnings, openPool: (device: string) => openPool(registry, { device, options: [] }, context) }
}

describe('openPool', () => {
  it('opens one device under the name that was given, or of its kind where others may take its place', async () => {
    const { pool } = await kit({ a: {} }).openPool('phone:a')
    expect([pool.name, pool.size]).toEqual(['phone', 1])
    const { pool: alone } = await kit({ a: {} }, false).openPool('phone:a')
    expect([alone.name, alone.size]).toEqual(['phone:a', 1])
  })

  it('opens several with commas, or all that are alike, under the name of their kind', async () => {
    for (const device of ['phone:a,phone:b', 'phone:a, phone:b', 'phone']) {
      const { openPool: openOf, warnings } = kit({ a: {}, b: { anchorMs: 10.2 } })
      const { pool } = await openOf(device)
      expect([pool.name, pool.size, pool.info.fingerprint]).toEqual(['phone', 2, 'of m'])
      expect(warnings).toEqual([])
    }
    const { pool } = await kit({ a: {} }).openPool('phone')
    expect([pool.name, pool.size]).toEqual(['phone', 1])
  })

  it('refuses other models and says what differs; nothing stays open', async () => {
    const { openPool: openOf, open } = kit({ a: { model: 'six' }, b: { model: 'seven' } })
    await expect(openOf('phone:a,phone:b')).rejects.toMatchObject({
      code: 'MNAS_DEVICES_DIFFERENT',
      message: expect.stringContaining('model "six", "seven"'),
    })
    expect(open.size).toBe(0)
  })

  it('refuses devices of other kinds, and one that is named twice', async () => {
    const { openPool: openOf, open } = kit({ a: {} })
    await expect(openOf('phone:a,host')).rejects.toMatchObject({ code: 'MNAS_DEVICES_DIFFERENT' })
    await expect(openOf('phone:a,phone:a')).rejects.toThrow('one is named twice')
    expect(open.size).toBe(0)
  })

  it('tells of a difference of more than 3 % for a known model, and refuses one of more than 10 %', async () => {
    const near = kit({ a: { anchorMs: 10.5 }, b: {} })
    await near.openPool('phone')
    expect(near.warnings).toEqual(['phone:a takes 5.0 % longer than phone:b for the same model.'])
    const far = kit({ a: {}, b: { anchorMs: 11.5 } })
    await expect(far.openPool('phone')).rejects.toMatchObject({
      code: 'MNAS_DEVICES_APART',
      message: expect.stringContaining('15.0 % longer than "phone:a"'),
    })
    expect(far.open.size).toBe(0)
  })

  it('says so where there is no known model', async () => {
    const { openPool: openOf, warnings } = kit({ a: { anchorMs: null }, b: {} })
    await openOf('phone')
    expect(warnings).toEqual([expect.stringContaining('taken on trust')])
  })
})
