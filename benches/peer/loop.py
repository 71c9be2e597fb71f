"""The plain Python loop that Wayside is measured against: OpenCV decodes, onnxruntime looks, supervision's
ByteTrack links. Same frames, same regions, same model; no rules, no road plane, no redaction, no report.

    loop.py --video FILE --model FILE --regions JSON [--frames N]

Prints one JSON object: frames, seconds (without start-up), tracks.
"""

import argparse
import json
import time
import warnings

warnings.filterwarnings("ignore")

import cv2  # noqa: E402
import numpy as np  # noqa: E402
import onnxruntime  # noqa: E402
import supervision  # noqa: E402

INPUT_PX = 416
STRIDES = (8, 16, 32)
SCORE_MIN = 0.3
NMS_IOU = 0.5
ROAD_USERS = (0, 1, 2, 3, 5, 7)


def grid():
    """Cell corners and strides of YOLOX's output rows, N x 2 and N x 1."""
    cells, strides = [], []
    for stride in STRIDES:
        side = INPUT_PX // stride
        ys, xs = np.mgrid[0:side, 0:side]
        cells.append(np.stack([xs.ravel(), ys.ravel()], axis=1))
        strides.append(np.full((side * side, 1), stride))
    return np.concatenate(cells).astype(np.float32), np.concatenate(strides).astype(np.float32)


CELLS, STRIDE = grid()


def open_session(model):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


def look(session, frame, region):
    """Boxes (x0, y0, x1, y1 in pixels of the frame), scores and classes of one region."""
    x, y, width, height = region
    scale = min(INPUT_PX / width, INPUT_PX / height)
    part = cv2.resize(frame[y : y + height, x : x + width], (int(width * scale), int(height * scale)))
    picture = np.full((INPUT_PX, INPUT_PX, 3), 114, np.uint8)
    picture[: part.shape[0], : part.shape[1]] = part
    tensor = picture.transpose(2, 0, 1)[None].astype(np.float32)
    rows = session.run(None, {"images": tensor})[0][0]
    classes = rows[:, 5:].argmax(axis=1)
    scores = rows[:, 4] * rows[np.arange(len(rows)), 5 + classes]
    keep = (scores >= SCORE_MIN) & np.isin(classes, ROAD_USERS)
    middle = (rows[keep, :2] + CELLS[keep]) * STRIDE[keep]
    half = np.exp(rows[keep, 2:4]) * STRIDE[keep] / 2
    boxes = np.concatenate([middle - half, middle + half], axis=1) / scale
    return boxes + np.array([x, y, x, y], np.float32), scores[keep], classes[keep]


def detect(session, frame, regions):
    found = [look(session, frame, region) for region in regions]
    boxes, scores, classes = (np.concatenate(part) for part in zip(*found))
    sizes = np.concatenate([boxes[:, :2], boxes[:, 2:] - boxes[:, :2]], axis=1)
    kept = np.array(cv2.dnn.NMSBoxes(sizes.tolist(), scores.tolist(), SCORE_MIN, NMS_IOU), int).reshape(-1)
    return supervision.Detections(xyxy=boxes[kept], confidence=scores[kept], class_id=classes[kept])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--video", required=True)
    parser.add_argument("--model", required=True)
    parser.add_argument("--regions", required=True, help="JSON: [[x, y, width, height], ...]")
    parser.add_argument("--frames", type=int, default=0, help="stop after so many; 0: all")
    arguments = parser.parse_args()
    regions = json.loads(arguments.regions)
    session = open_session(arguments.model)
    video = cv2.VideoCapture(arguments.video)
    if not video.isOpened():
        raise SystemExit(f"cannot open {arguments.video}")
    tracker = supervision.ByteTrack(frame_rate=max(1, round(video.get(cv2.CAP_PROP_FPS))))
    frames, tracks = 0, set()
    begin = time.perf_counter()
    while not arguments.frames or frames < arguments.frames:
        there, frame = video.read()
        if not there:
            break
        frames += 1
        linked = tracker.update_with_detections(detect(session, frame, regions))
        tracks.update(linked.tracker_id.tolist())
    seconds = time.perf_counter() - begin
    print(json.dumps({"stage": "peer", "frames": frames, "seconds": seconds, "tracks": len(tracks)}))


if __name__ == "__main__":
    main()
