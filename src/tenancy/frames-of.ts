const MOST_FRAMES = 8;

/**
 * Where in the code an error was thrown, for the log. Without the message, and without what looks like a place but
 * stands in the message: texts of the database driver hold SQL and its values, and so people's addresses.
 */
export function framesOf(error: Error): string[] {
  const stack = error.stack ?? "";
  const at = stack.indexOf(error.message);
  const places = at < 0 ? "" : stack.slice(at + error.message.length);
  return places
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line.startsWith("at "))
    .slice(0, MOST_FRAMES);
}
