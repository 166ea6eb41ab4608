// One made-up day: nobody and no enterprise in it exists.
import type { Day, Hazard, Item, Visit } from "../src";

export const PERSON = "01930000-0000-7000-8000-000000000001";
export const VISIT = "01930000-0000-7000-8000-00000000a001";
export const ITEMS = Array.from({ length: 40 }, (_, at) => `01930000-0000-7000-8000-0000000b${String(at).padStart(4, "0")}`);

const item = (id: string, at: number): Item => ({
  id,
  code: `T-${at + 1}`,
  group: at < 20 ? "通用" : "电气",
  text: `第 ${at + 1} 项是否符合要求`,
  method: "现场查看",
  evidence_asked: "",
  basis: "",
  weight: 1,
  category: "fire",
  major_clause: null,
  checklist: "通用清单",
});

export function makeVisit(id: string = VISIT): Visit {
  return {
    id,
    number: "JC-2026-000017",
    state: "unannounced",
    version: 4,
    kind: "administrative",
    check: "county",
    style: "unannounced",
    planned_on: "2026-11-22",
    planned_to: null,
    reason: "plan",
    reason_words: "",
    campaign: "",
    basis: "",
    enterprise: {
      id: "01930000-0000-7000-8000-00000000e001",
      name: "青禾县明川五金厂",
      uscc: "",
      address: "青禾县工业路 8 号",
      principal_name: "周明川",
      principal_phone: "",
      industry: "c33",
      industry_name: "金属制品",
      lon: 111.5,
      lat: 36.1,
      grade: "C",
    },
    site: null,
    members: [
      { person: PERSON, name: "韩立新", role: "leader", certificate: "晋-2201" },
      { person: "01930000-0000-7000-8000-000000000002", name: "白晓岚", role: "officer", certificate: "晋-2202" },
    ],
    leader: true,
    items: ITEMS.map(item),
    answers: {},
    findings: [],
    on_site: [],
    signatures: [],
    signers: { officer: 2, enterprise: 1 },
    open_hazards: [],
    risk_points: [],
    sheet: null,
  };
}

export const HAZARD = "01930000-0000-7000-8000-000000000901";

export function makeHazard(more: Partial<Hazard> = {}): Hazard {
  return {
    id: HAZARD,
    number: "YH-2026-000009",
    version: 6,
    state: "rectified",
    state_label: "已整改",
    grade: "general",
    grade_label: "一般隐患",
    place: "二号车间",
    description: "传动部位没有防护罩。",
    category_name: "机械防护",
    enterprise_name: "翠岭铸造有限公司",
    visited: null,
    due_at: null,
    due_on: null,
    due_label: "",
    late: false,
    recurrence: 0,
    use_stopped: "",
    waits_for: "",
    next: "recheck",
    facts: [],
    photos: [],
    history: [],
    sheet: null,
    steps: [{ name: "recheck", label: "复查", main: true, danger: false, consequence: "", facts: [], asks: [], url: "/" }],
    url: "/",
    ...more,
  };
}

export function makeDay(visits: Visit[] = [makeVisit()]): Day {
  return {
    as_of: "2026-11-22T00:00:00Z",
    actor: { person: PERSON, post: PERSON, name: "韩立新", role: "inspector", region: 141034000000, post_label: "青禾县应急管理局", enterprises: [] },
    visits,
    self_checks: [],
    categories: [{ code: "fire", name: "消防", group: "通用" }],
    clauses_version: "1",
  };
}

/** A repeatable source of chance. */
export function dice(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}
