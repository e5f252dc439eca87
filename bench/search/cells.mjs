const objectiveOrder = ['peaks', 'weakest', 'pairs', 'cliff', 'macro']
const methodOrder = ['random', 'evolution', 'tpe', 'nsga2', 'gp', 'smac', 'ppo', 'ppo-paper', 'model']

/** Runs by objective, method and number of trials. */
export function cellsOf(runs) {
  const inOrder = runs.toSorted((a, b) => a.seed - b.seed)
  const named = (field, order) => order.filter((name) => runs.some((run) => run[field] === name))
  const ofMethod = (objective, method) => inOrder.filter((run) => run.objective === objective && run.method === method)
  return {
    objectives: named('objective', objectiveOrder),
    methods: named('method', methodOrder),
    /** Scores of the seeds. */
    of: (objective, method, mark) => ofMethod(objective, method).flatMap(({ marks }) => marks[mark] ?? []),
    /** Values on the way of the seeds, of the longest search. */
    curve: (objective, method, trials) => {
      const all = ofMethod(objective, method)
      const longest = all.filter((run) => run.trials === Math.max(...all.map((one) => one.trials)))
      return longest.flatMap(({ curve }) => curve[trials / 10 - 1] ?? [])
    },
  }
}
