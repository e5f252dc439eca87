/**
 * A table of a FlatBuffer that somebody else wrote. Whatever its offsets say, nothing outside of the file is read: every access that would is a
 * RangeError. A field that is left out has its default.
 */
export class Table {
  readonly #view: DataView
  readonly #position: number

  constructor(view: DataView, position: number) {
    this.#view = view
    this.#position = position
  }

  static root(file: Uint8Array): Table {
    const view = new DataView(file.buffer, file.byteOffset, file.byteLength)
    return new Table(view, view.getUint32(0, true))
  }

  int8(slot: number, standard = 0): number {
    const field = this.#field(slot)
    return field === null ? standard : this.#view.getInt8(field)
  }

  int32(slot: number, standard = 0): number {
    const field = this.#field(slot)
    return field === null ? standard : this.#view.getInt32(field, true)
  }

  /** null where it is left out. */
  text(slot: number): string | null {
    const vector = this.#vector(slot, 1)
    if (vector === null) return null
    const { buffer, byteOffset } = this.#view
    return new TextDecoder().decode(new Uint8Array(buffer, byteOffset + vector.position, vector.length))
  }

  table(slot: number): Table | null {
    const field = this.#field(slot)
    return field === null ? null : new Table(this.#view, field + this.#view.getUint32(field, true))
  }

  tables(slot: number): readonly Table[] {
    return this.#elements(slot, 4, (at) => new Table(this.#view, at + this.#view.getUint32(at, true)))
  }

  ints(slot: number): readonly number[] {
    return this.#elements(slot, 4, (at) => this.#view.getInt32(at, true))
  }

  floats(slot: number): readonly number[] {
    return this.#elements(slot, 4, (at) => this.#view.getFloat32(at, true))
  }

  /** 64-bit integers, as far as a number holds them exactly. */
  longs(slot: number): readonly number[] {
    return this.#elements(slot, 8, (at) => Number(this.#view.getBigInt64(at, true)))
  }

  /** How many bytes a vector of bytes has. */
  bytes(slot: number): number {
    return this.#vector(slot, 1)?.length ?? 0
  }

  /** Overwrites one element of a vector of 32-bit integers in the file's bytes. */
  setInt(slot: number, index: number, value: number): void {
    const vector = this.#vector(slot, 4)
    if (vector === null || index >= vector.length) throw new RangeError(`no element ${index}`)
    this.#view.setInt32(vector.position + 4 * index, value, true)
  }

  /** Where a field lies; null where the table leaves it out. */
  #field(slot: number): number | null {
    const vtable = this.#position - this.#view.getInt32(this.#position, true)
    const entry = 4 + 2 * slot
    if (entry >= this.#view.getUint16(vtable, true)) return null
    const offset = this.#view.getUint16(vtable + entry, true)
    return offset === 0 ? null : this.#position + offset
  }

  #vector(slot: number, elementBytes: number): { readonly position: number; readonly length: number } | null {
    const field = this.#field(slot)
    if (field === null) return null
    const start = field + this.#view.getUint32(field, true)
    const length = this.#view.getUint32(start, true)
    if (start + 4 + length * elementBytes > this.#view.byteLength) throw new RangeError('a vector leads out of the file')
    return { position: start + 4, length }
  }

  #elements<T>(slot: number, elementBytes: number, read: (position: number) => T): readonly T[] {
    const vector = this.#vector(slot, elementBytes)
    return Array.from({ length: vector?.length ?? 0 }, (_, i) => read(vector!.position + elementBytes * i))
  }
}
