/** Something that a user can say to a driver or a strategy: `NAME=VALUE`. */
export interface Option {
  /** Lower-case letters, digits and dashes. */
  readonly name: string
  /** What it is, in a few words. */
  readonly summary: string
  /** flag: true or false; path: arrives absolute. */
  readonly kind: 'text' | 'number' | 'flag' | 'path'
  /** Of a text: the values that it can have. */
  readonly choices?: readonly string[]
  /** Of a number: what it lies within, both ends included. */
  readonly range?: readonly [least: number, most: number]
  /** Of a number: it has no fraction. */
  readonly whole?: true
}

/** Options by name, of the types that their kinds say; what nobody said is not there. */
export type OptionValues = Readonly<Record<string, string | number | boolean>>
