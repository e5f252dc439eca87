/** A plain web server: files as they are, no compression, nothing that a static host would not do. */
import { createReadStream, statSync } from 'node:fs'
import { createServer } from 'node:http'
import { extname, join, normalize, sep } from 'node:path'

/** @type {Readonly<Record<string, string>>} */
const types = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
  '.json': 'application/json',
}

/**
 * @param {string} folder
 * @param {{prefix?: string, headers?: Readonly<Record<string, string>>}} [options] prefix: of the address, as `/sub/folder/`
 */
export async function serveFolder(folder, { prefix = '/', headers = {} } = {}) {
  /** @type {{path: string, sizeBytes: number}[]} */
  const served = []
  const server = createServer((request, response) => {
    const path = normalize(decodeURIComponent(new URL(request.url ?? '/', 'http://localhost').pathname)).replaceAll(sep, '/')
    const file = path.startsWith(prefix) ? join(folder, path.slice(prefix.length) || 'index.html') : folder
    const stats = statSync(file, { throwIfNoEntry: false })
    if (!stats?.isFile()) return void response.writeHead(404).end()
    served.push({ path, sizeBytes: stats.size })
    const type = types[extname(file)] ?? 'application/octet-stream'
    response.writeHead(200, { 'content-type': type, 'content-length': stats.size, ...headers })
    createReadStream(file).pipe(response)
  })
  await new Promise((resolve) => void server.listen(0, '127.0.0.1', () => resolve(undefined)))
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address())
  return {
    address: `http://127.0.0.1:${port}${prefix}`,
    served,
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => void server.close(resolve))
    },
  }
}
