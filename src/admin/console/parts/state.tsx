import type { ProvisioningState } from "../../../directory/stats/provisioning-state.ts";
import { Badge, type Tone } from "./notice.tsx";

/** What each state means for the person who looks after the connection, and what comes next. */
const WORDS: Record<ProvisioningState, { tone: Tone; text: string; next: string }> = {
  waiting: {
    tone: "quiet",
    text: "Waiting for the first request",
    next: "Nothing has arrived yet. Paste the URL and a token into your identity provider.",
  },
  connected: {
    tone: "ok",
    text: "The credentials work",
    next: "Your identity provider has asked with a valid token. Assign people to the application and start provisioning.",
  },
  provisioning: {
    tone: "ok",
    text: "The first person has arrived",
    next: "Provisioning has begun. The first cycle of a large directory takes hours.",
  },
  healthy: { tone: "ok", text: "Healthy", next: "Your identity provider is in touch." },
  silent: {
    tone: "warn",
    text: "Silent",
    next: "Nothing has been heard for longer than usual. See in your identity provider whether provisioning is stopped or in quarantine.",
  },
  paused: {
    tone: "warn",
    text: "Paused",
    next: "Every request is answered with 503, and identity providers send it again later.",
  },
  suspended: { tone: "bad", text: "Suspended", next: "Every request is refused with 403." },
};

export const StateBadge = ({ state }: { state: ProvisioningState }) => (
  <Badge tone={WORDS[state].tone}>{WORDS[state].text}</Badge>
);

export const nextStep = (state: ProvisioningState): string => WORDS[state].next;
