/// <reference types="vite/client" />
declare module "virtual:tokens.css";
declare module "*/build/tokens.mjs" {
  export function tokensCss(tokens: unknown): string;
}
declare const __APP_VERSION__: string;
