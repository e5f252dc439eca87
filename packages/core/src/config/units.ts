import { configErrors } from './errors.js'

const sizeFactors: Readonly<Record<string, number>> = {
  '': 1,
  b: 1,
  kb: 1e3,
  mb: 1e6,
  gb: 1e9,
  tb: 1e12,
  kib: 2 ** 10,
  mib: 2 ** 20,
  gib: 2 ** 30,
  tib: 2 ** 40,
}
const countFactors: Readonly<Record<string, number>> = { '': 1, k: 1e3, m: 1e6, g: 1e9 }
const durationFactors: Readonly<Record<string, number>> = { us: 1e-3, ms: 1, s: 1e3, m: 60e3, h: 3600e3, d: 86_400e3 }

export const sizeExpected = 'a size such as 4GiB, 500MB or a number of bytes'
export const durationExpected = 'a duration above 0 such as 30ms, 1.5s, 30m or 2h'

/** `4GiB`, `500 MB`, `1024` → bytes (kB, MB … are powers of 1000, KiB, MiB … of 1024). @throws MNAS_UNIT */
export function parseSize(text: string): number {
  const bytes = Math.round(parse(text, sizeFactors))
  if (Number.isSafeInteger(bytes)) return bytes
  throw configErrors.MNAS_UNIT({ what: 'size', expected: sizeExpected, received: text })
}

/** `3M`, `500k`, `400000` → how many, from 1. @throws MNAS_UNIT */
export function parseCount(text: string): number {
  const count = Math.round(parse(text, countFactors))
  if (count >= 1 && Number.isSafeInteger(count)) return count
  throw configErrors.MNAS_UNIT({ what: 'number', expected: 'a number from 1 such as 3M, 500k or 400000', received: text })
}

/** `30ms`, `1.5s`, `30m`, `2h` → milliseconds, above 0. A number without a unit is an error: 30 what? @throws MNAS_UNIT */
export function parseDuration(text: string): number {
  const milliseconds = parse(text, durationFactors)
  if (milliseconds > 0 && Number.isFinite(milliseconds)) return milliseconds
  throw configErrors.MNAS_UNIT({ what: 'duration', expected: durationExpected, received: text })
}

/** `.02`, `0.02`, `2%` → 0–1. @throws MNAS_UNIT */
export function parseFraction(text: string): number {
  const fraction = parse(text, { '': 1, '%': 0.01 })
  if (fraction <= 1) return fraction
  throw configErrors.MNAS_UNIT({ what: 'fraction', expected: 'a fraction from 0 to 1 such as .02, or 2%', received: text })
}

function parse(text: string, factors: Readonly<Record<string, number>>): number {
  const match = /^(\d+(?:\.\d+)?|\.\d+)\s*([a-z]*|%)$/i.exec(text.trim())
  const factor = match && Object.hasOwn(factors, match[2]!.toLowerCase()) ? factors[match[2]!.toLowerCase()]! : Number.NaN
  return match ? Number(match[1]) * factor : Number.NaN
}

/** Bytes for a person: `3.2 MiB`. */
export function formatSize(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB']
  const power = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(bytes) / 10))
  const value = bytes / 2 ** (10 * power)
  return `${power === 0 || value >= 100 ? Math.round(value) : Number(value.toFixed(1))} ${units[power]}`
}
