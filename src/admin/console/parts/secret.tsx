import { Notice } from "./notice.tsx";

/** What is shown this once: only its digest is kept. */
export function Secret({
  title,
  values,
}: {
  title: string;
  values: Readonly<Record<string, string>>;
}) {
  return (
    <Notice tone="ok">
      <h2>{title}</h2>
      <p>Copy it now: it is shown this once and cannot be shown again.</p>
      <dl class="facts">
        {Object.entries(values).map(([name, value]) => (
          <div>
            <dt>{name}</dt>
            <dd>
              <code data-copy="">{value}</code>
            </dd>
          </div>
        ))}
      </dl>
    </Notice>
  );
}
