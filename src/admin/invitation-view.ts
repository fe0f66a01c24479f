import * as z from "zod";

import { INVITATION_STATES, type Invitation } from "../directory/invitations/invitation.ts";

/** An invitation on the wire. A person has one at most, so that the person's id is its id. */
export const InvitationView = z.object({
  id: z.string(),
  userId: z.string(),
  email: z.string().nullable().describe("Of the person, as it is now."),
  state: z.enum(INVITATION_STATES),
  dueAt: z.string().describe("While it is queued: when it is sent, or tried again."),
  sentAt: z.string().nullable(),
  attempts: z.int(),
  lastError: z.string().nullable(),
});

export const invitationView = (invitation: Invitation): z.infer<typeof InvitationView> => {
  const { userId, email, state, dueAt, sentAt, attempts, lastError } = invitation;
  return { id: userId, userId, email, state, dueAt, sentAt, attempts, lastError };
};
