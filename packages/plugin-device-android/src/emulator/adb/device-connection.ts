import type { Socket } from 'node:net'
import { DeviceStream } from './device-stream.js'
import { type Command, encodePacket, type Packet, PacketReader } from './packet.js'

export interface ConnectionOptions {
  /** `ro.product.name` and the like, as the greeting tells them. */
  readonly properties: Readonly<Record<string, string>>
  readonly authorized: boolean
  /** Opens a service by its name (`shell,v2,raw:ls`, `sync:`). false: there is none. */
  openService(name: string, stream: DeviceStream): boolean
}

const protocolVersion = 0x0100_0001
const mostBytes = 256 * 1024
const authToken = 1

/** The phone's side of one connection of adb. */
export class DeviceConnection {
  readonly #socket: Socket
  readonly #options: ConnectionOptions
  readonly #reader = new PacketReader()
  readonly #streams = new Map<number, DeviceStream>()
  #nextId = 1
  #theirMost = 4096

  constructor(socket: Socket, options: ConnectionOptions) {
    this.#socket = socket
    this.#options = options
    socket.on('error', () => undefined)
    socket.on('data', (chunk) => this.#receive(chunk))
    socket.on('close', () => {
      for (const stream of this.#streams.values()) stream.closed()
      this.#streams.clear()
    })
  }

  /** As when a cable is pulled: the other side hears nothing more. */
  drop(): void {
    this.#socket.destroy()
  }

  #receive(chunk: Buffer): void {
    try {
      for (const packet of this.#reader.read(chunk)) this.#handle(packet)
    } catch {
      this.drop()
    }
  }

  #handle({ command, first, second, data }: Packet): void {
    switch (command) {
      case 'CNXN':
        this.#theirMost = Math.min(second, mostBytes)
        this.#greet()
        break
      case 'AUTH':
        this.#greet()
        break
      case 'OPEN':
        this.#open(first, data.toString('utf8').replace(/\0+$/, ''))
        break
      case 'OKAY':
        this.#streams.get(second)?.acknowledged()
        break
      case 'WRTE':
        this.#write(first, second, data)
        break
      case 'CLSE':
        this.#close(first, second)
        break
      case 'SYNC':
      case 'STLS':
        break
      default:
        command satisfies never
    }
  }

  #greet(): void {
    if (!this.#options.authorized) {
      this.#send('AUTH', authToken, 0, Buffer.alloc(20, 7))
      return
    }
    const properties = Object.entries(this.#options.properties).map(([name, value]) => `${name}=${value};`)
    this.#send('CNXN', protocolVersion, mostBytes, Buffer.from(`device::${properties.join('')}features=shell_v2,cmd`))
  }

  #open(remote: number, name: string): void {
    const local = this.#nextId++
    const stream = new DeviceStream(this.#theirMost, (kind, data) => {
      if (kind === 'data') this.#send('WRTE', local, remote, data)
      else {
        this.#streams.delete(local)
        this.#send('CLSE', local, remote)
      }
    })
    this.#streams.set(local, stream)
    this.#send('OKAY', local, remote)
    if (this.#options.openService(name, stream)) return
    this.#streams.delete(local)
    this.#send('CLSE', local, remote)
  }

  #write(remote: number, local: number, data: Buffer): void {
    const stream = this.#streams.get(local)
    this.#send(stream ? 'OKAY' : 'CLSE', stream ? local : 0, remote)
    stream?.onData(Buffer.from(data))
  }

  #close(remote: number, local: number): void {
    const stream = this.#streams.get(local)
    this.#streams.delete(local)
    if (stream?.closed()) this.#send('CLSE', local, remote)
  }

  #send(command: Command, first: number, second: number, data?: Buffer): void {
    if (!this.#socket.destroyed) this.#socket.write(encodePacket(command, first, second, data))
  }
}
