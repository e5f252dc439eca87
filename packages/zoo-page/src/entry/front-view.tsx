import { blobKey, type ZooEntry } from '@mnas/plugin-zoo'
import { useMemo } from 'preact/hooks'
import type { Point } from '../charts/draw-scatter.js'
import { ScatterChart } from '../charts/scatter-chart.js'
import { ErrorNote } from '../parts/error-note.js'
import { formatMs } from '../parts/quantity.js'
import { useLoaded } from '../parts/use-loaded.js'
import { fetchFile } from '../zoo/fetch-file.js'
import type { ZooClient } from '../zoo/zoo-client.js'
import { type Candidate, readFront } from './read-front.js'

const legend = [
  { shape: 'disc', label: 'found by the search' },
  { shape: 'star', label: 'this model' },
] as const

/** The networks that the search found best, this one among them. */
export function FrontView({ entry, zoo }: { readonly entry: ZooEntry; readonly zoo: ZooClient }) {
  const search = entry.lineage.kind === 'training' ? entry.lineage.search : null
  const file = search && entry.files.find(({ sha256 }) => sha256 === search.front)
  const loaded = useLoaded(async () => {
    if (!file) return []
    return readFront((await fetchFile({ ...file, url: zoo.urlOf(blobKey(file.sha256)) })).bytes)
  }, [file, zoo])
  const candidates = loaded.kind === 'loaded' ? loaded.value : null
  const points = useMemo(() => pointsOf(candidates ?? [], search?.candidate ?? ''), [candidates, search])
  if (!search || !file) return null
  return (
    <section aria-labelledby="front">
      <h2 id="front">The front of its search</h2>
      {loaded.kind === 'failed' && <ErrorNote error={loaded.error} />}
      {candidates && (
        <ScatterChart
          title="Accuracy after the proxy training against latency"
          description={`${points.length} networks; this model is candidate ${search.candidate}.`}
          xLabel="latency, ms"
          yLabel="accuracy"
          points={points}
          legend={legend}
        />
      )}
    </section>
  )
}

const pointsOf = (candidates: readonly Candidate[], own: string): readonly Point[] =>
  candidates
    .map(({ id, accuracy, latencyMs }): Point => {
      const text = `${id}: ${accuracy.toFixed(3)}, ${formatMs(latencyMs)} ms${id === own ? ', this model' : ''}`
      return { x: latencyMs, y: accuracy, id, text, shape: id === own ? 'star' : 'disc' }
    })
    .sort((a, b) => a.x - b.x)
