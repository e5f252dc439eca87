"""Writes formats.json: small files of every kind that is read besides 8-bit JPEG, PNG and WebP, and the RGB bytes that Pillow reads from them.

    python packages/images/test/golden/formats.py FAULTS > packages/images/test/golden/formats.json

FAULTS: a folder with the JPEG files of phones that decoders warn of.
"""
import base64, io, json, sys
from pathlib import Path

import numpy as np
import PIL
from PIL import Image

WIDTH, HEIGHT = 24, 16
y, x = np.mgrid[0:HEIGHT, 0:WIDTH]
colour = Image.fromarray(np.stack([x * 10, y * 15, (x + y) * 6], axis=-1).astype(np.uint8))
grey16 = Image.fromarray((x * 2700 + y * 13).astype(np.uint16))


def saved(image, format, **options):
    buffer = io.BytesIO()
    image.save(buffer, format, **options)
    return buffer.getvalue()


other = colour.transpose(Image.Transpose.ROTATE_180)
files = {
    "24.bmp": saved(colour, "BMP"),
    "8.bmp": saved(colour.convert("P", palette=Image.Palette.ADAPTIVE, colors=200), "BMP"),
    "grey.bmp": saved(colour.convert("L"), "BMP"),
    "1.bmp": saved(colour.convert("1"), "BMP"),
    "32.bmp": saved(colour.convert("RGBA"), "BMP"),
    "still.gif": saved(colour, "GIF"),
    "moving.gif": saved(colour, "GIF", save_all=True, append_images=[other]),
    "plain.tiff": saved(colour, "TIFF"),
    "lzw.tiff": saved(colour, "TIFF", compression="tiff_lzw"),
    "pages.tiff": saved(colour, "TIFF", save_all=True, append_images=[other]),
    "palette.tiff": saved(colour.convert("P", palette=Image.Palette.ADAPTIVE), "TIFF"),
    "ink.tiff": saved(colour.convert("CMYK"), "TIFF"),
    "ink.jpg": saved(colour.convert("CMYK"), "JPEG", quality=95),
    "photo.avif": saved(colour, "AVIF", quality=95, subsampling="4:4:4"),
    **{path.name: path.read_bytes() for path in sorted(Path(sys.argv[1]).glob("*.jpg"))},
}


def entry(name, content):
    image = Image.open(io.BytesIO(content)).convert("RGB")
    return {"name": name, "file": base64.b64encode(content).decode(), "width": image.width, "height": image.height,
            "pixels": base64.b64encode(image.tobytes()).decode()}


deep = [{"name": f"16.{kind}", "file": base64.b64encode(saved(grey16, format)).decode(), "width": WIDTH, "height": HEIGHT,
         "pixels": base64.b64encode(np.repeat(np.asarray(grey16)[..., None] >> 8, 3, axis=-1).astype(np.uint8).tobytes()).decode()}
        for kind, format in [("png", "PNG"), ("tiff", "TIFF")]]
entries = [entry(name, content) for name, content in files.items()] + deep
print(json.dumps({"source": f"Pillow {PIL.__version__}", "files": entries}, indent=1))
