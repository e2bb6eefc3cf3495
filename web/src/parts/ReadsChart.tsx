// SPDX-License-Identifier: Apache-2.0
import { useEffect, useRef } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { shortDay, t, useLanguage } from '../words/words';

/** An interval as it is drawn; what stands beside it where there is something. */
export interface Drawn {
  day: string;
  time: string;
  kwh: string;
  status: string;
  concerned: boolean;
  week_before: string | null;
  year_before?: string | null;
  neighbours?: string | null;
  estimate: string | null;
}
const counts = (one: Drawn) => one.status !== 'F' && one.status !== 'M';
// A chart is drawn with binary numbers; the table beside it has the digits.
const number = (text: string | null | undefined) => (text === null || text === undefined ? null : Number(text));

/** The intervals of a finding and their neighbours: full bars count, hollow ones do not, the band
 * behind is what the finding is about, the broken line the week before, the dotted one the year
 * before, the thin one the neighbours, the dots the estimate; flags are events of the meter. */
export function ReadsChart({ intervals, flags = [] }: { intervals: Drawn[]; flags?: number[] }) {
  const place = useRef<HTMLDivElement>(null);
  const language = useLanguage();
  useEffect(() => {
    const element = place.current!;
    const style = getComputedStyle(element);
    const color = (name: string) => style.getPropertyValue(name).trim();
    const first = intervals.findIndex((one) => one.concerned);
    const last = intervals.reduce((found, one, i) => (one.concerned ? i : found), first);
    const band = (u: uPlot) => {
      if (first < 0) return;
      const from = u.valToPos(first - 0.5, 'x', true);
      const until = u.valToPos(last + 0.5, 'x', true);
      u.ctx.save();
      u.ctx.fillStyle = color('--chosen');
      u.ctx.fillRect(from, u.bbox.top, Math.max(3, until - from), u.bbox.height);
      u.ctx.restore();
    };
    const bars = (u: uPlot) => {
      const { ctx } = u;
      const width = Math.max(1, (u.bbox.width / Math.max(1, intervals.length)) * 0.7);
      ctx.save();
      ctx.fillStyle = ctx.strokeStyle = color('--accent');
      intervals.forEach((one, i) => {
        if (one.status === 'M') return;
        const x = u.valToPos(i, 'x', true) - width / 2;
        const zero = u.valToPos(0, 'y', true);
        const y = u.valToPos(Number(one.kwh), 'y', true);
        if (counts(one)) ctx.fillRect(x, y, width, zero - y);
        else ctx.strokeRect(x, y, Math.max(2, width), zero - y);
      });
      ctx.restore();
    };
    const dots = (u: uPlot) => {
      u.ctx.save();
      u.ctx.fillStyle = color('--focus');
      intervals.forEach((one, i) => {
        if (one.estimate === null) return;
        u.ctx.beginPath();
        u.ctx.arc(u.valToPos(i, 'x', true), u.valToPos(Number(one.estimate), 'y', true), 3.5, 0, 2 * Math.PI);
        u.ctx.fill();
      });
      u.ctx.strokeStyle = color('--bad');
      u.ctx.fillStyle = color('--bad');
      for (const at of flags) {
        const x = u.valToPos(at, 'x', true);
        u.ctx.beginPath();
        u.ctx.moveTo(x, u.bbox.top + u.bbox.height);
        u.ctx.lineTo(x, u.bbox.top);
        u.ctx.stroke();
        u.ctx.fillRect(x, u.bbox.top, 10, 7);
      }
      u.ctx.restore();
    };
    const plot = new uPlot(
      {
        width: element.clientWidth,
        height: 240,
        padding: [8, 8, 0, 0],
        legend: { show: false },
        cursor: { drag: { x: false, y: false }, points: { show: false } },
        scales: { x: { time: false, range: [-0.6, Math.max(0.6, intervals.length - 0.4)] }, y: { range: (_, low, high) => [Math.min(0, low), high <= 0 ? 1 : high * 1.08] } },
        axes: [
          { stroke: color('--quiet'), grid: { show: false }, ticks: { show: false }, values: (_, ticks) => ticks.map((i) => (Number.isInteger(i) && intervals[i] ? `${shortDay(intervals[i].day)} ${intervals[i].time}` : '')), incrs: [1, 2, 4, 8, 12, 24, 48, 96, 192], space: 110 },
          { stroke: color('--quiet'), grid: { stroke: color('--line'), width: 1 }, ticks: { show: false }, size: 56, label: 'kWh' },
        ],
        series: [
          {},
          { paths: () => null, points: { show: false } },
          { stroke: color('--quiet'), dash: [4, 3], width: 1.5, points: { show: false } },
          { stroke: color('--warn'), dash: [1, 3], width: 1.5, points: { show: false } },
          { stroke: color('--good'), width: 1, points: { show: false } },
          { paths: () => null, points: { show: false } },
        ],
        hooks: { drawClear: [band], drawSeries: [(u, series) => void (series === 1 && bars(u))], draw: [dots] },
      },
      [intervals.map((_, i) => i), intervals.map((one) => number(one.kwh)), intervals.map((one) => number(one.week_before)), intervals.map((one) => number(one.year_before)), intervals.map((one) => number(one.neighbours)), intervals.map((one) => number(one.estimate))],
      element,
    );
    const resize = new ResizeObserver(() => plot.setSize({ width: element.clientWidth, height: 240 }));
    resize.observe(element);
    return () => {
      resize.disconnect();
      plot.destroy();
    };
  }, [intervals, flags, language]);
  return <div className="chart tall" ref={place} role="img" aria-label={t('reads.chart')} />;
}
