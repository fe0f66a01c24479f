import { invalidValue } from "../error.ts";

/** One fault, one text, wherever a name is found twice (RFC 7643 §2.1: names have no letter case). */
export const givenTwice = (where: string) =>
  invalidValue(`"${where}" is given twice, in different spellings. Send it once.`);
