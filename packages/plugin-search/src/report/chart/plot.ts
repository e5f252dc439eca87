import { type Html, html, nothing } from '../page/html.js'
import type { Axis } from './axis.js'

export interface Plot {
  /** Of its elements, unique in the page. */
  readonly id: string
  readonly title: string
  /** What is to be seen, in a sentence, for those who do not see it. */
  readonly description: string
  readonly x: Axis
  readonly y: Axis
  readonly marks: readonly Html[]
}

/**
 * A plot as wide as its place: marks stand at percents of its sides and texts keep their size, which a scaled picture would not. The
 * axes lie outside, over the padding that the style sheet leaves. Colours are the page's, so that one picture does for light and dark.
 */
export function plotOf({ id, title, description, x, y, marks }: Plot): Html {
  return html`<div class="plot"><svg role="group" aria-labelledby="${id}-title" aria-describedby="${id}-description">
<title id="${id}-title">${title}</title><desc id="${id}-description">${description}</desc>
<g aria-hidden="true">${x.ticks.map(verticalOf)}${y.ticks.map(horizontalOf)}
<text class="axis" x="100%" y="100%" dy="38" text-anchor="end">${x.title}</text>
<text class="axis" x="0" dx="-48" y="0" dy="-34">${y.title}</text></g>
${marks}</svg></div>`
}

const verticalOf = ({ place, text }: Axis['ticks'][number]) =>
  html`<line class="grid" x1="${place}%" x2="${place}%" y1="0" y2="100%"/><text x="${place}%" y="100%" dy="18" text-anchor="middle">${text}</text>`
const horizontalOf = ({ place, text }: Axis['ticks'][number]) =>
  html`<line class="grid" x1="0" x2="100%" y1="${100 - place}%" y2="${100 - place}%"/><text x="0" dx="-8" y="${100 - place}%" dy="4" text-anchor="end">${text}</text>`

/** Percents of the plot: from the left, from below. */
export interface Place {
  readonly x: number
  readonly y: number
}

/** Dots of what is not told one by one. */
export function faintDots(places: readonly Place[]): Html {
  return html`<g class="faint" aria-hidden="true">${places.map(({ x, y }) => html`<circle cx="${x}%" cy="${100 - y}%" r="3"/>`)}</g>`
}

/** A line through places, in their order. */
export function lineOf(places: readonly Place[]): Html {
  if (places.length < 2) return nothing
  const points = places.map(({ x, y }) => `${x},${100 - y}`).join(' ')
  return html`<svg aria-hidden="true" viewBox="0 0 100 100" preserveAspectRatio="none" width="100%" height="100%"><polyline class="line" points="${points}"/></svg>`
}

/** Along, then up: between two networks of a front there is none, and between two records nothing better. */
export function stairsOf(places: readonly Place[]): readonly Place[] {
  return places.flatMap((place, index) => (index === 0 ? [place] : [{ x: place.x, y: places[index - 1]!.y }, place]))
}

/** A point that says what it is: when the pointer is over it, when the keyboard has come to it, and to a screen reader. */
export function pointOf({ x, y }: Place, text: string, kind: 'point' | 'point best' = 'point'): Html {
  return html`<g class="${kind}" tabindex="0" role="img" aria-label="${text}"><circle class="reach" cx="${x}%" cy="${100 - y}%" r="12"/><circle cx="${x}%" cy="${100 - y}%" r="5"/><text class="readout" x="0" dx="-48" y="0" dy="-12">${text}</text></g>
`
}

/** What limits a latency, across the plot. */
export function markedAt(x: number, text: string): Html {
  const atTheRight = x > 60
  return html`<g aria-hidden="true"><line class="mark" x1="${x}%" x2="${x}%" y1="0" y2="100%"/><text class="axis" x="${x}%" dx="${atTheRight ? -6 : 6}" y="100%" dy="-8" text-anchor="${atTheRight ? 'end' : 'start'}">${text}</text></g>`
}

/** At most `count` of many, evenly. */
export function thinned<T>(items: readonly T[], count: number): readonly T[] {
  if (items.length <= count) return items
  return Array.from({ length: count }, (_, index) => items[Math.floor((index * items.length) / count)]!)
}
