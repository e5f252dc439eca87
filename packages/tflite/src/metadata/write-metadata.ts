import { Builder, type Offset } from 'flatbuffers'
import type { Field } from '../flatbuffer/options.js'
import { type Reference, writeFloats, writeInts, writeOffsets, writeTable } from '../flatbuffer/tables.js'
import {
  boundingBoxType,
  colorSpace,
  contentType,
  fileType,
  metadataIdentifier,
  minParserVersion,
  processUnitType,
  metadataSlots as slots,
} from './metadata-schema.js'
import type { DescribedContent, DescribedInput, DescribedOutput, ModelDescription, OutputGroup } from './model-description.js'

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
    tables(
      builder,
      slots.subgraph.outputGroups,
      model.groups.map((group) => writeGroup(builder, group)),
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
    text(builder, slots.model.minParserVersion, model.groups.length > 0 ? minParserVersion.groups : minParserVersion.plain),
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
  return content(builder, contentType.image, writeTable(builder, [int8(slots.image.colorSpace, colorSpace.rgb)]))
}

/** @param properties a table that is written already */
function content(builder: Builder, type: number, properties: Offset): Reference {
  const offset = writeTable(builder, [int8(slots.content.type, type), { slot: slots.content.properties, offset: properties }])
  return { slot: slots.tensor.content, offset }
}

function outputContent(builder: Builder, described: DescribedContent): Reference {
  switch (described.kind) {
    case 'feature':
      return content(builder, contentType.feature, writeTable(builder, []))
    case 'boundaries': {
      const index = { slot: slots.boundingBox.index, offset: writeInts(builder, described.index) }
      const type = int8(slots.boundingBox.type, boundingBoxType.boundaries)
      return content(builder, contentType.boundingBox, writeTable(builder, [index, type]))
    }
    default:
      return described satisfies never
  }
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

function writeGroup(builder: Builder, { name, outputs }: OutputGroup): Offset {
  const names = outputs.map((output) => builder.createString(output))
  return writeTable(builder, [text(builder, slots.group.name, name), tables(builder, slots.group.tensors, names)])
}

function writeOutput(builder: Builder, { name, description, labelFile, content: described }: DescribedOutput): Offset {
  const files = labelFile === null ? [] : [writeFile(builder, labelFile.name, labelFileTypes[labelFile.of])]
  return writeTable(builder, [
    text(builder, slots.tensor.name, name),
    text(builder, slots.tensor.description, description),
    ...(described ? [outputContent(builder, described)] : []),
    tables(builder, slots.tensor.files, files),
  ])
}

const labelFileTypes = { axis: fileType.axisLabels, values: fileType.valueLabels } as const

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
