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
    for (const lines of [scores(cells, allMarks), leads(cells, 'model', opponents, allMarks), controller(cells), curves(cells)])
      if (lines.length > 0) console.log(`${lines.join('\n')}\n`)
  }
  if (values.save) save(goal, ofGoal)
}

/** Handed over (best observed, pick where it is another) of each method. */
function scores(cells, marks) {
  const rows = cells.objectives.flatMap((objective) =>
    cells.methods.map((method) => [objective, method, ...marks.map((mark) => score(cells.of(objective, method, mark)))]),
  )
  return tableOf(['handed over (best observed, pick) after', '', ...marks], rows)
}

function score(found) {
  if (found.length === 0) return '–'
  const of = (field) => (100 * mean(found.map((one) => one[field]))).toFixed(2)
  const half = (100 * halfWidth(found.map(({ handedOver }) => handedOver))).toFixed(2)
  const [handedOver, observed, pick] = ['handedOver', 'bestObserved', 'pick'].map(of)
  const others = pick === observed ? observed : `${observed}, ${pick}`
  return `${handedOver} ± ${half} (${others}${found.length < 10 ? `; n = ${found.length}` : ''})`
}

/** A method over the best of its opponents, by mean, and how often its interval lies on one side of 0. */
function leads(cells, method, others, marks) {
  const tally = { above: 0, below: 0, cells: 0 }
  const rows = cells.objectives.map((objective) => [
    objective,
    ...marks.map((mark) => {
      const best = others
        .map((other) => ({ other, found: cells.of(objective, other, mark) }))
        .toSorted((a, b) => meanOf(b.found) - meanOf(a.found))[0]
      const over = lead(cells.of(objective, method, mark), best.found)
      if (over === null) return '–'
      tally.cells++
      if (over.from > 0) tally.above++
      if (over.to < 0) tally.below++
      return `${inWords(over)} ${best.other}`
    }),
  ])
  const verdict = `Above 0 in ${tally.above} of ${tally.cells} cells, below in ${tally.below}.`
  return [...tableOf([`${method} over the best of ${others.join(', ')}`, ...marks], rows), '', verdict]
}

/** The paper's controller against random and evolution. */
function controller(cells) {
  const rows = cells.objectives.flatMap((objective) =>
    [200, 500].flatMap((mark) => {
      const found = cells.of(objective, 'ppo', mark)
      const over = (other) => lead(found, cells.of(objective, other, mark))
      if (found.length === 0) return []
      return [[objective, mark, score(found), ...['random', 'evolution'].map((other) => inWords(over(other)))]]
    }),
  )
  return rows.length === 0 ? [] : tableOf(['', 'trials', 'ppo', 'over random', 'over evolution'], rows)
}

/** The noise-free value of the best observed on the way, of the longest search of each method. */
function curves(cells) {
  const at = [20, 50, 100, 150, 200]
  const rows = cells.objectives.flatMap((objective) =>
    cells.methods.map((method) => [objective, method, ...at.map((trials) => hundredths(cells.curve(objective, method, trials)))]),
  )
  return tableOf(['best observed after', '', ...at], rows)
}

/** Null while either has fewer than two seeds. */
function lead(found, others) {
  if (found.length < 2 || others.length < 2) return null
  const scoresOf = (cell) => cell.map(({ handedOver }) => 100 * handedOver)
  return difference(scoresOf(found), scoresOf(others))
}

function inWords(over) {
  if (over === null) return '–'
  const [at, from, to] = [over.at, over.from, over.to].map((number) => `${number < 0 ? '−' : '+'}${Math.abs(number).toFixed(2)}`)
  return `${at} [${from}, ${to}]`
}

function hundredths(numbers) {
  return numbers.length === 0 ? '–' : (100 * mean(numbers)).toFixed(2)
}

function meanOf(found) {
  return found.length === 0 ? 0 : mean(found.map(({ handedOver }) => handedOver))
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
