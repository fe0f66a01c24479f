import type { PropsWithChildren } from "hono/jsx";

export type Tone = "ok" | "warn" | "bad" | "quiet";

/** Something that the person who loads the page should see first; read out at once when it is bad. */
export function Notice({ tone, children }: PropsWithChildren<{ tone?: Tone }>) {
  return (
    <div class="notice" data-tone={tone} role={tone === "bad" ? "alert" : "status"}>
      {children}
    </div>
  );
}

export function Badge({ tone, children }: PropsWithChildren<{ tone: Tone }>) {
  return (
    <span class="badge" data-tone={tone}>
      {children}
    </span>
  );
}
