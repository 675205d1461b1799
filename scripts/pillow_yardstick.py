"""Pillow beside Tessera's decoder, for scripts/bench data: milliseconds of processor time a picture, one line a way.

Arguments: folder height width passes
Ways: the mean of the area (box), and Pillow's usual filter (bilinear over the area), each with draft mode alone and with
a first reduction by whole numbers (reducing_gap). Pillow's own time alone: files are in memory.
"""

import io
import os
import statistics
import sys
import time

from PIL import Image

WAYS = {
    "box": (Image.BOX, None),
    "box-gap": (Image.BOX, 1.01),
    "bilinear": (Image.BILINEAR, None),
    "bilinear-gap": (Image.BILINEAR, 2.0),
}


def decode(file, size, resample, gap):
    image = Image.open(io.BytesIO(file))
    image.draft("RGB", size)
    return image.resize(size, resample, reducing_gap=gap).tobytes()


def main():
    folder, height, width, passes = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
    files = [open(os.path.join(folder, name), "rb").read() for name in sorted(os.listdir(folder))]
    for name, (resample, gap) in WAYS.items():
        times = []
        for _ in range(passes):
            start = time.process_time()
            for file in files:
                decode(file, (width, height), resample, gap)
            times.append((time.process_time() - start) * 1e3 / len(files))
        print(f"pillow-{name} {statistics.median(times):.4f}")


main()
