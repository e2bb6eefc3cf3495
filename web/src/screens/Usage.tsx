// SPDX-License-Identifier: Apache-2.0
import { useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useRef, useState } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { address, get, type Schemas } from '../api/client';
import { Answer, TextField } from '../parts/parts';
import { clock, day, decimal, month, plusDays, shortDay, t, useLanguage, word } from '../words/words';

type Point = Schemas['UsagePoint'];
const resolutions = ['bill', 'month', 'week', 'day', 'hour', 'interval'] as const;
type Resolution = (typeof resolutions)[number];
const byClock = (resolution: Resolution) => resolution === 'hour' || resolution === 'interval';

/** Of a register without reads at the edges of the step: from one read to the next, however long. */
const isStretch = (point: Point, resolution: Resolution) => {
  if (!point.read_types) return false;
  if (resolution === 'day') return plusDays(point.from, 1) !== point.until;
  if (resolution === 'week') return plusDays(point.from, 7) !== point.until;
  return !(point.from.endsWith('-01') && point.until.endsWith('-01'));
};

const when = (point: Point, resolution: Resolution) => {
  if (isStretch(point, resolution)) return `${shortDay(point.from)}–${shortDay(point.until)}`;
  if (byClock(resolution)) return point.from.slice(5, 16).replace('T', ' ');
  if (resolution === 'bill') return month(plusDays(point.from, 15));
  return resolution === 'month' ? month(point.from) : shortDay(point.from);
};

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

const readTypes = (types: string) =>
  types
    .split(' ')
    .map((type) => word('read_type', type))
    .join(', ');

function csvOf(points: Point[]): string {
  const lines = ['from,until,kwh,mark,read_types,last_year', ...points.map((p) => [p.from, p.until, p.kwh, p.mark, p.read_types ?? '', p.last_year ?? ''].join(','))];
  return `data:text/csv;charset=utf-8,${encodeURIComponent(lines.join('\r\n') + '\r\n')}`;
}

/** What was recorded after the day for which the use is shown, and by whom. */
function Changes({ account, from, until, knownOn }: { account: string; from: string; until: string; knownOn: string }) {
  const changes = useQuery({
    queryKey: ['usage-changes', account, from, until, knownOn],
    queryFn: () => get('/v1/usage/changes', { query: { account, from, until, known_on: knownOn } }),
  });
  return (
    <Answer query={changes}>
      {(data) => (
        <>
          <h3>{t('usage.changed_since', { day: day(knownOn), kwh: decimal(data.kwh_difference), n: data.changes.length })}</h3>
          {data.changes.length > 0 && (
            <div className="scroll" tabIndex={0}>
              <table className="plain">
                <thead>
                  <tr>
                    <th>{t('usage.recorded_on')}</th>
                    <th>{t('reads.meter')}</th>
                    <th>{t('field.from')}</th>
                    <th>{t('field.until')}</th>
                    <th className="number">{t('usage.before')}</th>
                    <th className="number">{t('usage.after')}</th>
                    <th>{t('usage.why')}</th>
                    <th>{t('usage.who')}</th>
                  </tr>
                </thead>
                <tbody>
                  {data.changes.slice(0, 200).map((one, i) => (
                    <tr key={i}>
                      <td>{day(one.recorded_on)}</td>
                      <td>{one.meter}</td>
                      <td>{clock(one.from)}</td>
                      <td>{clock(one.until)}</td>
                      <td className="number">
                        {decimal(one.kwh_before)} {word('status', one.status_before)}
                      </td>
                      <td className="number">
                        {decimal(one.kwh_after)} {word('status', one.status_after)}
                      </td>
                      <td>{one.why}</td>
                      <td>{one.by}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          )}
        </>
      )}
    </Answer>
  );
}

export default function Usage({ account }: { account: string }) {
  const [resolution, setResolution] = useState<Resolution>('bill');
  const [table, setTable] = useState(false);
  const [asked, setKnownOn] = useState('');
  // Bills are what was billed, and never change.
  const knownOn = resolution === 'bill' ? '' : asked;
  const usage = useQuery({
    queryKey: ['usage', account, resolution, knownOn],
    queryFn: () => get('/v1/accounts/{account}/usage', { path: { account }, query: { resolution, ...(knownOn && { known_on: knownOn }) } }),
    placeholderData: (before) => before,
  });
  const points = useMemo(() => usage.data?.points ?? [], [usage.data]);
  const marks = [...new Set(points.map((point) => point.mark))].filter((mark) => mark !== 'actual');
  return (
    <section className="usage" aria-label={t('usage.title')}>
      <div className="bar">
        <h2>{t('usage.title')}</h2>
        <div className="tabs" role="group" aria-label={t('usage.by')}>
          {resolutions.map((one) => (
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
        {points.some((point) => isStretch(point, resolution)) && <span className="quiet-text">{t('usage.between_reads')}</span>}
        <span className="spring" />
        {resolution !== 'bill' && <TextField label={t('report.known_on')} type="date" value={asked} onChange={setKnownOn} />}
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
                    <tr key={`${point.from} ${point.until}`}>
                      <td>{byClock(resolution) ? point.from.replace('T', ' ') : day(point.from)}</td>
                      <td>{byClock(resolution) ? point.until.slice(11, 16) : day(point.until)}</td>
                      <td className="number">{decimal(point.kwh)}</td>
                      <td>
                        {word('mark', point.mark)}
                        {point.read_types && ` (${readTypes(point.read_types)})`}
                      </td>
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
      {knownOn && points.length > 0 && <Changes account={account} from={points[0]!.from} until={points[points.length - 1]!.until} knownOn={knownOn} />}
    </section>
  );
}
