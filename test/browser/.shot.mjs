import { launchBrowser } from "./launch-browser.ts";
import { readFileSync } from "node:fs";
const axe = readFileSync("/work/main/node_modules/axe-core/axe.min.js", "utf8");
const [url, name] = process.argv.slice(2);
const b = await launchBrowser();
for (const [w, h, scheme] of [
  [1280, 900, "light"],
  [360, 740, "light"],
  [1280, 900, "dark"],
  [360, 740, "dark"],
]) {
  const c = await b.newContext({
    viewport: { width: w, height: h },
    colorScheme: scheme,
    bypassCSP: true,
  });
  const p = await c.newPage();
  const errs = [];
  p.on("console", (m) => errs.push(m.text()));
  p.on("requestfailed", (r) => errs.push(r.url()));
  await p.goto(url);
  const over = await p.evaluate(() => ({
    sw: document.documentElement.scrollWidth,
    cw: document.documentElement.clientWidth,
    wide: [...document.querySelectorAll("body *")]
      .filter(
        (e) =>
          e.getBoundingClientRect().right > document.documentElement.clientWidth + 1 &&
          !e.closest("pre,.scroll"),
      )
      .slice(0, 5)
      .map((e) => e.outerHTML.slice(0, 120)),
  }));
  console.log(w, scheme, JSON.stringify(over), errs);
  await p.screenshot({ path: `/tmp/sa/${name}-${w}-${scheme}.png` });
  await p.evaluate(() => document.querySelector("#createTenant")?.scrollIntoView());
  await p.screenshot({ path: `/tmp/sa/${name}-${w}-${scheme}-b.png` });
  if (process.argv[4]) {
    await p.evaluate(axe);
    const r = await p.evaluate(() =>
      axe.run({
        runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
      }),
    );
    console.log(
      r.violations.map(
        (v) =>
          `${v.id} ${v.nodes.length} ${v.help} :: ${v.nodes[0].html.slice(0, 150)} ${v.nodes[0].failureSummary.slice(0, 200)}`,
      ),
    );
  }
  await c.close();
}
await b.close();
