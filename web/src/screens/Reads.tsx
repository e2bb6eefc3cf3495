// SPDX-License-Identifier: Apache-2.0
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useMemo, useRef, useState, type ReactNode } from 'react';
import { Link } from 'wouter';
import { get, post, type Schemas } from '../api/client';
import { useMay, useMe } from '../me';
import { EditIntervals } from '../parts/EditIntervals';
import { EnterReadOf } from '../parts/EnterRead';
import { useKeys } from '../parts/keys';
import { OpenCase } from '../parts/OpenCase';
import { Answer, Badge, Dialog, Facts, Form, Money, TextField } from '../parts/parts';
import { ReadsChart } from '../parts/ReadsChart';
import { AskMeter, Requests, useRequests } from '../parts/Requests';
import { say } from '../parts/toasts';
import { useAddress } from '../parts/useAddress';
import { useReopen } from '../parts/useReopen';
import { useAll } from '../parts/useAll';
import { clock, count, day, decimal, moment, money, t, useLanguage, word } from '../words/words';

type Item = Schemas['WorkItem'];
type Finding = Schemas['Finding'];
type Decision = 'accept' | 'estimate' | 'reread' | 'visit' | 'hold';
const decisions: { as: Decision; key: string }[] = [
  { as: 'accept', key: 'a' },
  { as: 'estimate', key: 'm' },
  { as: 'reread', key: 'r' },
  { as: 'visit', key: 'v' },
  { as: 'hold', key: 'h' },
];

/** Silent channels that the board shows; the screen of the network has all of them. */
const silentShown = 100;

interface Came {
  channels: number;
  came: number;
  partly: number;
  silent: number;
  percent: string;
}

/** The worst first: where most channels are silent or came in part. */
function CameTable({ caption, head, rows }: { caption: string; head: string; rows: (Came & { of: string })[] }) {
  const worst = [...rows].sort((a, b) => b.silent - a.silent || b.partly - a.partly);
  return (
    <div className="scroll" tabIndex={0}>
      <table className="plain">
        <caption>{caption}</caption>
        <thead>
          <tr>
            <th>{head}</th>
            {(['channels', 'came', 'partly', 'silent'] as const).map((one) => (
              <th key={one} className="number">
                {word('reads', one)}
              </th>
            ))}
            <th className="number">%</th>
          </tr>
        </thead>
        <tbody>
          {worst.map((row) => (
            <tr key={row.of}>
              <td>{row.of || '—'}</td>
              <td className="number">{count(row.channels)}</td>
              <td className="number">{count(row.came)}</td>
              <td className="number">{count(row.partly)}</td>
              <td className="number">{row.silent > 0 ? <Badge kind="warn">{count(row.silent)}</Badge> : 0}</td>
              <td className="number">{decimal(row.percent)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Freshness() {
  const [query, change] = useAddress();
  const me = useMe();
  const board = useQuery({
    queryKey: ['freshness', query.date],
    queryFn: () => get('/v1/reads/freshness', { query: { date: query.date } }),
  });
  return (
    <Answer query={board}>
      {(data) => (
        <>
          <div className="bar">
            <h2>
              {t('reads.of_day', { day: day(data.day) })} <Badge kind={data.came === data.channels ? 'good' : 'warn'}>{t('reads.came_of', { came: count(data.came), channels: count(data.channels), percent: decimal(data.percent) })}</Badge>
            </h2>
            <span className="spring" />
            <TextField label={t('reads.morning')} type="date" value={query.date ?? me.business_date} onChange={(date) => change({ date })} />
          </div>
          <div className="side-by-side">
            <CameTable caption={t('reads.by_route')} head={t('reads.route')} rows={data.routes.map((one) => ({ ...one, of: one.route }))} />
            {data.head_ends.length > 0 && <CameTable caption={t('reads.by_head_end')} head={t('reads.head_end')} rows={data.head_ends.map((one) => ({ ...one, of: one.head_end }))} />}
          </div>
          <h2>{t('reads.silent_meters', { n: data.silent.length })}</h2>
          {data.silent.length === 0 ? (
            <p className="state">{t('reads.all_came')}</p>
          ) : (
            <>
              {data.silent.length > silentShown && (
                <p>
                  {t('reads.silent_more', { n: silentShown })} <Link href="/head-end">{t('nav.head_end')}</Link>
                </p>
              )}
              <div className="scroll" tabIndex={0}>
                <table className="plain">
                  <thead>
                    <tr>
                      <th>{t('reads.meter')}</th>
                      <th>{t('reads.quantity')}</th>
                      <th>{t('reads.route')}</th>
                      <th>{t('field.account')}</th>
                      <th>{t('reads.last_heard')}</th>
                      <th className="number">{t('reads.days_silent')}</th>
                      <th>{t('reads.what_is_known')}</th>
                    </tr>
                  </thead>
                  <tbody>
                    {data.silent.slice(0, silentShown).map((one) => (
                      <tr key={one.meter + one.quantity}>
                        <td>
                          <Link href={`/meters/${one.meter}?tab=network`}>{one.meter}</Link>
                        </td>
                        <td>{one.quantity}</td>
                        <td>{one.route}</td>
                        <td>{one.account ? <Link href={`/accounts/${one.account}`}>{one.account}</Link> : '—'}</td>
                        <td>{one.last_day ? day(one.last_day) : t('reads.never_heard')}</td>
                        <td className="number">{count(one.days_silent)}</td>
                        <td>{one.no_power_since && <Badge kind="bad">{t('reads.no_power_since', { at: clock(one.no_power_since) })}</Badge>}</td>
                      </tr>
                    ))}
                  </tbody>
                </table>
              </div>
            </>
          )}
        </>
      )}
    </Answer>
  );
}

/** What a decision would do is asked with the real thing before it is made. */
function Decide({ item, as, onClose, onDone, onUndone }: { item: Item; as: Decision; onClose: () => void; onDone: () => void; onUndone: () => void }) {
  const [why, setWhy] = useState('');
  const [until, setUntil] = useState('');
  const reopen = useReopen();
  const path = { path: { item: item.id } };
  const preview = useQuery({
    queryKey: ['finding', item.id, as],
    queryFn: () => post('/v1/reads/findings/{item}/decision', { as, why: '-' }, { ...path, query: { dry_run: true } }),
    enabled: as === 'accept' || as === 'estimate',
    staleTime: 0,
  });
  const decide = useMutation({
    mutationFn: () => post('/v1/reads/findings/{item}/decision', { as, why, ...(as === 'hold' ? { until } : {}) }, path),
    onSuccess: () => {
      // What only rests is opened again from the resting ones.
      const settled = as === 'accept' || as === 'estimate';
      say(t('reads.decided', { as: word('reads_as', as) }), settled ? { undo: () => void reopen([item.id]).then(onUndone) } : {});
      onDone();
    },
  });
  return (
    <Dialog title={word('reads_as', as)} onClose={onClose}>
      <Form onSubmit={() => decide.mutate()} failure={decide.error ?? preview.error} busy={decide.isPending} submit={word('reads_as', as)} onCancel={onClose}>
        {preview.data && (
          <Facts
            rows={[
              [t('reads.changed'), count(preview.data.intervals.length)],
              [t('reads.kwh_before'), `${decimal(preview.data.kwh_before)} kWh`],
              [t('reads.kwh_after'), `${decimal(preview.data.kwh_after)} kWh`],
            ]}
          />
        )}
        <TextField label={t('field.why')} value={why} onChange={setWhy} first required />
        {as === 'hold' && <TextField label={t('reads.until')} type="date" value={until} onChange={setUntil} required />}
      </Form>
    </Dialog>
  );
}

function Edit({ finding, onClose, onDone }: { finding: Finding; onClose: () => void; onDone: () => void }) {
  const concerned = finding.intervals.filter((one) => one.concerned);
  return <EditIntervals meter={finding.meter} quantities={[finding.quantity]} day={concerned[0]!.day} from={concerned[0]!.start} values={concerned.map((one) => one.estimate ?? one.kwh)} onClose={onClose} onDone={onDone} />;
}

const flagsOf = (finding: Finding) =>
  finding.events.flatMap((event) => {
    const at = Date.parse(event.at);
    const place = finding.intervals.findIndex((one, i) => {
      const next = finding.intervals[i + 1];
      return Date.parse(one.start) <= at && (!next || at < Date.parse(next.start));
    });
    return place < 0 ? [] : [place];
  });

function Drawing({ finding }: { finding: Finding }) {
  const flags = useMemo(() => flagsOf(finding), [finding]);
  return <ReadsChart intervals={finding.intervals} flags={flags} />;
}

/** What the meter was asked lately, watched until it has answered. */
function LastRequests({ meter }: { meter: string }) {
  const requests = useRequests(meter, '', 3);
  if (!requests.data || requests.data.items.length === 0) return null;
  return <Requests meter={meter} most={3} />;
}

function FindingDetail({ item, onDecide, onEdit, onPing, onCase, may, mayAsk, mayCase }: { item: Item; onDecide: (as: Decision) => void; onEdit: (finding: Finding) => void; onPing: () => void; onCase: () => void; may: boolean; mayAsk: boolean; mayCase: boolean }) {
  const language = useLanguage();
  const [table, setTable] = useState(false);
  const view = useQuery({ queryKey: ['finding', item.id, language], queryFn: () => get('/v1/reads/findings/{item}', { path: { item: item.id } }) });
  return (
    <section className="card detail" aria-live="polite" aria-label={t('inbox.item')}>
      <h2>
        {word('cause', item.cause)} {view.data && <Badge>{view.data.rule}</Badge>}
      </h2>
      <p className="evidence">{item.evidence}</p>
      <Answer query={view}>
        {(finding) => (
          <>
            {finding.intervals.length > 0 && <div className="bar">
              <span className="quiet-text">
                ■ {t('reads.read')} · □ {t('reads.not_counted')} · – – {t('reads.week_before')} · ··· {t('reads.year_before')}{finding.neighbours > 1 && ` · ─ ${t('reads.neighbours', { n: finding.neighbours })}`} · ● {t('reads.estimate')}{finding.events.length > 0 && ` · ⚑ ${t('reads.events')}`}
              </span>
              <span className="spring" />
              <button type="button" aria-pressed={table} onClick={() => setTable(!table)}>
                {t('usage.table')}
              </button>
            </div>}
            {table ? (
              <div className="scroll" tabIndex={0}>
                <table className="plain">
                  <thead>
                    <tr>
                      <th>{t('field.from')}</th>
                      <th className="number">kWh</th>
                      <th>{t('reads.status')}</th>
                      <th className="number">{t('reads.estimate')}</th>
                      <th className="number">{t('reads.week_before')}</th>
                      <th className="number">{t('reads.year_before')}</th>
                      <th className="number">{t('reads.neighbours', { n: finding.neighbours })}</th>
                    </tr>
                  </thead>
                  <tbody>
                    {finding.intervals.map((one) => (
                      <tr key={one.start} className={one.concerned ? 'active' : ''}>
                        <td>
                          {day(one.day)} {one.time}
                        </td>
                        <td className="number">{decimal(one.kwh)}</td>
                        <td>{word('status', one.status)}</td>
                        <td className="number">{decimal(one.estimate)}</td>
                        <td className="number">{decimal(one.week_before)}</td>
                        <td className="number">{decimal(one.year_before)}</td>
                        <td className="number">{decimal(one.neighbours)}</td>
                      </tr>
                    ))}
                  </tbody>
                </table>
              </div>
            ) : finding.intervals.length > 0 ? (
              <Drawing finding={finding} />
            ) : (
              <p className="quiet-text">{t('reads.no_graph')}</p>
            )}
            {may && item.state === 'open' && (
              <div className="bar decisions">
                {decisions.filter(({ as }) => finding.intervals.length > 0 || as !== 'estimate').map(({ as, key }) => (
                  <button key={as} type="button" onClick={() => onDecide(as)}>
                    {word('reads_as', as)} <kbd>{key}</kbd>
                  </button>
                ))}
                {finding.intervals.length > 0 && (
                  <button type="button" onClick={() => onEdit(finding)}>
                    {t('reads.edit')} <kbd>e</kbd>
                  </button>
                )}
                {mayAsk && (
                  <button type="button" data-do="ping" onClick={onPing}>
                    {word('ask_do', 'ping')} <kbd>p</kbd>
                  </button>
                )}
                {mayCase && (
                  <button type="button" data-do="case" onClick={onCase}>
                    {t('case.open')} <kbd>i</kbd>
                  </button>
                )}
              </div>
            )}
            {mayAsk && <LastRequests meter={finding.meter} />}
            <Facts
              rows={[
                [t('field.meter'), <Link href={`/meters/${finding.meter}`}>{finding.meter}</Link>],
                ...(finding.register_marks.length > 1
                  ? ([[t('reads.register'), finding.register_marks.map((mark) => `${day(mark.day)} ${decimal(mark.kwh)} kWh`).join(' · ')]] as [string, ReactNode][])
                  : []),
                [t('reads.events'), finding.events.length === 0 ? t('reads.no_events') : finding.events.map((event) => `${moment(Math.floor(Date.parse(event.at) / 1000))} ${event.name ? word('meter_event_name', event.name) : event.code}`).join(' · ')],
              ]}
            />
            {finding.changes.length > 0 && (
              <>
                <h3>{t('reads.changes')}</h3>
                <ul className="past-small">
                  {finding.changes.slice(0, 50).map((one, i) => (
                    <li key={i}>
                      {clock(one.start)} {decimal(one.old_kwh)} {word('status', one.old_status)} → {decimal(one.new_kwh)} {word('status', one.new_status)} · {one.why} {one.by && `· ${one.by}`}
                    </li>
                  ))}
                </ul>
              </>
            )}
          </>
        )}
      </Answer>
      <Facts
        rows={[
          [t('field.account'), item.account ? <Link href={`/accounts/${item.account}`}>{item.account}</Link> : '—'],
          [t('inbox.at_stake'), <Money amount={item.at_stake} />],
          [t('inbox.opened'), day(item.opened_on)],
        ]}
      />
      <p className="notice">{item.next_step}</p>
    </section>
  );
}

/** All open findings of a cause by one decision, with what it would do before. */
function AcceptAll({ cause, onClose, onDone }: { cause: string; onClose: () => void; onDone: () => void }) {
  const [why, setWhy] = useState('');
  const preview = useQuery({ queryKey: ['bulk', cause], queryFn: () => post('/v1/work-resolutions', { resolution: 'accepted', why: '-', cause }, { query: { dry_run: true } }), staleTime: 0 });
  const accept = useMutation({
    mutationFn: () => post('/v1/work-resolutions', { resolution: 'accepted', why, cause }),
    onSuccess: (done) => {
      say(t('inbox.decided', { n: done.count }));
      onDone();
    },
  });
  return (
    <Dialog title={t('reads.accept_all', { cause: word('cause', cause) })} onClose={onClose}>
      <Form onSubmit={() => accept.mutate()} failure={accept.error ?? preview.error} busy={accept.isPending} submit={word('reads_as', 'accept')} onCancel={onClose}>
        {preview.data && (
          <>
            <Facts
              rows={[
                [t('inbox.count'), count(preview.data.count)],
                [t('inbox.at_stake'), <Money amount={preview.data.at_stake} />],
                [t('inbox.skipped'), count(preview.data.skipped.length)],
              ]}
            />
            <h3>{t('inbox.largest')}</h3>
            <ul className="largest">
              {preview.data.largest.map((item) => (
                <li key={item.id}>
                  <Money amount={item.at_stake} /> {item.evidence}
                </li>
              ))}
            </ul>
          </>
        )}
        <TextField label={t('field.why')} value={why} onChange={setWhy} first required />
      </Form>
    </Dialog>
  );
}

function Findings() {
  const language = useLanguage();
  const may = useMay('read.decide');
  const client = useQueryClient();
  const [query, change] = useAddress();
  const [version, setVersion] = useState(0);
  const state = query.state ?? 'open';
  const list = useAll<Item>('/v1/work-items', { state }, {}, version);
  const findings = useMemo(() => list.rows.filter((item) => item.kind === 'validation'), [list.rows]);
  const causes = useMemo(() => [...new Set(findings.map((item) => item.cause))].sort(), [findings]);
  const [gone, setGone] = useState<Set<string>>(new Set());
  const items = useMemo(() => findings.filter((item) => !gone.has(item.id) && (!query.cause || item.cause === query.cause)), [findings, gone, query.cause]);
  const at = Math.max(0, items.findIndex((item) => item.id === query.item));
  const active = items[at];
  const [deciding, setDeciding] = useState<Decision | null>(null);
  const [editing, setEditing] = useState<Finding | null>(null);
  const [doing, setDoing] = useState<'ping' | 'case' | 'all' | null>(null);
  const mayAsk = useMay('meter.ask');
  const mayCase = useMay('case.work');
  const mayResolve = useMay('work.resolve');
  const rowOf = useRef(new Map<string, HTMLElement>());
  useEffect(() => {
    if (active) rowOf.current.get(active.id)?.scrollIntoView({ block: 'nearest' });
  }, [active]);
  const go = (index: number) => {
    const next = items[Math.max(0, Math.min(items.length - 1, index))];
    if (next) change({ item: next.id });
  };
  // The detail asks for it; here it is only looked at.
  const shown = active && client.getQueryData<Finding>(['finding', active.id, language]);
  const openEdit = () => {
    if (may && shown && shown.intervals.length > 0) setEditing(shown);
  };
  useKeys([
    { keys: 'j', label: 'key.next', run: () => go(at + 1) },
    { keys: 'k', label: 'key.previous', run: () => go(at - 1) },
    ...decisions.map(({ as, key }) => ({ keys: key, label: 'key.decide_reads' as const, run: () => may && active && setDeciding(as) })),
    { keys: 'e', label: 'key.edit_reads', run: openEdit },
    ...(mayAsk ? [{ keys: 'p', label: 'key.ping' as const, run: () => active && setDoing('ping') }] : []),
    ...(mayCase ? [{ keys: 'i', label: 'key.open_case' as const, run: () => active && setDoing('case') }] : []),
    ...(mayResolve ? [{ keys: 'Shift-a', label: 'key.accept_all' as const, run: () => query.cause && items.length > 0 && setDoing('all') }] : []),
  ]);
  const again = () => {
    setGone(new Set());
    setVersion((before) => before + 1);
    void client.invalidateQueries({ queryKey: ['finding'] });
  };
  const done = () => {
    const next = items[at + 1] ?? items[at - 1];
    if (active) setGone(new Set([...gone, active.id]));
    setDeciding(null);
    setEditing(null);
    change({ item: next?.id ?? '' });
    void client.invalidateQueries({ queryKey: ['work'] });
  };
  return (
    <>
      <div className="bar">
        <div className="tabs" role="group" aria-label={t('inbox.state')}>
          {(['open', 'snoozed', 'resolved'] as const).map((one) => (
            <button
              key={one}
              type="button"
              aria-pressed={state === one}
              onClick={() => {
                change({ state: one === 'open' ? '' : one, item: '' });
                setVersion(version + 1);
              }}
            >
              {word('state_of', one)}
            </button>
          ))}
        </div>
        <label className="inline">
          {t('inbox.causes')}{' '}
          <select value={query.cause ?? ''} onChange={(event) => change({ cause: event.target.value, item: '' })}>
            <option value="">{t('inbox.all')}</option>
            {causes.map((cause) => (
              <option key={cause} value={cause}>
                {word('cause', cause)}
              </option>
            ))}
          </select>
        </label>
        <span className="quiet-text">{t('reads.findings', { n: items.length })}</span>
        {mayResolve && query.cause && state === 'open' && items.length > 1 && (
          <button type="button" data-do="accept-all" onClick={() => setDoing('all')}>
            {t('inbox.all_of_cause', { n: items.length })} <kbd>A</kbd>
          </button>
        )}
      </div>
      <Answer query={list.query} empty={() => items.length === 0 && list.complete}>
        {() => (
          <div className="findings">
            <ul className="items" role="listbox" aria-label={t('reads.exceptions')} tabIndex={0} aria-activedescendant={active ? `item-${active.id}` : undefined}>
              {items.map((item) => (
                <li
                  key={item.id}
                  id={`item-${item.id}`}
                  role="option"
                  aria-selected={item === active}
                  className={item === active ? 'active' : ''}
                  ref={(element) => void (element ? rowOf.current.set(item.id, element) : rowOf.current.delete(item.id))}
                  onClick={() => change({ item: item.id })}
                >
                  <span aria-hidden="true">•</span>
                  <span className="first">{item.evidence}</span>
                  <Money amount={item.at_stake} />
                  <span className="quiet-text">
                    {word('cause', item.cause)} · {item.account ?? '—'}
                  </span>
                </li>
              ))}
            </ul>
            {active && <FindingDetail key={active.id} item={active} may={may} onDecide={setDeciding} onEdit={setEditing} onPing={() => setDoing('ping')} onCase={() => setDoing('case')} mayAsk={mayAsk} mayCase={mayCase} />}
          </div>
        )}
      </Answer>
      {deciding && active && <Decide item={active} as={deciding} onClose={() => setDeciding(null)} onDone={done} onUndone={again} />}
      {doing === 'ping' && shown && <AskMeter meter={shown.meter} kind="ping" why={t('ask.why_finding')} onClose={() => setDoing(null)} />}
      {doing === 'case' && active && shown && <OpenCase meter={shown.meter} kind={active.cause === 'vee.zeros' ? 'zero_usage' : active.cause === 'vee.inactive' ? 'inactive_use' : 'high_bill'} why={active.evidence} onClose={() => setDoing(null)} />}
      {doing === 'all' && query.cause && <AcceptAll cause={query.cause} onClose={() => setDoing(null)} onDone={() => { setDoing(null); again(); void client.invalidateQueries({ queryKey: ['work'] }); }} />}
      {editing && <Edit finding={editing} onClose={() => setEditing(null)} onDone={() => { setEditing(null); void client.invalidateQueries({ queryKey: ['finding'] }); }} />}
    </>
  );
}

type Hits = {
  hits: number;
  confirmed: number;
  precision: string;
  alerts: number;
  cost: string;
  cost_per_alert: string | null;
  cost_per_error: string | null;
  closed: number;
  closed_wrongly: number;
};
type Close = { kwh: string; dollars: string; sample_percent: number } | null;
const hitColumns = ['hits', 'confirmed', 'precision', 'per_alert', 'per_error', 'closed', 'wrongly'] as const;

/** A sum of amounts as the API gives them, in cents so that nothing is lost. */
function costInAll(rows: Hits[]): string {
  const cents = rows.reduce((sum, hits) => sum + BigInt(hits.cost.replace('.', '')), 0n);
  const digits = cents.toString().padStart(3, '0');
  return `${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

function HitCells({ hits }: { hits: Hits }) {
  const cells = [
    count(hits.hits),
    count(hits.confirmed),
    hits.precision,
    hits.cost_per_alert ? money(hits.cost_per_alert) : '—',
    hits.cost_per_error ? money(hits.cost_per_error) : '—',
    count(hits.closed),
    count(hits.closed_wrongly),
  ];
  return (
    <>
      {cells.map((cell, i) => (
        <td key={hitColumns[i]} className="number">
          {hitColumns[i] === 'wrongly' && hits.closed_wrongly > 0 ? <Badge kind="bad">{cell}</Badge> : cell}
        </td>
      ))}
    </>
  );
}

/** What rules would have found: one row a check that found anything, now beside proposed. */
function Previewed({ data }: { data: Schemas['RulesPreview'] }) {
  const rows = data.checks.map((row) => ({ check: row.check, now: row.now as Hits, proposed: row.proposed as Hits }));
  return (
    <>
      <p>{t('reads.previewed', { n: data.channel_days, from: day(data.from), until: day(data.until) })}</p>
      <div className="scroll" tabIndex={0}>
        <table className="plain">
          <thead>
            <tr>
              <th rowSpan={2}>{t('reads.check')}</th>
              {(['now', 'proposed'] as const).map((side) => (
                <th key={side} colSpan={hitColumns.length} scope="colgroup" className="number">
                  {word('reads_side', side)}
                </th>
              ))}
            </tr>
            <tr>
              {(['now', 'proposed'] as const).flatMap((side) =>
                hitColumns.map((one) => (
                  <th key={side + one} scope="col" className="number">
                    {word('reads_hits', one)}
                  </th>
                )),
              )}
            </tr>
          </thead>
          <tbody>
            {rows
              .filter((row) => row.now.hits + row.proposed.hits > 0)
              .map((row) => (
                <tr key={row.check}>
                  <td>{word('cause', `vee.${row.check}`)}</td>
                  <HitCells hits={row.now} />
                  <HitCells hits={row.proposed} />
                </tr>
              ))}
          </tbody>
        </table>
      </div>
      <p>
        {t('reads.cost_in_all', { now: money(costInAll(rows.map((row) => row.now))), proposed: money(costInAll(rows.map((row) => row.proposed))) })}
      </p>
      {data.safe_to_close.map((one) => (
        <p key={one.check} className="notice">
          {t('reads.safe_close', { check: word('cause', `vee.${one.check}`), n: one.alerts, kwh: decimal(one.kwh), dollars: money(one.dollars) })}
        </p>
      ))}
      {data.may_close_by_themselves.length > 0 && (
        <p className="notice">
          {t('reads.may_close')} {data.may_close_by_themselves.map((check) => word('cause', `vee.${check}`)).join(', ')}
        </p>
      )}
    </>
  );
}

function Verdict({ verdict, close }: { verdict: string; close: Close }) {
  return (
    <>
      {word('verdict', verdict)}
      {close && <div className="quiet-text">{t('reads.closes', { kwh: decimal(close.kwh), dollars: money(close.dollars), percent: close.sample_percent })}</div>}
    </>
  );
}

function Rules() {
  const rules = useQuery({ queryKey: ['rules'], queryFn: () => get('/v1/reads/rules') });
  const may = useMay('read.validate');
  const [text, setText] = useState('');
  const [months, setMonths] = useState('12');
  const preview = useMutation({ mutationFn: () => post('/v1/reads/rules/preview', { rules: text, months: Number(months) }) });
  return (
    <>
      <Answer query={rules}>
        {(data) => (
          <div className="scroll" tabIndex={0}>
            <table className="plain">
              <caption>{t('reads.rules_since', { day: data.effective ? day(data.effective) : '—' })}</caption>
              <thead>
                <tr>
                  <th>{t('reads.check')}</th>
                  <th>{t('reads.rule')}</th>
                  {data.groups.map((group) => (
                    <th key={group.group}>{word('reads_group', group.group)}</th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {data.groups[0]?.checks.map((check, i) => (
                  <tr key={check.check}>
                    <td>{word('cause', `vee.${check.check}`)}</td>
                    <td>{check.rule}</td>
                    {data.groups.map((group) => (
                      <td key={group.group}>
                        <Verdict verdict={group.checks[i]!.verdict} close={group.checks[i]!.close as Close} />
                      </td>
                    ))}
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      </Answer>
      {may && (
        <section className="card">
          <h2>{t('reads.try_rules')}</h2>
          <Form onSubmit={() => preview.mutate()} failure={preview.error} busy={preview.isPending} submit={t('reads.preview')}>
            <label className="field">
              <span>vee.yaml</span>
              <textarea rows={8} value={text} onChange={(event) => setText(event.target.value)} required spellCheck={false} />
            </label>
            <TextField label={t('reads.months')} type="number" value={months} onChange={setMonths} required />
          </Form>
          {preview.data && <Previewed data={preview.data} />}
        </section>
      )}
    </>
  );
}

export default function Reads() {
  useLanguage();
  const [query, change] = useAddress();
  const tab = query.tab ?? 'findings';
  const mayEnter = useMay('read.decide');
  const [entering, setEntering] = useState(false);
  useKeys(mayEnter ? [{ keys: 'w', label: 'key.enter_read', run: () => setEntering(true) }] : []);
  return (
    <>
      <div className="bar">
        <h1>{t('nav.reads')}</h1>
        <div className="tabs" role="group" aria-label={t('nav.reads')}>
          {(['findings', 'freshness', 'rules'] as const).map((one) => (
            <button key={one} type="button" aria-pressed={tab === one} onClick={() => change({ tab: one === 'findings' ? '' : one, item: '', state: '', cause: '' })}>
              {word('reads_tab', one)}
            </button>
          ))}
        </div>
        <span className="spring" />
        {mayEnter && (
          <button type="button" data-do="enter-read" onClick={() => setEntering(true)}>
            {t('entry.enter')} <kbd>w</kbd>
          </button>
        )}
      </div>
      {entering && <EnterReadOf onClose={() => setEntering(false)} />}
      {tab === 'findings' && <Findings />}
      {tab === 'freshness' && <Freshness />}
      {tab === 'rules' && <Rules />}
    </>
  );
}
