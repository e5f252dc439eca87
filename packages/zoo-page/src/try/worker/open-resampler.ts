import kernelUrl from '@mnas/images/kernel.wasm?url'
import { Resampler } from '@mnas/images/resampling'
import { pageErrors } from '@mnas/plugin-zoo'
import { fetchBytes } from '../../zoo/fetch-bytes.js'

const mostBytes = 2 ** 20

/** The product's own resampler and the code that Node runs too. @throws MNAS_PAGE_FETCH, MNAS_PAGE_WASM */
export async function openResampler(): Promise<Resampler> {
  const bytes = await fetchBytes(new URL(kernelUrl, location.href).href, mostBytes)
  if (bytes === null) throw pageErrors.MNAS_PAGE_FETCH({ url: kernelUrl, reason: 'there is no such file' })
  try {
    return new Resampler(await WebAssembly.compile(bytes))
  } catch (error) {
    throw pageErrors.MNAS_PAGE_WASM({ reason: error instanceof Error ? error.message : String(error) }, error)
  }
}
