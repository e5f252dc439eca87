import { blobKey, type EntryFile } from '@mnas/plugin-zoo'
import { Bytes } from '../parts/quantity.js'

interface FileTableProps {
  readonly files: readonly EntryFile[]
  urlOf(key: string): string
}

export function FileTable({ files, urlOf }: FileTableProps) {
  return (
    <section aria-labelledby="files">
      <h2 id="files">Files</h2>
      <div class="scroll">
        <table class="files">
          <thead>
            <tr>
              <th scope="col">file</th>
              <th scope="col">what</th>
              <th scope="col">size</th>
              <th scope="col">sha256</th>
            </tr>
          </thead>
          <tbody>
            {files.map(({ path, role, sizeBytes, sha256, format, precision }) => (
              <tr key={path}>
                <th scope="row">
                  <a href={urlOf(blobKey(sha256))} download={path.slice(path.lastIndexOf('/') + 1)}>
                    {path}
                  </a>
                </th>
                <td>{[role, format, precision].filter(Boolean).join(', ')}</td>
                <td>
                  <Bytes value={sizeBytes} />
                </td>
                <td>
                  <code title={sha256}>{sha256.slice(0, 12)}…</code>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  )
}
