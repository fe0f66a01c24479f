/** How much was written and refused in one hour or day. */
export interface Bar {
  /** Named in the table behind the picture. */
  readonly label: string;
  readonly writes: number;
  readonly refused: number;
}

const WIDTH = 600;
const HEIGHT = 120;

/** Bars of writes with what was refused of them on top, and the same as a table for whom a picture does not serve. */
export function TrafficChart({ title, bars }: { title: string; bars: readonly Bar[] }) {
  const highest = Math.max(1, ...bars.map(({ writes, refused }) => writes + refused));
  const step = WIDTH / bars.length;
  const tall = (count: number) => (count / highest) * (HEIGHT - 10);
  const sum = (name: "writes" | "refused") => bars.reduce((total, bar) => total + bar[name], 0);
  const busy = bars.filter(({ writes, refused }) => writes + refused > 0);
  if (busy.length === 0) return <p class="hint">{title}: nothing was asked for.</p>;
  return (
    <figure>
      <figcaption>
        {title}: {sum("writes")} written, {sum("refused")} refused
      </figcaption>
      <svg
        class="chart"
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={title}
      >
        <line x1="0" y1={HEIGHT} x2={WIDTH} y2={HEIGHT} />
        {bars.map(({ label, writes, refused }, at) => {
          const x = at * step + 1;
          const top = HEIGHT - tall(writes);
          return (
            <g>
              <title>{`${label}: ${writes} written, ${refused} refused`}</title>
              {writes > 0 && (
                <rect data-tone="ok" x={x} y={top} width={step - 2} height={tall(writes)} />
              )}
              {refused > 0 && (
                <rect
                  data-tone="bad"
                  x={x}
                  y={top - tall(refused)}
                  width={step - 2}
                  height={tall(refused)}
                />
              )}
            </g>
          );
        })}
      </svg>
      <p class="ends hint">
        <span>{bars[0]?.label}</span> <span>{bars.at(-1)?.label} UTC</span>
      </p>
      <details class="more">
        <summary>As a table</summary>
        <div class="scroll">
          <table class="data">
            <thead>
              <tr>
                <th scope="col">When (UTC)</th>
                <th scope="col">Written</th>
                <th scope="col">Refused</th>
              </tr>
            </thead>
            <tbody>
              {busy.map(({ label, writes, refused }) => (
                <tr>
                  <td data-label="When">{label}</td>
                  <td data-label="Written" class="number">
                    {writes}
                  </td>
                  <td data-label="Refused" class="number">
                    {refused}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </details>
    </figure>
  );
}
