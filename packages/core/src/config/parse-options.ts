import type { Option, OptionValues } from '../contracts/index.js'
import { absolutePath } from '../files/index.js'
import { configErrors } from './errors.js'
import { splitPairs } from './parse-pairs.js'

/**
 * `--option NAME=VALUE`, several of them, by the options that there are.
 * @param of whose options they are, for messages
 * @param cwd where relative paths begin
 * @throws MNAS_CONFIG_PAIR, MNAS_OPTION_UNKNOWN, MNAS_OPTION_VALUE
 */
export function parseOptions(
  of: string,
  options: readonly Option[],
  pairs: readonly string[],
  cwd: string = process.cwd(),
): OptionValues {
  const values = [...splitPairs(pairs)].map(([name, text]) => {
    const option = options.find((candidate) => candidate.name === name)
    if (!option) throw configErrors.MNAS_OPTION_UNKNOWN({ of, name, known: options.map((known) => known.name) })
    return [name, readValue(of, option, text, cwd)] as const
  })
  return Object.fromEntries(values)
}

function readValue(of: string, option: Option, text: string, cwd: string): string | number | boolean {
  const wrong = (expected: string) => configErrors.MNAS_OPTION_VALUE({ of, name: option.name, expected, received: text })
  switch (option.kind) {
    case 'text':
      if (option.choices && !option.choices.includes(text)) throw wrong(option.choices.join(' or '))
      if (text === '') throw wrong('some text')
      return text
    case 'number':
      if (!isNumberOf(option, text)) throw wrong(numberText(option))
      return Number(text)
    case 'flag':
      if (text !== 'true' && text !== 'false') throw wrong('true or false')
      return text === 'true'
    case 'path':
      if (text === '') throw wrong('a path')
      return absolutePath(text, cwd)
    default:
      return option.kind satisfies never
  }
}

function isNumberOf({ range: [least, most] = unbounded, whole }: Option, text: string): boolean {
  const value = Number(text)
  const within = Number.isFinite(value) && value >= least && value <= most
  return text.trim() !== '' && within && (!whole || Number.isInteger(value))
}

const unbounded = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY] as const

const numberText = ({ range, whole }: Option): string =>
  `a ${whole ? 'whole ' : ''}number${range ? ` from ${range[0]} to ${range[1]}` : ''}`
