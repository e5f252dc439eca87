"""Resampling and pixel operations by Pillow, for comparison with ours.

  cd packages/images/test/golden
  pip install pillow==12.0.0 && python pillow.py > pillow.json && npx biome format --write .
"""
import json
import random
import sys

import PIL
from PIL import Image, ImageEnhance, ImageOps

random.seed(20190528)
WIDTH, HEIGHT, SIZE = 23, 17, 12


def picture(width, height):
    """Smooth colours with noise over them, so that no two neighbours are alike and all bytes occur."""
    return bytes(
        max(0, min(255, round(255 * (x / width if c == 0 else y / height if c == 1 else (x + y) / (width + height)) + random.uniform(-60, 60))))
        for y in range(height) for x in range(width) for c in range(3))


pixels = picture(WIDTH, HEIGHT)
image = Image.frombytes('RGB', (WIDTH, HEIGHT), pixels)
boxes = [(0, 0, WIDTH, HEIGHT), (3, 2, 12, 12), (5, 1, 7, 9), (0, 0, 12, 17), (10, 4, 13, 12), (22, 16, 1, 1)]
resized = []
for left, top, width, height in boxes:
    crop = image.crop((left, top, left + width, top + height)).resize((SIZE, SIZE), Image.Resampling.BILINEAR)
    resized.append({'box': {'left': left, 'top': top, 'width': width, 'height': height}, 'pixels': list(crop.tobytes())})

square_pixels = picture(SIZE, SIZE)
square = Image.frombytes('RGB', (SIZE, SIZE), square_pixels)
flat = Image.new('RGB', (SIZE, SIZE), (10, 200, 90))
operations = []
for name, enhance in [('brightness', ImageEnhance.Brightness), ('contrast', ImageEnhance.Contrast), ('saturation', ImageEnhance.Color),
                      ('sharpness', ImageEnhance.Sharpness)]:
    for factor in [0, 0.4, 1, 1.7]:
        operations.append([name, factor, list(enhance(square).enhance(factor).tobytes())])
for bits in [1, 3, 8]:
    operations.append(['posterize', bits, list(ImageOps.posterize(square, bits).tobytes())])
for threshold in [0, 100, 256]:
    operations.append(['solarize', threshold, list(ImageOps.solarize(square, threshold).tobytes())])
operations.append(['autoContrast', None, list(ImageOps.autocontrast(square).tobytes())])
operations.append(['equalize', None, list(ImageOps.equalize(square).tobytes())])
golden = {
    'source': f'Pillow {PIL.__version__}, test/golden/pillow.py', 'width': WIDTH, 'height': HEIGHT, 'size': SIZE, 'pixels': list(pixels),
    'resized': resized, 'square': list(square_pixels), 'operations': [dict(zip(['name', 'value', 'pixels'], row)) for row in operations],
}
json.dump(golden, sys.stdout, separators=(',', ':'))
print()
