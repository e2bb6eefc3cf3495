// SPDX-License-Identifier: Apache-2.0
import { useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useRef, useState } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { address, get, type Schemas } from '../api/client';
import { Answer } from '../parts/parts';
import { day, decimal, month, plusDays, shortDay, t, useLanguage, word } from '../words/words';

type Point = Schemas['UsagePoint'];
type Resolution = 'bill' | 'day' | 'interval';

const when = (point: Point, resolution: Resolution) =>
  resolution === 'bill' ? month(plusDays(point.from, 15)) : resolution === 'day' ? shortDay(point.from) : point.from.slice(5, 16).replace('T', ' ');

/** Bars of use; marks differ by shape, never by colour alone: a hollow bar is estimated, a hatched
 * one edited, a cross missing. Last year is a line behind. */
function Chart({ points, resolution }: { points: Point[]; resolution: Resolution }) {
  const place = useRef<HTMLDivElement>(null);
  const language = useLanguage();
  useEffect(() => {
    const element = place.current!;
    const style = getComputedStyle(element);
    const color = (name: string) => style.getPropertyValue(name).trim();
    const xs = points.map((_, i) => i);
    // A chart is drawn with binary numbers; the table beside it has the digits.
    const use = points.map((point) => (point.mark === 'missing' && point.kwh === '0' ? null : Number(point.kwh)));
    const before = points.map((point) => (point.last_year === null || point.last_year === undefined ? null : Number(point.last_year)));
    const bars = (u: uPlot) => {
      const { ctx } = u;
      const width = Math.max(1, (u.bbox.width / Math.max(1, points.length)) * 0.7);
      ctx.save();
      points.forEach((point, i) => {
        const x = u.valToPos(i, 'x', true) - width / 2;
        const zero = u.valToPos(0, 'y', true);
        const y = u.valToPos(Number(point.kwh), 'y', true);
        ctx.fillStyle = ctx.strokeStyle = color('--accent');
        ctx.lineWidth = 1.5;
        if (point.mark === 'missing') {
          ctx.beginPath();
          ctx.moveTo(x, zero - 12);
          ctx.lineTo(x + width, zero - 2);
          ctx.moveTo(x + width, zero - 12);
          ctx.lineTo(x, zero - 2);
          ctx.stroke();
          return;
        }
        if (point.mark === 'actual') ctx.fillRect(x, y, width, zero - y);
        else ctx.strokeRect(x, y, width, zero - y);
        if (point.mark === 'edited') {
          ctx.beginPath();
          for (let line = y; line < zero; line += 6) {
            ctx.moveTo(x, line);
            ctx.lineTo(x + width, Math.min(zero, line + 6));
          }
          ctx.stroke();
        }
      });
      ctx.restore();
    };
    const plot = new uPlot(
      {
        width: element.clientWidth,
        height: 170,
        padding: [8, 8, 0, 0],
        legend: { show: false },
        cursor: { drag: { x: false, y: false }, points: { show: false } },
        scales: { x: { time: false, range: [-0.6, Math.max(0.6, points.length - 0.4)] }, y: { range: (_, low, high) => [Math.min(0, low), high <= 0 ? 1 : high * 1.08] } },
        axes: [
          { stroke: color('--quiet'), grid: { show: false }, ticks: { show: false }, values: (_, ticks) => ticks.map((i) => (Number.isInteger(i) && points[i] ? when(points[i], resolution) : '')), incrs: [1, 2, 3, 5, 7, 14, 24, 48, 96, 192], space: 84 },
          { stroke: color('--quiet'), grid: { stroke: color('--line'), width: 1 }, ticks: { show: false }, size: 56 },
        ],
        series: [
          {},
          { paths: () => null, points: { show: false } },
          { stroke: color('--quiet'), dash: [4, 3], width: 1.5, spanGaps: true, points: { show: false } },
        ],
        hooks: { drawSeries: [(u, series) => void (series === 1 && bars(u))] },
      },
      [xs, use, before],
      element,
    );
    const resize = new ResizeObserver(() => plot.setSize({ width: element.clientWidth, height: 170 }));
    resize.observe(element);
    return () => {
      resize.disconnect();
      plot.destroy();
    };
  }, [points, resolution, language]);
  return <div className="chart" ref={place} role="img" aria-label={t('usage.chart')} />;
}

function csvOf(points: Point[]): string {
  const lines = ['from,until,kwh,mark,last_year', ...points.map((p) => [p.from, p.until, p.kwh, p.mark, p.last_year ?? ''].join(','))];
  return `data:text/csv;charset=utf-8,${encodeURIComponent(lines.join('\r\n') + '\r\n')}`;
}

export default function Usage({ account }: { account: string }) {
  const [resolution, setResolution] = useState<Resolution>('bill');
  const [table, setTable] = useState(false);
  const usage = useQuery({
    queryKey: ['usage', account, resolution],
    queryFn: () => get('/v1/accounts/{account}/usage', { path: { account }, query: { resolution } }),
    placeholderData: (before) => before,
  });
  const points = useMemo(() => usage.data?.points ?? [], [usage.data]);
  const marks = [...new Set(points.map((point) => point.mark))].filter((mark) => mark !== 'actual');
  return (
    <section className="usage" aria-label={t('usage.title')}>
      <div className="bar">
        <h2>{t('usage.title')}</h2>
        <div className="tabs" role="group" aria-label={t('usage.by')}>
          {(['bill', 'day', 'interval'] as const).map((one) => (
            <button key={one} type="button" aria-pressed={resolution === one} onClick={() => setResolution(one)}>
              {word('usage', one)}
            </button>
          ))}
        </div>
        {points.some((point) => point.last_year) && <span className="quiet-text">- - {t('usage.last_year')}</span>}
        {marks.map((mark) => (
          <span key={mark} className="quiet-text">
            {mark === 'estimated' ? '▯' : mark === 'edited' ? '▨' : '✕'} {word('mark', mark)}
          </span>
        ))}
        <span className="spring" />
        <button type="button" aria-pressed={table} onClick={() => setTable(!table)}>
          {t('usage.table')}
        </button>
        <a className="button" href={csvOf(points)} download={`usage-${account}-${resolution}.csv`}>
          CSV
        </a>
        {resolution === 'interval' && (
          <>
            <a className="button" href={address('/v1/accounts/{account}/usage-export', { path: { account }, query: { format: 'green-button' } })} download>
              {t('usage.green_button')}
            </a>
            <a className="button" href={address('/v1/accounts/{account}/usage-export', { path: { account }, query: { format: 'csv-intervals' } })} download>
              {t('usage.intervals_csv')}
            </a>
          </>
        )}
      </div>
      <Answer query={usage} empty={() => points.length === 0}>
        {() =>
          table ? (
            <div className="scroll" tabIndex={0}>
              <table className="plain">
                <thead>
                  <tr>
                    <th>{t('field.from')}</th>
                    <th>{t('field.until')}</th>
                    <th className="number">kWh</th>
                    <th>{t('usage.mark')}</th>
                    <th className="number">{t('usage.last_year')}</th>
                  </tr>
                </thead>
                <tbody>
                  {points.map((point) => (
                    <tr key={point.from}>
                      <td>{resolution === 'interval' ? point.from.replace('T', ' ') : day(point.from)}</td>
                      <td>{resolution === 'interval' ? point.until.slice(11, 16) : day(point.until)}</td>
                      <td className="number">{decimal(point.kwh)}</td>
                      <td>{word('mark', point.mark)}</td>
                      <td className="number">{decimal(point.last_year)}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          ) : (
            <Chart points={points} resolution={resolution} />
          )
        }
      </Answer>
    </section>
  );
}
