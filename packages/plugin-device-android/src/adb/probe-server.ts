import { connect } from 'node:net'

/** What listens on a port: nothing, a server of adb, or somebody else. */
export type Probe = { readonly kind: 'free' | 'stranger' } | { readonly kind: 'server'; readonly version: number }

const limitMs = 2000

/** Asks `host:version` in adb's protocol: four hexadecimal digits of length, then the words; `OKAY`, length, version. Nothing is started. */
export function probeServer(port: number): Promise<Probe> {
  return new Promise((resolve) => {
    let said = ''
    const socket = connect({ host: '127.0.0.1', port })
    const end = (probe: Probe) => {
      socket.destroy()
      resolve(probe)
    }
    socket.setTimeout(limitMs, () => end({ kind: 'stranger' }))
    socket.on('error', (error: NodeJS.ErrnoException) => end({ kind: error.code === 'ECONNREFUSED' ? 'free' : 'stranger' }))
    socket.on('connect', () => socket.write('000chost:version'))
    socket.setEncoding('latin1').on('data', (text: string) => {
      said += text
      const version = /^OKAY0004([0-9a-f]{4})/i.exec(said)?.[1]
      if (version) end({ kind: 'server', version: Number.parseInt(version, 16) })
      else if (said.length >= 12) end({ kind: 'stranger' })
    })
    socket.on('close', () => resolve({ kind: 'stranger' }))
  })
}
