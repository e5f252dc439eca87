import { blobKey, type EntryFile } from '@mnas/plugin-zoo'
import { useEffect, useState } from 'preact/hooks'
import { useLoaded } from '../parts/use-loaded.js'
import { fetchFile } from '../zoo/fetch-file.js'
import type { ZooClient } from '../zoo/zoo-client.js'

/** As the product names the same chart for dark paper. */
const darkEnd = '-dark.svg'

/** Pictures of how it was trained and of what it confuses. */
export function ChartsView({ files, zoo }: { readonly files: readonly EntryFile[]; readonly zoo: ZooClient }) {
  const dark = useDark()
  const charts = files.filter(({ role, path }) => role === 'chart' && path.endsWith('.svg'))
  const light = charts.filter(({ path }) => !path.endsWith(darkEnd))
  if (light.length === 0) return null
  const shownFor = (chart: EntryFile) =>
    (dark && charts.find(({ path }) => path === chart.path.replace(/\.svg$/, darkEnd))) || chart
  return (
    <section aria-labelledby="charts">
      <h2 id="charts">How it was trained, and what it confuses</h2>
      <div class="scroll">
        {light.map((chart) => (
          <Chart key={chart.path} file={shownFor(chart)} name={nameOf(chart)} zoo={zoo} />
        ))}
      </div>
    </section>
  )
}

const nameOf = ({ path }: EntryFile) => path.slice(path.lastIndexOf('/') + 1).replace(/\.svg$/, '')

interface ChartProps {
  readonly file: EntryFile
  readonly name: string
  readonly zoo: ZooClient
}

/** As an image: what is in the file can run nothing and fetch nothing. */
function Chart({ file, name, zoo }: ChartProps) {
  const loaded = useLoaded(async () => {
    const { bytes } = await fetchFile({ ...file, url: zoo.urlOf(blobKey(file.sha256)) })
    return URL.createObjectURL(new Blob([bytes], { type: 'image/svg+xml' }))
  }, [file, zoo])
  const url = loaded.kind === 'loaded' ? loaded.value : null
  useEffect(() => () => void (url && URL.revokeObjectURL(url)), [url])
  return url && <img src={url} alt={`Chart of the ${name}; the numbers stand above`} />
}

function useDark(): boolean {
  const [dark, setDark] = useState(() => matchMedia('(prefers-color-scheme: dark)').matches)
  useEffect(() => {
    const scheme = matchMedia('(prefers-color-scheme: dark)')
    const change = () => setDark(scheme.matches)
    scheme.addEventListener('change', change)
    return () => scheme.removeEventListener('change', change)
  }, [])
  return dark
}
