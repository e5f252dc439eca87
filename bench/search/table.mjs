/**
 * Tables of what run.mjs has run so far, as Markdown.
 *
 *   node bench/search/table.mjs FOLDER [--trials 50,100,200] [--save]      --save: bench/results/search-GOAL.json
 *
 * Numbers are noise-free scores in hundredths, means over the seeds that were run (n where it is fewer than the most of its table).
 * Intervals are 95 % of the difference of two independent means (Welch), in hundredths.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { provenance } from '../provenance.mjs'
import { cellsOf } from './cells.mjs'
import { difference, halfWidth, mean } from './statistics.mjs'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { trials: { type: 'string', default: '50,100,200' }, save: { type: 'boolean', default: false } },
})
const [folder] = positionals
const runs = readdirSync(folder).flatMap((name) =>
  name.endsWith('.json') ? [JSON.parse(readFileSync(`${folder}/${name}`, 'utf8'))] : [],
)
const opponents = ['evolution', 'tpe', 'nsga2']
const allMarks = values.trials.split(',').map(Number)

for (const goal of new Set(runs.map((run) => run.goal))) {
  const ofGoal = runs.filter((run) => run.goal === goal)
  for (const noisy of new Set(ofGoal.map((run) => run.noisy))) {
    const cells = cellsOf(ofGoal.filter((run) => run.noisy === noisy))
    console.log(`\n### ${goal}, ${noisy ? 'with noise' : 'no noise'}\n`)
    for (const lines of [scores(cells, allMarks), leads(cells, 'model', opponents, allMarks), controller(cells)])
      if (lines.length > 2) console.log(`${lines.join('\n')}\n`)
  }
  if (values.save) save(goal, ofGoal)
}

/** Handed over (best observed, pick) of each method. */
function scores(cells, marks) {
  const rows = cells.methods.map((method) => [
    method,
    ...cells.objectives.map((objective) => marks.map((mark) => score(cells.of(objective, method, mark))).join(' / ')),
  ])
  return tableOf([`${marks.join(' / ')} trials`, ...cells.objectives], rows)
}

function score(found) {
  if (found.length === 0) return '–'
  const of = (field) => (100 * mean(found.map((one) => one[field]))).toFixed(2)
  const half = (100 * halfWidth(found.map(({ handedOver }) => handedOver))).toFixed(2)
  const [handedOver, observed, pick] = ['handedOver', 'bestObserved', 'pick'].map(of)
  const others = pick === observed ? observed : `${observed}, ${pick}`
  return `${handedOver} ± ${half} (${others}${found.length < 10 ? `; n = ${found.length}` : ''})`
}

/** A method over the best of its opponents, by mean. */
function leads(cells, method, others, marks) {
  const rows = cells.objectives.map((objective) => [
    objective,
    ...marks.map((mark) => {
      const best = others
        .map((other) => ({ other, found: cells.of(objective, other, mark) }))
        .filter(({ found }) => found.length > 1)
        .toSorted((a, b) => meanOf(b.found) - meanOf(a.found))[0]
      return lead(cells.of(objective, method, mark), best)
    }),
  ])
  return tableOf([`${method} over the best peer`, ...marks.map(String)], rows)
}

/** The paper's controller against random and evolution. */
function controller(cells) {
  if (!cells.methods.includes('ppo')) return []
  const marks = [200, 500]
  const rows = cells.objectives.flatMap((objective) =>
    ['random', 'evolution'].map((other) => [
      `${objective}, over ${other}`,
      ...marks.map((mark) =>
        lead(cells.of(objective, 'ppo', mark), {
          other: score(cells.of(objective, 'ppo', mark)),
          found: cells.of(objective, other, mark),
        }),
      ),
    ]),
  )
  return tableOf(['ppo', ...marks.map(String)], rows)
}

function lead(found, best) {
  if (found.length < 2 || !best || best.found.length < 2) return '–'
  const scoresOf = (cell) => cell.map(({ handedOver }) => 100 * handedOver)
  const { at, from, to } = difference(scoresOf(found), scoresOf(best.found))
  const signed = (number) => `${number < 0 ? '−' : '+'}${Math.abs(number).toFixed(2)}`
  return `${signed(at)} [${signed(from)}, ${signed(to)}] ${best.other}`
}

function meanOf(found) {
  return mean(found.map(({ handedOver }) => handedOver))
}

function tableOf(header, rows) {
  const line = (cells) => `| ${cells.join(' | ')} |`
  return [line(header), line(header.map(() => '---')), ...rows.map(line)]
}

/** All that was run, a line each: scores at the marks, curves, and where it ran. */
function save(goal, ofGoal) {
  const file = fileURLToPath(new URL(`../results/search-${goal}.json`, import.meta.url))
  const head = {
    ...provenance(`node bench/search/run.mjs FOLDER && node bench/search/table.mjs FOLDER --save`),
    ranAt: [...new Set(ofGoal.map(({ commit }) => commit))],
    cpuHours: Number((ofGoal.reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0) / 3600).toFixed(2)),
  }
  const lines = ofGoal.map(({ clean, date, machine, node, ...run }) => JSON.stringify(run))
  writeFileSync(file, `${JSON.stringify(head, null, 2).slice(0, -2)},\n  "runs": [\n    ${lines.join(',\n    ')}\n  ]\n}\n`)
}
