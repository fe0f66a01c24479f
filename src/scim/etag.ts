const ENTITY_TAG = /(?:W\/)?"([^"]*)"/g;

/** The entity tag of a version. Weak, because one version has many representations (`attributes`, letter case). */
export function etagOf(version: number): string {
  return `W/"${version}"`;
}

/**
 * Whether a request with this `If-Match` may change a resource of this version: the header is absent, is `*`, or
 * lists the version. Compared weakly: RFC 7644 §3.14 has clients send weak tags, which RFC 9110's strong
 * comparison (§13.1.1) could never match.
 */
export function ifMatch(header: string | undefined, version: number): boolean {
  return header === undefined || lists(header, version);
}

/** Whether a request with this `If-None-Match` wants an answer: the header is absent, or does not list the version. */
export function ifNoneMatch(header: string | undefined, version: number): boolean {
  return header === undefined || !lists(header, version);
}

function lists(header: string, version: number): boolean {
  if (header.trim() === "*") return true;
  return [...header.matchAll(ENTITY_TAG)].some(([, tag]) => tag === String(version));
}
