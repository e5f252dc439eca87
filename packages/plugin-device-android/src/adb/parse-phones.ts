/** A line of `adb devices -l`. */
export interface ListedPhone {
  readonly serial: string
  /** `device`: can be used; else offline, unauthorized, `no permissions …`. */
  readonly state: string
  /** Empty for one that cannot be asked. */
  readonly model: string
  readonly product: string
}

/** `HOST:PORT`: a phone over TCP, which a server of adb must be told of. */
export const isAddress = (serial: string): boolean => /^.+:\d+$/.test(serial)

const line = /^(?<serial>\S+)\s+(?<state>no permissions\b.*|\S+)(?<rest>.*)$/

export function parsePhones(output: string): readonly ListedPhone[] {
  return output.split(/\r?\n/).flatMap((text): readonly ListedPhone[] => {
    const { serial, state, rest = '' } = line.exec(text.trim())?.groups ?? {}
    if (!serial || !state || text.startsWith('*') || text.startsWith('List of devices')) return []
    const property = (name: string) => new RegExp(`\\b${name}:(\\S+)`).exec(rest)?.[1] ?? ''
    return [
      {
        serial,
        state: state.startsWith('no permissions') ? 'no permissions' : state,
        model: property('model'),
        product: property('product'),
      },
    ]
  })
}
