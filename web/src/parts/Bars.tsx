// SPDX-License-Identifier: Apache-2.0
/** Bars with their figures, for a handful of values; what they show also stands in a table. */
export function Bars({ label, bars }: { label: string; bars: { name: string; size: number; text: string; kind?: 'good' | 'bad' | 'quiet' }[] }) {
  const most = Math.max(...bars.map((bar) => Math.abs(bar.size)), 1);
  const step = 100 / Math.max(bars.length, 1);
  return (
    <svg className="bars" role="img" aria-label={label} viewBox="0 0 600 190" preserveAspectRatio="xMidYMid meet">
      {bars.map((bar, at) => {
        const height = Math.max((Math.abs(bar.size) / most) * 130, bar.size === 0 ? 0 : 1);
        const x = at * step * 6;
        return (
          <g key={bar.name}>
            <rect className={bar.kind ?? 'quiet'} x={x + step * 0.6} y={155 - height} width={step * 4.8} height={height} />
            <text x={x + step * 3} y={148 - height} textAnchor="middle">
              {bar.text}
            </text>
            <text x={x + step * 3} y={172} textAnchor="middle">
              {bar.name}
            </text>
          </g>
        );
      })}
      <line x1="0" x2="600" y1="155.5" y2="155.5" />
    </svg>
  );
}
