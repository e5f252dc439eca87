import type { Chart } from '../contracts/index.js'

/** One of several pictures below each other. */
export type ChartPanel = Extract<Chart, { readonly vconcat: unknown }>['vconcat'][number]

/** Marks that lie over each other on the same axes. */
export type ChartLayer = Extract<Chart, { readonly layer: unknown }>['layer'][number]
