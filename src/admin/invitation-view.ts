import * as z from "zod/mini";

import { INVITATION_STATES, type Invitation } from "../directory/invitations/invitation.ts";

/** An invitation on the wire. A person has one at most, so that the person's id is its id. */
export const InvitationView = z.object({
  id: z.string(),
  userId: z.string(),
  email: z.nullable(z.string()).check(z.describe("Of the person, as it is now.")),
  state: z.enum(INVITATION_STATES),
  dueAt: z.string().check(z.describe("While it is queued: when it is sent, or tried again.")),
  sentAt: z.nullable(z.string()),
  attempts: z.int(),
  lastError: z.nullable(z.string()),
});

export const invitationView = (invitation: Invitation): z.infer<typeof InvitationView> => {
  const { userId, email, state, dueAt, sentAt, attempts, lastError } = invitation;
  return { id: userId, userId, email, state, dueAt, sentAt, attempts, lastError };
};
