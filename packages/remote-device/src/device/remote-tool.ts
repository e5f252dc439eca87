import type { CachedLoad, JsonObject, ModelFile, ProcessTiming, ProfileRow, RuntimeInfo, Tensors } from '@mnas/core/contracts'

/** A model on the device, and how it is run there. */
export interface RemoteRun {
  /** Path on the device. */
  readonly model: string
  readonly threads: number
  /** As the plug-in's `flags` say. */
  readonly flags: JsonObject
  /** Bit mask of cores in hexadecimal; null: the system's choice. */
  readonly coreMask: string | null
}

/** A program that runs models on the device: benchmark_model, or LiteRT's library under a driver. */
export interface RemoteTool {
  readonly runtime: RuntimeInfo
  /** Sees to it that the tool is on the device and can run there. @throws MNAS_REMOTE_TOOL and what pushing throws */
  prepare(): Promise<void>
  /** One fresh process. @throws MNAS_REMOTE_RUN, MNAS_REMOTE_NO_TIMING, MNAS_REMOTE_DELEGATE, MNAS_REMOTE_TIMEOUT, MNAS_DEVICE_LOST */
  time(run: RemoteRun, runs: number): Promise<ProcessTiming>
  /** The outputs for one set of inputs; null when the tool does not say them for this file. */
  infer?(run: RemoteRun, file: ModelFile, inputs: Tensors): Promise<Tensors | null>
  /** @param cache where the runtime may keep prepared weights: a path there, of no file yet. @throws as `time` */
  loadCached?(run: RemoteRun, cache: string): Promise<CachedLoad>
  /** Empty: it cannot tell. */
  profile?(run: RemoteRun): Promise<readonly ProfileRow[]>
}
