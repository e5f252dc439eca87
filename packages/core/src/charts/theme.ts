import type { Config } from 'vega-lite'

export const themes = ['light', 'dark'] as const
export type Theme = (typeof themes)[number]

/** The colours of a theme. */
export interface Palette {
  readonly paper: string
  readonly ink: string
  /** Titles of axes, notes. */
  readonly faintInk: string
  readonly line: string
  /**
   * Of lines that must be told apart: from Okabe and Ito (2008), which people who see few colours can tell apart too; the brighter ones of the
   * set on dark paper.
   */
  readonly category: readonly string[]
  /** From nothing to everything. One hue whose lightness only ever moves away from the paper's: it reads the same without colours. */
  readonly heatmap: readonly string[]
}

export const palettes: Readonly<Record<Theme, Palette>> = {
  light: {
    paper: '#ffffff',
    ink: '#1f2328',
    faintInk: '#59636e',
    line: '#d8dee4',
    category: ['#0072b2', '#d55e00', '#009e73', '#cc79a7'],
    heatmap: ['#e6eff8', '#c9ddf0', '#8fbde0', '#4f94cd', '#1f68ad', '#0b3d78'],
  },
  dark: {
    paper: '#0d1117',
    ink: '#e6edf3',
    faintInk: '#9198a1',
    line: '#2a313a',
    category: ['#56b4e9', '#e69f00', '#2fbf94', '#cc79a7'],
    heatmap: ['#193553', '#1b4a78', '#21639f', '#2d7fc2', '#8cc7f0', '#d6ecfc'],
  },
}

/** Whatever the reader's system writes its own text in: a picture never fetches a font. */
export const chartFont = 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", Arial, sans-serif'

export const subtitleFontSize = 12
/** In multiples of its font size. */
export const widestTitle = 30

/** How every chart looks in a theme. */
export function themeConfig(theme: Theme): Config {
  const { paper, ink, faintInk, line, category, heatmap } = palettes[theme]
  return {
    background: paper,
    font: chartFont,
    padding: 16,
    range: { category: [...category], heatmap: [...heatmap] },
    view: { stroke: line },
    title: {
      ...{ anchor: 'start', frame: 'group', color: ink, fontSize: 15, fontWeight: 600, offset: 12 },
      ...{ subtitleColor: faintInk, subtitleFontSize, subtitlePadding: 5, subtitleLineHeight: 16 },
    },
    axis: {
      ...{ labelColor: faintInk, labelFontSize: 11, titleColor: faintInk, titleFontSize: 12, titleFontWeight: 'normal' },
      ...{ gridColor: line, domainColor: line, tickColor: line },
    },
    legend: { labelColor: ink, labelFontSize: 12, titleColor: faintInk, titleFontSize: 12, titleFontWeight: 'normal' },
    style: {
      annotation: { color: faintInk, fontSize: 11 },
      'on-weak': { color: ink, fontSize: 11 },
      'on-strong': { color: paper, fontSize: 11 },
    },
  } as Config
}
