import type { Device, DeviceChoice, DeviceDriver } from '@mnas/core/contracts'
import { deviceContext, listOptions, openDevice, setUpDevice } from '@mnas/core/measurement'
import type { Registry } from '@mnas/core/plugins'
import { testSurroundings } from '@mnas/core/testing'
import { describe, expect, it } from 'vitest'

/** A driver that notes which device was meant. */
function board() {
  const heard: (readonly [string, DeviceChoice])[] = []
  const runtime = { name: 'board', version: '1', sha256: 'a' }
  const driver: DeviceDriver = {
    name: 'board',
    options: [{ name: 'port', summary: 'where it listens', kind: 'number' }],
    flags: [{ name: 'delegate', summary: 'what computes', kind: 'text', choices: ['cpu', 'gpu'] }],
    list: async () => [],
    open: async (choice) => {
      heard.push(['open', choice])
      return {} as Device
    },
    setup: {
      options: [{ name: 'library', summary: 'one that you have', kind: 'path' }],
      plan: async (choice) => {
        heard.push(['plan', choice])
        return ['Copy a file']
      },
      run: async (choice) => {
        heard.push(['run', choice])
        return runtime
      },
    },
  }
  const registry = { names: () => ['board'], get: async () => driver } as unknown as Registry
  return { heard, registry, context: deviceContext(registry, testSurroundings()) }
}

describe('openDevice', () => {
  it('hands the driver its options, and keeps for the benchmarks what is theirs', async () => {
    const { heard, registry, context } = board()
    const wish = { device: 'board:kitchen', options: ['delegate=gpu', 'port=22'] }
    expect((await openDevice(registry, wish, context)).flags).toEqual({ delegate: 'gpu' })
    expect(heard).toEqual([['open', { selector: 'kitchen', options: { port: 22 } }]])
  })

  it('opens nothing when an option is wrong, or of the set-up alone', async () => {
    const { heard, registry, context } = board()
    for (const option of ['prot=22', 'port=x', 'delegate=npu', 'library=/x']) {
      await expect(openDevice(registry, { device: 'board', options: [option] }, context)).rejects.toMatchObject({
        code: expect.stringMatching(/^MNAS_OPTION_(UNKNOWN|VALUE)$/),
      })
    }
    expect(heard).toEqual([])
  })
})

describe('setUpDevice', () => {
  it('tells the set-up which device is meant', async () => {
    const { heard, registry, context } = board()
    const request = { registry, context, device: 'board:kitchen', options: ['library=/x'] }
    await setUpDevice({ ...request, confirm: async (steps) => steps[0] === 'Copy a file' })
    const choice = { selector: 'kitchen', options: { library: '/x' } }
    expect(heard).toEqual([
      ['plan', choice],
      ['run', choice],
    ])
  })

  it('does nothing after a no, or when an option is no option of the set-up', async () => {
    const { heard, registry, context } = board()
    const refused = setUpDevice({ registry, context, device: 'board', options: [], confirm: async () => false })
    await expect(refused).rejects.toMatchObject({ code: 'MNAS_DECLINED' })
    expect(heard.map(([what]) => what)).toEqual(['plan'])
    const wrong = setUpDevice({ registry, context, device: 'board', options: ['port=22'], confirm: async () => true })
    await expect(wrong).rejects.toMatchObject({ code: 'MNAS_OPTION_UNKNOWN' })
    expect(heard).toHaveLength(1)
  })
})

it('listOptions says what each option is told to', async () => {
  expect(await listOptions(board().registry, 'board:kitchen')).toEqual([
    { name: 'port', summary: 'where it listens', kind: 'number', choices: null, use: 'device' },
    { name: 'delegate', summary: 'what computes', kind: 'text', choices: ['cpu', 'gpu'], use: 'benchmark' },
    { name: 'library', summary: 'one that you have', kind: 'path', choices: null, use: 'setup' },
  ])
})
