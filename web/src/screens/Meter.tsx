// SPDX-License-Identifier: Apache-2.0
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState, type ReactNode } from 'react';
import { Link } from 'wouter';
import { get, post, type Schemas } from '../api/client';
import { useMay, useMe } from '../me';
import { CorrectMeter } from '../parts/CorrectMeter';
import { EditIntervals } from '../parts/EditIntervals';
import { EnterRead, EstimateRead } from '../parts/EnterRead';
import { useKeys } from '../parts/keys';
import { OpenCase } from '../parts/OpenCase';
import { Answer, Badge, Dialog, Facts, Form, SelectField, TextField } from '../parts/parts';
import { AskMeter, Requests, type RequestKind } from '../parts/Requests';
import { say } from '../parts/toasts';
import { useAddress } from '../parts/useAddress';
import { clock, day, decimal, t, useLanguage, word } from '../words/words';
import { badgeOf } from './meterWords';

type View = Schemas['MeterWithHistory'];
interface Side {
  meter: string;
  from_read: string;
  until_read: string | null;
  kwh: string;
}
interface Balance {
  old: Side;
  new: Side;
  sum_kwh: string;
  point_kwh: string;
}

const tabs = ['life', 'facts', 'reads', 'tests', 'comments', 'network'] as const;
const asks = ['ping', 'read', 'connect', 'disconnect'] as const;
const commentKinds = ['location', 'key', 'dog', 'hazard', 'other'] as const;
const methods = ['full_and_light', 'mean', 'single_point', 'three_loads'] as const;

/** A change of the meter: saved, said, and the page asked anew. */
function useChange<T>(serial: string, change: () => Promise<T>, done: string, onClose: () => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: ['meter', serial] });
      void client.invalidateQueries({ queryKey: ['account'] });
      say(done);
      onClose();
    },
  });
}

function Table({ heads, rows }: { heads: string[]; rows: ReactNode[][] }) {
  if (rows.length === 0) return <p className="quiet-text">{t('state.empty')}</p>;
  return (
    <table className="plain">
      <thead>
        <tr>
          {heads.map((head) => (
            <th key={head}>{head}</th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((cells, i) => (
          <tr key={i}>
            {cells.map((cell, j) => (
              <td key={j}>{cell}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function ExchangeDialog({ meter, onClose }: { meter: View; onClose: () => void }) {
  const me = useMe();
  const register = meter.channels.some((channel) => channel.kind === 'register');
  const [fresh, setFresh] = useState('');
  const [removal, setRemoval] = useState('');
  const [set, setSet] = useState('');
  const [on, setOn] = useState(me.business_date);
  const [why, setWhy] = useState('');
  const body = { in: fresh.trim(), on, why, ...(register ? { removal_read: removal.trim(), set_read: set.trim() } : {}) };
  const ready = body.in !== '' && on !== '' && why.trim() !== '' && (!register || (removal.trim() !== '' && set.trim() !== ''));
  const stock = useQuery({ queryKey: ['meters', 'available'], queryFn: () => get('/v1/meters', { query: { state: 'available', limit: 200 } }) });
  const preview = useQuery({
    queryKey: ['exchange', meter.meter, body],
    queryFn: () => post('/v1/meters/{meter}/exchange', body, { path: { meter: meter.meter }, query: { dry_run: true } }),
    enabled: ready,
    retry: false,
  });
  const save = useChange(meter.meter, () => post('/v1/meters/{meter}/exchange', body, { path: { meter: meter.meter } }), t('exchange.done', { meter: body.in }), onClose);
  const balance = preview.data?.balance as Balance | null | undefined;
  return (
    <Dialog title={t('exchange.title', { meter: meter.meter })} onClose={onClose}>
      <Form onSubmit={() => save.mutate()} failure={save.error ?? (ready ? preview.error : undefined)} busy={save.isPending} submit={t('exchange.do')} onCancel={onClose}>
        {register && <TextField label={t('exchange.removal_read')} value={removal} onChange={setRemoval} inputMode="decimal" first required />}
        <TextField label={t('exchange.in')} value={fresh} onChange={setFresh} list="stock" first={!register} required />
        <datalist id="stock">
          {stock.data?.items.map((row) => (
            <option key={row.meter} value={row.meter}>
              {row.form} {row.maker} {row.model}
            </option>
          ))}
        </datalist>
        {register && <TextField label={t('exchange.set_read')} value={set} onChange={setSet} inputMode="decimal" required />}
        <TextField label={t('field.date')} type="date" value={on} onChange={setOn} required />
        <TextField label={t('field.why')} value={why} onChange={setWhy} required />
        {ready && preview.data && !balance && <p className="notice">{t('exchange.no_balance')}</p>}
        {ready && balance && (
          <section aria-label={t('exchange.balance')} className="balance">
            <Table
              heads={[t('field.meter'), t('exchange.from_read'), t('exchange.until_read'), 'kWh']}
              rows={[
                ...[balance.old, balance.new].map((side) => [<code>{side.meter}</code>, side.from_read, side.until_read ?? '—', decimal(side.kwh)]),
                [t('exchange.sum'), '', '', <strong>{decimal(balance.sum_kwh)}</strong>],
                [t('exchange.point'), '', '', <strong>{decimal(balance.point_kwh)}</strong>],
              ]}
            />
            <Badge kind="good">{t('exchange.closes')}</Badge>
          </section>
        )}
      </Form>
    </Dialog>
  );
}

function StateDialog({ meter, onClose }: { meter: View; onClose: () => void }) {
  const [state, setState] = useState(meter.followers[0] ?? '');
  const [why, setWhy] = useState('');
  const save = useChange(meter.meter, () => post('/v1/meters/{meter}/state', { state, why }, { path: { meter: meter.meter } }), t('meter.moved', { meter: meter.meter }), onClose);
  return (
    <Dialog title={t('meter.move')} onClose={onClose}>
      <Form onSubmit={() => save.mutate()} failure={save.error} busy={save.isPending} submit={t('action.save')} onCancel={onClose}>
        <SelectField label={t('meter.state')} value={state} onChange={setState} first options={meter.followers.map((one): [string, string] => [one, word('stock', one)])} />
        <TextField label={t('field.why')} value={why} onChange={setWhy} required />
      </Form>
    </Dialog>
  );
}

function TestDialog({ meter, onClose }: { meter: View; onClose: () => void }) {
  const [standard, setStandard] = useState('');
  const [method, setMethod] = useState<string>('full_and_light');
  const [full, setFull] = useState('');
  const [light, setLight] = useState('');
  const [factor, setFactor] = useState('');
  const lights = method !== 'single_point';
  const factors = method === 'three_loads';
  const body = { standard, method, full_load: full, ...(lights ? { light_load: light } : {}), ...(factors ? { power_factor: factor } : {}) };
  const ready = standard.trim() !== '' && full !== '' && (!lights || light !== '') && (!factors || factor !== '');
  const preview = useQuery({
    queryKey: ['test', meter.meter, body],
    queryFn: () => post('/v1/meters/{meter}/tests', body, { path: { meter: meter.meter }, query: { dry_run: true } }),
    enabled: ready,
    retry: false,
  });
  const save = useChange(meter.meter, () => post('/v1/meters/{meter}/tests', body, { path: { meter: meter.meter } }), t('meter.tested', { meter: meter.meter }), onClose);
  return (
    <Dialog title={t('meter.test')} onClose={onClose}>
      <Form onSubmit={() => save.mutate()} failure={save.error ?? (ready ? preview.error : undefined)} busy={save.isPending} submit={t('action.save')} onCancel={onClose}>
        <TextField label={t('test.standard')} value={standard} onChange={setStandard} first required />
        <SelectField label={t('test.method')} value={method} onChange={setMethod} options={methods.map((one): [string, string] => [one, word('method', one)])} />
        <TextField label={t('test.full_load')} value={full} onChange={setFull} inputMode="decimal" required />
        {lights && <TextField label={t('test.light_load')} value={light} onChange={setLight} inputMode="decimal" required />}
        {factors && <TextField label={t('test.power_factor')} value={factor} onChange={setFactor} inputMode="decimal" required />}
        {ready && preview.data && (
          <p className="notice">
            {t('test.average')} {decimal(preview.data.average)} %: <Verdict test={preview.data} />
          </p>
        )}
      </Form>
    </Dialog>
  );
}

function CommentDialog({ meter, onClose }: { meter: View; onClose: () => void }) {
  const [kind, setKind] = useState<string>('location');
  const [of, setOf] = useState(meter.point ? 'point' : 'meter');
  const [text, setText] = useState('');
  const save = useChange(meter.meter, () => post('/v1/meters/{meter}/comments', { kind, text, of }, { path: { meter: meter.meter } }), t('comment.done'), onClose);
  return (
    <Dialog title={t('comment.add')} onClose={onClose}>
      <Form onSubmit={() => save.mutate()} failure={save.error} busy={save.isPending} submit={t('action.save')} onCancel={onClose}>
        <SelectField label={t('field.kind')} value={kind} onChange={setKind} options={commentKinds.map((one): [string, string] => [one, word('comment_kind', one)])} />
        {meter.point && <SelectField label={t('comment.of')} value={of} onChange={setOf} options={[['point', t('comment.of_point')], ['meter', t('comment.of_meter')]]} />}
        <TextField label={t('comment.text')} value={text} onChange={setText} first required />
      </Form>
    </Dialog>
  );
}

function CapacityDialog({ meter, onClose }: { meter: View; onClose: () => void }) {
  const [of, setOf] = useState('panel');
  const [kw, setKw] = useState('');
  const [from, setFrom] = useState('');
  const [why, setWhy] = useState('');
  const save = useChange(meter.meter, () => post('/v1/meters/{meter}/capacities', { of, kw, why, ...(from ? { from } : {}) }, { path: { meter: meter.meter } }), t('capacity.done'), onClose);
  return (
    <Dialog title={t('capacity.record')} onClose={onClose}>
      <Form onSubmit={() => save.mutate()} failure={save.error} busy={save.isPending} submit={t('action.save')} onCancel={onClose}>
        <SelectField label={t('field.kind')} value={of} onChange={setOf} options={['panel', 'transformer'].map((one): [string, string] => [one, word('capacity', one)])} />
        <TextField label={t('capacity.kw')} value={kw} onChange={setKw} inputMode="decimal" first required />
        <TextField label={t('field.from')} type="date" value={from} onChange={setFrom} />
        <TextField label={t('field.why')} value={why} onChange={setWhy} required />
      </Form>
    </Dialog>
  );
}

function EndComment({ meter, comment, onClose }: { meter: View; comment: string; onClose: () => void }) {
  const [why, setWhy] = useState('');
  const save = useChange(meter.meter, () => post('/v1/meter-comments/{comment}/end', { why }, { path: { comment } }), t('comment.ended'), onClose);
  return (
    <Dialog title={t('comment.end')} onClose={onClose}>
      <Form onSubmit={() => save.mutate()} failure={save.error} busy={save.isPending} submit={t('comment.end')} onCancel={onClose}>
        <TextField label={t('field.why')} value={why} onChange={setWhy} first required />
      </Form>
    </Dialog>
  );
}

function Verdict({ test }: { test: { verdict: string; limits: string } }) {
  return (
    <Badge kind={test.verdict === 'within' ? 'good' : 'bad'}>
      {word('verdict', test.verdict)} · {word('limits', test.limits)}
    </Badge>
  );
}

/** All that happened, the newest first: where it hung, its states, tests, seals and edits. */
function Life({ meter }: { meter: View }) {
  const events: { date: string; kind: string; text: ReactNode; by: string }[] = [];
  for (const one of meter.installations) {
    if (one.known_until !== null) continue;
    events.push({ date: one.from, kind: 'set', text: <>{one.address} {one.set_read && <code>{one.set_read}</code>} <Badge>{word('role', one.role)}</Badge></>, by: '' });
    if (one.until) events.push({ date: one.until, kind: 'removed', text: <>{one.address} {one.removal_read && <code>{one.removal_read}</code>}</>, by: '' });
  }
  for (const one of meter.states) events.push({ date: one.since, kind: 'state', text: <><Badge kind={badgeOf(one.state)}>{word('stock', one.state)}</Badge> {one.why}</>, by: one.by });
  for (const one of meter.tests) events.push({ date: one.on, kind: 'test', text: <>{decimal(one.average)} % <Verdict test={one} /></>, by: one.tester });
  for (const one of meter.seals) events.push({ date: one.on, kind: 'seal', text: <><code>{one.seal}</code> {word('seal_event', one.event)} {one.why}</>, by: one.by });
  for (const one of meter.comments) events.push({ date: one.from, kind: 'comment', text: one.text, by: one.by });
  events.reverse();
  events.sort((a, b) => (a.date < b.date ? 1 : a.date > b.date ? -1 : 0));
  if (events.length === 0) return <p className="state">{t('state.empty')}</p>;
  return (
    <ol className="past">
      {events.map((event, i) => (
        <li key={i} className={event.kind}>
          <time>{events[i - 1]?.date === event.date ? '' : day(event.date)}</time>
          <span className="kind">{word('meter_event', event.kind)}</span>
          <span className="what">
            {event.text}
            {event.by && <span className="quiet-text"> · {event.by}</span>}
          </span>
        </li>
      ))}
    </ol>
  );
}

function MeterFacts({ meter }: { meter: View }) {
  const may = useMay('meter.change');
  const [recording, setRecording] = useState(false);
  const [correcting, setCorrecting] = useState(false);
  return (
    <>
      {may && (
        <div className="bar">
          <button type="button" data-do="correct" onClick={() => setCorrecting(true)}>
            {t('correct.do')}
          </button>
        </div>
      )}
      {correcting && <CorrectMeter meter={meter} onClose={() => setCorrecting(false)} />}
      <Facts
        rows={[
          [t('meter.maker'), `${meter.maker} ${meter.model}`],
          [t('meter.form'), meter.form ?? '—'],
          [t('meter.dials'), `${meter.dials}${meter.decimals > 0 ? ` + ${meter.decimals}` : ''}`],
          [t('meter.ct'), meter.ct_ratio ?? '—'],
          [t('meter.pt'), meter.pt_ratio ?? '—'],
          [t('meter.constant'), meter.register_constant],
          [t('meter.multiplier'), <strong>{meter.multiplier}</strong>],
          [t('meter.program'), meter.program ?? '—'],
          [t('meter.tou_program'), meter.tou_program ?? '—'],
        ]}
      />
      {meter.point && (
        <>
          <div className="bar">
            <h2>{t('capacity.title')}</h2>
            {may && (
              <button type="button" data-do="capacity" onClick={() => setRecording(true)}>
                {t('capacity.record')}
              </button>
            )}
          </div>
          {meter.capacities.length > 0 ? (
            <Table
              heads={[t('field.kind'), 'kW', t('field.from'), t('field.why')]}
              rows={meter.capacities.map((one) => [word('capacity', one.kind), decimal(one.kw), day(one.from), `${one.why} · ${one.by}`])}
            />
          ) : (
            <p className="quiet-text">{t('capacity.none')}</p>
          )}
          {recording && <CapacityDialog meter={meter} onClose={() => setRecording(false)} />}
        </>
      )}
      <h2>{t('field.channels')}</h2>
      <Table
        heads={[t('meter.channel'), t('field.kind'), t('meter.reading_type')]}
        rows={meter.channels.map((one) => [<code>{one.code}</code>, one.minutes === null ? word('channel_kind', one.kind) : t('meter.minutes', { n: one.minutes }), one.reading_type ? <code>{one.reading_type}</code> : '—'])}
      />
      <h2>{t('meter.installations')}</h2>
      <Table
        heads={[t('field.street'), t('field.from'), t('field.until'), t('exchange.set_read'), t('exchange.removal_read'), t('meter.role'), t('meter.known')]}
        rows={meter.installations.map((one) => [one.address, day(one.from), one.until ? day(one.until) : '', one.set_read ?? '—', one.removal_read ?? '—', word('role', one.role), `${day(one.known_from)}${one.known_until ? ` – ${day(one.known_until)}` : ''}`])}
      />
    </>
  );
}

function Reads({ meter }: { meter: View }) {
  return (
    <>
      <Table heads={[t('field.date'), t('meter.channel'), t('meter.reading'), t('field.kind')]} rows={meter.reads.map((read) => [day(read.date), read.channel, <code>{read.reading}</code>, word('read_type', read.type)])} />
      {meter.corrections.length > 0 && (
        <>
          <h2>{t('meter.corrections')}</h2>
          <Table
            heads={[t('meter.interval'), t('meter.channel'), t('meter.was'), t('meter.became'), t('field.why')]}
            rows={meter.corrections.map((one) => [clock(one.start), one.channel, `${decimal(one.old_kwh)} ${word('status', one.old_status)}`, `${decimal(one.new_kwh)} ${word('status', one.new_status)}`, one.why])}
          />
        </>
      )}
    </>
  );
}

function Tests({ meter }: { meter: View }) {
  return (
    <Table
      heads={[t('field.date'), t('test.standard'), t('test.full_load'), t('test.light_load'), t('test.power_factor'), t('test.average'), t('test.verdict')]}
      rows={[...meter.tests].reverse().map((one) => [day(one.on), one.standard, one.full_load ?? '—', one.light_load ?? '—', one.power_factor ?? '—', <strong>{decimal(one.average)} %</strong>, <Verdict test={one} />])}
    />
  );
}

function Comments({ meter }: { meter: View }) {
  const may = useMay('meter.comment');
  const [ending, setEnding] = useState<string | null>(null);
  return (
    <>
      <Table
        heads={[t('field.kind'), t('comment.text'), t('field.from'), t('field.until'), t('field.by'), '']}
        rows={meter.comments.map((one) => [
          word('comment_kind', one.kind),
          one.text,
          day(one.from),
          one.until ? day(one.until) : '',
          one.by,
          may && one.until === null ? <button type="button" onClick={() => setEnding(one.comment)}>{t('comment.end')}</button> : '',
        ])}
      />
      {ending && <EndComment meter={meter} comment={ending} onClose={() => setEnding(null)} />}
    </>
  );
}

export default function Meter({ serial }: { serial: string }) {
  useLanguage();
  const [query, change] = useAddress();
  const tab = tabs.find((one) => one === query.tab) ?? 'life';
  const [open, setOpen] = useState<'exchange' | 'state' | 'test' | 'comment' | 'enter' | 'estimate' | 'edit' | 'case' | null>(null);
  const [asking, setAsking] = useState<RequestKind | null>(null);
  const mayAsk = useMay('meter.ask');
  const mayReads = useMay('read.decide');
  const mayCase = useMay('case.work');
  const may = useMay('meter.change');
  const mayComment = useMay('meter.comment');
  const meter = useQuery({ queryKey: ['meter', serial], queryFn: () => get('/v1/meters/{meter}', { path: { meter: serial } }) });
  const data = meter.data;
  const hangs = data?.point !== null && data !== undefined;
  const registers = data?.channels.some((one) => one.kind === 'register') ?? false;
  const quantities = [...new Set(data?.channels.filter((one) => one.kind === 'interval').map((one) => one.code.split('-')[0]!) ?? [])];
  useEffect(() => {
    document.title = `${serial} · Watthour`;
  }, [serial, data]);
  useKeys([
    ...tabs.map((one, i) => ({ keys: String(i + 1), label: 'key.tab' as const, run: () => change({ tab: one }) })),
    ...(may && hangs ? [{ keys: 'x', label: 'key.exchange' as const, run: () => setOpen('exchange') }] : []),
    ...(mayComment ? [{ keys: 'n', label: 'key.comment' as const, run: () => setOpen('comment') }] : []),
    ...(mayAsk && hangs ? [{ keys: 'p', label: 'key.ping' as const, run: () => setAsking('ping') }, { keys: 'r', label: 'key.read_now' as const, run: () => setAsking('read') }] : []),
    ...(mayReads && registers ? [{ keys: 'w', label: 'key.enter_read' as const, run: () => setOpen('enter') }, { keys: 'm', label: 'key.estimate_read' as const, run: () => setOpen('estimate') }] : []),
    ...(mayReads && quantities.length > 0 ? [{ keys: 'e', label: 'key.edit_reads' as const, run: () => setOpen('edit') }] : []),
    ...(mayCase && hangs ? [{ keys: 'i', label: 'key.open_case' as const, run: () => setOpen('case') }] : []),
  ]);
  const close = () => setOpen(null);
  return (
    <Answer query={meter}>
      {(view) => (
        <>
          <nav className="crumbs" aria-label={t('nav.crumbs')}>
            <Link href="/meters">{t('nav.meters')}</Link> › <span aria-current="page">{view.meter}</span>
          </nav>
          <header className="account-head">
            <div>
              <h1>
                {t('field.meter')} <code>{view.meter}</code>
              </h1>
              <p>
                {view.address ?? t('meter.nowhere')}
                {view.accounts.map((account) => (
                  <span key={account}>
                    {' · '}
                    <Link href={`/accounts/${account}?tab=service`}>{account}</Link>
                  </span>
                ))}
              </p>
              <p className="badges">
                <Badge kind={badgeOf(view.state)}>{word('stock', view.state)}</Badge>
                {view.role && view.role !== 'additive' && <Badge kind="warn">{word('role', view.role)}</Badge>}
                {view.comments
                  .filter((one) => one.until === null && (one.kind === 'dog' || one.kind === 'hazard'))
                  .map((one) => (
                    <Badge key={one.comment} kind="bad">
                      {word('comment_kind', one.kind)}: {one.text}
                    </Badge>
                  ))}
              </p>
            </div>
            <Facts rows={[[t('meter.maker'), `${view.maker} ${view.model}`], [t('meter.multiplier'), view.multiplier]]} />
          </header>
          <div className="bar">
            <div role="tablist" aria-label={t('meter.parts')} className="tabs">
              {tabs.map((one, i) => (
                <button key={one} role="tab" type="button" id={`tab-${one}`} aria-selected={tab === one} aria-controls="part" onClick={() => change({ tab: one })}>
                  {word('meter_tab', one)} <kbd>{i + 1}</kbd>
                </button>
              ))}
            </div>
            <span className="spring" />
            {may && hangs && (
              <button type="button" data-do="exchange" onClick={() => setOpen('exchange')}>
                {t('exchange.do')} <kbd>x</kbd>
              </button>
            )}
            {may && view.followers.length > 0 && (
              <button type="button" data-do="state" onClick={() => setOpen('state')}>
                {t('meter.move')}
              </button>
            )}
            {may && (
              <button type="button" data-do="test" onClick={() => setOpen('test')}>
                {t('meter.test')}
              </button>
            )}
            {mayReads && registers && (
              <button type="button" data-do="enter-read" onClick={() => setOpen('enter')}>
                {t('entry.enter')} <kbd>w</kbd>
              </button>
            )}
            {mayReads && registers && (
              <button type="button" data-do="estimate-read" onClick={() => setOpen('estimate')}>
                {t('entry.estimate')} <kbd>m</kbd>
              </button>
            )}
            {mayReads && quantities.length > 0 && (
              <button type="button" data-do="edit-reads" onClick={() => setOpen('edit')}>
                {t('reads.edit')} <kbd>e</kbd>
              </button>
            )}
            {mayCase && hangs && (
              <button type="button" data-do="case" onClick={() => setOpen('case')}>
                {t('case.open')} <kbd>i</kbd>
              </button>
            )}
            {mayComment && (
              <button type="button" data-do="comment" onClick={() => setOpen('comment')}>
                {t('comment.add')} <kbd>n</kbd>
              </button>
            )}
          </div>
          <div id="part" role="tabpanel" aria-labelledby={`tab-${tab}`}>
            {tab === 'life' && <Life meter={view} />}
            {tab === 'facts' && <MeterFacts meter={view} />}
            {tab === 'reads' && <Reads meter={view} />}
            {tab === 'tests' && <Tests meter={view} />}
            {tab === 'comments' && <Comments meter={view} />}
            {tab === 'network' && (
              <>
                {mayAsk && hangs && (
                  <div className="bar">
                    {asks.map((kind) => (
                      <button key={kind} type="button" data-ask={kind} onClick={() => setAsking(kind)}>
                        {word('ask_do', kind)} {kind === 'ping' && <kbd>p</kbd>}
                        {kind === 'read' && <kbd>r</kbd>}
                      </button>
                    ))}
                  </div>
                )}
                {mayAsk ? <Requests meter={view.meter} /> : <p className="state">{t('state.not_allowed')}</p>}
              </>
            )}
          </div>
          {open === 'exchange' && <ExchangeDialog meter={view} onClose={close} />}
          {open === 'state' && <StateDialog meter={view} onClose={close} />}
          {open === 'test' && <TestDialog meter={view} onClose={close} />}
          {open === 'comment' && <CommentDialog meter={view} onClose={close} />}
          {open === 'enter' && <EnterRead meter={view} onClose={close} />}
          {open === 'estimate' && <EstimateRead meter={view} onClose={close} />}
          {open === 'edit' && <EditIntervals meter={view.meter} quantities={quantities} onClose={close} />}
          {open === 'case' && <OpenCase meter={view.meter} kind="zero_usage" onClose={close} />}
          {asking && <AskMeter meter={view.meter} kind={asking} onClose={() => setAsking(null)} onAsked={() => change({ tab: 'network' })} />}
        </>
      )}
    </Answer>
  );
}
