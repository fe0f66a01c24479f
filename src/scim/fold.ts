const PRINTABLE_ASCII = /^[ -~]*$/;

/**
 * The one form in which text is compared when an attribute is not case exact: look-up keys, filters,
 * uniqueness and attribute names all use it. Promises that canonically equivalent texts, and texts that
 * differ only in letter case, fold to the same text, and that folding twice changes nothing.
 *
 * Source: RFC 7643 §2.2 (`caseExact`), RFC 8265 §3.3 (case mapping, then NFC). SQLite's own `lower()`
 * knows ASCII only, so the database never folds.
 */
export function foldText(text: string): string {
  if (PRINTABLE_ASCII.test(text)) return text.toLowerCase();
  // Lower case comes first: it can leave pairs that NFC joins (J with caron has no capital of its own).
  // Final sigma goes, or "ΝΙΚΟΣ" would not begin with what a person typed of it.
  return text.normalize("NFC").toLowerCase().normalize("NFC").replaceAll("ς", "σ");
}
