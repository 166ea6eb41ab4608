import type { IncomingMessage, Server } from "node:http";
import type { Clause, Day, Id, Result, Sheet, Visit } from "../src/types";

export function canonical(value: unknown): string;

export class ContractServer {
  constructor(day: Day, options?: { clauses?: Clause[]; person?: Id; bearer?: string | null });
  day: Day;
  clauses: Clause[];
  person: Id;
  signedIn: boolean;
  token: string;
  ahead?: number;
  uploads: Map<string, { sha256: string; length: number; bytes: Buffer }>;
  files: Map<string, Buffer>;
  pictures: Map<string, Buffer>;
  answers: Map<Id, { bytes: string; result: Result }>;
  effects: [Id, string][];
  calls: [string, string, number][];
  server: Server;
  fault: (request: IncomingMessage) => "lost" | "unanswered" | "halved" | null;
  stub: (command: { id: Id; kind: string; subject: Id; payload: Record<string, unknown> }) => Partial<Result> | null;
  refusePhoto: (upload: { bytes: Buffer }) => boolean;
  refuseUpload: { status: number; code: string } | null;
  refuseBatch: (text: string) => boolean;
  listen(port?: number): Promise<string>;
  close(): Promise<void>;
  visit(id: Id): Visit;
  sheet(visit: Visit, record: Record<string, unknown>): Sheet;
}
