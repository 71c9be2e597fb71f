// When each frame of an MP4 is shown (ISO/IEC 14496-12): the sample tables of its first video track.
// A browser tells neither how many frames a film has nor when they come, and stepping needs both.

/** More samples than a clip can have: a table that says more is damaged. */
const SAMPLES_MAX = 100_000;

interface Box {
  kind: string;
  from: number;
  to: number;
}

function boxes(view: DataView, from: number, to: number): Box[] {
  const found: Box[] = [];
  let at = from;
  while (at + 8 <= to) {
    let size = view.getUint32(at);
    let head = 8;
    if (size === 1 && at + 16 <= to) {
      size = view.getUint32(at + 8) * 2 ** 32 + view.getUint32(at + 12);
      head = 16;
    } else if (size === 0) {
      size = to - at;
    }
    if (size < head || at + size > to) break;
    const kind = String.fromCharCode(
      view.getUint8(at + 4),
      view.getUint8(at + 5),
      view.getUint8(at + 6),
      view.getUint8(at + 7),
    );
    found.push({ kind, from: at + head, to: at + size });
    at += size;
  }
  return found;
}

function inside(view: DataView, box: Box | undefined, ...path: string[]): Box | undefined {
  let now = box;
  for (const kind of path) {
    if (!now) return undefined;
    now = boxes(view, now.from, now.to).find((inner) => inner.kind === kind);
  }
  return now;
}

/** Pairs (count, value) of a table, as one value a sample. */
function spread(view: DataView, box: Box, signed: boolean): number[] | null {
  const entries = view.getUint32(box.from + 4);
  if (box.from + 8 + entries * 8 > box.to) return null;
  const values: number[] = [];
  for (let entry = 0; entry < entries; entry += 1) {
    const at = box.from + 8 + entry * 8;
    const count = view.getUint32(at);
    const value = signed ? view.getInt32(at + 4) : view.getUint32(at + 4);
    if (values.length + count > SAMPLES_MAX) return null;
    for (let n = 0; n < count; n += 1) values.push(value);
  }
  return values;
}

/** Where the first edit begins in the media, in its own units. */
function editOffset(view: DataView, track: Box): number {
  const list = inside(view, track, "edts", "elst");
  if (!list || view.getUint32(list.from + 4) < 1) return 0;
  const long = view.getUint8(list.from) === 1;
  const begin = long
    ? view.getInt32(list.from + 16) * 2 ** 32 + view.getUint32(list.from + 20)
    : view.getInt32(list.from + 12);
  // -1 stands for a pause before the media begins, which no clip of a package has.
  return Math.max(begin, 0);
}

/**
 * Seconds at which each frame is shown, in the order in which they are shown; none where the bytes are no
 * such film.
 */
export function frameSeconds(bytes: ArrayBuffer): number[] | null {
  try {
    const view = new DataView(bytes);
    const movie = boxes(view, 0, view.byteLength).find((box) => box.kind === "moov");
    if (!movie) return null;
    for (const track of boxes(view, movie.from, movie.to).filter((box) => box.kind === "trak")) {
      const handler = inside(view, track, "mdia", "hdlr");
      if (!handler || view.getUint32(handler.from + 8) !== 0x76696465) continue; // "vide"
      const head = inside(view, track, "mdia", "mdhd");
      const table = inside(view, track, "mdia", "minf", "stbl");
      const durations = inside(view, table, "stts");
      if (!head || !durations) return null;
      const scale = view.getUint32(head.from + (view.getUint8(head.from) === 1 ? 20 : 12));
      const steps = spread(view, durations, false);
      const shifts = inside(view, table, "ctts");
      const moved = shifts ? spread(view, shifts, true) : [];
      if (!steps || !moved || scale === 0) return null;
      const begin = editOffset(view, track);
      let decoded = 0;
      const shown = steps.map((step, sample) => {
        const at = decoded + (moved[sample] ?? 0) - begin;
        decoded += step;
        return at / scale;
      });
      return shown.sort((a, b) => a - b);
    }
  } catch {
    // A box that claims more than there is.
  }
  return null;
}
