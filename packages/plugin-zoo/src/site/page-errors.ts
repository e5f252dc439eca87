import { defineErrors } from '@mnas/core/errors'

/** What can go wrong on the page of a zoo, in a browser: no command raises these. The page shows code and sentence. */
export const pageErrors = defineErrors({
  MNAS_PAGE_FETCH: {
    exit: 'invalid',
    summary: 'On the page of a zoo: a file of the zoo does not come, or holds other bytes than the zoo says.',
    message: (d: { url: string; reason: string }) =>
      `Cannot use "${d.url}": ${d.reason}. Expected the file that the zoo lists. ` +
      'Try again; lay the site anew with "mnas zoo site".',
  },
  MNAS_PAGE_ZOO: {
    exit: 'invalid',
    summary: 'On the page of a zoo: a file of the zoo is not what the page reads.',
    message: (d: { what: string; expected: string }) =>
      `Cannot read ${d.what}. Expected ${d.expected}. ` +
      'Lay the site anew with "mnas zoo site" of the version of mnas that wrote the zoo.',
  },
  MNAS_PAGE_WASM: {
    exit: 'invalid',
    summary: 'On the page of a zoo: WebAssembly does not start, so no model can answer.',
    message: (d: { reason: string }) =>
      `WebAssembly does not start here: ${d.reason}. Expected a browser and a Content-Security-Policy that allow it. ` +
      "Add 'wasm-unsafe-eval' to script-src where the page is served, or try another browser.",
  },
  MNAS_PAGE_MODEL: {
    exit: 'invalid',
    summary: 'On the page of a zoo: a model is none that the page can run.',
    message: (d: { expected: string; received: string }) =>
      `The page cannot run this model. Expected ${d.expected}, received ${d.received}. Pull it and use "mnas predict".`,
  },
  MNAS_PAGE_OTHERWISE: {
    exit: 'data',
    summary: 'On the page of a zoo: browsers decode this kind of picture to other pixels than mnas does.',
    message: (d: { file: string; what: string }) =>
      `The picture "${d.file}" is ${d.what}. Expected one that browsers decode as mnas does: the answer would be of other ` +
      'pixels. Convert it to a plain JPEG or PNG, or pull the model and use "mnas predict".',
  },
  MNAS_PAGE_UNDECODED: {
    exit: 'data',
    summary: 'On the page of a zoo: the browser does not decode a picture.',
    message: (d: { file: string }) =>
      `This browser does not decode the picture "${d.file}". Expected a whole JPEG, PNG, WebP, GIF, BMP or AVIF image; ` +
      'convert the file, or pull the model and use "mnas predict".',
  },
})
