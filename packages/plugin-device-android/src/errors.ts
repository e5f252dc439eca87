import { defineErrors } from '@mnas/core/errors'

const tensorflow = 'https://storage.googleapis.com/tensorflow-nightly-public/prod/tensorflow/release/lite/tools/nightly/latest'
const liteRt = 'https://storage.googleapis.com/litert/binaries/latest'

/**
 * Where a benchmark_model for phones is to be had; neither may be handed on with mnas. What lies there changes with every build:
 * no sha256 can stand here.
 * Sources: ai.google.dev/edge/litert/models/measurement (classic), ai.google.dev/edge/litert/next/benchmark (compiled model).
 */
const published =
  `Published for arm64-v8a: ${tensorflow}/android_aarch64_benchmark_model (TensorFlow Lite) or ` +
  `${liteRt}/android_arm64/benchmark_model (LiteRT); for armeabi-v7a: ${tensorflow}/android_arm_benchmark_model; ` +
  'for others build it (https://ai.google.dev/edge/litert/models/measurement)'

/** Mistakes around Android phones. */
export const androidErrors = defineErrors({
  MNAS_ADB_MISSING: {
    exit: 'device',
    summary: 'The program adb is not there, or too old.',
    message: (d: { adb: string; expected: string; received: string }) =>
      `Cannot use adb: expected ${d.expected} as "${d.adb}", received ${d.received}. Install Android's platform tools, ` +
      'or say where they are: MNAS_ADB=PATH or --option adb=PATH.',
  },
  MNAS_ADB_FAILED: {
    exit: 'device',
    summary: 'adb did not do what it was asked for.',
    message: (d: { command: string; said: string }) =>
      `adb failed: expected an answer to "adb ${d.command}", received: ${d.said}. Try the same command by hand.`,
  },
  MNAS_ANDROID_WHICH: {
    exit: 'usage',
    summary: 'Several phones are connected and none was chosen.',
    message: (d: { phones: readonly string[] }) =>
      `Several phones are connected. Expected one of ${d.phones.map((phone) => `--device android:${phone}`).join(', ')}; ` +
      'received --device android. Add the serial behind a colon.',
  },
  MNAS_ANDROID_TOOL: {
    exit: 'device',
    summary: 'No benchmark_model was set up for the processor of a phone.',
    message: (d: { device: string; abi: string }) =>
      `No benchmark_model for "${d.device}": expected one for ${d.abi}, received none. Set one up: mnas device setup android ` +
      `--option benchmark-model=PATH|URL --option sha256=SHA256. ${published}.`,
  },
  MNAS_ANDROID_ABI: {
    exit: 'device',
    summary: 'A benchmark_model is for another processor than the phone has, or for its slower 32-bit half.',
    message: (d: { device: string; tool: string; expected: string; received: string }) =>
      `"${d.tool}" does not fit "${d.device}": expected a program for ${d.expected}, received one for ${d.received}. ` +
      `Set up another: mnas device setup android --option benchmark-model=PATH|URL --option sha256=SHA256. ${published}.`,
  },
  MNAS_ANDROID_SETUP: {
    exit: 'usage',
    summary: 'The set-up of a benchmark_model lacks an option, or has one that does not fit.',
    message: (d: { expected: string; received: string }) =>
      `Cannot set up benchmark_model: expected ${d.expected}, received ${d.received}. ` +
      'Say --option benchmark-model=PATH|URL --option sha256=SHA256.',
  },
  MNAS_ANDROID_DOWNLOAD: {
    exit: 'device',
    summary: 'A benchmark_model cannot be read or downloaded, or its content is another than was expected.',
    message: (d: { source: string; reason: string }) =>
      `Cannot take benchmark_model from "${d.source}": ${d.reason}. Expected a program whose sha256 you know; ` +
      'check address and sha256.',
  },
  MNAS_EMULATOR_FAULT: {
    exit: 'usage',
    summary: 'The software phone was asked for a fault that it does not have.',
    message: (d: { received: string; known: readonly string[] }) =>
      `The software phone has no fault "${d.received}". Expected NAME or NAME=NUMBER of ${d.known.join(', ')}. Correct --fault.`,
  },
  MNAS_EMULATOR_NUMBER: {
    exit: 'usage',
    summary: 'The time that the software phone is to say is no time.',
    message: (d: { received: string }) =>
      `Expected milliseconds of more than 0 behind --fixed-ms, received "${d.received}". Give a number such as 12.5.`,
  },
  MNAS_EMULATOR_SYSTEM: {
    exit: 'device',
    summary: 'The software phone needs a POSIX shell, which this system does not have, or a runtime for models.',
    message: (d: { reason: string }) =>
      `The software phone cannot run here: ${d.reason}. Expected Linux or macOS with a runtime for .tflite files; ` +
      'use a real phone instead.',
  },
})
