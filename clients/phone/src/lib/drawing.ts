// A signature as the server takes it within a step: a PNG data URL of bounded length.
const MOST = 390_000;

const asUrl = (blob: Blob): Promise<string> =>
  new Promise((resolve, reject) => {
    const reading = new FileReader();
    reading.onload = () => resolve(String(reading.result));
    reading.onerror = () => reject(reading.error ?? new Error("unreadable"));
    reading.readAsDataURL(blob);
  });

/** A dense screen makes a large picture; drawn smaller it says the same. */
export async function drawingUrl(blob: Blob): Promise<string> {
  const whole = await asUrl(blob);
  if (whole.length <= MOST) return whole;
  const image = await createImageBitmap(blob);
  const canvas = document.createElement("canvas");
  const scale = Math.min(1, 600 / image.width);
  canvas.width = Math.round(image.width * scale);
  canvas.height = Math.round(image.height * scale);
  canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
  image.close();
  return canvas.toDataURL("image/png");
}
