// The sheet of a visit as it stands on this phone.
import { digestOf, sheetOf, type RecordWords, type Sheet, type View } from "@anlan/core";

export function sheetFor(view: View, record: RecordWords): Sheet {
  return sheetOf(
    view.visit,
    {
      answers: Object.fromEntries(Object.entries(view.answers).map(([item, one]) => [item, one.value])),
      findings: view.findings.map((one) => one.value),
      on_site: view.on_site.map((one) => one.value),
    },
    record,
  );
}

/** The sheet that is to be signed: what this phone recorded, else what the server says was recorded. */
export async function signedSheet(view: View): Promise<{ sheet: Sheet; digest: string } | null> {
  const sheet = view.recordCommand && view.record ? sheetFor(view, view.record) : view.visit.sheet;
  return sheet ? { sheet, digest: await digestOf(sheet) } : null;
}
