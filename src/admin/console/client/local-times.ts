/** Shows times in the zone and the words of the browser; the pages have them in UTC. */
export function localTimes(part: ParentNode): void {
  const format = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });
  for (const time of part.querySelectorAll("time")) {
    const at = new Date(time.dateTime);
    if (Number.isNaN(at.valueOf())) continue;
    time.title = time.dateTime;
    time.textContent = format.format(at);
  }
}
