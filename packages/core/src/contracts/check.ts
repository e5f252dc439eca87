/** One line of `mnas doctor`. hint: works, but could be better; failed: something of mnas will not work. */
export interface Check {
  readonly name: string
  readonly status: 'ok' | 'hint' | 'failed'
  readonly detail: string
  /** What to do about a hint or a failure. */
  readonly fix?: string
}
