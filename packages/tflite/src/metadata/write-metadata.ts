import { Builder, type Offset } from 'flatbuffers'
import type { Field } from '../flatbuffer/options.js'
import { type Reference, writeFloats, writeOffsets, writeTable } from '../flatbuffer/tables.js'
import {
  colorSpace,
  contentType,
  fileType,
  metadataIdentifier,
  minParserVersion,
  processUnitType,
  metadataSlots as slots,
} from './metadata-schema.js'
import type { DescribedInput, DescribedOutput, ModelDescription } from './model-description.js'

/** The bytes of TFLITE_METADATA: a FlatBuffer of its own, which lies in a buffer of the file. */
export function writeMetadata(model: ModelDescription): Uint8Array {
  const builder = new Builder(1024)
  const subgraph = writeTable(builder, [
    tables(
      builder,
      slots.subgraph.inputs,
      model.inputs.map((input) => writeInput(builder, input)),
    ),
    tables(
      builder,
      slots.subgraph.outputs,
      model.outputs.map((output) => writeOutput(builder, output)),
    ),
  ])
  const files = model.files.map((name) => writeFile(builder, name, fileType.unknown))
  const root = writeTable(builder, [
    text(builder, slots.model.name, model.name),
    text(builder, slots.model.description, model.description),
    text(builder, slots.model.version, model.version),
    tables(builder, slots.model.subgraphs, [subgraph]),
    text(builder, slots.model.license, model.license),
    tables(builder, slots.model.files, files),
    text(builder, slots.model.minParserVersion, minParserVersion),
  ])
  builder.finish(root, metadataIdentifier)
  return builder.asUint8Array().slice()
}

function writeInput(builder: Builder, { name, description, pixels }: DescribedInput): Offset {
  return writeTable(builder, [
    text(builder, slots.tensor.name, name),
    text(builder, slots.tensor.description, description),
    ...(pixels ? [image(builder), normalization(builder, pixels)] : []),
  ])
}

function image(builder: Builder): Reference {
  const properties = writeTable(builder, [int8(slots.image.colorSpace, colorSpace.rgb)])
  const content = writeTable(builder, [
    int8(slots.content.type, contentType.image),
    { slot: slots.content.properties, offset: properties },
  ])
  return { slot: slots.tensor.content, offset: content }
}

function normalization(builder: Builder, { mean, std }: NonNullable<DescribedInput['pixels']>): Reference {
  const options = writeTable(builder, [
    { slot: slots.normalization.mean, offset: writeFloats(builder, Float32Array.of(mean)) },
    { slot: slots.normalization.std, offset: writeFloats(builder, Float32Array.of(std)) },
  ])
  const unit = writeTable(builder, [
    int8(slots.processUnit.type, processUnitType.normalization),
    { slot: slots.processUnit.options, offset: options },
  ])
  return tables(builder, slots.tensor.processUnits, [unit])
}

function writeOutput(builder: Builder, { name, description, labelFile }: DescribedOutput): Offset {
  const files = labelFile === null ? [] : [writeFile(builder, labelFile, fileType.axisLabels)]
  return writeTable(builder, [
    text(builder, slots.tensor.name, name),
    text(builder, slots.tensor.description, description),
    tables(builder, slots.tensor.files, files),
  ])
}

function writeFile(builder: Builder, name: string, type: number): Offset {
  const described = text(builder, slots.file.description, 'A class in each line, by index.')
  return writeTable(builder, [text(builder, slots.file.name, name), described, int8(slots.file.type, type)])
}

const int8 = (slot: number, value: number): Field => ({ slot, type: 'int8', value, default: 0 })

const text = (builder: Builder, slot: number, value: string | null): Reference => ({
  slot,
  offset: value === null ? 0 : builder.createString(value),
})

const tables = (builder: Builder, slot: number, offsets: readonly Offset[]): Reference => ({
  slot,
  offset: offsets.length === 0 ? 0 : writeOffsets(builder, offsets),
})
