/**
 * Searches of a method: numbers of trials, with the marks where it is looked at. A method that does not ask how many there will
 * be is looked at on its way.
 */
const onTheWay = (most) => [{ trials: most, marks: [50, 100, 200, 500].filter((mark) => mark <= most) }]
const plans = {
  random: () => onTheWay(500),
  // Population and sample are the same from 200 trials on.
  evolution: () => [...each(50, 100), { trials: 500, marks: [200, 500] }],
  model: () => each(50, 100, 200),
  ppo: () => onTheWay(500),
  'ppo-paper': () => onTheWay(500),
  tpe: () => onTheWay(200),
  nsga2: () => onTheWay(200),
  gp: () => onTheWay(100),
  smac: () => onTheWay(100),
}
function each(...numbers) {
  return numbers.map((trials) => ({ trials, marks: [trials] }))
}

const compared = ['model', 'evolution', 'tpe', 'nsga2', 'random']
/** What is to be run, the most important first. */
export const stages = [
  { name: 'hard', objectives: ['peaks', 'weakest'], goal: 'hard', noisy: [false], methods: compared, seeds: 10 },
  { name: 'noise', objectives: ['peaks', 'weakest'], goal: 'hard', noisy: [true], methods: compared, seeds: 10 },
  { name: 'ppo', objectives: ['peaks', 'weakest'], goal: 'hard', noisy: [false], methods: ['ppo'], seeds: 10 },
  { name: 'saturated', objectives: ['pairs', 'cliff'], goal: 'hard', noisy: [false, true], methods: compared, seeds: 10 },
  { name: 'macro', objectives: ['macro'], goal: 'hard', noisy: [false, true], methods: compared, seeds: 20 },
  { name: 'soft', objectives: ['peaks', 'weakest'], goal: 'soft', noisy: [false, true], methods: compared, seeds: 10 },
  { name: 'slow', objectives: ['peaks', 'weakest'], goal: 'hard', noisy: [false], methods: ['gp', 'smac'], seeds: 3 },
  { name: 'rest', objectives: ['pairs', 'cliff', 'macro'], goal: 'hard', noisy: [false], methods: ['ppo'], seeds: 10 },
]

/**
 * Seeds outside: what is done after a while is fair to all methods.
 * @param only these searches, whatever the method
 */
export function* runsOf({ objectives, goal, noisy, methods, seeds }, only) {
  for (let seed = 1; seed <= seeds; seed++)
    for (const objective of objectives)
      for (const noise of noisy)
        for (const method of methods)
          for (const { trials, marks } of only ?? plans[method]())
            yield { objective, goal, noisy: noise, method, trials, marks, seed }
}

export function nameOf({ objective, goal, noisy, method, trials, seed }) {
  return [objective, goal, noisy ? 'noise' : 'exact', method, trials, seed].join('-')
}
