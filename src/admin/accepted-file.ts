/**
 * The first of the files that a request asks for by `Accept` (RFC 9110 §12.5.1); undefined where it rather has
 * JSON, or does not care: a range such as `*\/*` asks for nothing in particular.
 */
export function acceptedFile<Type extends string>(
  accept: string | undefined,
  files: readonly Type[],
): Type | undefined {
  const weights = new Map(
    (accept ?? "").split(",").map((range) => {
      const [type = "", ...parameters] = range.split(";").map((part) => part.trim().toLowerCase());
      const q = parameters.find((parameter) => parameter.startsWith("q="))?.slice(2);
      return [type, q === undefined ? 1 : Number(q)] as const;
    }),
  );
  const weightOf = (type: string): number => weights.get(type) ?? 0;
  const [best] = files.toSorted((a, b) => weightOf(b) - weightOf(a));
  if (best === undefined || !(weightOf(best) > 0)) return undefined;
  return weightOf(best) >= weightOf("application/json") ? best : undefined;
}
