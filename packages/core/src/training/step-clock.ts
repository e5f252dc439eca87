/** How fast training goes, and when the next checkpoint is due. */
export interface StepClock {
  /** An update from so many images was done. */
  step(images: number): void
  /** Since training began or resumed; evaluations do not count. */
  imagesPerSecond(): number
  checkpointDue(): boolean
  /** A checkpoint was written. */
  saved(): void
  /** Training goes on after something else took the time. */
  resume(): void
}

export function stepClock(checkpointEveryMs: number, now: () => number = () => performance.now()): StepClock {
  let start = now()
  let images = 0
  let lastSaved = start
  return {
    step(more) {
      images += more
    },
    imagesPerSecond: () => (images * 1000) / Math.max(1, now() - start),
    checkpointDue: () => now() - lastSaved >= checkpointEveryMs,
    saved() {
      lastSaved = now()
    },
    resume() {
      start = now()
      images = 0
    },
  }
}
