import { homedir } from 'node:os'
import { join } from 'node:path'
import { parseOptions } from '@mnas/core/config'
import type { Option } from '@mnas/core/contracts'
import { describe, expect, it } from 'vitest'

const options: readonly Option[] = [
  { name: 'tool', summary: 'a program', kind: 'path' },
  { name: 'delegate', summary: 'what computes', kind: 'text', choices: ['cpu', 'gpu'] },
  { name: 'serial', summary: 'which phone', kind: 'text' },
  { name: 'cool-down', summary: 'seconds', kind: 'number' },
  { name: 'share', summary: 'of the time', kind: 'number', range: [0.1, 1] },
  { name: 'rounds', summary: 'of it', kind: 'number', range: [1, 9], whole: true },
  { name: 'profile', summary: 'time each op', kind: 'flag' },
]
const parse = (...pairs: string[]) => parseOptions('device android', options, pairs, '/home/me')

describe('parseOptions', () => {
  it('gives each value the type of its option, as it was written', () => {
    expect(parse('serial=0123', 'delegate=gpu', 'cool-down=1.5', 'profile=false', 'tool=bin/benchmark=model')).toEqual({
      serial: '0123',
      delegate: 'gpu',
      'cool-down': 1.5,
      profile: false,
      tool: '/home/me/bin/benchmark=model',
    })
    expect(parse('share=1', 'rounds=1')).toEqual({ share: 1, rounds: 1 })
    expect(parse()).toEqual({})
  })

  it('takes paths from here, from the root and from home', () => {
    expect(parse('tool=/opt/tool')).toEqual({ tool: '/opt/tool' })
    expect(parse('tool=~/tool')).toEqual({ tool: join(homedir(), 'tool') })
  })

  it('names an unknown option with the known ones and the nearest', () => {
    expect(() => parse('delegat=gpu')).toThrow(
      expect.objectContaining({
        code: 'MNAS_OPTION_UNKNOWN',
        message: expect.stringMatching(/"delegat" of device android.*tool, delegate, serial.*Did you mean "delegate"/),
      }),
    )
    const none = () => parseOptions('device x', [], ['a=1'])
    expect(none).toThrow(expect.objectContaining({ message: expect.stringContaining('it has no options') }))
  })

  it.each([
    ['delegate=npu', 'cpu or gpu'],
    ['cool-down=long', 'a number'],
    ['cool-down=', 'a number'],
    ['cool-down=Infinity', 'a number'],
    ['share=0.09', 'a number from 0.1 to 1'],
    ['share=NaN', 'a number from 0.1 to 1'],
    ['rounds=10', 'a whole number from 1 to 9'],
    ['rounds=2.5', 'a whole number from 1 to 9'],
    ['profile=yes', 'true or false'],
    ['tool=', 'a path'],
    ['serial=', 'some text'],
  ])('refuses %s', (pair, expected) => {
    expect(() => parse(pair)).toThrow(
      expect.objectContaining({
        code: 'MNAS_OPTION_VALUE',
        exitCode: 2,
        message: expect.stringContaining(`Expected ${expected}`),
      }),
    )
  })

  it.each([['tool'], ['=x'], ['profile=true', 'profile=true']])(
    'refuses what is no NAME=VALUE, or said twice: %s',
    (...pairs) => {
      expect(() => parse(...pairs)).toThrow(expect.objectContaining({ code: 'MNAS_CONFIG_PAIR' }))
    },
  )
})
