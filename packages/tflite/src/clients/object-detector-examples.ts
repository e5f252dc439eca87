import type { ClientExample, DescribedFile } from '@mnas/core/contracts'
import { kotlinText } from './kotlin.js'

/** Least score and number of what an app is told: files keep more, so that each app can choose. */
const told = { threshold: 0.3, most: 20 } as const

/**
 * MediaPipe's ObjectDetector reads normalisation, labels and the order of the outputs from the file. It stretches photos, so a
 * model that has them letterboxed is left to those who can; and it wants the four outputs of the operator.
 */
export function objectDetectorExamples(file: DescribedFile): readonly ClientExample[] {
  const { name, inputs, outputs, answers, preprocessing } = file
  const [input] = inputs
  if (answers !== 'regions' || outputs.length !== 4 || preprocessing?.fit.kind !== 'stretch') return []
  if (input?.dtype !== 'float32' && input?.dtype !== 'uint8') return []
  const text =
    'It takes normalisation and names of the classes from the file and stretches the whole photo, as the model takes it. Boxes are in ' +
    'pixels of the photo. Left and top are brought into the photo by themselves, width and height are kept: a box that begins outside ' +
    'is as large as before and lies elsewhere.'
  const title = 'MediaPipe, `ObjectDetector`'
  const gradle = '`implementation("com.google.mediapipe:tasks-vision:latest.release")`. '
  return [
    { title: `${title}, Android`, text: gradle + text, language: 'kotlin', code: kotlin(name) },
    { title: `${title}, Python`, text: `\`pip install mediapipe\`. ${text}`, language: 'python', code: python(name) },
  ]
}

function kotlin(name: string): string {
  return `import android.content.Context
import android.graphics.Bitmap
import android.graphics.RectF
import com.google.mediapipe.framework.image.BitmapImageBuilder
import com.google.mediapipe.tasks.core.BaseOptions
import com.google.mediapipe.tasks.vision.objectdetector.ObjectDetector
import com.google.mediapipe.tasks.vision.objectdetector.ObjectDetector.ObjectDetectorOptions

fun detector(context: Context): ObjectDetector {
    val model = BaseOptions.builder().setModelAssetPath(${kotlinText(name)}).build()
    val options = ObjectDetectorOptions.builder().setBaseOptions(model).setScoreThreshold(${told.threshold}f).setMaxResults(${told.most}).build()
    return ObjectDetector.createFromOptions(context, options)
}

class Thing(val name: String, val score: Float, val box: RectF)

/** @param photo upright (apply its EXIF rotation), ARGB_8888 */
fun detect(detector: ObjectDetector, photo: Bitmap): List<Thing> =
    detector.detect(BitmapImageBuilder(photo).build()).detections().flatMap { found ->
        found.categories().map { Thing(it.categoryName(), it.score(), found.boundingBox()) }
    }`
}

function python(name: string): string {
  return `from mediapipe import Image
from mediapipe.tasks.python import BaseOptions
from mediapipe.tasks.python.vision import ObjectDetector, ObjectDetectorOptions

options = ObjectDetectorOptions(
    base_options=BaseOptions(model_asset_path=${JSON.stringify(name)}), score_threshold=${told.threshold}, max_results=${told.most}
)
with ObjectDetector.create_from_options(options) as detector:
    for found in detector.detect(Image.create_from_file("photo.png")).detections:
        box = found.bounding_box
        for category in found.categories:
            print(category.category_name, category.score, box.origin_x, box.origin_y, box.width, box.height)`
}
