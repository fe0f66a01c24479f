/** The way to the next page of a list that is paged by cursor. `query` holds what the list is filtered by. */
export function Pager({
  path,
  query = {},
  nextCursor,
}: {
  path: string;
  query?: Readonly<Record<string, string | undefined>>;
  nextCursor: string | null;
}) {
  const isFirst = query["cursor"] === undefined;
  if (nextCursor === null && isFirst) return null;
  return (
    <nav class="pager" aria-label="Pages">
      {!isFirst && <a href={withQuery(path, { ...query, cursor: undefined })}>First page</a>}
      {nextCursor !== null && (
        <a href={withQuery(path, { ...query, cursor: nextCursor })} rel="next">
          Next page
        </a>
      )}
    </nav>
  );
}

/** A path with the parameters that are given and not empty. */
export function withQuery(
  path: string,
  query: Readonly<Record<string, string | undefined>>,
): string {
  const given = Object.entries(query).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== "",
  );
  return given.length === 0 ? path : `${path}?${new URLSearchParams(given).toString()}`;
}
