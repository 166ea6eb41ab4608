// The sheet of a visit as it stands on this phone.
import { digestOf, sheetOf, type AnySheet, type View } from "@anlan/core";

/** The sheet that is to be signed: what this phone recorded, else what the server says was recorded. */
export async function signedSheet(view: View): Promise<{ sheet: AnySheet; digest: string } | null> {
  const sheet = view.recordCommand && view.record ? sheetOf(view, view.record) : view.visit.sheet;
  return sheet ? { sheet, digest: await digestOf(sheet) } : null;
}
