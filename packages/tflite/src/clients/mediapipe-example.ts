import type { ClientExample, DescribedFile, Preprocessing } from '@mnas/core/contracts'
import { kotlinText } from './kotlin.js'

/** MediaPipe's ImageClassifier reads normalisation and labels from the file, and takes pixels as floats or bytes without a sign. */
export function mediaPipeExample({ name, inputs, answers, preprocessing }: DescribedFile): readonly ClientExample[] {
  const [input] = inputs
  const region = preprocessing && regionOf(preprocessing)
  if (answers !== 'classes' || !region || (input?.dtype !== 'float32' && input?.dtype !== 'uint8')) return []
  return [
    {
      title: 'MediaPipe, `ImageClassifier`',
      text:
        '`implementation("com.google.mediapipe:tasks-vision:latest.release")`. It takes normalisation and names of the classes from the file. ' +
        `${region.why} Scores are probabilities of 0 to 1.`,
      language: 'kotlin',
      code: program(name, region.code),
    },
  ]
}

/** The part of the photo that the model was judged by, as MediaPipe is told it. null: it cannot be told. */
function regionOf({ fit }: Preprocessing): { readonly why: string; readonly code: string } | null {
  switch (fit.kind) {
    case 'crop':
      return {
        why: `By itself it stretches the whole photo: the region of interest is the square that the model was judged by, in the middle, ${fit.fraction} of the short side.`,
        code: `
    val side = minOf(photo.width, photo.height) * ${fit.fraction}f
    val (x, y) = side / photo.width / 2 to side / photo.height / 2
    val options = ImageProcessingOptions.builder().setRegionOfInterest(RectF(0.5f - x, 0.5f - y, 0.5f + x, 0.5f + y)).build()`,
      }
    case 'stretch':
      return {
        why: 'It stretches the whole photo, as the model takes it.',
        code: '\n    val options = ImageProcessingOptions.builder().build()',
      }
    case 'letterbox':
      return null
    default:
      return fit satisfies never
  }
}

function program(name: string, region: string): string {
  return `import android.content.Context
import android.graphics.Bitmap
import android.graphics.RectF
import com.google.mediapipe.framework.image.BitmapImageBuilder
import com.google.mediapipe.tasks.core.BaseOptions
import com.google.mediapipe.tasks.vision.core.ImageProcessingOptions
import com.google.mediapipe.tasks.vision.imageclassifier.ImageClassifier
import com.google.mediapipe.tasks.vision.imageclassifier.ImageClassifier.ImageClassifierOptions

fun classifier(context: Context): ImageClassifier {
    val model = BaseOptions.builder().setModelAssetPath(${kotlinText(name)}).build()
    return ImageClassifier.createFromOptions(context, ImageClassifierOptions.builder().setBaseOptions(model).setMaxResults(3).build())
}

/** Names and probabilities, best first. @param photo upright (apply its EXIF rotation), ARGB_8888 */
fun classify(classifier: ImageClassifier, photo: Bitmap): List<Pair<String, Float>> {${region}
    val result = classifier.classify(BitmapImageBuilder(photo).build(), options)
    return result.classificationResult().classifications()[0].categories().map { it.categoryName() to it.score() }
}`
}
