// A twin of wx.* as WeChat documents it: callbacks with errMsg, temporary files that a restart takes away, files by path, storage that copies,
// requests over a real network. `plan` makes things fail; `said` is what a person saw.
import { request as httpRequest } from "node:http";

type Ends = { success?: (result: unknown) => void; fail?: (trouble: { errMsg: string }) => void; complete?: (result: unknown) => void };
type Given = Record<string, unknown> & Ends;

export interface Plan {
  /** Called for each request: what it returns fails there and then; "lost" is done by the server and its answer lost. */
  net: (url: string, method: string) => "" | "fail" | "lost";
  denied: Set<string>;
  cancelled: Set<string>;
  connected: boolean;
  full: boolean;
  media: { bytes: Uint8Array; type: "image" | "video"; ending: string }[];
  sheet: number;
  confirm: boolean;
  accept: "accept" | "reject";
  transfer: "ok" | "cancel" | "fail";
  privacy: boolean;
  /** What wx.login gives: good once. */
  login: (turn: number) => string;
  place: { longitude: number; latitude: number };
}

export interface Said {
  name: string;
  with: Given;
}

export function makeWx(plan: Plan, store: Map<string, string> = new Map(), files: Map<string, Uint8Array> = new Map()) {
  const said: Said[] = [];
  const network = new Set<(state: { isConnected: boolean; networkType: string }) => void>();
  let privacy: ((resolve: (how: { event: string; buttonId?: string }) => void) => void) | null = null;
  let count = 0;

  const later = (work: () => void): void => void setTimeout(work, 0);
  const ok = (given: Given, result: unknown = {}): void => later(() => (given.success?.(result), given.complete?.(result)));
  const no = (given: Given, errMsg: string): void => later(() => (given.fail?.({ errMsg }), given.complete?.({ errMsg })));
  /** As in WeChat: a promise unless somebody gave a callback. */
  const answering =
    (name: string, result: (given: Given) => unknown) =>
    (given: Given = {}): unknown => {
      said.push({ name, with: given });
      const trouble = plan.denied.has(name) ? `${name}:fail auth deny` : plan.cancelled.has(name) ? `${name}:fail cancel` : "";
      if (given.success || given.fail || given.complete) return trouble ? no(given, trouble) : ok(given, result(given));
      return trouble ? Promise.reject({ errMsg: trouble }) : Promise.resolve(result(given));
    };
  /** Private functions first ask for consent, once. */
  const privately =
    (name: string, result: (given: Given) => unknown) =>
    (given: Given): void => {
      const go = (): void => void answering(name, result)(given);
      if (plan.privacy) return go();
      if (!privacy) return no(given, `${name}:fail privacy permission is not authorized`);
      privacy(({ event }) => {
        if (event === "agree") {
          plan.privacy = true;
          go();
        } else if (event === "disagree") no(given, `${name}:fail privacy permission is not authorized`);
      });
    };

  const temporary = (bytes: Uint8Array, ending: string): string => {
    const path = `http://tmp/${++count}.${ending}`;
    files.set(path, bytes);
    return path;
  };

  const fs = {
    mkdir: ({ dirPath, ...given }: Given) => (files.has(`${dirPath}/`) ? no(given, "mkdir:fail file already exists") : (files.set(`${dirPath}/`, new Uint8Array()), ok(given))),
    copyFile: ({ srcPath, destPath, ...given }: Given) => {
      const bytes = files.get(srcPath as string);
      if (!bytes) return no(given, "copyFile:fail no such file or directory");
      if (plan.full) return no(given, "copyFile:fail the maximum size of the file storage limit is exceeded");
      files.set(destPath as string, bytes);
      return ok(given);
    },
    getFileInfo: ({ filePath, ...given }: Given) => {
      const bytes = files.get(filePath as string);
      return bytes ? ok(given, { size: bytes.length }) : no(given, "getFileInfo:fail no such file");
    },
    readFile: ({ filePath, position, length, ...given }: Given) => {
      const bytes = files.get(filePath as string);
      if (!bytes) return no(given, "readFile:fail no such file");
      const from = (position as number) ?? 0;
      // WeChat refuses to read beyond the end.
      if (from + (length as number) > bytes.length) return no(given, "readFile:fail the value of length is out of range");
      return ok(given, { data: bytes.slice(from, from + (length as number)).buffer });
    },
    unlink: ({ filePath, ...given }: Given) => (files.delete(filePath as string) ? ok(given) : no(given, "unlink:fail no such file")),
    readdir: ({ dirPath, ...given }: Given) =>
      files.has(`${dirPath}/`)
        ? ok(given, { files: [...files.keys()].filter((one) => one.startsWith(`${dirPath}/`) && !one.endsWith("/")).map((one) => one.slice(`${dirPath}/`.length)) })
        : no(given, "readdir:fail no such file or directory"),
  };

  function request(given: Given): void {
    const { url, method = "GET", header = {}, data } = given as { url: string; method?: string; header?: Record<string, string>; data?: string | ArrayBuffer };
    said.push({ name: "request", with: given });
    if (!["OPTIONS", "GET", "HEAD", "POST", "PUT", "DELETE", "TRACE", "CONNECT"].includes(method)) return no(given, "request:fail invalid method");
    const how = plan.connected ? plan.net(url, method) : "fail";
    if (how === "fail") return no(given, "request:fail timeout");
    const body = data === undefined ? null : typeof data === "string" ? Buffer.from(data) : Buffer.from(data);
    const sent = httpRequest(url, { method, headers: { ...header, ...(body ? { "Content-Length": body.length } : {}) } }, (answer) => {
      const parts: Buffer[] = [];
      answer.on("data", (part: Buffer) => parts.push(part));
      answer.on("end", () => {
        if (how === "lost") return no(given, "request:fail net::ERR_CONNECTION_RESET");
        return ok(given, { statusCode: answer.statusCode, header: answer.headers, data: Buffer.concat(parts).toString(), cookies: [] });
      });
    });
    sent.on("error", (trouble) => no(given, `request:fail ${trouble.message}`));
    sent.end(body ?? undefined);
  }

  const wx = {
    env: { USER_DATA_PATH: "wxfile://usr" },
    getStorageSync: (key: string) => (store.has(key) ? JSON.parse(store.get(key) ?? "") : ""),
    setStorageSync: (key: string, value: unknown) => {
      if (plan.full) throw new Error("setStorageSync:fail exceed storage max size 10Mb");
      store.set(key, JSON.stringify(value));
    },
    removeStorageSync: (key: string) => void store.delete(key),
    getFileSystemManager: () => fs,
    getRandomValues: ({ length, ...given }: Given) => ok(given, { randomValues: crypto.getRandomValues(new Uint8Array(length as number)).buffer }),
    getAppBaseInfo: () => ({ language: "zh_CN", SDKVersion: "3.8.0" }),
    getSystemInfoSync: () => ({ language: "zh_CN", SDKVersion: "3.8.0", platform: "ios" }),
    canIUse: () => true,
    getAccountInfoSync: () => ({ miniProgram: { appId: "wx1" } }),
    request,
    downloadFile: (given: Given) => {
      said.push({ name: "downloadFile", with: given });
      if (!plan.connected || plan.net(given["url"] as string, "GET")) return no(given, "downloadFile:fail timeout");
      return ok(given, { statusCode: 200, tempFilePath: given["url"] });
    },
    getNetworkType: (given: Given) => ok(given, { networkType: plan.connected ? "wifi" : "none" }),
    onNetworkStatusChange: (hear: (state: { isConnected: boolean; networkType: string }) => void) => void network.add(hear),
    onNeedPrivacyAuthorization: (hear: typeof privacy) => (privacy = hear),
    openPrivacyContract: answering("openPrivacyContract", () => ({})),
    login: answering("login", () => ({ code: plan.login(++count) })),
    getLocation: privately("getLocation", () => ({ ...plan.place, accuracy: 29.6 })),
    chooseLocation: privately("chooseLocation", () => ({ longitude: "113.2", latitude: "28.2", name: "东门", address: "人民路 12 号" })),
    chooseMedia: privately("chooseMedia", () => ({ tempFiles: plan.media.map(({ bytes, type, ending }) => ({ tempFilePath: temporary(bytes, ending), size: bytes.length, fileType: type, ...(type === "video" ? { thumbTempFilePath: temporary(new Uint8Array([1]), "jpg") } : {}) })) })),
    openSetting: answering("openSetting", () => {
      plan.denied.clear();
      return { authSetting: { "scope.userLocation": true } };
    }),
    requestSubscribeMessage: answering("requestSubscribeMessage", ({ tmplIds }) => Object.fromEntries((tmplIds as string[]).map((one) => [one, plan.accept]))),
    requestMerchantTransfer: (given: Given) => {
      said.push({ name: "requestMerchantTransfer", with: given });
      if (plan.transfer === "ok") ok(given, { errMsg: "requestMerchantTransfer:ok" });
      else no(given, `requestMerchantTransfer:fail ${plan.transfer === "cancel" ? "cancel" : "system error"}`);
    },
    showActionSheet: answering("showActionSheet", () => ({ tapIndex: plan.sheet })),
    showModal: answering("showModal", ({ editable }) => ({ confirm: plan.confirm, cancel: !plan.confirm, ...(editable ? { content: "王小明" } : {}) })),
    getClipboardData: answering("getClipboardData", () => ({ data: "abcd efgh jkmn" })),
    ...Object.fromEntries(
      [
        ...["showToast", "showLoading", "hideLoading", "setNavigationBarTitle", "setTabBarItem", "navigateTo", "redirectTo", "switchTab", "navigateBack", "pageScrollTo"],
        ...["stopPullDownRefresh", "makePhoneCall", "setClipboardData", "previewImage", "previewMedia"],
      ].map((name) => [name, answering(name, () => ({}))]),
    ),
  };

  return {
    wx,
    said,
    store,
    files,
    named: (name: string): Given[] => said.filter((one) => one.name === name).map((one) => one.with),
    /** As when the phone comes out of the cellar. */
    connect(connected: boolean): void {
      plan.connected = connected;
      network.forEach((hear) => hear({ isConnected: connected, networkType: connected ? "wifi" : "none" }));
    },
  };
}

export const calm = (): Plan => ({
  ...{ net: () => "", denied: new Set(), cancelled: new Set(), connected: true, full: false, media: [], sheet: 0 },
  ...{ confirm: true, accept: "accept", transfer: "ok", privacy: true },
  ...{ login: (turn) => `code-${turn}`, place: { longitude: 113.12345678, latitude: 28.1 } },
});
