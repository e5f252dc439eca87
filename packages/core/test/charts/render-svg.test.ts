import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { renderSvg, themes, trainingCurves, writeCharts } from '@mnas/core/charts'
import classification from '@mnas/plugin-classification'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { parseXml } from './support/xml.js'

const headline = { name: 'top1', label: 'top-1', percent: true }

const history = (epochs: number) =>
  Array.from({ length: epochs }, (_, index) => {
    const epoch = index + 1
    return { epoch, trainingLoss: 2 / epoch, learningRate: 0.1, metrics: { loss: 3 / epoch, top1: 1 - 1 / (epoch + 1) } }
  })
/** A chart of a task, with as many names as there may be: what is never confused. */
const diagonal = (labels: readonly string[]) => {
  const confusion = labels.map((_, index) => [index, index, index + 1])
  return classification.charts!({ confusion }, { title: 'photos', labels })['confusion']!
}
const textsOf = (svg: string) => parseXml(svg).flatMap(({ name, text }) => (name === 'text' ? [text] : []))

describe.each(themes)('%s', (theme) => {
  it.each([
    ['a confusion matrix', diagonal(['glass', 'metal']), ['glass', 'metal', 'true class', 'predicted class', 'photos']],
    ['curves of one epoch', trainingCurves({ title: 'one', history: history(1), headline, best: 1 }), ['loss', 'epoch']],
    [
      'curves of 350 epochs',
      trainingCurves({ title: 'many', history: history(350), headline }),
      ['held-out top-1', 'learning rate', 'training', 'held-out'],
    ],
    ['1,000 classes', diagonal(Array.from({ length: 1000 }, (_, index) => `class ${index}`)), ['class 0', 'true class']],
  ])('%s is one well-formed drawing with its texts, of numbers only', async (_, chart, texts) => {
    const svg = await renderSvg(chart, theme)
    const [root] = parseXml(svg)
    expect(root).toMatchObject({ name: 'svg', attributes: { xmlns: 'http://www.w3.org/2000/svg' } })
    expect(Number(root!.attributes['width'])).toBeGreaterThan(100)
    expect(textsOf(svg)).toEqual(expect.arrayContaining(texts))
    expect(svg).not.toMatch(/NaN|undefined|Infinity|<script|<image|url\(["']?(?!#)|@import/)
  })

  it('shows hostile names as they are', async () => {
    const labels = ['<b>', 'a & b', '"quoted"', "it's", ']]>', '</text><script>x</script>', 'datum.share', '%s\\n']
    expect(textsOf(await renderSvg(diagonal(labels), theme))).toEqual(expect.arrayContaining(labels))
    const title = '<script>alert("1")</script> & more'
    expect(textsOf(await renderSvg(trainingCurves({ title, history: history(2), headline }), theme))).toContain(title)
  })

  it('shows names of every script, and puts a mark where XML has no such character', async () => {
    const labels = ['日本語', 'картон', 'زجاج', '유리병', '🍕']
    expect(textsOf(await renderSvg(diagonal(labels), theme))).toEqual(expect.arrayContaining(labels))
    expect(textsOf(await renderSvg(diagonal(['a\u0001b', 'c']), theme))).toContain('a\uFFFDb')
  })

  it('shows names that mean something in JavaScript', async () => {
    const labels = ['constructor', '__proto__', 'toString']
    const texts = textsOf(await renderSvg(diagonal(labels), theme)).map((text) => text.replaceAll('\u2060', ''))
    expect(texts).toEqual(expect.arrayContaining(labels))
    const curves = trainingCurves({
      title: 'constructor',
      history: history(2),
      headline: { name: 'constructor', label: 'constructor', percent: false },
    })
    expect(textsOf(await renderSvg(curves, theme))).toContain('constructor\u2060')
  })

  it('gives the same text for the same chart', async () => {
    const chart = diagonal(['glass', 'metal'])
    expect(await renderSvg(chart, theme)).toBe(await renderSvg(chart, theme))
  })
})

it('themes differ in colours alone, and no theme loads a font', async () => {
  const chart = trainingCurves({ title: 'photos', history: history(5), headline, best: 5 })
  const [light, dark] = await Promise.all([renderSvg(chart, 'light'), renderSvg(chart, 'dark')])
  expect(light).toContain('#ffffff')
  expect(dark).toContain('#0d1117')
  const uncoloured = (svg: string) => svg.replaceAll(/#[0-9a-f]{6}|rgb\([\d, ]+\)/g, '#')
  expect(uncoloured(light)).toBe(uncoloured(dark))
})

it('no chart has a mistake that vega-lite or vega would warn of', async () => {
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined)
  try {
    const [{ compile }, vega] = await Promise.all([import('vega-lite'), import('vega')])
    for (const chart of [diagonal(['a', 'b']), trainingCurves({ title: 't', history: history(2), headline, best: 1 })]) {
      await new vega.View(vega.parse(compile(chart).spec), { renderer: 'none', logLevel: vega.Warn }).runAsync()
    }
    expect(warn.mock.calls).toEqual([])
  } finally {
    warn.mockRestore()
  }
})

describe('charts on disk', () => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'mnas-charts-'))
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  it('are one file for each theme, in a folder that is made', async () => {
    const written = await writeCharts(join(folder, 'new', 'charts'), { confusion: diagonal(['a', 'b']) })
    expect(written).toEqual([
      { name: 'confusion', theme: 'light', file: join(folder, 'new', 'charts', 'confusion.svg') },
      { name: 'confusion', theme: 'dark', file: join(folder, 'new', 'charts', 'confusion-dark.svg') },
    ])
    expect(await readdir(join(folder, 'new', 'charts'))).toEqual(['confusion-dark.svg', 'confusion.svg'])
    for (const { file } of written) expect(parseXml(await readFile(file, 'utf8')).length).toBeGreaterThan(5)
  })

  it('say why they cannot be written', async () => {
    await writeFile(join(folder, 'file'), 'mine')
    await expect(writeCharts(join(folder, 'file'), { confusion: diagonal(['a']) })).rejects.toMatchObject({
      code: 'MNAS_FILE_WRITE',
    })
  })
})
