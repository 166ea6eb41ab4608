import { describe, expect, it } from "vitest";
import { project, signersLeft, type View } from "../src/project";
import type { Party, Visit } from "../src/types";
import { makeVisit } from "./sample";

function recorded(over: Partial<Visit> = {}, signed: [Party, string][] = []): View {
  const view = project({ ...makeVisit(), state: "recorded", ...over }, []);
  view.signatures = signed.map(([party, name]) => ({ value: { party, name, refused: false, title: "", reason: "", witnesses: "" }, command: null, photos: [] }));
  return view;
}
const left = (view: View): string[] => signersLeft(view).map((one) => `${one.party} ${one.name}`.trim());

describe("who may still sign", () => {
  it("asks those who go and the enterprise", () => {
    expect(left(recorded())).toEqual(["officer 韩立新", "officer 白晓岚", "enterprise"]);
    expect(left(recorded({}, [["officer", "韩立新"]]))).toEqual(["officer 白晓岚", "enterprise"]);
  });

  it("lets an expert who leads expert help sign as expert", () => {
    expect(left(recorded({ kind: "expert_help", signers: { expert: 1, enterprise: 1 } }))).toEqual(["expert 韩立新", "officer 白晓岚", "enterprise"]);
  });

  it("asks nobody once the record has what it needs: the server has closed it", () => {
    const supervision = { kind: "supervision", signers: { officer: 1, enterprise: 1 } };
    expect(left(recorded(supervision, [["officer", "韩立新"]]))).toEqual(["officer 白晓岚", "enterprise"]);
    expect(left(recorded(supervision, [["officer", "韩立新"], ["enterprise", "王某"]]))).toEqual([]);
  });

  it("asks everybody when an older server does not say how many", () => {
    const view = recorded({}, [["officer", "韩立新"], ["enterprise", "王某"]]);
    delete (view.visit as Partial<Visit>).signers;
    expect(left(view)).toEqual(["officer 白晓岚"]);
  });
});
