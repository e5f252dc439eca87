/** What a runtime, a device or a check may use of the program around it. Nothing of it is found in the environment. */
export interface Surroundings {
  /** For what can be made again: native libraries, decoded pixels, measurements. */
  readonly cacheFolder: string
  /** Aborted when whoever asked wants no answer any more. */
  readonly signal: AbortSignal
  /** For people, at once. */
  warn(message: string): void
}
