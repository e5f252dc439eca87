import { execFileSync } from 'node:child_process'
import { doubtsAbout } from '@mnas/remote-device'
import { describe, expect, it } from 'vitest'
import { parseCondition } from '#internal/board/board-condition.js'
import { type BoardFacts, boardFactsLine, parseFacts } from '#internal/board/board-facts.js'
import { requirePlatform } from '#internal/board/require-platform.js'
import { parseTarget } from '#internal/ssh/parse-target.js'

const raspberry = `system=Linux
machine=aarch64
kernel=6.6.31+rpt-rpi-v8
bits=64
glibc=2.36
model=Raspberry Pi 4 Model B Rev 1.4
processor=0x41 0xd08
release=Debian GNU/Linux 12 (bookworm)
governor=ondemand
home=/home/pi
boot=0b0c
cores=4
python=3.11.2
core /sys/devices/system/cpu/cpu0/cpufreq/cpuinfo_max_freq 1800000
core /sys/devices/system/cpu/cpu1/cpufreq/cpuinfo_max_freq 1800000
`
const facts = parseFacts(raspberry)!

describe('what a board says of itself', () => {
  it('is read', () => {
    expect(facts).toEqual({
      ...{ system: 'Linux', machine: 'aarch64', kernel: '6.6.31+rpt-rpi-v8', bits: 64, glibc: '2.36', python: '3.11.2' },
      ...{ model: 'Raspberry Pi 4 Model B Rev 1.4', processor: '0x41 0xd08', release: 'Debian GNU/Linux 12 (bookworm)' },
      ...{ governor: 'ondemand', home: '/home/pi', boot: '0b0c', cores: 4 },
      frequencies: new Map([
        [0, 1_800_000],
        [1, 1_800_000],
      ]),
    })
  })

  it('may be little, and must be something', () => {
    expect(parseFacts('system=Linux\nmachine=armv7l\nhome=/root\nbits=\ncores=\n')).toMatchObject({
      ...{ bits: null, glibc: '', python: '', model: '', cores: 1 },
    })
    for (const text of ['', 'Welcome!\n', 'system=Linux\n']) expect(parseFacts(text)).toBeNull()
  })

  it.runIf(process.platform === 'linux')('is what this computer says too', () => {
    const said = parseFacts(
      execFileSync('sh', ['-c', boardFactsLine('python3')], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }),
    )
    expect(said).toMatchObject({ system: 'Linux', home: process.env['HOME'], cores: expect.any(Number) })
    expect(said?.processor).not.toBe('')
  })
})

describe('LiteRT on a board', () => {
  const platform = (changes: Partial<BoardFacts> = {}) => requirePlatform('ssh:pi', { ...facts, ...changes })

  it('needs 64 bits, glibc 2.27 and python 3.7', () => {
    expect(platform()).toBe('linux-arm64')
    expect(platform({ machine: 'x86_64', bits: null })).toBe('linux-x64')
    expect(platform({ glibc: '2.27', python: '3.7.0rc1' })).toBe('linux-arm64')
  })

  it.each([
    [{ machine: 'armv7l', bits: 32 }, 'Linux on armv7l with 32 bits, glibc 2.36, python 3.11.2. Only a benchmark_model works'],
    [{ bits: 32 }, 'Linux on aarch64 with 32 bits, glibc 2.36, python 3.11.2. Only a benchmark_model works there'],
    [{ machine: 'riscv64' }, 'Linux on riscv64 with 64 bits, glibc 2.36, python 3.11.2. Only a benchmark_model works there'],
    [{ system: 'Darwin', machine: 'arm64', glibc: '' }, 'Darwin on arm64 with 64 bits, no glibc, python 3.11.2. Only'],
    [{ glibc: '2.24' }, 'glibc 2.24, python 3.11.2. Bring the board up to date, or give a benchmark_model'],
    [{ glibc: '' }, 'no glibc, python 3.11.2. Bring the board up to date'],
    [{ python: '3.5.3' }, 'glibc 2.36, python 3.5.3. Bring the board up to date'],
    [{ python: '' }, 'glibc 2.36, no python3. Bring the board up to date'],
  ])('else says what was found: %j', (changes, said) => {
    expect(() => platform(changes)).toThrow(expect.objectContaining({ code: 'MNAS_SSH_SYSTEM', exitCode: 5 }))
    expect(() => platform(changes)).toThrow(said)
    expect(() => platform(changes)).toThrow('--option benchmark-model=PATH')
  })
})

describe('the condition of a board', () => {
  const at = '2026-01-01T00:00:00.000Z'
  const condition = (...lines: readonly string[]) => parseCondition(`${lines.join('\n')}\n`, at)
  const none = { underVoltage: false, capped: false, throttled: false, softLimit: false }

  it('is heat, load, governor, frequencies and throttling', () => {
    const cool = ['heat 48312', 'heat 51000', 'frequency 600000', 'frequency 1800000', 'governor ondemand', 'governor ondemand']
    expect(condition(...cool, 'load 0.25 0.3 0.2 1/200 4242', 'throttled=0x0')).toEqual({
      ...{ thermalStatus: 0, celsius: null, batteryPercent: null },
      state: {
        ...{ at, loadAverage: 0.25, celsius: 51, governor: 'ondemand', frequencyMhz: { lowest: 600, highest: 1800 } },
        throttling: { ...none, sinceStart: false },
      },
    })
    expect(condition('load 1.50 1 1 1/2 3').state).toEqual({ at, loadAverage: 1.5, celsius: null })
    expect(condition('').thermalStatus).toBeNull()
  })

  it('is doubted from 80 °C on, and when the board slows itself down', () => {
    const doubts = (...lines: readonly string[]) => doubtsAbout(condition(...lines))
    expect(doubts('heat 79900')).toEqual([])
    expect(doubts('heat 80000')).toEqual(['thermal'])
    for (const bits of ['0x2', '0x4', '0x8', '0xe0008']) expect(doubts('heat 40000', `throttled=${bits}`)).toEqual(['thermal'])
    expect(doubts('throttled=0x50000')).toEqual([])
    expect(condition('throttled=0x50005').state['throttling']).toEqual({
      ...none,
      ...{ underVoltage: true, throttled: true, sinceStart: true },
    })
    expect(doubts('heat -274000', 'heat nonsense', 'heat 200000')).toEqual([])
  })
})

describe('the name of a board', () => {
  it.each(['pi', 'pi@raspberry.local', 'user.name@10.0.0.2', 'fe80::1%eth0', 'root@::1'])('%s is one for ssh', (name) => {
    expect(parseTarget(name)).toBe(name)
  })

  it.each([undefined, '', '-oProxyCommand=x', 'a@-x', '-x@a', 'a b', 'pi;reboot', '@pi', 'pi@'])('%s is none', (name) => {
    expect(() => parseTarget(name)).toThrow(expect.objectContaining({ code: 'MNAS_SSH_TARGET', exitCode: 2 }))
  })
})
