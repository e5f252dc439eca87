import type { ExportRequest } from '../contracts/index.js'

/** What an exporter is asked in tests: float32, no options, classes that nobody has named, pixels as most networks take them. */
export function exportRequest(
  request: Pick<ExportRequest, 'graph' | 'weights' | 'path'> & Partial<ExportRequest>,
): ExportRequest {
  return {
    name: 'a test',
    precision: 'float32',
    options: {},
    labels: null,
    preprocessing: {
      fit: { kind: 'crop', fraction: 0.875 },
      mean: [127.5, 127.5, 127.5],
      std: [127.5, 127.5, 127.5],
      exif: 'applied',
    },
    ...request,
  }
}
