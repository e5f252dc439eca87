import { defineErrors } from '@mnas/core/errors'

export const siteErrors = defineErrors({
  MNAS_ZOO_SITE_FOLDER: {
    exit: 'invalid',
    summary: 'The page of a zoo was to be laid into a folder that holds other things.',
    message: (d: { folder: string; received: string }) =>
      `The folder "${d.folder}" holds other things. Expected none, an empty one or a site of before, ` +
      `received "${d.received}" in it. Choose another --out.`,
  },
  MNAS_ZOO_SITE_PAGE: {
    exit: 'internal',
    summary: 'The page of the zoo is not installed: a defect of the installation, or a checkout that was not built.',
    message: (d: { folder: string }) =>
      `The page itself is missing. Expected the built page in "${d.folder}", received nothing. ` +
      'Install mnas again; in a checkout run "npm run build".',
  },
})
