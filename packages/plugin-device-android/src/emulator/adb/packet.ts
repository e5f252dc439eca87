/** A message of adb's protocol: 24 bytes of header, little-endian (command, two arguments, length, sum of the bytes, command ^ ~0), then the data. */
export interface Packet {
  readonly command: Command
  readonly first: number
  readonly second: number
  readonly data: Buffer
}

const words = ['CNXN', 'AUTH', 'OPEN', 'OKAY', 'WRTE', 'CLSE', 'SYNC', 'STLS'] as const
export type Command = (typeof words)[number]

const headerBytes = 24
const wordOf = (command: Command) => Buffer.from(command, 'latin1').readUInt32LE()

export function encodePacket(command: Command, first: number, second: number, data: Buffer = Buffer.alloc(0)): Buffer {
  const header = Buffer.alloc(headerBytes)
  const word = wordOf(command)
  const sum = data.reduce((total, byte) => (total + byte) >>> 0, 0)
  for (const [at, value] of [word, first, second, data.length, sum, ~word].entries()) header.writeUInt32LE(value >>> 0, 4 * at)
  return Buffer.concat([header, data])
}

/** Cuts what arrives into packets. */
export class PacketReader {
  #rest: Buffer = Buffer.alloc(0)

  /** @throws for what is no packet */
  read(chunk: Buffer): readonly Packet[] {
    this.#rest = Buffer.concat([this.#rest, chunk])
    const packets: Packet[] = []
    while (this.#rest.length >= headerBytes) {
      const [word, first, second, length] = [0, 4, 8, 12].map((at) => this.#rest.readUInt32LE(at)) as [
        number,
        number,
        number,
        number,
      ]
      const command = words.find((each) => wordOf(each) === word)
      if (!command) throw new Error('no packet of adb')
      if (this.#rest.length < headerBytes + length) break
      packets.push({ command, first, second, data: this.#rest.subarray(headerBytes, headerBytes + length) })
      this.#rest = this.#rest.subarray(headerBytes + length)
    }
    return packets
  }
}
