/** Plain JSON, as it stands in files and events. */
export type Json = string | number | boolean | null | readonly Json[] | JsonObject
export interface JsonObject {
  readonly [key: string]: Json
}

/** sha256 of canonical JSON (RFC 8785) or of bytes, 64 hexadecimal digits. */
export type Hash = string

/** What a zod schema offers to code that only wants to validate. */
export interface Schema<T> {
  parse(value: unknown): T
}

/** Data as nobody may change it, however deep. */
export type DeepReadonly<T> = T extends readonly (infer U)[]
  ? readonly DeepReadonly<U>[]
  : T extends object
    ? { readonly [K in keyof T]: DeepReadonly<T[K]> }
    : T
