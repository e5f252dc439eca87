import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Device, DeviceInfo } from '@mnas/core/contracts'
import { devicePool, measurementErrors } from '@mnas/core/measurement'
import { describe, expect, it } from 'vitest'

const info = (fingerprint = 'one make'): DeviceInfo => ({
  ...{ name: 'fake', kind: 'phone', emulated: true, formats: ['tflite'], details: {}, fingerprint },
  runtime: { name: 'fake', version: '1', sha256: 'a'.repeat(64) },
})

/** Phones of these names; `gone` has those that are away, `other` those that became another. */
function phones(names: readonly string[]) {
  const [gone, other, warnings] = [new Set<string>(), new Set<string>(), [] as string[]]
  let clock = 1_000_000
  const lost = (device: string) => measurementErrors.MNAS_DEVICE_LOST({ device, reason: 'the cable was pulled' })
  const members = names.map((name) => ({
    name,
    device: {
      describe: async () => {
        if (gone.has(name)) throw lost(name)
        return info(other.has(name) ? 'another build' : undefined)
      },
      close: async () => undefined,
    } as unknown as Device,
  }))
  const pool = devicePool(
    'android',
    info(),
    members,
    (text) => void warnings.push(text),
    () => clock,
  )
  const pass = (ms: number) => {
    clock += ms
  }
  const measure = () => pool.use(async ({ name }) => name)
  return { pool, gone, other, warnings, measure, lost, pass }
}

/** Work that ends when it is told to. */
function gate() {
  const ends: (() => void)[] = []
  const opened = new Promise<void>((resolve) => void ends.push(resolve))
  return { opened, open: () => ends.forEach((end) => void end()) }
}

describe('devices that share measurements', () => {
  it('take turns', async () => {
    const { measure } = phones(['a', 'b'])
    expect([await measure(), await measure(), await measure()]).toEqual(['a', 'b', 'a'])
  })

  it('measure at once, each one thing; who asked first is next', async () => {
    const { pool } = phones(['a', 'b'])
    const [gates, begun] = [[gate(), gate(), gate(), gate()], [] as string[]]
    const all = gates.map(({ opened }, index) =>
      pool.use(async ({ name }) => {
        begun.push(`${index} on ${name}`)
        await opened
      }),
    )
    await nextTurn()
    expect(begun).toEqual(['0 on a', '1 on b'])
    gates[1]!.open()
    await all[1]
    await nextTurn()
    expect(begun).toEqual(['0 on a', '1 on b', '2 on b'])
    for (const { open } of gates) open()
    await Promise.all(all)
    expect(begun.at(-1)).toMatch(/^3 on /)
  })

  it('leave the work of one that vanishes to the others, and ask it again a minute later', async () => {
    const { gone, measure, warnings, pass } = phones(['a', 'b'])
    gone.add('a')
    expect([await measure(), await measure(), await measure()]).toEqual(['b', 'b', 'b'])
    expect(warnings).toEqual([expect.stringMatching(/Lost device "a".*Others go on with its work\./)])
    gone.clear()
    expect(await measure()).toBe('b')
    pass(60_000)
    expect([await measure(), await measure()].sort()).toEqual(['a', 'b'])
  })

  it('repeat elsewhere what was lost half-way', async () => {
    const { pool, lost, warnings } = phones(['a', 'b'])
    const tried: string[] = []
    const result = await pool.use(async ({ name }) => {
      tried.push(name)
      if (name === 'a') throw lost(name)
      return name
    })
    expect([result, tried]).toEqual(['b', ['a', 'b']])
    expect(warnings).toHaveLength(1)
  })

  it('are lost when all are gone, and found again at the next call', async () => {
    const { gone, measure } = phones(['a', 'b'])
    gone.add('a').add('b')
    await expect(measure()).rejects.toMatchObject({ code: 'MNAS_DEVICE_LOST' })
    gone.delete('b')
    expect(await measure()).toBe('b')
  })

  it('give the work of one that came back as another to one that was away, and are lost where that still is', async () => {
    const { gone, other, measure } = phones(['a', 'b'])
    gone.add('a')
    expect(await measure()).toBe('b')
    other.add('b')
    await expect(measure()).rejects.toMatchObject({ code: 'MNAS_DEVICE_LOST' })
    gone.clear()
    expect(await measure()).toBe('a')
  })

  it('find one that was away when the last that was there has become another', async () => {
    const { gone, other, measure } = phones(['a', 'b'])
    gone.add('a')
    expect(await measure()).toBe('b')
    gone.clear()
    other.add('b')
    expect(await measure()).toBe('a')
  })

  it('do without one that came back as another, and end when none is left', async () => {
    const { other, measure, warnings } = phones(['a', 'b'])
    other.add('a')
    expect([await measure(), await measure()]).toEqual(['b', 'b'])
    expect(warnings).toEqual([expect.stringContaining('fingerprint "one make", "another buil"')])
    other.add('b')
    await expect(measure()).rejects.toMatchObject({ code: 'MNAS_DEVICES_DIFFERENT' })
    await expect(Promise.all([measure(), measure()])).rejects.toMatchObject({ code: 'MNAS_DEVICES_DIFFERENT' })
  })

  it('alone it is looked at too, and what differs is named', async () => {
    const { other, measure, warnings } = phones(['a'])
    expect(await measure()).toBe('a')
    other.add('a')
    await expect(measure()).rejects.toMatchObject({
      code: 'MNAS_DEVICES_DIFFERENT',
      message: expect.stringMatching(/^"fake as it was opened" and "fake now" .* fingerprint "one make", "another buil"\./),
    })
    expect(warnings).toEqual([])
  })

  it('leave out one that became another while it worked', async () => {
    const { pool } = phones(['a', 'b'])
    const tried: string[] = []
    const work = () =>
      pool.use(async ({ name }) => {
        tried.push(name)
        if (name === 'a') throw measurementErrors.MNAS_DEVICES_DIFFERENT({ devices: [name], differences: ['governor'] })
        return name
      })
    expect([await work(), await work(), tried]).toEqual(['b', 'b', ['a', 'b', 'b']])
  })

  it('hand on what concerns the work alone', async () => {
    const { pool, measure } = phones(['a', 'b'])
    await expect(pool.use(async () => Promise.reject(new Error('no such op')))).rejects.toThrow('no such op')
    expect(await measure()).toBe('b')
  })
})
