import { describe, expect, it } from 'vitest'
import { secondsOfSearch } from '#internal/start/search-cost.js'

const request = { trials: 20, jobs: 1, timeMs: undefined, retrainTop: 3 }
const cost = { secondsPerTrial: 10, hasWinner: true }

describe('what a search takes at most', () => {
  it.each([
    ['its trials, and the best of them again', request, cost, 230],
    ['no second trainings of a front', request, { ...cost, hasWinner: false }, 200],
    ['none of one network alone', { ...request, retrainTop: 1 }, cost, 200],
    ['of two trials both again', { ...request, trials: 2 }, cost, 40],
    ['whole trainings, with several at once', { ...request, jobs: 3 }, cost, 80],
    ['no more than the time that it has', { ...request, timeMs: 90_000 }, cost, 90],
    ['the time, where nobody says how many trials', { ...request, trials: undefined, timeMs: 90_000 }, cost, 90],
    ['who knows, where nothing bounds it', { ...request, trials: undefined }, cost, null],
    ['nothing, where nothing is trained', { ...request, trials: undefined }, { ...cost, secondsPerTrial: 0 }, 0],
  ])('%s', (_, asked, of, seconds) => expect(secondsOfSearch(asked, of)).toBe(seconds))
})
