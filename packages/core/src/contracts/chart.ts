import type { TopLevelSpec } from 'vega-lite'

/**
 * A picture as data: a vega-lite specification with everything it shows inside, JSON. Colours and fonts come from the theme it is drawn in;
 * a chart names only roles (a mark's `style`, the ranges `category` and `heatmap`).
 */
export type Chart = TopLevelSpec
