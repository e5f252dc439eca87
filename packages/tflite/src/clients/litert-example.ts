import type { ClientExample, DescribedFile, FileTensor, Fit, Preprocessing } from '@mnas/core/contracts'
import { liteRtVersion } from '../setup/litert-release.js'
import { kotlinText } from './kotlin.js'

/** LiteRT reads no metadata: the app prepares the pixels itself. For files that take one photo and nothing else. */
export function liteRtExample({ name, inputs, outputs, preprocessing }: DescribedFile): readonly ClientExample[] {
  const [input, ...others] = inputs
  if (!preprocessing || !input || outputs.length === 0 || others.length > 0 || input.shape.at(-1) !== 3) return []
  return [
    {
      title: 'LiteRT, `CompiledModel`',
      text:
        `\`implementation("com.google.ai.edge.litert:litert:${liteRtVersion}")\`. It reads nothing of what the file says about itself, so the ` +
        'pixels are cut, scaled and normalised here. `Bitmap` samples few pixels when it scales far down: halve a large photo until it ' +
        'is less than twice as large as the input.',
      language: 'kotlin',
      code: program(name, input, outputs, preprocessing),
    },
  ]
}

function program(name: string, input: FileTensor, outputs: readonly FileTensor[], preprocessing: Preprocessing): string {
  const [, height, width] = input.shape
  return `import android.content.Context
import android.graphics.*
import com.google.ai.edge.litert.Accelerator
import com.google.ai.edge.litert.CompiledModel
import kotlin.math.roundToInt

class Model(context: Context) : AutoCloseable {
    private val model = CompiledModel.create(context.assets, ${kotlinText(name)}, CompiledModel.Options(Accelerator.CPU))
    private val inputs = model.createInputBuffers()
    private val outputs = model.createOutputBuffers()

    /** ${outputs.map((output) => `\`${output.name}\``).join(', ')} of a photo: upright (apply its EXIF rotation), ARGB_8888. */
    fun run(photo: Bitmap): ${outputs.length === 1 ? 'FloatArray' : 'List<FloatArray>'} {
        inputs[0].${writing(input)}
        model.run(inputs, outputs)
        return ${answer(outputs)}
    }

    private fun values(photo: Bitmap): FloatArray {
${cutting(preprocessing.fit)}
        val pixels = IntArray(${width} * ${height})
        Bitmap.createScaledBitmap(square, ${width}, ${height}, true).getPixels(pixels, 0, ${width}, 0, 0, ${width}, ${height})
        return FloatArray(3 * pixels.size) { i ->
            val level = pixels[i / 3] shr (16 - 8 * (i % 3)) and 0xFF
            ${normalizing(preprocessing)}
        }
    }

    override fun close() = model.close()
}`
}

function answer(outputs: readonly FileTensor[]): string {
  const read = outputs.map((output, position) => `outputs[${position}].${reading(output)}`)
  return read.length === 1 ? read[0]! : `listOf(${read.join(', ')})`
}

/** A number as Kotlin writes a Float. */
const float = (value: number) => `${value}f`

function normalizing({ mean, std }: Preprocessing): string {
  const common = [mean, std].every((values) => values.every((value) => value === values[0]))
  if (common) return `(level - ${float(mean[0])}) / ${float(std[0])}`
  const pick = (values: readonly number[]) => `floatArrayOf(${values.map(float).join(', ')})[i % 3]`
  return `(level - ${pick(mean)}) / ${pick(std)}`
}

function cutting(fit: Fit): string {
  switch (fit.kind) {
    case 'crop':
      return `        val side = (minOf(photo.width, photo.height) * ${float(fit.fraction)}).roundToInt()
        val square = Bitmap.createBitmap(photo, (photo.width - side) / 2, (photo.height - side) / 2, side, side)`
    case 'stretch':
      return '        val square = photo'
    case 'letterbox':
      return `        val side = maxOf(photo.width, photo.height)
        val square = Bitmap.createBitmap(side, side, Bitmap.Config.ARGB_8888)
        Canvas(square).apply {
            drawColor(Color.rgb(${fit.fill.map(Math.round).join(', ')}))
            drawBitmap(photo, (side - photo.width) / 2f, (side - photo.height) / 2f, null)
        }`
    default:
      return fit satisfies never
  }
}

/** Eight bits are handed over as bytes, whether they have a sign or not. */
function writing({ dtype, affine }: FileTensor): string {
  if (affine === null) return 'writeFloat(values(photo))'
  const stored = `((it / ${float(affine.scale[0]!)}).roundToInt() + ${affine.zeroPoint[0]})`
  const range = dtype === 'uint8' ? '0, 255' : '-128, 127'
  return `writeInt8(values(photo).map { ${stored}.coerceIn(${range}).toByte() }.toByteArray())`
}

function reading({ dtype, affine }: FileTensor): string {
  if (affine === null) return 'readFloat()'
  const stored = dtype === 'uint8' ? '(it.toInt() and 0xFF)' : 'it.toInt()'
  return `readInt8().map { (${stored} - ${affine.zeroPoint[0]}) * ${float(affine.scale[0]!)} }.toFloatArray()`
}
