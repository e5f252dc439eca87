import { type ExitKind, exitCodes, MnasError } from './mnas-error.js'

/** One entry of a catalogue: the end of the command, what docs/errors.md tells, and the sentence for one occurrence. */
export interface ErrorDefinition<P> {
  readonly exit: ExitKind
  /** For docs/errors.md: when this happens. */
  readonly summary: string
  /** One line: what happened. Expected …, received …. Try …. */
  readonly message: (details: P) => string
}

/** `never`: a catalogue holds definitions of different details, and every function of one argument takes `never`. */
type Definitions = Readonly<Record<string, ErrorDefinition<never>>>
type DetailsOf<E> = E extends ErrorDefinition<infer P> ? P : never
export type ErrorFactories<D extends Definitions> = {
  readonly [K in keyof D]: (details: DetailsOf<D[K]>, cause?: unknown) => MnasError
}
export type Catalogue<D extends Definitions> = ErrorFactories<D> & { readonly definitions: D }

/**
 * A package's catalogue of errors: `throw errors.MNAS_MODEL_UNKNOWN({ name })`.
 * docs/errors.md lists every definition of every catalogue; a test compares them.
 */
export function defineErrors<const D extends Definitions>(definitions: D): Catalogue<D> {
  const factories = Object.fromEntries(
    Object.entries(definitions).map(([code, definition]) => [
      code,
      (details: unknown, cause?: unknown) =>
        new MnasError(code, exitCodes[definition.exit], definition.message(details as never), cause),
    ]),
  )
  return { ...factories, definitions } as Catalogue<D>
}
