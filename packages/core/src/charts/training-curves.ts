import type { Chart, Headline } from '../contracts/index.js'
import { formatHeadline } from '../text/index.js'
import type { ChartLayer, ChartPanel } from './chart.js'
import { shortenLabel } from './shorten-label.js'
import { widestTitle } from './theme.js'

/** One epoch of a training. */
export interface CurvePoint {
  /** Epochs done, from 1. */
  readonly epoch: number
  readonly trainingLoss: number
  readonly learningRate: number
  /** On the held-out images; null for an epoch that was not evaluated. */
  readonly metrics: Readonly<Record<string, number>> | null
}

export interface TrainingCurves {
  readonly title: string
  readonly history: readonly CurvePoint[]
  /** The task's primary metric, which decides which epoch is the best. */
  readonly headline: Headline
  /** The epoch whose weights were kept. */
  readonly best?: number
}

const width = 640
/** So many epochs can still be told apart as points on their lines. */
const mostPoints = 60

const training = 'training'
const heldOut = 'held-out'
const learningRate = 'learning rate'
/** Order of the theme's colours: what comes from the held-out images has one colour in every panel. */
const seriesNames = [training, heldOut, learningRate]

interface Row {
  readonly epoch: number
  readonly series: string
  readonly value: number
}

interface Panel {
  readonly title: string
  readonly rows: readonly Row[]
  readonly height: number
  /** Of the numbers at the axis, as d3-format reads it. */
  readonly format: string
  readonly fromZero?: boolean
}

/**
 * How a training went, as panels over the same epochs: losses, the held-out primary metric, the learning rate. A panel without a number is left
 * out, and so is a number that is none; a dashed line marks the best epoch.
 */
export function trainingCurves({ title, history, headline, best }: TrainingCurves): Chart {
  const rowsOf = (series: string, read: (point: CurvePoint) => number | undefined): readonly Row[] =>
    history.flatMap((point) => {
      const value = read(point)
      return value !== undefined && Number.isFinite(value) ? [{ epoch: point.epoch, series, value }] : []
    })
  const losses = [...rowsOf(training, (point) => point.trainingLoss), ...rowsOf(heldOut, (point) => point.metrics?.['loss'])]
  const primary = rowsOf(heldOut, (point) => point.metrics?.[headline.name])
  const rates = rowsOf(learningRate, (point) => point.learningRate)
  const panels: readonly Panel[] = [
    { title: 'loss', rows: losses, height: 200, format: '~g' },
    { title: `held-out ${headline.label}`, rows: primary, height: 160, format: headline.percent ? '~%' : '~g' },
    { title: 'learning rate', rows: rates, height: 90, format: '~g', fromZero: true },
  ].filter(({ rows }) => rows.length > 0)
  const epochs = Math.max(1, ...history.map(({ epoch }) => epoch))
  return {
    title: { text: shortenLabel(title, widestTitle), subtitle: summary(epochs, headline, history, best) },
    description: `Training curves of ${title}`,
    spacing: 16,
    vconcat: panels.map((panel, index) => drawPanel(panel, epochs, best, index === panels.length - 1)),
  }
}

function drawPanel(panel: Panel, epochs: number, best: number | undefined, last: boolean): ChartPanel {
  const { title, rows, height } = panel
  return {
    title: { text: title, fontSize: 12, fontWeight: 'normal', offset: 8 },
    width,
    height,
    view: { stroke: null },
    data: { values: [...rows] },
    encoding: {
      x: {
        field: 'epoch',
        type: 'quantitative',
        scale: { domain: [0, epochs], nice: false },
        axis: { title: last ? 'epoch' : null, labels: last, format: 'd', tickMinStep: 1, grid: false },
      },
    },
    layer: [...(best === undefined ? [] : [bestEpoch(best)]), lines(panel, epochs)],
  }
}

function bestEpoch(epoch: number): ChartLayer {
  return { data: { values: [{ epoch }] }, mark: { type: 'rule', style: 'annotation', strokeDash: [3, 3], opacity: 0.7 } }
}

function lines({ rows, height, format, fromZero = false }: Panel, epochs: number): ChartLayer {
  return {
    mark: { type: 'line', point: epochs <= mostPoints ? { size: 24 } : false, strokeWidth: 1.75 },
    encoding: {
      y: {
        field: 'value',
        type: 'quantitative',
        scale: { zero: fromZero, ...flatDomain(rows, fromZero) },
        axis: { title: null, format, tickCount: Math.ceil(height / 40) },
      },
      color: {
        field: 'series',
        type: 'nominal',
        scale: { domain: seriesNames },
        // The panels share it: one legend, on the line of the first title, at its other end.
        legend: {
          title: null,
          values: [training, heldOut],
          symbolType: 'stroke',
          symbolStrokeWidth: 3,
          direction: 'horizontal',
          orient: 'none',
          legendX: width - 150,
          legendY: -26,
        },
      },
    },
  }
}

/** A scale needs two ends: one epoch has one number, and a rate may be constant. */
function flatDomain(rows: readonly Row[], fromZero: boolean): { readonly domain?: [number, number] } {
  const values = rows.map(({ value }) => value)
  const [low, high] = [Math.min(...values), Math.max(...values)]
  if (low !== high || (fromZero && low > 0)) return {}
  const margin = Math.abs(low) / 10 || 1
  return { domain: [low - margin, low + margin] }
}

function summary(epochs: number, headline: Headline, history: readonly CurvePoint[], best: number | undefined): string {
  const count = epochs === 1 ? '1 epoch' : `${epochs} epochs`
  const metrics = history.findLast(({ epoch }) => epoch === best)?.metrics
  if (best === undefined || metrics?.[headline.name] === undefined) return count
  return `${count}; weights of epoch ${best}, the best on the held-out images: ${formatHeadline(headline, metrics ?? {})}`
}
