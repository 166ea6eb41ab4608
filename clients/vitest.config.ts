import { defineConfig } from "vitest/config";

export default defineConfig({
  test: { include: ["core/test/**/*.test.ts", "miniprogram/test/**/*.test.ts", "phone/test/**/*.test.ts"], testTimeout: 60_000 },
});
