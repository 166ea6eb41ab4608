import { definePart, type Touched } from "../../lib/page";

interface Number {
  number: string;
  name: string;
}

/** Who answers under the numbers that hold everywhere; a city's own are shown as they are. */
const NAMES: Record<string, string> = { "119": "fire", "120": "ambulance", "12350": "safety", "110": "police" };

definePart({
  words: "urgent",
  properties: { numbers: { type: Array, value: [] }, word: { type: String, value: "" } },
  data: { shown: [] as Number[] },
  observers: {
    "numbers, t"(numbers: string[], t: Record<string, string>) {
      this.setData({ shown: numbers.map((number) => ({ number, name: t[NAMES[number] ?? ""] ?? "" })) });
    },
  },
  methods: {
    call({ currentTarget }: Touched) {
      wx.makePhoneCall({ phoneNumber: currentTarget.dataset["number"] ?? "", fail: () => undefined }); // closed by the person
    },
  },
});
