import type { Architecture } from '@mnas/core/architecture'
import { withTask } from '@mnas/core/architecture'
import type { DataPlace, Headline, JsonObject, Metrics, SearchProxy, Task } from '@mnas/core/contracts'
import { quietMachine } from '@mnas/core/measurement'
import { searchErrors } from '../errors.js'
import { type DataFacts, lookAtData } from '../start/data-facts.js'
import type { SearchRequest, Surroundings } from '../start/search-request.js'
import { type Backbones, openBackbones, transferName } from './backbones.js'

/** How a search tells how good its candidates are. */
export interface OpenProxy {
  /** As run.json keeps it; null: the task knows no other way than to train for it. */
  readonly name: string | null
  /** What candidates are trained for. */
  readonly task: Task
  /** What they are trained on. */
  readonly place: DataPlace
  readonly data: DataFacts
  /** Of what is learned. */
  readonly headline: Headline
  /** Side of the input that is trained where none was asked for. */
  readonly inputSize: number
  /** What is trained in place of a deployed network. */
  trained(deployed: Architecture): Architecture
  /** Metrics of that training, with what is learned among them. @param ofFile its task's first metric, of the file that a network will be */
  learn(metrics: Metrics, ofFile?: number): Metrics
  /** Candidates whose quality another run has found; null: they are proposed and trained. */
  readonly backbones: Backbones | null
}

/** The way that is asked for, or the task's usual one; null: it knows none but itself. @throws MNAS_SEARCH_PROXY, MNAS_SEARCH_BACKBONES */
export function proxyName({ name: task, proxies = {} }: Task, { proxy, backbones }: SearchRequest): string | null {
  const known = Object.keys(proxies)
  const name = proxy ?? (backbones === undefined ? (known[0] ?? null) : transferName)
  if (name !== null && name !== transferName && !known.includes(name))
    throw searchErrors.MNAS_SEARCH_PROXY({ task, known: [...known, transferName], received: name })
  if ((name === transferName) === (backbones !== undefined)) return name
  throw searchErrors.MNAS_SEARCH_BACKBONES({ received: name === transferName ? 'none' : `--proxy ${name}` })
}

/** @param data of the task itself. @throws as proxyName, and what making and opening its data throws */
export async function openProxy(task: Task, data: DataFacts, request: SearchRequest, around: Surroundings): Promise<OpenProxy> {
  const { backbones } = request
  const name = proxyName(task, request)
  const itself = ofTaskItself(task, data, request, name)
  if (backbones !== undefined) {
    const found = await openBackbones(backbones, request)
    return { ...itself, headline: named(found.headline, name), backbones: found }
  }
  const proxy = name === null ? null : (task.proxies?.[name] ?? null)
  return proxy ? opened(itself, proxy, request, around) : itself
}

function ofTaskItself(task: Task, data: DataFacts, { data: place, size }: SearchRequest, name: string | null): OpenProxy {
  const [headline] = task.headlines
  return {
    ...{ name, task, place, data, headline, inputSize: size, backbones: null },
    trained: (deployed) => deployed,
    learn: (metrics, ofFile) => asFile(headline, metrics, ofFile),
  }
}

async function opened(itself: OpenProxy, proxy: SearchProxy, request: SearchRequest, around: Surroundings): Promise<OpenProxy> {
  const { reporter, registry } = around
  reporter.note(`Candidates are judged by ${proxy.summary} (--proxy ${itself.name}).`)
  const task = proxy.task === undefined ? itself.task : await registry.get('task', proxy.task)
  const place = proxy.data ? await makeData(itself, proxy.data, around) : itself.place
  const data = proxy.data ? await lookAtData(task, place, around) : itself.data
  const { quality } = proxy
  return {
    ...itself,
    ...{ task, place, data, headline: named(quality?.headline ?? task.headlines[0], itself.name) },
    inputSize: proxy.inputSize?.(request.size) ?? request.size,
    trained: (deployed) => (task === itself.task ? deployed : forOther(deployed, task, data.taskOptions)),
    learn: (metrics, ofFile) => {
      const known = asFile(task.headlines[0], metrics, ofFile)
      return quality ? { ...known, [quality.headline.name]: quality.of(known) } : known
    },
  }
}

async function makeData(
  { place, data }: OpenProxy,
  make: NonNullable<SearchProxy['data']>,
  { settings, reporter, signal }: Surroundings,
): Promise<DataPlace> {
  const { cacheFolder, cacheLimit: cacheLimitBytes } = settings
  reporter.stage('proxy', place.folder)
  const report = ({ done, total }: { readonly done: number; readonly total: number }) =>
    reporter.progress({ done, total, unit: 'images' })
  const { whileWorking } = quietMachine(cacheFolder, { signal, warn: reporter.warn })
  const made = await make({ ...place, cacheFolder, cacheLimitBytes, report, signal, whileWorking }, data.fingerprint)
  for (const note of made.notes) reporter.note(`${note}.`)
  reporter.note(`They lie in ${made.place.folder}`)
  return made.place
}

/** What one way of judging finds is nothing to compare with what another one does. */
const named = ({ name, label, percent }: Headline, way: string | null): Headline => ({
  name,
  label: `${label} (${way})`,
  percent,
})

const asFile = ({ name }: Headline, metrics: Metrics, ofFile: number | undefined): Metrics =>
  ofFile === undefined ? metrics : { ...metrics, [name]: ofFile }

const forOther = (deployed: Architecture, task: Task, options: JsonObject) => withTask(deployed, task.name, options)
