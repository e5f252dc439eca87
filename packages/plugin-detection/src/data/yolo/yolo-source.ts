import type { DataYaml } from '../../annotations/parse-data-yaml.js'

/** Where images of YOLO are, and what its classes are called. */
export interface YoloSource extends DataYaml {
  /** What names the classes, within the data, for people: data.yaml, classes.txt. */
  readonly file: string
  /** The folder that places are relative to, within the data; `.` for itself. */
  readonly base: string
  /** For people: what it was taken for. */
  readonly place: string
}
