import { useEffect, useState } from 'preact/hooks'
import { ErrorNote } from '../parts/error-note.js'
import { useLoaded } from '../parts/use-loaded.js'
import type { ZooClient } from '../zoo/zoo-client.js'
import { ListView } from './list-view.js'
import { rowsOf } from './rows.js'

export function ListLoader({ zoo }: { readonly zoo: ZooClient }) {
  const [share, setShare] = useState(0)
  const loaded = useLoaded(async () => rowsOf(await zoo.summaries(setShare)), [zoo])
  useEffect(() => {
    document.title = 'Zoo of models'
  }, [])
  return (
    <>
      <h1>Models, what they cost, and what they are worth</h1>
      {loaded.kind === 'loading' && <p role="status">The list is fetched: {Math.round(100 * share)} %</p>}
      {loaded.kind === 'failed' && <ErrorNote error={loaded.error} />}
      {loaded.kind === 'loaded' && <ListView rows={loaded.value} />}
    </>
  )
}
