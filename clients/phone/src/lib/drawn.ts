// A picture redrawn no longer than `longest`: smaller, upright, and without anything a camera wrote beside it.
export type Source = ImageBitmap | HTMLImageElement | HTMLVideoElement;

export function sizeOf(source: Source): [number, number] {
  if (source instanceof HTMLImageElement) return [source.naturalWidth, source.naturalHeight];
  if (source instanceof HTMLVideoElement) return [source.videoWidth, source.videoHeight];
  return [source.width, source.height];
}

export async function drawn(source: Source, longest: number, quality: number): Promise<Blob | null> {
  const [width, height] = sizeOf(source);
  if (!width || !height) return null;
  const scale = Math.min(1, longest / Math.max(width, height));
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [Math.round(width * scale), Math.round(height * scale)];
  const pen = canvas.getContext("2d");
  if (!pen) return null;
  pen.drawImage(source, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, "image/jpeg", quality));
  canvas.width = canvas.height = 0; // some phones keep its memory until it is taken from them
  return blob;
}

/** A picture to draw from, upright; null when this browser cannot. Give it back by `close`. */
export async function opened(file: Blob): Promise<{ source: Source; close: () => void } | null> {
  try {
    const source = await createImageBitmap(file, { imageOrientation: "from-image" });
    return { source, close: () => source.close() };
  } catch {
    return byElement(file); // older web views do not know the wish, and some have no memory for a bitmap of this size
  }
}

async function byElement(file: Blob): Promise<{ source: Source; close: () => void } | null> {
  const url = URL.createObjectURL(file);
  const source = new Image();
  const close = (): void => {
    source.removeAttribute("src");
    URL.revokeObjectURL(url);
  };
  try {
    source.src = url;
    await source.decode();
    return { source, close };
  } catch {
    close();
    return null;
  }
}
