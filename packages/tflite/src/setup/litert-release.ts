/** The release of LiteRT that is called here. Its C functions may change between versions, so it is pinned. */
export const liteRtVersion = '2.3.0'
export const liteRtRequirement = `ai-edge-litert==${liteRtVersion}`

/** sha256 of the library in the wheels of that release, by `${platform}-${architecture}`. Others are checked against the wheel's RECORD. */
export const referenceChecksums: Readonly<Record<string, string>> = {
  'linux-x64': 'eec47eb35e2924b3166015887e652a58edc9af823ae38e02bf83bef2548300bb',
  'linux-arm64': 'b57687dc234d2b8b0598aef5a9c961ed24263df8f8b3f56adbee1cff618e544b',
}

/** Of pip, for the wheels with a reference checksum. */
export const wheelTags: Readonly<Record<string, string>> = {
  'linux-x64': 'manylinux_2_27_x86_64',
  'linux-arm64': 'manylinux_2_27_aarch64',
}

export const thisPlatform = `${process.platform}-${process.arch}`

const fileNames: Readonly<Record<string, string>> = { darwin: 'libLiteRt.dylib', win32: 'libLiteRt.dll' }
/** @param platform e.g. `linux-x64` */
export const libraryFileNameOf = (platform: string): string => fileNames[platform.split('-')[0] ?? ''] ?? 'libLiteRt.so'
export const libraryFileName: string = libraryFileNameOf(thisPlatform)
