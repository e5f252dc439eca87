/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
import type { Page } from 'playwright-core'

/** What can be measured of how a page reads, with everything on it unfolded. Texts in `main`. */
export interface Legibility {
  /** Pixels that the page is wider than its window. */
  readonly scrolls: number
  /** What reaches beyond the right edge, outside of what scrolls by itself. */
  readonly beyond: readonly string[]
  /** In CSS pixels. */
  readonly smallest: number
  /** WCAG 2.2, 1.4.3: least contrast of a text against the paper. */
  readonly faintest: number
  readonly texts: number
  readonly dark: boolean
}

export function legibilityOf(page: Page): Promise<Legibility> {
  return page.evaluate(() => {
    for (const details of document.querySelectorAll('details')) details.open = true
    const texts = [...document.querySelectorAll('main *')].filter(({ childNodes }) =>
      [...childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.textContent?.trim()),
    )
    const channels = (color: string) => (color.match(/[\d.]+/g) ?? []).slice(0, 3).map(Number)
    const light = (color: string) =>
      channels(color)
        .map((value) => value / 255)
        .map((value) => (value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4))
        .reduce((sum, value, index) => sum + value * [0.2126, 0.7152, 0.0722][index]!, 0)
    const opaque = (color: string) => !/^rgba\(.*, 0\)$/.test(color) && color !== 'transparent'
    const paperOf = (element: Element | null): string => {
      const color = element ? getComputedStyle(element).backgroundColor : 'transparent'
      if (opaque(color)) return color
      return element?.parentElement ? paperOf(element.parentElement) : getComputedStyle(document.documentElement).backgroundColor
    }
    const contrast = (element: Element, color: string) => {
      const [ink, paper] = [light(color), light(paperOf(element))]
      return (Math.max(ink, paper) + 0.05) / (Math.min(ink, paper) + 0.05)
    }
    const styled = texts
      .filter(({ tagName }) => !/^(title|desc|option)$/i.test(tagName))
      .map((element) => ({ element, style: getComputedStyle(element), isSvg: element instanceof SVGElement }))
    return {
      scrolls: document.documentElement.scrollWidth - window.innerWidth,
      beyond: [...document.querySelectorAll('main *')]
        .filter((element) => !element.closest('.scroll') && element.getBoundingClientRect().right > window.innerWidth + 1)
        .map(({ outerHTML }) => outerHTML.slice(0, 100)),
      smallest: Math.min(...styled.map(({ style }) => Number.parseFloat(style.fontSize))),
      faintest: Math.min(...styled.map(({ element, style, isSvg }) => contrast(element, isSvg ? style.fill : style.color))),
      texts: texts.length,
      dark: light(paperOf(document.body)) < 0.2,
    }
  })
}
