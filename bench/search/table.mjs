/**
 * Tables of what run.mjs has run so far, as Markdown.
 *
 *   node bench/search/table.mjs FOLDER [--trials 50,100,200] [--save]
 *
 * --save writes bench/results/search-GOAL.json, and the tables into README.md between their marks.
 * Numbers are noise-free scores in hundredths, means over the seeds that were run (n where they are fewer than ten).
 * Intervals are 95 % of the difference of two independent means (Welch), in hundredths.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
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

const lines = [...tables()]
console.log(lines.join('\n'))
if (values.save) {
  for (const goal of new Set(runs.map((run) => run.goal))) saveRuns(goal)
  saveTables()
}

function* tables() {
  for (const goal of ['hard', 'soft'])
    for (const noisy of [false, true]) {
      const cells = cellsOf(runs.filter((run) => run.goal === goal && run.noisy === noisy))
      if (cells.objectives.length === 0) continue
      yield `### ${goal === 'hard' ? 'Hard budget' : 'Soft'}, ${noisy ? 'with noise' : 'without noise'}`
      for (const table of [scores(cells, allMarks), ...leads(cells, allMarks), controller(cells), curves(cells)])
        if (table.length > 0) yield* ['', ...table]
      yield ''
    }
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

/** For each set of objectives, the model over the best of its opponents, by mean, and how often the interval is clear of 0. */
function* leads(cells, marks) {
  for (const objectives of [['peaks', 'weakest'], ['pairs', 'cliff'], ['macro']]) {
    const tally = { above: 0, below: 0, cells: 0 }
    const leadAt = (objective, mark) => {
      const best = opponents
        .map((name) => ({ name, found: cells.of(objective, name, mark) }))
        .toSorted((a, b) => meanOf(b.found) - meanOf(a.found))[0]
      const over = lead(cells.of(objective, 'model', mark), best.found)
      if (over === null) return '–'
      tally.cells++
      if (over.from > 0) tally.above++
      if (over.to < 0) tally.below++
      return `${inWords(over)} ${best.name}`
    }
    const rows = objectives
      .filter((name) => cells.objectives.includes(name))
      .map((name) => [name, ...marks.map((mark) => leadAt(name, mark))])
    if (tally.cells === 0) continue
    yield tableOf([`model over the best of ${opponents.join(', ')}`, ...marks], rows)
    yield [`Above 0 in ${tally.above} of ${tally.cells} cells, below in ${tally.below}.`]
  }
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
  const all = [header, ...rows].map((cells) => cells.map(String))
  const widths = header.map((_, column) => Math.max(3, ...all.map((cells) => cells[column].length)))
  const line = (cells) => `| ${cells.map((cell, column) => cell.padEnd(widths[column])).join(' | ')} |`
  const [first, ...others] = all.map(line)
  return [first, line(widths.map((width) => '-'.repeat(width))), ...others]
}

/** What was run, a line each, the means on the way, and where it ran. */
function saveRuns(goal) {
  const ofGoal = runs.filter((run) => run.goal === goal)
  const head = {
    ...provenance('node bench/search/run.mjs FOLDER && node bench/search/table.mjs FOLDER --save'),
    ranAt: [...new Set(ofGoal.map(({ commit }) => commit))],
    cpuHours: Number((ofGoal.reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0) / 3600).toFixed(2)),
    meansOfBestObservedEveryTenTrials: Object.fromEntries(meansOnTheWay(ofGoal)),
  }
  const each = ofGoal.map(({ clean, date, machine, node, commit, curve, ...run }) => JSON.stringify(run))
  const text = `${JSON.stringify(head, null, 2).slice(0, -2)},\n  "runs": [\n    ${each.join(',\n    ')}\n  ]\n}\n`
  writeFileSync(new URL(`../results/search-${goal}.json`, import.meta.url), text)
}

function* meansOnTheWay(ofGoal) {
  for (const noisy of [false, true]) {
    const cells = cellsOf(ofGoal.filter((run) => run.noisy === noisy))
    for (const objective of cells.objectives)
      for (const method of cells.methods) {
        const means = Array.from({ length: 50 }, (_, at) => hundredths(cells.curve(objective, method, 10 * (at + 1))))
        const known = means.filter((one) => one !== '–')
        if (known.length > 0) yield [`${objective} ${noisy ? 'noise' : 'exact'} ${method}`, known.join(' ')]
      }
  }
}

function saveTables() {
  const file = new URL('./README.md', import.meta.url)
  const [before, after] = readFileSync(file, 'utf8').split(/<!-- tables -->[\s\S]*<!-- end of tables -->/)
  writeFileSync(file, `${before}<!-- tables -->\n\n${lines.join('\n')}\n<!-- end of tables -->${after}`)
}
