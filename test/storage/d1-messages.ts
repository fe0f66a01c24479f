/** The texts of Cloudflare's page "Debug D1". `ran`: the statements may have been applied all the same. */
export const D1_MESSAGES: readonly { text: string; ran: boolean; retried: boolean }[] = [
  { text: "D1_ERROR: D1 DB reset because its code was updated.", ran: true, retried: true },
  {
    text: "D1_ERROR: Internal error while starting up D1 DB storage caused object to be reset.",
    ran: true,
    retried: true,
  },
  { text: "D1_ERROR: Network connection lost.", ran: true, retried: true },
  {
    text: "D1_ERROR: Internal error in D1 DB storage caused object to be reset.",
    ran: true,
    retried: true,
  },
  {
    text: "D1_ERROR: Cannot resolve D1 DB due to transient issue on remote node.",
    ran: true,
    retried: true,
  },
  {
    text: "D1_ERROR: Can't read from request stream because client disconnected.",
    ran: true,
    retried: true,
  },
  {
    text: "D1_ERROR: D1 DB storage operation exceeded timeout which caused object to be reset.",
    ran: true,
    retried: false,
  },
  {
    text: "D1_ERROR: D1 DB is overloaded. Requests queued for too long.",
    ran: false,
    retried: false,
  },
  { text: "D1_ERROR: D1 DB is overloaded. Too many requests queued.", ran: false, retried: false },
  {
    text: "D1_ERROR: D1 DB's isolate exceeded its memory limit and was reset.",
    ran: true,
    retried: false,
  },
  { text: "D1_ERROR: D1 DB exceeded its CPU time limit and was reset.", ran: true, retried: false },
  { text: "D1_ERROR: a text that nobody has seen yet", ran: true, retried: false },
];
