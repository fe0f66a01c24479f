/**
 * Orders two texts by code point: negative, zero or positive. This is the order of SQLite's BINARY collation over
 * UTF-8; `<` would compare UTF-16 units, which puts an emoji before a character of the private use area.
 */
export function compareText(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let index = 0; index < length; index += 1) {
    const left = a.charCodeAt(index);
    const right = b.charCodeAt(index);
    if (left !== right) return codePointOrder(left) - codePointOrder(right);
  }
  return a.length - b.length;
}

const FIRST_SURROGATE = 0xd800;
const LAST_SURROGATE = 0xdfff;
const ABOVE_ALL_UNITS = 0x10000;

/** The first unit that differs decides; surrogates stand for code points above every other unit. */
function codePointOrder(unit: number): number {
  return unit >= FIRST_SURROGATE && unit <= LAST_SURROGATE ? unit + ABOVE_ALL_UNITS : unit;
}
