/** Runs by objective, method and mark. */
export function cellsOf(runs) {
  const known = new Map()
  const keyOf = (...parts) => parts.join(' ')
  for (const { objective, method, marks, seed } of runs.toSorted((a, b) => a.seed - b.seed))
    for (const [mark, scores] of Object.entries(marks)) {
      const key = keyOf(objective, method, mark)
      known.set(key, [...(known.get(key) ?? []), { seed, ...scores }])
    }
  const inOrder = (names, order) => order.filter((name) => names.has(name))
  return {
    objectives: inOrder(new Set(runs.map(({ objective }) => objective)), ['peaks', 'weakest', 'pairs', 'cliff', 'macro']),
    methods: inOrder(new Set(runs.map(({ method }) => method)), methodOrder),
    of: (objective, method, mark) => known.get(keyOf(objective, method, mark)) ?? [],
  }
}
const methodOrder = ['random', 'evolution', 'tpe', 'nsga2', 'gp', 'smac', 'ppo', 'ppo-paper', 'model']
