import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openEarlierRun } from '#internal/earlier/earlier-run.js'
import { growingHypervolume, hypervolume } from '#internal/hypervolume.js'
import { type ReportData, readReport } from '#internal/report/data/report-data.js'
import { improvementsOf } from '#internal/report/data/trained-trials.js'
import { panelsOf, reportPage } from '#internal/report/page/report-page.js'
import { temporaryFolder } from '../../../../test/support/temporary-folder.js'
import { registry, reportedRun, settings } from './support/reported-run.js'

describe('what a report tells of a run', () => {
  let temporary: Awaited<ReturnType<typeof temporaryFolder>>
  let run: string
  let data: ReportData
  beforeAll(async () => {
    temporary = await temporaryFolder('report')
    run = await reportedRun(temporary.path, 'run')
    data = await readReport(run, registry)
  })
  afterAll(() => temporary.remove())

  it('finds the width that the search chose, and names its decisions', () => {
    expect(data.effects?.length).toBeGreaterThan(0)
    for (const { name, choices } of data.effects ?? []) {
      expect(name).toMatch(/^block[1-7]\./)
      expect(choices.reduce((sum, { trials }) => sum + trials, 0)).toBe(data.trained.length)
    }
  })

  it('rises to the best in its steps', () => {
    const steps = improvementsOf(data.trained, ({ reward }) => reward)
    expect(steps.at(-1)?.trial.id).toBe(data.best?.id)
    expect(steps.map(({ trial }) => trial.reward)).toEqual(steps.map(({ trial }) => trial.reward).toSorted((a, b) => a - b))
  })

  it('shows the hypervolume too where a front was searched', async () => {
    const rangeMs = [0.5, 1.2] as const
    const page = reportPage({ ...data, rangeMs }, panelsOf({ ...data, rangeMs }))
    expect(page).toContain('The hypervolume so far over the trained networks')
    expect(page).toContain('from 0.50 ms')
    expect(reportPage(data, panelsOf(data))).not.toContain('hypervolume')
    const grown = growingHypervolume(rangeMs)
    const last = improvementsOf(data.trained, grown).at(-1)!.value
    const front = data.front.map(({ accuracy, latencyMs }) => ({ quality: accuracy, latencyMs }))
    expect(last).toBeCloseTo(hypervolume(front, rangeMs), 12)
  })

  it('predicts each measured network from the others: near a device whose latency follows from the work', () => {
    expect(data.latencies.length).toBeGreaterThanOrEqual(8)
    for (const { predictedMs, measuredMs } of data.latencies) expect(Math.abs(predictedMs / measuredMs - 1)).toBeLessThan(0.3)
  })

  it('is the same page each time, with every part', async () => {
    const page = reportPage(data, panelsOf(data))
    expect(reportPage(await readReport(run, registry), panelsOf(data))).toBe(page)
    const ids = panelsOf(data).map(({ id }) => id)
    expect(ids).toEqual(['front', 'progress', 'decisions', 'latency', 'network', 'settings'])
    for (const { id } of data.front) expect(page).toContain(id)
  })

  it('counts networks that another run has trained apart', async () => {
    const earlier = await openEarlierRun(run, settings)
    const told = await readReport(await reportedRun(temporary.path, 'told', {}, 2, { earlier }), registry)
    expect(told.counts).toMatchObject({ completed: 2, transferred: 8 })
    expect(told.trained.map(({ trial }) => trial > 8)).toEqual([true, true])
    const page = reportPage(told, panelsOf(told))
    expect(page).toContain('2 networks were trained here, and 8 by the run of --from;')
    expect(page).toContain('<dt>trained by the run of --from</dt><dd>8</dd>')
    expect(reportPage(data, panelsOf(data))).not.toContain('by the run of --from')
  })

  it('has settings alone before the first network is trained', async () => {
    const empty = await readReport(await reportedRun(temporary.path, 'empty', {}, 0), registry)
    expect(panelsOf(empty).map(({ id }) => id)).toEqual(['settings'])
    expect(reportPage(empty, panelsOf(empty))).toContain('none yet')
  })
})
