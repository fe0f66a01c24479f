import { launchBrowser } from "./launch-browser.ts";
const b = await launchBrowser();
for (const [w,scheme] of [[1100,"light"],[360,"dark"]]) { const c = await b.newContext({viewport:{width:w,height:700},colorScheme:scheme}); const p = await c.newPage(); await p.goto(process.argv[2]); await p.evaluate(()=>document.querySelector("dialog")?.scrollIntoView()); await p.screenshot({path:`/tmp/sa/full-${w}.png`, fullPage:true}); await c.close(); }
await b.close();
