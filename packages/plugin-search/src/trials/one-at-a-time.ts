/** The same work, whose calls take turns in the order in which they came: a device times one model at a time. */
export function oneAtATime<A extends readonly unknown[], R>(work: (...args: A) => Promise<R>): (...args: A) => Promise<R> {
  let last: Promise<unknown> = Promise.resolve()
  return (...args) => {
    const turn = last.then(() => work(...args))
    last = turn.catch(() => undefined)
    return turn
  }
}
