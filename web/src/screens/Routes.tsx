// SPDX-License-Identifier: Apache-2.0
// Read routes: how far each is, the read calendar of the year, reads that did not come.
import { useMutation, useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { Link, useLocation } from 'wouter';
import { get, post, type Schemas } from '../api/client';
import { useMay } from '../me';
import { Grid, type Column } from '../parts/Grid';
import { Answer, Badge, Dialog, Form, SelectField, TextField } from '../parts/parts';
import { say } from '../parts/toasts';
import { useAddress } from '../parts/useAddress';
import { useAll } from '../parts/useAll';
import { count, day, shortDay, t, useLanguage, word } from '../words/words';

type Row = Schemas['RouteRow'];
type Missed = Schemas['MissedRead'];
type Calendar = Schemas['ReadCalendar'];

const tabs = ['list', 'calendar', 'missed'] as const;
export const routeKinds = ['ami', 'walked', 'manual', 'opt_out'] as const;

function daysLeft(days: number) {
  if (days < 0) return <Badge>{t('routes.window_over')}</Badge>;
  return <Badge kind={days <= 1 ? 'warn' : 'good'}>{t('routes.days_left', { n: days })}</Badge>;
}

function CreateDialog({ onClose, onDone }: { onClose: () => void; onDone: () => void }) {
  const [route, setRoute] = useState('');
  const [cycle, setCycle] = useState('');
  const [kind, setKind] = useState<string>('walked');
  const [reader, setReader] = useState('');
  const [why, setWhy] = useState('');
  const save = useMutation({
    mutationFn: () => post('/v1/routes', { route: route.trim(), cycle: cycle.trim(), kind, why, ...(reader.trim() ? { reader: reader.trim() } : {}) }),
    onSuccess: () => {
      say(t('routes.made', { route }));
      onDone();
    },
  });
  return (
    <Dialog title={t('routes.make')} onClose={onClose}>
      <Form onSubmit={() => save.mutate()} failure={save.error} busy={save.isPending} submit={t('action.save')} onCancel={onClose}>
        <TextField label={t('field.route')} value={route} onChange={setRoute} hint={t('routes.code_hint')} first required />
        <TextField label={t('field.cycle')} value={cycle} onChange={setCycle} inputMode="numeric" required />
        <SelectField label={t('field.kind')} value={kind} onChange={setKind} options={routeKinds.map((one): [string, string] => [one, word('route_kind', one)])} />
        <TextField label={t('routes.reader')} value={reader} onChange={setReader} />
        <TextField label={t('field.why')} value={why} onChange={setWhy} required />
      </Form>
    </Dialog>
  );
}

function List() {
  const language = useLanguage();
  const [query, change] = useAddress();
  const [, navigate] = useLocation();
  const [making, setMaking] = useState(false);
  const [version, setVersion] = useState(0);
  const may = useMay('route.change');
  const list = useAll<Row>('/v1/routes', { cycle: query.cycle }, {}, version);
  const columns = useMemo<Column<Row>[]>(
    () => [
      { key: 'route', title: t('field.route'), value: (row) => row.route, show: (row) => <Link href={`/routes/${row.route}`}>{row.route}</Link>, width: '7rem' },
      { key: 'cycle', title: t('field.cycle'), value: (row) => row.cycle, width: '5rem' },
      { key: 'kind', title: t('field.kind'), value: (row) => row.kind, show: (row) => word('route_kind', row.kind), width: 'minmax(7rem, 1fr)' },
      { key: 'reader', title: t('routes.reader'), value: (row) => row.reader, width: '5rem' },
      { key: 'points', title: t('routes.points'), value: (row) => row.points, show: (row) => count(row.points), numeric: true },
      { key: 'read_date', title: t('routes.read_date'), value: (row) => row.read_date, show: (row) => day(row.read_date), width: '8rem' },
      { key: 'meters', title: t('routes.registers'), value: (row) => row.meters, show: (row) => count(row.meters), numeric: true, width: '10rem' },
      { key: 'read', title: t('routes.read'), value: (row) => row.read, show: (row) => count(row.read), numeric: true },
      { key: 'estimated', title: t('routes.estimated'), value: (row) => row.estimated, show: (row) => count(row.estimated), numeric: true },
      { key: 'unread', title: t('routes.unread'), value: (row) => row.unread, show: (row) => (row.unread > 0 ? <Badge kind="warn">{count(row.unread)}</Badge> : '0'), numeric: true },
      { key: 'days_left', title: t('routes.window'), value: (row) => row.days_left, show: (row) => daysLeft(row.days_left), width: '9rem' },
    ],
    [language],
  );
  return (
    <>
      <div className="bar">
        <TextField label={t('field.cycle')} value={query.cycle ?? ''} onChange={(cycle) => change({ cycle })} inputMode="numeric" />
        <span className="spring" />
        {may && (
          <button type="button" data-do="make" onClick={() => setMaking(true)}>
            {t('routes.make')}
          </button>
        )}
      </div>
      <Answer query={list.query} empty={(data) => data.complete && data.rows.length === 0}>
        {(data) => <Grid name="routes" rows={data.rows} complete={data.complete} columns={columns} rowKey={(row) => row.route} onOpen={(row) => navigate(`/routes/${row.route}`)} download="/v1/routes" />}
      </Answer>
      {making && (
        <CreateDialog
          onClose={() => setMaking(false)}
          onDone={() => {
            setMaking(false);
            setVersion(version + 1);
          }}
        />
      )}
    </>
  );
}

/** A row a cycle, a column a month of reading; the days since the read before stand with each. */
function CalendarGrid({ calendar }: { calendar: Calendar }) {
  const most = Math.max(...calendar.cycles.map((cycle) => cycle.reads.length));
  return (
    <div className="scroll tall" tabIndex={0}>
      <table className="plain calendar">
        <caption>{t('routes.calendar_about', { from: calendar.gap_min, until: calendar.gap_max })}</caption>
        <thead>
          <tr>
            <th scope="col">{t('field.cycle')}</th>
            {Array.from({ length: most }, (_, i) => (
              <th key={i} scope="col">
                {i + 1}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {calendar.cycles.map((cycle) => (
            <tr key={cycle.cycle}>
              <th scope="row">{cycle.cycle}</th>
              {cycle.reads.map((read) => (
                <td key={read.read} title={t('routes.row_about', { calc: day(read.calc), mail: day(read.mail), due: day(read.due), late: day(read.late) })}>
                  <span className="whole">{shortDay(read.read)}</span>{' '}
                  {read.days !== null && (read.inside ? <small className="quiet-text">{read.days}</small> : <Badge kind="bad">{t('routes.gap_wrong', { n: read.days })}</Badge>)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function ProposeDialog({ onClose }: { onClose: () => void }) {
  const [text, setText] = useState<string | null>(null);
  const [why, setWhy] = useState('');
  const proposal = useQuery({ queryKey: ['read-calendar', 'proposal'], queryFn: () => get('/v1/read-calendar/proposal') });
  const forward = useMutation({
    mutationFn: () => post('/v1/read-calendar', { text: text ?? proposal.data!.text, why }),
    onSuccess: () => {
      say(t('routes.calendar_in_force'));
      onClose();
    },
  });
  return (
    <Dialog title={t('routes.propose')} onClose={onClose} wide>
      <Answer query={proposal}>
        {(data) => (
          <Form onSubmit={() => forward.mutate()} failure={forward.error} busy={forward.isPending} submit={t('routes.put_forward')} onCancel={onClose}>
            <p>{t('routes.proposed', { n: data.rows, year: String(data.year) })}</p>
            {data.findings.length === 0 ? (
              <p className="notice good">{t('routes.no_findings')}</p>
            ) : (
              <ul>
                {data.findings.slice(0, 8).map((one) => (
                  <li key={one.line + one.field}>{one.message}</li>
                ))}
              </ul>
            )}
            <label className="field">
              <span>{t('routes.calendar_text')}</span>
              <textarea rows={12} value={text ?? data.text} onChange={(event) => setText(event.target.value)} spellCheck={false} />
            </label>
            <TextField label={t('field.why')} value={why} onChange={setWhy} required />
          </Form>
        )}
      </Answer>
    </Dialog>
  );
}

function CalendarTab() {
  const [query, change] = useAddress();
  const [proposing, setProposing] = useState(false);
  const may = useMay('route.change');
  const calendar = useQuery({
    queryKey: ['read-calendar', query.year],
    queryFn: () => get('/v1/read-calendar', { query: { year: query.year } }),
  });
  return (
    <Answer query={calendar}>
      {(data) => (
        <>
          <div className="bar">
            <SelectField label={t('routes.year')} value={String(data.year)} onChange={(year) => change({ year })} options={(data.years as number[]).map((year): [string, string] => [String(year), String(year)])} />
            {data.findings.length === 0 ? <Badge kind="good">{t('routes.no_findings')}</Badge> : <Badge kind="bad">{t('routes.findings', { n: data.findings.length })}</Badge>}
            <span className="spring" />
            {may && (
              <button type="button" data-do="propose" onClick={() => setProposing(true)}>
                {t('routes.propose')}
              </button>
            )}
          </div>
          {data.findings.length > 0 && (
            <ul className="card">
              {data.findings.map((one) => (
                <li key={one.line + one.field + one.rule}>
                  {one.message}. {one.remedy}
                </li>
              ))}
            </ul>
          )}
          <CalendarGrid calendar={data} />
          {proposing && <ProposeDialog onClose={() => setProposing(false)} />}
        </>
      )}
    </Answer>
  );
}

function MissedTab() {
  const language = useLanguage();
  const [query, change] = useAddress();
  const [version, setVersion] = useState(0);
  const may = useMay('route.walk');
  const list = useAll<Missed>('/v1/missed-reads', { cycle: query.cycle }, {}, version);
  const report = useMutation({
    mutationFn: () => post('/v1/missed-reads', query.cycle ? { cycle: query.cycle } : {}),
    onSuccess: (done) => {
      say(t('routes.reported', { opened: done.opened, closed: done.closed }));
      setVersion(version + 1);
    },
  });
  const columns = useMemo<Column<Missed>[]>(
    () => [
      { key: 'meter', title: t('field.meter'), value: (row) => row.meter, show: (row) => <Link href={`/meters/${row.meter}`}>{row.meter}</Link>, width: '8rem' },
      { key: 'route', title: t('field.route'), value: (row) => row.route, show: (row) => <Link href={`/routes/${row.route}?read_date=${row.read_date}`}>{row.route}</Link>, width: '7rem' },
      { key: 'cycle', title: t('field.cycle'), value: (row) => row.cycle, width: '5rem' },
      { key: 'read_date', title: t('routes.read_date'), value: (row) => row.read_date, show: (row) => day(row.read_date), width: '8rem' },
      { key: 'address', title: t('field.street'), value: (row) => row.address, width: 'minmax(9rem, 2fr)' },
      { key: 'account', title: t('field.account'), value: (row) => row.account, show: (row) => (row.account ? <Link href={`/accounts/${row.account}`}>{row.account}</Link> : '—'), width: '8rem' },
      { key: 'state', title: t('routes.state'), value: (row) => row.state, show: (row) => <Badge kind={row.state === 'late' ? 'good' : 'warn'}>{word('route_state', row.state)}</Badge>, width: '8rem' },
      { key: 'business_days', title: t('routes.age'), value: (row) => row.business_days, show: (row) => count(row.business_days), numeric: true },
      { key: 'estimates_in_a_row', title: t('routes.estimates'), value: (row) => row.estimates_in_a_row, numeric: true, width: '10rem' },
    ],
    [language],
  );
  return (
    <>
      <div className="bar">
        <TextField label={t('field.cycle')} value={query.cycle ?? ''} onChange={(cycle) => change({ cycle })} inputMode="numeric" />
        <span className="spring" />
        {may && (
          <button type="button" data-do="report" onClick={() => report.mutate()} aria-disabled={report.isPending}>
            {t('routes.report')}
          </button>
        )}
      </div>
      <p className="quiet-text">{t('routes.missed_about')}</p>
      <Answer query={list.query} empty={(data) => data.complete && data.rows.length === 0}>
        {(data) => <Grid name="missed" rows={data.rows} complete={data.complete} columns={columns} rowKey={(row) => row.key} download="/v1/missed-reads" height="calc(100vh - 18rem)" />}
      </Answer>
    </>
  );
}

export default function Routes() {
  useLanguage();
  const [query] = useAddress();
  const tab = tabs.find((one) => one === query.tab) ?? 'list';
  return (
    <>
      <h1>{t('nav.routes')}</h1>
      <nav className="tabs" aria-label={t('nav.routes')}>
        {tabs.map((one) => (
          <Link key={one} href={`/routes?tab=${one}`} aria-current={tab === one ? 'page' : undefined}>
            {word('routes_tab', one)}
          </Link>
        ))}
      </nav>
      {tab === 'list' && <List />}
      {tab === 'calendar' && <CalendarTab />}
      {tab === 'missed' && <MissedTab />}
    </>
  );
}
