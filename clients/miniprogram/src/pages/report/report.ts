// Three taps: photo, place, send. Everything is kept as it is typed; nothing else is required.
import { MOST_SIGNATORIES, type Employer, type Near, type Signatory, type UnitFound } from "@anlan/core/citizen";
import { urgentIn } from "@anlan/core/urgent";
import { wasCancelled, wasDenied } from "../../lib/ask";
import { addPictures, dropPictures, emptyDraft, forgetDraft, hasContent, keepDraft, keptDraft, LONGEST_S, missingIn, take, type Draft, type Missing } from "../../lib/draft";
import { letterOf, onLetters, pump, sendOff } from "../../lib/outbox";
import { definePage, sure, tellDone, tellTrouble, troubleOf, type Touched, type Typed } from "../../lib/page";
import { choose, locate } from "../../lib/place";
import { citizen } from "../../lib/server";
import { signedIn } from "../../lib/session";
import { refreshSettings, settings, type Settings } from "../../lib/settings";
import { acceptMessages, hasMessages } from "../../lib/messages";
import { nearby } from "../../lib/near";
import { say } from "../../words";

let draft: Draft = emptyDraft();
let asked = 0;
let off: () => void = () => undefined;

const pictureFacts = (): { id: string; src: string; video: boolean }[] => draft.pictures.map((one) => ({ id: one.id, src: one.kind === "video" ? one.cover : one.path, video: one.kind === "video" }));

definePage({
  words: "report",
  data: {
    pictures: pictureFacts(),
    most: 9,
    words: "",
    count: 0,
    urgent: "",
    numbers: [] as string[],
    place: "",
    locating: false,
    denied: false,
    located: false,
    address: "",
    categories: [] as { code: string; name: string }[],
    category: "",
    unit: "",
    unit_name: "",
    joint: [] as Signatory[],
    employer: null as Employer | null,
    anonymous: false,
    anonymous_allowed: false,
    near: 0,
    missing: {} as Partial<Record<Missing, boolean>>,
    sent: "",
    state: "",
    number: "",
    claim: "",
    trouble: "",
    messages: false,
  },
  methods: {
    onLoad() {
      draft = keptDraft() ?? emptyDraft();
      this.know(settings());
      refreshSettings().then(
        (facts) => this.know(facts),
        () => undefined, // the last ones stand
      );
      this.show();
      if (!draft.spot && !draft.address) void this.find(true);
      else void this.lookAround();
    },
    know({ photos_max, urgent_numbers, categories, anonymous_allowed }: Settings) {
      this.setData({ most: photos_max, categories, anonymous_allowed, ...(this.data.urgent ? {} : { numbers: urgent_numbers }) });
    },
    onUnload() {
      off();
    },
    /** Joining another's report ends this one. */
    onShow() {
      if (!this.data.sent && hasContent(draft) && !keptDraft()) {
        draft = emptyDraft();
        this.show();
      }
    },
    show() {
      const { words, spot, address, category, unit, unit_name, anonymous, joint, employer } = draft;
      const place = spot ? (spot.how === "map" ? say("report", "on_map") : say("report", "located", { n: spot.accuracy_m ?? 0 })) : "";
      this.warn();
      this.setData({ pictures: pictureFacts(), words, count: words.length, place, located: spot !== null, address, category, unit, unit_name, anonymous, joint, employer });
    },
    keep() {
      try {
        keepDraft(draft);
      } catch {
        tellDone(say("report", "full"));
      }
    },
    async add() {
      const videos = draft.pictures.length === 0;
      try {
        const taken = await take(settings().photos_max - draft.pictures.length, videos);
        const video = taken.find((one) => one.fileType === "video");
        const most = settings().video_max_mb;
        if (video && video.size > most * 1_000_000) {
          tellDone(say("report", "heavy", { n: most }));
          return;
        }
        if (video && (video.duration ?? 0) > LONGEST_S) {
          tellDone(say("report", "long", { n: LONGEST_S }));
          return;
        }
        wx.showLoading({ title: say("report", "keeping"), mask: true });
        await addPictures(draft.pictures, video ? [video] : taken, () => this.keep());
      } catch (trouble) {
        tellTrouble(trouble);
      } finally {
        wx.hideLoading({ fail: () => undefined });
      }
      this.changed();
      void this.lookAround();
    },
    removePicture({ currentTarget }: Touched) {
      const gone = draft.pictures.filter((one) => one.id === currentTarget.dataset["id"]);
      draft.pictures = draft.pictures.filter((one) => !gone.includes(one));
      this.changed();
      dropPictures(gone);
    },
    lookAt({ currentTarget }: Touched) {
      const sources = draft.pictures.map((one) => ({ url: one.path, type: one.kind === "video" ? ("video" as const) : ("image" as const), ...(one.cover ? { poster: one.cover } : {}) }));
      void wx.previewMedia({ sources, current: draft.pictures.findIndex((one) => one.id === currentTarget.dataset["id"]) });
    },
    changed() {
      this.keep();
      this.show();
      if (Object.keys(this.data.missing).length) this.setData({ missing: this.lacking() });
    },
    lacking(): Partial<Record<Missing, boolean>> {
      return Object.fromEntries(missingIn(draft).map((one) => [one, true]));
    },
    type({ detail }: Typed) {
      draft.words = detail.value;
      this.keep();
      this.setData({ count: draft.words.length });
      this.warn();
    },
    /** Whom to call at once, before anything is sent. */
    warn() {
      const found = urgentIn(draft.words, settings().urgent_words);
      if ((found?.word ?? "") !== this.data.urgent) this.setData({ urgent: found?.word ?? "", numbers: found?.numbers ?? settings().urgent_numbers });
    },
    typeAddress({ detail }: Typed) {
      draft.address = detail.value;
      this.keep();
    },
    async find(quietly = false) {
      this.setData({ locating: true });
      const before = draft;
      try {
        const spot = await locate();
        if (draft !== before || draft.spot?.how === "map") return; // a point was picked meanwhile, or it was sent
        draft.spot = spot;
        this.setData({ denied: false });
        this.changed();
        void this.lookAround();
      } catch (trouble) {
        this.setData({ denied: wasDenied(trouble) });
        if (quietly !== true && !wasDenied(trouble)) tellTrouble(trouble);
      } finally {
        this.setData({ locating: false });
      }
    },
    findAgain() {
      if (draft.spot) draft.spot = { ...draft.spot, how: "position" };
      void this.find();
    },
    async pick() {
      try {
        const { spot, address } = await choose(draft.spot);
        draft.spot = spot;
        if (address) draft.address = address;
        this.changed();
        void this.lookAround();
      } catch (trouble) {
        if (wasDenied(trouble)) this.setData({ denied: true });
        else if (!wasCancelled(trouble)) tellTrouble(trouble);
      }
    },
    allow() {
      wx.openSetting({ success: ({ authSetting }) => authSetting["scope.userLocation"] && this.findAgain() });
    },
    chooseCategory({ currentTarget }: Touched) {
      const code = currentTarget.dataset["code"] ?? "";
      draft.category = draft.category === code ? "" : code;
      this.changed();
    },
    async chooseUnit() {
      try {
        const { items } = await citizen.units({ ...(draft.category ? { category: draft.category } : {}), ...(draft.spot ? { lon: draft.spot.lon, lat: draft.spot.lat } : {}) });
        const offered = items.slice(0, 5); // an action sheet holds six
        const { tapIndex } = await wx.showActionSheet({ itemList: [say("report", "by_platform"), ...offered.map((one) => one.name)] });
        const unit: UnitFound | undefined = offered[tapIndex - 1];
        Object.assign(draft, { unit: unit?.id ?? "", unit_name: unit?.name ?? "" });
        this.changed();
      } catch (trouble) {
        if (!/cancel/.test((trouble as { errMsg?: string }).errMsg ?? "")) tellTrouble(trouble);
      }
    },
    setEmployer({ detail }: { detail: { employer: Employer | null } }) {
      draft.employer = detail.employer;
      this.changed();
    },
    addSignatory() {
      if (draft.joint.length < MOST_SIGNATORIES) draft.joint = [...draft.joint, { name: "", phone: "" }];
      this.changed();
    },
    dropSignatory({ detail }: { detail: { index: number } }) {
      draft.joint = draft.joint.filter((_one, at) => at !== detail.index);
      this.changed();
    },
    /** Typed letters are the field's own; showing them again would move the cursor. */
    typeSignatory({ detail: { index, ...typed } }: { detail: Partial<Signatory> & { index: number } }) {
      draft.joint = draft.joint.map((one, at) => (at === index ? { ...one, ...typed } : one));
      this.keep();
    },
    toggleAnonymous() {
      draft.anonymous = !draft.anonymous;
      this.changed();
    },
    /** Whether others reported it already; quiet when that cannot be asked now. Nobody needs a name for the question. */
    async lookAround() {
      const turn = ++asked;
      this.setData({ near: 0 });
      if (!draft.spot || !hasContent(draft)) return;
      const found = await signedIn(() => nearby(draft), true).catch((): Near[] => []);
      if (turn === asked) this.setData({ near: found.length });
    },
    openNear() {
      wx.navigateTo({ url: "/pages/near/near" });
    },
    async drop() {
      if (!(await sure(say("report", "drop_sure"), say("report", "drop")))) return;
      dropPictures(draft.pictures);
      forgetDraft();
      draft = emptyDraft();
      this.setData({ missing: {}, near: 0 });
      this.show();
    },
    async send() {
      const missing = this.lacking();
      this.setData({ missing });
      if (missing.what || missing.where) {
        tellDone(say("report", missing.what ? "need_what" : "need_where"));
        return;
      }
      const { id } = draft;
      try {
        sendOff(draft);
      } catch {
        tellDone(say("report", "full"));
        return;
      }
      draft = emptyDraft();
      off();
      off = onLetters(() => this.follow(id));
      this.setData({ sent: id, state: "sending", messages: hasMessages("report") });
      void wx.pageScrollTo({ scrollTop: 0, duration: 0 });
      await pump();
      this.follow(id);
    },
    follow(id: string) {
      const letter = letterOf(id);
      if (!letter) return;
      const { state, number, claim, urgent, detail, errors } = letter;
      const trouble = state === "refused" ? (errors[0]?.message ?? (detail === "other" ? say("mine", "other") : detail)) : "";
      this.setData({ state, number, claim, trouble, messages: hasMessages("report"), ...(urgent ? { urgent } : {}) });
    },
    copy() {
      void wx.setClipboardData({ data: this.data.claim });
    },
    async notify() {
      try {
        const accepted = await acceptMessages("report");
        tellDone(say("report", accepted ? "notified" : "not_notified"));
        if (accepted) this.setData({ messages: false });
      } catch (trouble) {
        tellDone(troubleOf(trouble));
      }
    },
    mine() {
      wx.switchTab({ url: "/pages/mine/mine" });
    },
    another() {
      off();
      this.setData({ sent: "", state: "", number: "", claim: "", trouble: "", urgent: "", near: 0, missing: {} });
      this.onLoad();
    },
  },
});
