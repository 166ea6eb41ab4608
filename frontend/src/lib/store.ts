// localStorage may be full or forbidden on locked-down office machines: then we simply remember nothing.
export const store = {
  get<T>(key: string): T | null {
    try {
      const raw = localStorage.getItem(`anlan:${key}`);
      return raw === null ? null : (JSON.parse(raw) as T);
    } catch {
      return null;
    }
  },
  set(key: string, value: unknown): boolean {
    try {
      localStorage.setItem(`anlan:${key}`, JSON.stringify(value));
      return true;
    } catch {
      return false;
    }
  },
  drop(key: string): void {
    try {
      localStorage.removeItem(`anlan:${key}`);
    } catch {
      /* nothing was kept */
    }
  },
  keys(prefix: string): string[] {
    try {
      return Object.keys(localStorage)
        .filter((key) => key.startsWith(`anlan:${prefix}`))
        .map((key) => key.slice("anlan:".length));
    } catch {
      return [];
    }
  },
};
