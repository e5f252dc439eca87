type Numbers = Float64Array<ArrayBuffer> | Int32Array<ArrayBuffer> | Uint8Array<ArrayBuffer>

const smallest = 256

/** Numbers of one kind, one behind the other, of which nobody knows how many there will be. */
export class NumberColumn<T extends Numbers> {
  readonly #make: (length: number) => T
  #values: T
  #length = 0

  constructor(make: (length: number) => T) {
    this.#make = make
    this.#values = make(smallest)
  }

  get length(): number {
    return this.#length
  }

  push(value: number): void {
    if (this.#length === this.#values.length) {
      const longer = this.#make(2 * this.#length)
      longer.set(this.#values)
      this.#values = longer
    }
    this.#values[this.#length++] = value
  }

  /** All of them: a view that the next push may leave behind. */
  values(): T {
    return this.#values.subarray(0, this.#length) as T
  }
}
