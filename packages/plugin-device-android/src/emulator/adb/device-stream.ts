/** One stream of a connection: a service on the phone talks through it to a client. At most one piece is on its way unacknowledged. */
export class DeviceStream {
  readonly #send: (kind: 'data' | 'end', data?: Buffer) => void
  readonly #mostBytes: number
  readonly #waiting: Buffer[] = []
  #unacknowledged = false
  #ending = false
  #over = false
  /** What the client says. */
  onData: (data: Buffer) => void = () => undefined
  /** The client has closed, or the connection is gone. */
  onClose: () => void = () => undefined

  constructor(mostBytes: number, send: (kind: 'data' | 'end', data?: Buffer) => void) {
    this.#mostBytes = mostBytes
    this.#send = send
  }

  write(data: Buffer): void {
    for (let at = 0; at < data.length; at += this.#mostBytes) this.#waiting.push(data.subarray(at, at + this.#mostBytes))
    this.#pump()
  }

  end(): void {
    this.#ending = true
    this.#pump()
  }

  acknowledged(): void {
    this.#unacknowledged = false
    this.#pump()
  }

  /** From the other side. @returns whether it was open */
  closed(): boolean {
    const wasOpen = !this.#over
    this.#over = true
    this.onClose()
    return wasOpen
  }

  #pump(): void {
    if (this.#over || this.#unacknowledged) return
    const data = this.#waiting.shift()
    if (data) {
      this.#unacknowledged = true
      this.#send('data', data)
    } else if (this.#ending) {
      this.#over = true
      this.#send('end')
    }
  }
}
