// A photo made smaller loses its EXIF. Time and place are evidence: the old segment is put back, or a small one is written.
const EXIF = [0x45, 0x78, 0x69, 0x66, 0, 0];
const ORIENTATION = 0x0112;

export interface Taken {
  at: Date;
  lon: number | null;
  lat: number | null;
}

/** The APP1 segment of a JPEG with its marker, or null. */
export function exifOf(jpeg: Uint8Array): Uint8Array<ArrayBuffer> | null {
  if (jpeg[0] !== 0xff || jpeg[1] !== 0xd8) return null;
  let at = 2;
  while (at + 4 <= jpeg.length && jpeg[at] === 0xff) {
    const marker = jpeg[at + 1] ?? 0;
    const length = ((jpeg[at + 2] ?? 0) << 8) | (jpeg[at + 3] ?? 0);
    if (marker === 0xda || length < 2 || at + 2 + length > jpeg.length) return null;
    if (marker === 0xe1 && EXIF.every((byte, index) => jpeg[at + 4 + index] === byte)) return new Uint8Array(jpeg.subarray(at, at + 2 + length));
    at += 2 + length;
  }
  return null;
}

/** The pixels have been turned already: a reader must not turn them once more. */
export function upright(segment: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const turned = new Uint8Array(segment);
  const view = new DataView(turned.buffer);
  const tiff = 10;
  if (turned.length < tiff + 8) return turned;
  const little = view.getUint16(tiff) === 0x4949;
  const ifd = tiff + view.getUint32(tiff + 4, little);
  if (ifd + 2 > turned.length) return turned;
  const count = view.getUint16(ifd, little);
  for (let index = 0; index < count; index++) {
    const entry = ifd + 2 + index * 12;
    if (entry + 12 > turned.length) break;
    if (view.getUint16(entry, little) === ORIENTATION) view.setUint16(entry + 8, 1, little);
  }
  return turned;
}

/** The JPEG with `segment` right behind its start. */
export function withExif(jpeg: Uint8Array, segment: Uint8Array): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(jpeg.length + segment.length);
  whole.set(jpeg.subarray(0, 2));
  whole.set(segment, 2);
  whole.set(jpeg.subarray(2), 2 + segment.length);
  return whole;
}

const pad = (value: number): string => String(value).padStart(2, "0");

/** A whole number of ten-thousandths of a second of arc is 3 mm: finer than any phone. */
function degrees(value: number): [number, number][] {
  const all = Math.round(Math.abs(value) * 36_000_000);
  return [
    [Math.floor(all / 36_000_000), 1],
    [Math.floor(all / 600_000) % 60, 1],
    [all % 600_000, 10_000],
  ];
}

type Entry = [tag: number, type: 2 | 4 | 5 | 1, value: string | number | number[] | [number, number][]];

/** An APP1 segment that says when, and where when that is known: what the phone measured itself, not what a camera wrote. */
export function makeExif({ at, lon, lat }: Taken): Uint8Array<ArrayBuffer> {
  const time = `${at.getFullYear()}:${pad(at.getMonth() + 1)}:${pad(at.getDate())} ${pad(at.getHours())}:${pad(at.getMinutes())}:${pad(at.getSeconds())}`;
  const minutes = -at.getTimezoneOffset();
  const zone = `${minutes < 0 ? "-" : "+"}${pad(Math.floor(Math.abs(minutes) / 60))}:${pad(Math.abs(minutes) % 60)}`;
  const taken: Entry[] = [
    [0x9003, 2, time],
    [0x9011, 2, zone],
  ];
  const gps: Entry[] =
    lon === null || lat === null
      ? []
      : [
          [0, 1, [2, 3, 0, 0]],
          [1, 2, lat < 0 ? "S" : "N"],
          [2, 5, degrees(lat)],
          [3, 2, lon < 0 ? "W" : "E"],
          [4, 5, degrees(lon)],
          [18, 2, "WGS-84"],
        ];
  const headSize = 8 + 2 + (gps.length ? 2 : 1) * 12 + 4;
  const first = ifd(taken, headSize);
  const second = gps.length ? ifd(gps, headSize + first.length) : [];
  const pointers: Entry[] = [[0x8769, 4, headSize]];
  if (gps.length) pointers.push([0x8825, 4, headSize + first.length]);
  const tiff = [0x4d, 0x4d, 0, 42, 0, 0, 0, 8, ...ifd(pointers, 8), ...first, ...second];
  const length = 2 + EXIF.length + tiff.length;
  return new Uint8Array([0xff, 0xe1, length >> 8, length & 0xff, ...EXIF, ...tiff]);
}

/** One directory in big-endian bytes as it lies at `start`; values longer than four bytes follow it. */
function ifd(entries: Entry[], start: number): number[] {
  const long = (value: number): number[] => [(value >>> 24) & 255, (value >>> 16) & 255, (value >>> 8) & 255, value & 255];
  const head: number[] = [entries.length >> 8, entries.length & 255];
  const behind: number[] = [];
  const end = start + 2 + entries.length * 12 + 4;
  for (const [tag, type, value] of entries) {
    let bytes: number[];
    let count: number;
    if (typeof value === "string") {
      bytes = [...new TextEncoder().encode(value), 0];
      count = bytes.length;
    } else if (typeof value === "number") {
      bytes = long(value);
      count = 1;
    } else if (type === 5) {
      bytes = (value as [number, number][]).flatMap(([over, under]) => [...long(over), ...long(under)]);
      count = value.length;
    } else {
      bytes = value as number[];
      count = value.length;
    }
    head.push(tag >> 8, tag & 255, 0, type, ...long(count));
    if (bytes.length <= 4) head.push(...bytes, ...Array<number>(4 - bytes.length).fill(0));
    else {
      head.push(...long(end + behind.length));
      behind.push(...bytes, ...(bytes.length % 2 ? [0] : []));
    }
  }
  return [...head, 0, 0, 0, 0, ...behind];
}
