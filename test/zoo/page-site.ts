import { cp, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { writeRandomBundle } from '../device/random-bundle.js'
import { workspaceRegistry } from '../device/workspace-registry.js'
import { mnas } from '../support/mnas.js'
import { serveFolder } from '../support/zoo/static-server.mjs'
import { accuracyOf, entryOfBundle, latencyOf, sha256, syntheticEntry, writeZoo } from '../support/zoo/zoo-folder.mjs'

/** Of whoever means ill: markup, an end of an attribute, an entity, text that would turn its neighbours around. */
export const hostile = `"><img src=x onerror=console.error(1)><script>console.error(2)</script>'&lt;\u202Eabc`

/** What a plain web server sends; a page works under it, and under the one of its own. */
export const policy =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; img-src 'self' blob:; worker-src 'self'; style-src 'self'"

/** A bundle with exports, and a site of a zoo that has it under names of its own: `me/tiny`, `me/other`, hostile ones and 300 synthetic ones. */
export async function makeSite(folder: string): Promise<{ readonly bundle: string; readonly site: string }> {
  const bundle = join(folder, 'bundle')
  await writeRandomBundle(bundle, await workspaceRegistry())
  for (const format of ['tfjs', 'tflite']) await mnas(['export', bundle, '--format', format])
  const zoo = join(folder, 'zoo')
  writeZoo(zoo, [...(await realEntries(folder, bundle)), ...Array.from({ length: 300 }, (_, index) => syntheticEntry(index))])
  await attest(zoo)
  const site = join(folder, 'site')
  const laid = await mnas(['zoo', 'site', zoo, '--out', site])
  if (laid.exitCode !== 0) throw new Error(laid.stderr)
  return { bundle, site }
}

/** A claim of somebody else about `me/tiny`; beside it what is not shown: of another entry's digest, of another basis, no claim at all. */
async function attest(zoo: string): Promise<void> {
  const folder = join(zoo, 'entries/me/tiny/1.0.0')
  const digest = sha256(await readFile(join(folder, 'entry.json')))
  const claim = accuracyOf({ basis: 'attested', metrics: { top1: 0.805 } })
  await mkdir(join(folder, 'attestations'))
  const put = (text: string) => writeFile(join(folder, 'attestations', `${sha256(text)}.json`), text)
  await put(attestation(digest, [claim]))
  await put(attestation(sha256('another'), [claim]))
  await put(attestation(digest, [{ ...claim, basis: 'measured' }]))
  await put(attestation(digest, [{ basis: 'attested' }]))
  await put('{}')
}

/** As `mnas zoo attest` writes it, but for its signature, which a page does not check. */
function attestation(digest: string, accuracy: readonly object[]): string {
  const statement = {
    _type: 'https://in-toto.io/Statement/v1',
    subject: [{ name: 'me/tiny@1.0.0', digest: { sha256: digest } }],
    predicateType: 'urn:mnas:attestation:1',
    predicate: { accuracy, latency: [] },
  }
  const payload = Buffer.from(JSON.stringify(statement)).toString('base64')
  return JSON.stringify({
    mediaType: 'application/vnd.dev.sigstore.bundle.v0.3+json',
    verificationMaterial: { publicKey: { hint: sha256('key') } },
    dsseEnvelope: { payload, payloadType: 'application/vnd.in-toto+json', signatures: [{ sig: 'AAAA' }] },
  })
}

async function realEntries(folder: string, bundle: string) {
  const about = { name: 'me/tiny', release: '1.0.0', summary: 'A tiny network that nobody trained' }
  const { entry, blobs } = entryOfBundle(bundle, about)
  const exported = entry.files.find(({ format }) => format === 'tflite')!.sha256
  const front = Buffer.from(JSON.stringify({ candidates: [0, 1, 2].map((at) => candidate(at)) }))
  const frontFile = { path: 'front.json', sha256: sha256(front), sizeBytes: front.length, role: 'front' as const }
  const chart = Buffer.from(
    '<svg xmlns="http://www.w3.org/2000/svg" width="99" height="9"><script>console.error(3)</script></svg>',
  )
  const chartFile = { path: 'charts/training.svg', sha256: sha256(chart), sizeBytes: chart.length, role: 'chart' as const }
  const photos = { name: 'photos', split: 'val', fingerprint: sha256('photos'), images: 400 }
  const accuracy = [
    accuracyOf({ metrics: { top1: 0.81, 'perClass.a': 0.7 }, dataset: photos, interval95: [0.77, 0.85] }),
    accuracyOf({ basis: 'published', source: 'https://example.org/paper', metrics: { top1: 0.83 }, dataset: photos }),
  ]
  const latency = [
    latencyOf({ device: 'Pixel 8', ms: 9.5, file: exported }),
    latencyOf({ device: 'Pixel 8', ms: 3, emulated: true }),
  ]
  const search = {
    ...{
      run: sha256('run'),
      space: 'mnasnet',
      strategy: 'ppo',
      objective: 'paper',
      targetMs: 10,
      trials: 40,
      trained: 30,
      seed: 1,
    },
    ...{ front: frontFile.sha256, candidate: '000000000001' },
  }
  const lineage = { ...entry.lineage, parent: { name: 'me/other', digest: null }, search } as typeof entry.lineage
  const whole = { ...entry, files: [...entry.files, frontFile, chartFile], accuracy, latency, lineage }
  const card = `---\nlicense: mit\n---\n# Tiny\n\nWith **bold**, ${hostile}, [a link](javascript:alert(1)) and ![a picture](https://example.org/x.png)\n\n| a | b |\n|---|---|\n| 1 | 2 |\n`
  const other = { ...whole, name: 'me/other', accuracy: [accuracyOf({ metrics: { top1: 0.78 }, dataset: photos })] }
  return [
    { entry: whole, readme: card, blobs: [...blobs, front, chart] },
    { entry: { ...whole, release: '0.9.0' }, readme: card, yanked: 'wrong labels' },
    { entry: other, readme: '# Other' },
    await withChangedBundle(folder, bundle, 'me/hostile-labels', (json) => ({ ...json, labels: [hostile, 'b', 'c', 'd'] })),
    await withChangedTfjs(folder, bundle),
  ]
}

const candidate = (at: number) => ({ id: `00000000000${at}`, accuracy: 0.5 + at / 10, latencyMs: 5 + at })

type Json = Record<string, unknown>

async function withChangedBundle(folder: string, bundle: string, name: string, change: (json: Json) => Json) {
  const changed = join(folder, name.replace('/', '-'))
  await cp(bundle, changed, { recursive: true })
  await changeJson(join(changed, 'model.json'), change)
  return { ...entryOfBundle(changed, { name, release: '1.0.0', summary: `Labels: ${hostile}` }), readme: hostile }
}

/** A manifest that leads out of its folder. */
async function withChangedTfjs(folder: string, bundle: string) {
  const changed = join(folder, 'manifest')
  await cp(bundle, changed, { recursive: true })
  const path = 'exports/tiny-random-32px.tfjs/model.json'
  await changeJson(join(changed, path), (json) => ({
    ...json,
    weightsManifest: [{ paths: ['../../../zoo.json.gz'], weights: [] }],
  }))
  return { ...entryOfBundle(changed, { name: 'me/manifest', release: '1.0.0', summary: 'A manifest with a path' }), readme: '' }
}

async function changeJson(path: string, change: (json: Json) => Json): Promise<void> {
  await writeFile(path, JSON.stringify(change(JSON.parse(await readFile(path, 'utf8')))))
}

/** A site under an address with folders in it. */
export const serveSite = (site: string, csp = policy) =>
  serveFolder(site, { prefix: '/some/where/', headers: { 'content-security-policy': csp } })

export interface OpenedPage {
  readonly page: Page
  /** Errors, and requests to other hosts. */
  readonly complaints: string[]
  readonly fetched: string[]
}

export async function openPage(
  browser: Browser,
  address: string,
  { width = 1440, colorScheme = 'light' as 'light' | 'dark' } = {},
): Promise<OpenedPage> {
  const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme })
  const complaints: string[] = []
  const fetched: string[] = []
  page.on('console', (message) => complaints.push(`console.${message.type()}: ${message.text()}`))
  page.on('pageerror', (error) => complaints.push(`error: ${error.message}`))
  page.on('request', (request) => {
    fetched.push(request.url())
    if (!request.url().startsWith(new URL('/', address).href) && !request.url().startsWith('blob:'))
      complaints.push(`request: ${request.url()}`)
  })
  await page.goto(address)
  return { page, complaints, fetched }
}

/** Waits until the try-out has said something. @returns what, and the probabilities by label */
export async function answerOf(page: Page): Promise<{ readonly text: string; readonly probabilities: Record<string, number> }> {
  const place = page.locator('.try-answer:is([data-state=answered], [data-state=failed])')
  await place.waitFor()
  const rows = await place
    .locator('tbody tr')
    .evaluateAll((all) =>
      all.map((row) => [row.querySelector('th')!.textContent!, Number(row.querySelector('data')!.value)] as const),
    )
  return { text: (await place.textContent())!, probabilities: Object.fromEntries(rows) }
}

/** What `mnas predict --json` answers, as far as it is looked at. */
export interface Predicted {
  readonly predictions: readonly {
    readonly output: { readonly predictions: readonly { readonly label: string; readonly probability: number }[] }
    readonly error: { readonly code: string } | null
  }[]
}
