const XSD_DATE_TIME =
  /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,12}))?(Z|([+-])(\d{2}):(\d{2}))?$/i;
const MILLISECONDS_PER_MINUTE = 60_000;

/**
 * Reads an `xsd:dateTime` (RFC 7643 §2.3.5) and writes it as UTC with milliseconds and `Z`, so that dates
 * compare as texts. A time without an offset is taken as UTC. Undefined when it is not a date that exists.
 */
export function normalizeDateTime(text: string): string | undefined {
  const parts = XSD_DATE_TIME.exec(text.trim());
  if (parts === null) return undefined;
  const [
    ,
    year,
    month,
    day,
    hour,
    minute,
    second,
    fraction = "",
    ,
    sign,
    offsetHours = "0",
    offsetMinutes = "0",
  ] = parts;
  const milliseconds = fraction.slice(0, 3).padEnd(3, "0");
  const local = `${year}-${month}-${day}T${hour}:${minute}:${second}.${milliseconds}Z`;
  const time = Date.parse(local);
  // The 31st of June is parsed as the 1st of July, and hour 24 as the next day.
  if (Number.isNaN(time) || new Date(time).toISOString() !== local) return undefined;
  // XML Schema part 2, §3.2.7.3: offsets end at 14:00.
  const offset = Number(offsetHours) * 60 + Number(offsetMinutes);
  if (Number(offsetMinutes) > 59 || offset > 14 * 60) return undefined;
  const utc = new Date(
    time - (sign === "-" ? -offset : offset) * MILLISECONDS_PER_MINUTE,
  ).toISOString();
  // Years before 0000 and after 9999 have a sign and six digits, which no client reads and no text compares.
  return utc.length === local.length ? utc : undefined;
}
