import { isRecord } from "./fill-template.ts";

interface Marker {
  readonly holds: (wanted: unknown, actual: unknown) => boolean;
  readonly say: (wanted: unknown) => string;
}

/** Expectations that no JSON value can state. `$ref` is a SCIM attribute, so only these names are markers. */
const MARKERS: Readonly<Record<string, Marker>> = {
  $absent: {
    holds: (wanted, actual) => (actual === undefined) === wanted,
    say: (wanted) => (wanted === true ? "be absent" : "be there"),
  },
  $empty: {
    holds: (wanted, actual) => isEmpty(actual) === wanted,
    say: (wanted) => (wanted === true ? "be absent or empty" : "hold something"),
  },
  $length: {
    holds: (wanted, actual) => Array.isArray(actual) && actual.length === wanted,
    say: (wanted) => `have ${show(wanted)} items`,
  },
  $contains: {
    holds: (wanted, actual) =>
      list(wanted).every((one) => list(actual).some((item) => fits(one, item))),
    say: (wanted) => `contain ${show(wanted)}`,
  },
  $lacks: {
    holds: (wanted, actual) =>
      !list(wanted).some((one) => list(actual).some((item) => fits(one, item))),
    say: (wanted) => `contain none of ${show(wanted)}`,
  },
  $matches: {
    holds: (wanted, actual) =>
      typeof actual === "string" && new RegExp(String(wanted), "u").test(actual),
    say: (wanted) => `match ${show(wanted)}`,
  },
  $oneOf: {
    holds: (wanted, actual) => list(wanted).some((one) => fits(one, actual)),
    say: (wanted) => `be one of ${show(wanted)}`,
  },
  $not: {
    holds: (wanted, actual) => !fits(wanted, actual),
    say: (wanted) => `not be ${show(wanted)}`,
  },
};

/**
 * What is wrong with an answer, as sentences that begin with the place in it; none when it fits.
 *
 * Objects match partially: what is not mentioned may be there. Lists match item by item and in full. An
 * object of markers matches when all of them hold: `{"$absent": true}`, `{"$empty": true}` (absent, null,
 * "" or []), `{"$length": 2}`, `{"$contains": […]}` (each item fits one of the answer's), `{"$lacks": […]}`,
 * `{"$matches": "regular expression"}`, `{"$oneOf": […]}`, `{"$not": …}`.
 */
export function matchBody(expected: unknown, actual: unknown, place = "body"): string[] {
  const markers = markersOf(expected);
  if (markers.length > 0) {
    return markers
      .filter(([marker, wanted]) => !marker.holds(wanted, actual))
      .map(([marker, wanted]) => `${place} should ${marker.say(wanted)}, is ${show(actual)}`);
  }
  if (Array.isArray(expected)) return matchList(expected, actual, place);
  if (isRecord(expected)) {
    if (!isRecord(actual)) return [`${place} should be an object, is ${show(actual)}`];
    // Never up the prototype chain: an answer without "constructor" has none.
    return Object.entries(expected).flatMap(([key, value]) =>
      matchBody(value, Object.hasOwn(actual, key) ? actual[key] : undefined, `${place}.${key}`),
    );
  }
  return Object.is(expected, actual)
    ? []
    : [`${place} should be ${show(expected)}, is ${show(actual)}`];
}

function matchList(expected: readonly unknown[], actual: unknown, place: string): string[] {
  if (!Array.isArray(actual)) return [`${place} should be a list, is ${show(actual)}`];
  if (actual.length !== expected.length) {
    return [`${place} should have ${expected.length} items, has ${actual.length}: ${show(actual)}`];
  }
  return expected.flatMap((item, at) => matchBody(item, actual[at], `${place}[${at}]`));
}

/** The markers of an object that consists of nothing else. */
function markersOf(value: unknown): [Marker, unknown][] {
  if (!isRecord(value)) return [];
  const entries = Object.entries(value);
  const markers = entries.flatMap(([key, wanted]): [Marker, unknown][] => {
    const marker = Object.hasOwn(MARKERS, key) ? MARKERS[key] : undefined;
    return marker === undefined ? [] : [[marker, wanted]];
  });
  return markers.length === entries.length ? markers : [];
}

function fits(expected: unknown, actual: unknown): boolean {
  return matchBody(expected, actual).length === 0;
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function isEmpty(value: unknown): boolean {
  return (
    value === undefined ||
    value === null ||
    value === "" ||
    (Array.isArray(value) && value.length === 0)
  );
}

function show(value: unknown): string {
  const text = value === undefined ? "absent" : JSON.stringify(value);
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}
