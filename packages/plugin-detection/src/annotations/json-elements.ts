/** Takes an object of an array: the array's name in the outermost object, '' where the array itself is outermost. */
export type TakeElement = (array: string, element: unknown) => void

const [quote, backslash, openBrace, closeBrace, openBracket, closeBracket] = [...'"\\{}[]'].map((one) => one.charCodeAt(0))
/** Bytes of one object, and of all that lies between objects. No annotation is as long. */
const longest = 64 * 2 ** 20

/**
 * Reads a JSON text of any length, larger than V8's longest string too: objects of the arrays of its outermost object, or of its
 * outermost array, are handed over one by one, and what is left of the text is read at the end. V8 parses both; here brackets are
 * counted, no more (docs/adr/0027).
 */
export class JsonElements {
  readonly #take: TakeElement
  readonly #decoder = new TextDecoder()
  /** All but the objects, in whose places a 0 stands: what is wrong between them is still wrong. */
  #rest = ''
  /** Of the object that a chunk ended in. */
  #begun: Uint8Array[] = []
  #begunBytes = 0
  #depth = 0
  /** Of the outermost value and of the one in it: whether it is an array. */
  readonly #isArray = [false, false]
  /** Depth of the array whose objects are handed over; 0 outside of such. */
  #arrayDepth = 0
  #array = ''
  #inElement = false
  #inString = false
  #escaped = false

  constructor(take: TakeElement) {
    this.#take = take
  }

  /** @throws SyntaxError for an object that is no JSON, and what `take` throws */
  write(chunk: Uint8Array): void {
    let from = 0
    for (let at = 0; at < chunk.length; at++) {
      const byte = chunk[at]!
      if (this.#inString) {
        if (this.#escaped) this.#escaped = false
        else if (byte === backslash) this.#escaped = true
        else if (byte === quote) this.#inString = false
      } else if (byte === quote) this.#inString = true
      else if (byte === openBrace || byte === openBracket) {
        if (!this.#inElement && byte === openBrace && this.#depth === this.#arrayDepth && this.#depth > 0) {
          this.#keep(chunk.subarray(from, at), '0')
          from = at
          this.#inElement = true
        }
        this.#open(byte === openBracket, chunk.subarray(from, at))
      } else if (byte === closeBrace || byte === closeBracket) {
        this.#depth--
        if (this.#inElement && this.#depth === this.#arrayDepth) {
          this.#finish(chunk.subarray(from, at + 1))
          from = at + 1
        } else if (this.#depth < this.#arrayDepth) this.#arrayDepth = 0
      }
    }
    this.#leave(chunk.subarray(from))
  }

  /** The text without those objects. @throws SyntaxError when it is no JSON, or has not ended */
  end(): unknown {
    if (this.#inElement) throw new SyntaxError('it ends within an object')
    this.#rest += this.#decoder.decode()
    return JSON.parse(this.#rest)
  }

  #open(isArray: boolean, before: Uint8Array): void {
    if (this.#depth < 2) this.#isArray[this.#depth] = isArray
    this.#depth++
    if (this.#inElement || !isArray || this.#arrayDepth > 0) return
    if (this.#depth === 1) this.#begin('')
    else if (this.#depth === 2 && !this.#isArray[0]) {
      const text = this.#rest.slice(-1024) + new TextDecoder().decode(before.subarray(-1024))
      this.#begin(lastName.exec(text)?.[1] ?? '')
    }
  }

  #begin(name: string): void {
    this.#array = name
    this.#arrayDepth = this.#depth
  }

  #keep(bytes: Uint8Array, behind: string): void {
    this.#rest += this.#decoder.decode(bytes, { stream: true }) + behind
    if (this.#rest.length > longest) throw new SyntaxError(`it holds more than ${longest} characters beside objects in arrays`)
  }

  #finish(bytes: Uint8Array): void {
    const text = this.#begun.length === 0 ? bytes : Buffer.concat([...this.#begun, bytes])
    this.#begun = []
    this.#begunBytes = 0
    this.#inElement = false
    this.#take(this.#array, JSON.parse(new TextDecoder().decode(text)))
  }

  /** What a chunk ends with. The next one may overwrite its memory. */
  #leave(bytes: Uint8Array): void {
    if (!this.#inElement) {
      this.#keep(bytes, '')
      return
    }
    this.#begun.push(bytes.slice())
    this.#begunBytes += bytes.length
    if (this.#begunBytes > longest) throw new SyntaxError(`it holds an object of more than ${longest} bytes`)
  }
}

/** The name in front of a value, as it is written. */
const lastName = /"((?:[^"\\]|\\.)*)"\s*:\s*$/
