// Reads a QR code from a running camera or from a photo of it, and what a code of ours says.
export type Reader = (picture: HTMLVideoElement | ImageBitmap) => Promise<string>;

interface Detector {
  detect(source: CanvasImageSource): Promise<{ rawValue: string }[]>;
}
type DetectorClass = { new (options: { formats: string[] }): Detector; getSupportedFormats(): Promise<string[]> };

/** By the browser's own detector where there is one, else by jsQR; `longest` is how large the picture is looked at. */
export async function reader(longest = 640): Promise<Reader> {
  const Native = (window as unknown as { BarcodeDetector?: DetectorClass }).BarcodeDetector;
  if (Native && (await Native.getSupportedFormats().catch((): string[] => [])).includes("qr_code")) {
    const detector = new Native({ formats: ["qr_code"] });
    return async (picture) => (await detector.detect(picture).catch(() => []))[0]?.rawValue ?? "";
  }
  const { default: jsQR } = await import("jsqr");
  const canvas = document.createElement("canvas");
  return async (picture) => {
    const [wide, high] = picture instanceof HTMLVideoElement ? [picture.videoWidth, picture.videoHeight] : [picture.width, picture.height];
    const scale = Math.min(1, longest / Math.max(wide, high));
    canvas.width = wide * scale;
    canvas.height = high * scale;
    const context = canvas.getContext("2d", { willReadFrequently: true });
    if (!context || !canvas.width) return "";
    context.drawImage(picture, 0, 0, canvas.width, canvas.height);
    const { data, width, height } = context.getImageData(0, 0, canvas.width, canvas.height);
    return jsQR(data, width, height)?.data ?? "";
  };
}

/** A photo is sharper than a running picture and the code may be small in it: looked at coarsely first, then finely. */
export async function readPhoto(file: Blob): Promise<string> {
  const picture = await createImageBitmap(file);
  try {
    for (const longest of [640, 1280, 2560]) {
      const text = await (await reader(longest))(picture);
      if (text) return text;
    }
    return "";
  } finally {
    picture.close();
  }
}

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi;

/** Our codes are addresses that carry the id of an enterprise or a risk point. */
export function speaksOf(code: string, ids: Iterable<string>): string {
  const wanted = new Set(ids);
  return (code.match(UUID) ?? []).map((id) => id.toLowerCase()).find((id) => wanted.has(id)) ?? "";
}
