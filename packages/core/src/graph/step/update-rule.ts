/**
 * Arithmetic element by element on whatever an engine keeps its weights in. A `V` is as long as the weights, or one value for all of
 * them, as the learning rate is.
 */
export interface Algebra<V> {
  add(a: V, b: V | number): V
  subtract(a: V, b: V): V
  multiply(a: V, b: V | number): V
  divide(a: V, b: V): V
  squareRoot(a: V): V
}

/** What one update needs of some weights. */
export interface UpdateSite<V> {
  readonly weights: V
  /** Of the loss with its L2 penalty. */
  readonly gradient: V
  /** In the rule's order. */
  readonly slots: readonly V[]
  readonly learningRate: V
}

/** What an optimizer remembers per weight. */
export interface OptimizerSlot {
  /** As checkpoints name it. */
  readonly name: string
  /** Its value before the first step. */
  readonly initial: number
}

/** How an optimizer changes weights, whatever engine computes it. The order of its operations belongs to it: bits depend on it. */
export interface UpdateRule {
  readonly slots: readonly OptimizerSlot[]
  update<V>(algebra: Algebra<V>, site: UpdateSite<V>): { readonly weights: V; readonly slots: readonly V[] }
}
