import { blobKey, type EntryFile, type ZooEntry } from '@mnas/plugin-zoo'

interface LicenceViewProps {
  readonly licence: ZooEntry['licence']
  readonly files: readonly EntryFile[]
  urlOf(key: string): string
}

export function LicenceView({ licence, files, urlOf }: LicenceViewProps) {
  const text = files.find(({ sha256 }) => sha256 === licence.text)
  return (
    <section aria-labelledby="licences">
      <h2 id="licences">Licences</h2>
      <ul>
        <li>
          Weights: <strong>{licence.weights}</strong>
          {text && (
            <>
              {' '}
              (<a href={urlOf(blobKey(text.sha256))}>its text</a>)
            </>
          )}
        </li>
        <li>Code: {licence.code}</li>
        {licence.data.map(({ name, licence: of, terms }) => (
          <li key={name}>
            Data {name}: {of ?? 'no licence is named'}
            {terms !== null && `; ${terms}`}
          </li>
        ))}
        {licence.relicensed !== null && <li>Another licence than its parent's: {licence.relicensed}</li>}
      </ul>
    </section>
  )
}
