import { type Publication, type Published, publishInto } from '#internal/publish/publish-into.js'
import { folderStore } from '#internal/stores/folder/folder-store.js'

export const publishIntoFolder = (folder: string, publication: Publication): Promise<Published> =>
  publishInto(folderStore(folder, folder), publication, new AbortController().signal)
