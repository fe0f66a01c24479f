export interface Progress {
  /** Begins a phase of so many items. */
  begin(phase: string, total: number): void;
  /** One more is done. */
  tick(): void;
  /** Ends the phase. */
  end(): void;
}

const WIDTH = 24;
const REDRAW_MS = 100;
const LINE_MS = 5000;

/** A bar that redraws itself on a terminal; elsewhere a line at the end of each phase and every 5 seconds. */
export function showProgress(out: NodeJS.WriteStream): Progress {
  let phase = "";
  let total = 0;
  let done = 0;
  let drawn = 0;

  const bar = (): string => {
    const filled = total === 0 ? WIDTH : Math.round((done / total) * WIDTH);
    return `${phase.padEnd(12)} [${"#".repeat(filled)}${"-".repeat(WIDTH - filled)}] ${done}/${total}`;
  };
  const draw = (atEnd: boolean): void => {
    if (!atEnd && Date.now() - drawn < (out.isTTY ? REDRAW_MS : LINE_MS)) return;
    drawn = Date.now();
    if (out.isTTY) out.write(`\r\u001B[K${bar()}${atEnd ? "\n" : ""}`);
    else out.write(`${bar()}\n`);
  };

  return {
    begin(name, count) {
      [phase, total, done, drawn] = [name, count, 0, Date.now()];
      if (out.isTTY) draw(false);
    },
    tick() {
      done += 1;
      draw(false);
    },
    end() {
      draw(true);
    },
  };
}
