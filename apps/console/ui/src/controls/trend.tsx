import type { ControlLine, ControlState } from '../api/board-query.ts';
import { sayTrend } from './board-words.ts';

const most = 12;
const step = 8;
const height = 20;

/** Told apart by height and shape as well as by colour: tall, short, and a hollow one between. */
const shapes: Readonly<Record<ControlState, { readonly top: number }>> = {
  pass: { top: 2 },
  unknown: { top: 6 },
  fail: { top: 11 },
};

/** The last runs of a control as bars, the newest at the right. */
export function Trend({ trend }: { trend: ControlLine['trend'] }) {
  const shown = trend.slice(-most);
  return (
    <svg
      className="trend"
      viewBox={`0 0 ${most * step} ${height}`}
      role="img"
      aria-label={sayTrend(trend)}
      focusable="false"
    >
      {shown.map(({ at, state }, place) => (
        <rect
          key={at}
          className={`trend-${state}`}
          x={(most - shown.length + place) * step + 1}
          y={shapes[state].top}
          width={step - 2}
          height={height - 2 - shapes[state].top}
          rx="1"
        />
      ))}
      <path className="trend-ground" d={`M0 ${height - 0.5}h${most * step}`} />
    </svg>
  );
}
