// Photos and videos until the server has them. What WeChat's camera gives is thrown away at the next start: it is copied at once.
import { Sha256 } from "@anlan/core/sha256";
import { hexOf } from "@anlan/core/bytes";
import { ask } from "./ask";

const BLOCK = 256 * 1024;
const files = (): WechatMiniprogram.FileSystemManager => wx.getFileSystemManager();
const folder = (): string => `${wx.env.USER_DATA_PATH}/reports`;

export const endingOf = (path: string): string => (/\.([a-z0-9]{2,5})$/i.exec(path)?.[1] ?? "jpg").toLowerCase();

const TYPES: Record<string, string> = { jpg: "image/jpeg", jpeg: "image/jpeg", png: "image/png", webp: "image/webp", heic: "image/heic", mp4: "video/mp4", mov: "video/quicktime" };
export const typeOf = (path: string): string => TYPES[endingOf(path)] ?? "application/octet-stream";

export async function keepFile(temporary: string, name: string): Promise<string> {
  const path = `${folder()}/${name}.${endingOf(temporary)}`;
  // It is there from the second time on.
  await ask((ends) => files().mkdir({ dirPath: folder(), recursive: true, ...ends })).catch(() => undefined);
  await ask((ends) => files().copyFile({ srcPath: temporary, destPath: path, ...ends }));
  return path;
}

export async function sizeOf(path: string): Promise<number> {
  const { size } = await ask<WechatMiniprogram.GetFileInfoSuccessCallbackResult>((ends) => files().getFileInfo({ filePath: path, ...ends }));
  return size;
}

export async function readPiece(path: string, from: number, to: number): Promise<Uint8Array<ArrayBuffer>> {
  const { data } = await ask<{ data: string | ArrayBuffer }>((ends) => files().readFile({ filePath: path, position: from, length: to - from, ...ends }));
  return new Uint8Array(data as ArrayBuffer);
}

/** In blocks, so that twenty megabytes neither lie in memory nor hold up the screen. */
export async function digestOf(path: string, size: number): Promise<string> {
  const sum = new Sha256();
  for (let at = 0; at < size; at += BLOCK) sum.update(await readPiece(path, at, Math.min(size, at + BLOCK)));
  return hexOf(sum.digest());
}

export const dropFile = (path: string): void => files().unlink({ filePath: path });

/** Files nobody knows of any more: of a photo taken while the app was killed. */
export async function sweepFiles(known: ReadonlySet<string>): Promise<void> {
  try {
    const { files: names } = await ask<{ files: string[] }>((ends) => files().readdir({ dirPath: folder(), ...ends }));
    for (const name of names) if (!known.has(`${folder()}/${name}`)) dropFile(`${folder()}/${name}`);
  } catch {
    // No folder yet.
  }
}
