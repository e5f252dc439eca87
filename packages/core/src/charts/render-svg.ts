import type { Chart } from '../contracts/index.js'
import { textWidth } from './text-width.js'
import { type Theme, themeConfig } from './theme.js'

/** XML 1.0 has no way to write them, and a folder's name may hold them. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters
const notInXml = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/g

/**
 * Draws a chart: an SVG document that needs nothing else, no font, no script, no network. The same chart gives the same text. Vega (tens of
 * modules) is loaded here, so that only those who draw pay for it.
 */
export async function renderSvg(chart: Chart, theme: Theme): Promise<string> {
  const [vega, { compile }] = await Promise.all([import('vega'), import('vega-lite')])
  measureText(vega)
  const { spec } = compile(chart, { config: themeConfig(theme), logger: vega.logger(vega.Error) as never })
  const view = new vega.View(vega.parse(spec), { renderer: 'none', logLevel: vega.Error })
  try {
    await view.runAsync()
    // Names of clip paths count on through a process.
    vega.resetSVGDefIds()
    return (await view.toSVG()).replaceAll(notInXml, '\uFFFD')
  } finally {
    view.finalize()
  }
}

interface TextMetrics {
  width(item: { readonly fontSize?: number }, text: unknown): number
}
/** Vega's own, where it measures no font; see its `fontSize`. */
const defaultFontSize = 11

/** Vega's own estimate takes every character for .8 of the font size: too wide for Latin, too narrow for Chinese. */
function measureText(vega: object): void {
  const { textMetrics } = vega as { readonly textMetrics: TextMetrics }
  textMetrics.width = ({ fontSize = defaultFontSize }, text) => textWidth(String(text ?? '')) * fontSize
}
