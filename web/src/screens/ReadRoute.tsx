// SPDX-License-Identifier: Apache-2.0
// One route: its walk for a read date, what is not read first, and what can be done with it.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'wouter';
import { get, post, type Schemas } from '../api/client';
import { useMay } from '../me';
import { useKeys } from '../parts/keys';
import { Answer, Badge, Dialog, Facts, Form, SelectField, TextField } from '../parts/parts';
import { say } from '../parts/toasts';
import { useAddress } from '../parts/useAddress';
import { count, day, t, useLanguage, word } from '../words/words';

type Walk = Schemas['RouteWalk'];
type Stop = Schemas['WalkStop'];
type Moved = Schemas['Rerouted'];

function badgeOf(state: string): 'good' | 'warn' | 'bad' | undefined {
  if (state === 'read') return 'good';
  if (state === 'estimated' || state === 'intervals') return undefined;
  return state === 'trouble' ? 'bad' : 'warn';
}

function StopRow({ stop, chosen, onChoose }: { stop: Stop; chosen: boolean; onChoose?: () => void }) {
  const register = stop.registers[0];
  return (
    <tr className={chosen ? 'active' : ''}>
      <td>{onChoose && stop.meter && <input type="checkbox" aria-label={t('routes.choose', { meter: stop.meter })} checked={chosen} onChange={onChoose} />}</td>
      <td className="number">{count(stop.order)}</td>
      <td>{stop.meter ? <Link href={`/meters/${stop.meter}`}>{stop.meter}</Link> : t('routes.no_meter')}</td>
      <td>
        {stop.address}
        {stop.comments.map((comment) => (
          <div key={comment.kind + comment.text}>
            <Badge kind={comment.kind === 'dog' || comment.kind === 'hazard' ? 'warn' : undefined}>{word('comment_kind', comment.kind)}</Badge> <small>{comment.text}</small>
          </div>
        ))}
      </td>
      <td>{stop.account ? <Link href={`/accounts/${stop.account}`}>{stop.account}</Link> : '—'}</td>
      <td>
        <span className="badges">
          <Badge kind={badgeOf(stop.state)}>{word('route_state', stop.state)}</Badge>
          {stop.skip && <Badge>{word('reader_code', stop.skip)}</Badge>}
          {stop.troubles.map((trouble) => (
            <Badge key={trouble} kind="bad">
              {word('reader_code', trouble)}
            </Badge>
          ))}
        </span>
      </td>
      <td className="number">{register?.last_reading ?? '—'}</td>
      <td className="number">{register?.low && register.high ? `${register.low} – ${register.high}` : '—'}</td>
      <td className="number">{register?.reading ?? '—'}</td>
      <td className="number">{stop.estimates_in_a_row > 0 ? <Badge kind={stop.estimates_in_a_row > 1 ? 'warn' : undefined}>{stop.estimates_in_a_row}</Badge> : ''}</td>
      <td>{stop.proposal ? word('route_proposal', stop.proposal) : ''}</td>
    </tr>
  );
}

/** What a move would do to the periods and the load of both routes. */
function MovePreview({ moved }: { moved: Moved }) {
  const outside = moved.points.filter((point) => point.verdict !== 'same' && point.verdict !== 'inside');
  const counts = moved.counts as Record<string, number>;
  return (
    <section className="balance" aria-label={t('routes.preview')}>
      <Facts
        rows={[
          [t('routes.move_on'), day(moved.from)],
          [t('routes.inside_on'), moved.proposed ? day(moved.proposed) : t('routes.never_inside')],
          ...Object.entries(counts)
            .filter(([, n]) => n > 0)
            .map(([verdict, n]): [string, string] => [word('route_verdict', verdict), count(n)]),
        ]}
      />
      {moved.way.length > 0 && (
        <p className="notice">
          {t('routes.way')}{' '}
          {moved.way.map((step) => t('routes.way_step', { cycle: step.cycle, on: day(step.move_on), n: step.days })).join(' → ')}
        </p>
      )}
      <table className="plain">
        <thead>
          <tr>
            <th>{t('field.route')}</th>
            <th>{t('field.cycle')}</th>
            <th className="number">{t('routes.before')}</th>
            <th className="number">{t('routes.after')}</th>
          </tr>
        </thead>
        <tbody>
          {moved.load.map((one) => (
            <tr key={one.route}>
              <td>{one.route}</td>
              <td>{one.cycle}</td>
              <td className="number">{count(one.before)}</td>
              <td className="number">{count(one.after)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {outside.length > 0 && (
        <div className="scroll" tabIndex={0}>
          <table className="plain">
            <caption>{t('routes.outside', { n: outside.length })}</caption>
            <thead>
              <tr>
                <th>{t('field.meter')}</th>
                <th>{t('field.account')}</th>
                <th>{t('routes.last_read')}</th>
                <th>{t('routes.first_read')}</th>
                <th className="number">{t('routes.days')}</th>
                <th>{t('routes.verdict')}</th>
              </tr>
            </thead>
            <tbody>
              {outside.slice(0, 100).map((point) => (
                <tr key={point.meter}>
                  <td>{point.meter}</td>
                  <td>{point.account ?? '—'}</td>
                  <td>{point.last_read ? day(point.last_read) : '—'}</td>
                  <td>{point.first_read ? day(point.first_read) : '—'}</td>
                  <td className="number">{point.days ?? '—'}</td>
                  <td>
                    <Badge kind={point.verdict === 'twice' || point.verdict === 'skip' ? 'bad' : 'warn'}>{word('route_verdict', point.verdict)}</Badge>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

function MoveDialog({ walk, meters, onClose, onDone }: { walk: Walk; meters: string[]; onClose: () => void; onDone: () => void }) {
  const [to, setTo] = useState('');
  const [from, setFrom] = useState('');
  const [after, setAfter] = useState('');
  const [accept, setAccept] = useState(false);
  const [why, setWhy] = useState('');
  const list = useQuery({ queryKey: ['routes', 'all'], queryFn: () => get('/v1/routes', { query: { limit: 200 } }) });
  const body = {
    to_route: to,
    why: why.trim() || '-',
    ...(meters.length > 0 ? { meters } : {}),
    ...(from ? { from } : {}),
    ...(after.trim() ? { after: after.trim() } : {}),
    ...(accept ? { accept_length: true } : {}),
  };
  const preview = useQuery({
    queryKey: ['move', walk.route, body.to_route, meters, from, after],
    queryFn: () => post('/v1/routes/{route}/move', body, { path: { route: walk.route }, query: { dry_run: true } }),
    enabled: to !== '',
    retry: false,
  });
  const move = useMutation({
    mutationFn: () => post('/v1/routes/{route}/move', body, { path: { route: walk.route } }),
    onSuccess: (done) => {
      say(t('routes.moved', { n: done.points.length, route: done.to_route }));
      onDone();
    },
  });
  const options = (list.data?.items ?? []).map((row): [string, string] => [row.route, `${row.route} · ${t('field.cycle')} ${row.cycle} · ${word('route_kind', row.kind)}`]);
  return (
    <Dialog title={meters.length > 0 ? t('routes.move_some', { n: meters.length }) : t('routes.move_all', { route: walk.route })} onClose={onClose} wide>
      <Form onSubmit={() => move.mutate()} failure={move.error ?? preview.error} busy={move.isPending} submit={t('routes.move')} onCancel={onClose}>
        <div className="fields">
          <SelectField label={t('routes.to')} value={to} onChange={setTo} first options={[['', '—'], ...options]} />
          <TextField label={t('routes.behind')} value={after} onChange={setAfter} hint={t('routes.behind_hint')} />
          <TextField label={t('field.from')} type="date" value={from} onChange={setFrom} hint={t('routes.from_hint')} />
        </div>
        {preview.data && <MovePreview moved={preview.data} />}
        <label className="field">
          <span>
            <input type="checkbox" checked={accept} onChange={(event) => setAccept(event.target.checked)} /> {t('routes.accept_length')}
          </span>
        </label>
        <TextField label={t('field.why')} value={why} onChange={setWhy} required />
      </Form>
    </Dialog>
  );
}

function FollowUpDialog({ walk, onClose, onDone }: { walk: Walk; onClose: () => void; onDone: () => void }) {
  const [as, setAs] = useState(walk.days_left >= 0 && !walk.estimated_period ? 'reread' : 'estimate');
  const [why, setWhy] = useState('');
  const body = { as, read_date: walk.read_date };
  const preview = useQuery({
    queryKey: ['follow-up', walk.route, walk.read_date, as],
    queryFn: () => post('/v1/routes/{route}/follow-ups', { ...body, why: '-' }, { path: { route: walk.route }, query: { dry_run: true } }),
    staleTime: 0,
  });
  const act = useMutation({
    mutationFn: () => post('/v1/routes/{route}/follow-ups', { ...body, why }, { path: { route: walk.route } }),
    onSuccess: (done) => {
      say(t('routes.followed', { proposed: done.proposed, estimated: done.estimated, refused: done.refused }));
      onDone();
    },
  });
  return (
    <Dialog title={t('routes.follow_up', { n: walk.unread })} onClose={onClose}>
      <Form onSubmit={() => act.mutate()} failure={act.error ?? preview.error} busy={act.isPending} submit={word('route_proposal', as)} onCancel={onClose}>
        <SelectField label={t('routes.as')} value={as} onChange={setAs} first options={(['reread', 'estimate'] as const).map((one): [string, string] => [one, word('route_proposal', one)])} />
        {preview.data && (
          <div className="scroll" tabIndex={0}>
            <table className="plain">
              <tbody>
                {preview.data.meters.map((one) => (
                  <tr key={one.meter}>
                    <td>{one.meter}</td>
                    <td>{word('follow_up', one.outcome)}</td>
                    <td>{one.reading ?? one.why_not ?? ''}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
        <TextField label={t('field.why')} value={why} onChange={setWhy} required />
      </Form>
    </Dialog>
  );
}

function CloseDialog({ walk, onClose, onDone }: { walk: Walk; onClose: () => void; onDone: () => void }) {
  const [why, setWhy] = useState('');
  const act = useMutation({
    mutationFn: () => post('/v1/routes/{route}/closing', { read_date: walk.read_date, reopen: walk.closed, why }, { path: { route: walk.route } }),
    onSuccess: onDone,
  });
  return (
    <Dialog title={walk.closed ? t('routes.reopen') : t('routes.close')} onClose={onClose}>
      <Form onSubmit={() => act.mutate()} failure={act.error} busy={act.isPending} submit={walk.closed ? t('routes.reopen') : t('routes.close')} onCancel={onClose}>
        <p>{t('routes.close_about', { day: day(walk.read_date) })}</p>
        <TextField label={t('field.why')} value={why} onChange={setWhy} first required />
      </Form>
    </Dialog>
  );
}

/** The file goes to the person who asked for it. */
function download(name: string, text: string) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], { type: 'text/plain' }));
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}

type Over = 'move' | 'follow' | 'close' | null;

export default function ReadRoute({ route }: { route: string }) {
  useLanguage();
  const [query, change] = useAddress();
  const [over, setOver] = useState<Over>(null);
  const [chosen, setChosen] = useState<Set<string>>(new Set());
  const client = useQueryClient();
  const mayMove = useMay('route.change');
  const mayWalk = useMay('route.walk');
  const unreadFirst = query.order !== 'walk';
  const walk = useQuery({
    queryKey: ['route', route, query.read_date, unreadFirst],
    queryFn: () => get('/v1/routes/{route}', { path: { route }, query: { read_date: query.read_date, unread_first: unreadFirst } }),
  });
  const again = () => {
    setOver(null);
    setChosen(new Set());
    void client.invalidateQueries({ queryKey: ['route', route] });
  };
  const hand = useMutation({
    mutationFn: () => post('/v1/routes/{route}/exports', walk.data ? { read_date: walk.data.read_date } : {}, { path: { route } }),
    onSuccess: (done) => {
      download(done.file, done.text);
      say(done.again ? t('routes.exported_again', { n: done.number }) : t('routes.exported', { n: done.meters }));
      again();
    },
    onError: (failure) => say(String(failure.message), { bad: true }),
  });
  const toggle = (meter: string) => {
    const next = new Set(chosen);
    if (!next.delete(meter)) next.add(meter);
    setChosen(next);
  };
  useKeys([
    ...(mayMove ? [{ keys: 'v', label: 'key.move_route' as const, run: () => setOver('move') }] : []),
    ...(mayWalk ? [{ keys: 'e', label: 'key.export_route' as const, run: () => hand.mutate() }] : []),
    ...(mayWalk ? [{ keys: 'u', label: 'key.follow_up' as const, run: () => setOver('follow') }] : []),
  ]);
  return (
    <Answer query={walk}>
      {(data) => (
        <>
          <p className="crumbs">
            <Link href="/routes">{t('nav.routes')}</Link>
          </p>
          <h1>
            {t('routes.title', { route: data.route })} <Badge>{word('route_kind', data.kind)}</Badge> {data.closed && <Badge kind="warn">{t('routes.closed')}</Badge>}
          </h1>
          <Facts
            rows={[
              [t('field.cycle'), data.cycle],
              [t('routes.reader'), data.reader ?? '—'],
              [t('routes.method'), word('read_method', data.read_method)],
              [t('routes.read_date'), day(data.read_date)],
              [t('routes.window'), data.days_left < 0 ? t('routes.window_over') : t('routes.days_left', { n: data.days_left })],
              ...Object.entries(data.counts as Record<string, number>)
                .filter(([, n]) => n > 0)
                .map(([state, n]): [string, string] => [word('route_state', state), count(n)]),
            ]}
          />
          {data.estimated_period && <p className="notice">{t('routes.estimated_period')}</p>}
          <div className="bar">
            <button type="button" disabled={!data.previous_read_date} onClick={() => change({ read_date: data.previous_read_date ?? '' })}>
              ← {data.previous_read_date ? day(data.previous_read_date) : '—'}
            </button>
            <strong>{day(data.read_date)}</strong>
            <button type="button" data-do="next" disabled={!data.next_read_date} onClick={() => change({ read_date: data.next_read_date ?? '' })}>
              {data.next_read_date ? day(data.next_read_date) : '—'} →
            </button>
            <button type="button" aria-pressed={unreadFirst} onClick={() => change({ order: unreadFirst ? 'walk' : '' })}>
              {t('routes.unread_first')}
            </button>
            <span className="spring" />
            {mayWalk && data.kind !== 'ami' && (
              <button type="button" className="main" data-do="export" onClick={() => hand.mutate()} aria-disabled={hand.isPending}>
                {t('routes.export')} <kbd>e</kbd>
              </button>
            )}
            {mayWalk && data.unread > 0 && (
              <button type="button" data-do="follow" onClick={() => setOver('follow')}>
                {t('routes.follow_up', { n: data.unread })} <kbd>u</kbd>
              </button>
            )}
            {mayMove && (
              <button type="button" data-do="move" onClick={() => setOver('move')}>
                {chosen.size > 0 ? t('routes.move_some', { n: chosen.size }) : t('routes.move_all', { route: data.route })} <kbd>v</kbd>
              </button>
            )}
            {mayWalk && (
              <button type="button" data-do="close" onClick={() => setOver('close')}>
                {data.closed ? t('routes.reopen') : t('routes.close')}
              </button>
            )}
          </div>
          <div className="scroll tall" tabIndex={0}>
            <table className="plain">
              <thead>
                <tr>
                  <th>
                    <span className="quiet-text">✓</span>
                  </th>
                  <th className="number">{t('routes.order')}</th>
                  <th>{t('field.meter')}</th>
                  <th>{t('field.street')}</th>
                  <th>{t('field.account')}</th>
                  <th>{t('routes.state')}</th>
                  <th className="number">{t('routes.last_reading')}</th>
                  <th className="number">{t('routes.limits')}</th>
                  <th className="number">{t('routes.reading')}</th>
                  <th className="number">{t('routes.estimates')}</th>
                  <th>{t('routes.proposal')}</th>
                </tr>
              </thead>
              <tbody>
                {data.stops.map((stop) => (
                  <StopRow key={`${stop.order}${stop.meter ?? stop.address}`} stop={stop} chosen={stop.meter !== null && chosen.has(stop.meter)} {...(mayMove ? { onChoose: () => toggle(stop.meter!) } : {})} />
                ))}
              </tbody>
            </table>
          </div>
          {data.exports.length > 0 && (
            <>
              <h2>{t('routes.exports')}</h2>
              <table className="plain">
                <tbody>
                  {data.exports.map((one) => (
                    <tr key={one.number}>
                      <td className="number">{one.number}</td>
                      <td>{one.layout}</td>
                      <td>{t('routes.exported', { n: one.meters })}</td>
                      <td>{one.by}</td>
                      <td>
                        <code>{one.sha256.slice(0, 16)}</code>
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </>
          )}
          {over === 'move' && <MoveDialog walk={data} meters={[...chosen]} onClose={() => setOver(null)} onDone={again} />}
          {over === 'follow' && <FollowUpDialog walk={data} onClose={() => setOver(null)} onDone={again} />}
          {over === 'close' && <CloseDialog walk={data} onClose={() => setOver(null)} onDone={again} />}
        </>
      )}
    </Answer>
  );
}
