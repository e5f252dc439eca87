import type { Task } from '../../contracts/index.js'

/** The name of the metric by which the best epoch is chosen and which is ACC in a search's reward. */
export const primaryMetric = ({ headlines: [first] }: Pick<Task, 'headlines'>): string => first.name
