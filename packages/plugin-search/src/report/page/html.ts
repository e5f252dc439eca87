/** Markup that may stand in a page as it is. */
export interface Html {
  readonly markup: string
}

export type HtmlValue = Html | readonly Html[] | string | number

/** What HTML has no way to write; names of files may hold them. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters
const notInHtml = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F\uFFFE\uFFFF]|\p{Surrogate}/gu
const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

/**
 * A piece of a page. Every text that is put in is escaped, for content and for attributes between quotes alike: names of runs, classes
 * and devices are written by others.
 */
export function html(strings: TemplateStringsArray, ...values: readonly HtmlValue[]): Html {
  return { markup: strings.reduce((text, string, index) => `${text}${written(values[index - 1]!)}${string}`) }
}

/** Nothing, where something might have stood. */
export const nothing: Html = { markup: '' }

/** Markup that this program wrote elsewhere: style sheets. */
export const trusted = (markup: string): Html => ({ markup })

function written(value: HtmlValue): string {
  if (typeof value === 'number') return String(value)
  if (typeof value === 'string')
    return value.replaceAll(notInHtml, '\uFFFD').replaceAll(/[&<>"']/g, (letter) => entities[letter]!)
  if ('markup' in value) return value.markup
  return value.map(({ markup }) => markup).join('')
}
