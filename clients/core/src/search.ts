// Clauses by word, without a network: every word must be found somewhere; a title counts more than a keyword, and that more than the text.
import type { Clause } from "./types";

const fold = (text: string): string => text.normalize("NFKC").toLowerCase();

/** Chinese is written without spaces: a run of it is also looked for in pairs of characters, so that 消防通道堵塞 finds 堵塞消防通道. */
export function termsOf(query: string): string[] {
  return fold(query)
    .split(/[\s,，。;；、/]+/)
    .filter(Boolean);
}

function pairsOf(term: string): string[] {
  if (!/^[\u3400-\u9fff]{3,}$/.test(term)) return [];
  return Array.from({ length: term.length - 1 }, (_, at) => term.slice(at, at + 2));
}

export interface Found {
  clause: Clause;
  score: number;
}

export function searchClauses(clauses: Clause[], query: string, { industry = "", criteria = "", most = 40 } = {}): Found[] {
  const terms = termsOf(query);
  const within = clauses.filter((one) => (!industry || one.industries.length === 0 || one.industries.some((code) => covers(code, industry))) && (!criteria || one.criteria === criteria));
  if (!terms.length) return within.slice(0, most).map((clause) => ({ clause, score: 0 }));
  return within
    .map((clause) => ({ clause, score: scoreOf(clause, terms) }))
    .filter((one) => one.score > 0)
    .sort((one, other) => other.score - one.score || one.clause.number.localeCompare(other.clause.number, "zh"))
    .slice(0, most);
}

/** Industries are codes in which a part begins with its whole. */
const covers = (code: string, industry: string): boolean => industry.startsWith(code) || code.startsWith(industry);

function scoreOf(clause: Clause, terms: string[]): number {
  const [text, number, keywords] = [fold(clause.text), fold(`${clause.criteria_name} ${clause.number}`), clause.keywords.map(fold)];
  let sum = 0;
  for (const term of terms) {
    let score = (keywords.some((one) => one.includes(term) || term.includes(one)) ? 5 : 0) + (text.includes(term) ? 4 : 0) + (number.includes(term) ? 3 : 0);
    if (!score) {
      const pairs = pairsOf(term);
      const hits = pairs.filter((pair) => text.includes(pair) || keywords.some((one) => one.includes(pair))).length;
      if (pairs.length && hits / pairs.length >= 0.5) score = (2 * hits) / pairs.length;
    }
    if (!score) return 0;
    sum += score;
  }
  return sum;
}
