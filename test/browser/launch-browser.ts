import { existsSync } from "node:fs";
import { mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import os from "node:os";
import path from "node:path";

import { inflate } from "@sparticuz/chromium";
import { type Browser, chromium } from "playwright-core";

// Roots of containers have no user namespaces for the sandbox, and these pages are our own.
const ARGS = ["--no-sandbox"];
const FONTS_CONFIG = "fonts.conf";
const PACKAGE = path.dirname(
  path.dirname(createRequire(import.meta.url).resolve("@sparticuz/chromium")),
);

const IS_IN_PACKAGE = process.platform === "linux" && process.arch === "x64";
const INSTALLED = [
  "/usr/bin/google-chrome",
  "/usr/bin/chromium",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "C:/Program Files/Google/Chrome/Application/chrome.exe",
];

const chosen = (): string | undefined =>
  process.env["CHROME_PATH"] ??
  (IS_IN_PACKAGE ? undefined : INSTALLED.find((candidate) => existsSync(candidate)));

/** Whether `launchBrowser` has something to launch; where it has not, tests that need a browser are skipped. */
export const hasBrowser = (): boolean => IS_IN_PACKAGE || chosen() !== undefined;

/**
 * A headless Chromium. `CHROME_PATH` names another one; without it Linux on x64 takes the one of
 * `@sparticuz/chromium`, which comes with npm and brings its libraries and fonts, and other systems an installed Chrome.
 */
export async function launchBrowser(): Promise<Browser> {
  const executablePath = chosen();
  if (executablePath !== undefined) return chromium.launch({ executablePath, args: ARGS });
  const folder = await unpacked();
  return chromium.launch({
    executablePath: path.join(folder, "chromium"),
    args: ARGS,
    env: {
      ...process.env,
      LD_LIBRARY_PATH: path.join(folder, "al2023/lib"),
      FONTCONFIG_FILE: path.join(folder, FONTS_CONFIG),
    },
  });
}

/**
 * The folder with the unpacked browser, made once for all processes of this machine. Not the package's own
 * `executablePath`, which takes a file that another process is still writing for a whole one.
 */
async function unpacked(): Promise<string> {
  const { version } = JSON.parse(await readFile(path.join(PACKAGE, "package.json"), "utf8")) as {
    version: string;
  };
  const folder = path.join(os.tmpdir(), `scim-edge-chromium-${version}`);
  if (existsSync(folder)) return folder;
  const staging = await mkdtemp(`${folder}-`);
  const previous = process.env["TMPDIR"];
  // Where `inflate` puts things: it takes no other folder.
  process.env["TMPDIR"] = staging;
  try {
    const names = ["chromium.br", "fonts.tar.br", "al2023.tar.br"];
    await Promise.all(names.map((name) => inflate(path.join(PACKAGE, "bin", name))));
    // The package's own names folders of AWS Lambda.
    await writeFile(path.join(staging, FONTS_CONFIG), fontsConfig(folder));
    await rename(staging, folder);
  } catch (error) {
    await rm(staging, { recursive: true, force: true });
    // Another process was first.
    if (!existsSync(folder)) throw error;
  } finally {
    if (previous === undefined) delete process.env["TMPDIR"];
    else process.env["TMPDIR"] = previous;
  }
  return folder;
}

/** The fonts of the package, and those of the machine if it has any. */
const fontsConfig = (folder: string): string =>
  `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig><dir>${folder}/fonts</dir><include ignore_missing="yes">/etc/fonts/fonts.conf</include><cachedir>${folder}/cache</cachedir></fontconfig>`;
