/** A mean of what there is. */
export class Mean {
  #sum = 0
  #count = 0

  add(value: number): void {
    this.#sum += value
    this.#count++
  }

  /** undefined: nothing was added. */
  get value(): number | undefined {
    return this.#count === 0 ? undefined : this.#sum / this.#count
  }
}
