import { vi } from "vitest";

const METHODS = ["log", "warn", "error", "info", "debug", "trace"] as const;

export interface CapturedLog {
  /** Every line so far, whichever method of the console wrote it. */
  readonly lines: readonly string[];
  /** The lines of one event, as objects. */
  of(event: string): Record<string, unknown>[];
  restore(): void;
}

/** Keeps what the Worker writes to the console, instead of showing it. */
export function captureLog(): CapturedLog {
  const lines: string[] = [];
  const spies = METHODS.map((method) =>
    vi.spyOn(console, method).mockImplementation((...values: unknown[]) => {
      lines.push(values.map(String).join(" "));
    }),
  );
  return {
    lines,
    of: (event) =>
      lines
        .filter((line) => line.startsWith(`{"event":"${event}"`))
        .map((line) => JSON.parse(line) as Record<string, unknown>),
    restore: () => {
      for (const spy of spies) spy.mockRestore();
    },
  };
}
