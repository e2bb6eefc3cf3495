// SPDX-License-Identifier: Apache-2.0
// Meters over their network: which are silent, and what was asked of which.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { Link, useLocation } from 'wouter';
import { address, get, post, type Schemas } from '../api/client';
import { Grid, type Column } from '../parts/Grid';
import { useKeys } from '../parts/keys';
import { Answer, Badge, Dialog, Facts, Form, SelectField, TextField } from '../parts/parts';
import { Requests, badgeOfRequest } from '../parts/Requests';
import { say } from '../parts/toasts';
import { useAddress } from '../parts/useAddress';
import { clock, count, day, t, useLanguage, word } from '../words/words';

type Silent = Schemas['SilentMeterAsked'];
type Last = { kind: string; state: string; asked_at: string; result: string } | null;
const states = ['sent', 'acknowledged', 'done', 'timed_out', 'failed'] as const;

function PingAll({ meters, onClose }: { meters: string[]; onClose: () => void }) {
  const [why, setWhy] = useState(t('ask.why_silent'));
  const client = useQueryClient();
  const ping = useMutation({
    mutationFn: () => post('/v1/head-end/pings', { meters, why }),
    onSuccess: (done) => {
      void client.invalidateQueries({ queryKey: ['silent'] });
      void client.invalidateQueries({ queryKey: ['requests'] });
      const refused = done.pinged.filter((one) => one.refused);
      say(t('ask.pinged', { n: done.asked }));
      if (refused.length > 0) say(t('ask.refused_some', { n: refused.length, first: `${refused[0]!.meter}: ${refused[0]!.refused}` }), { bad: true });
      onClose();
    },
  });
  return (
    <Dialog title={t('ask.ping_many', { n: meters.length })} onClose={onClose}>
      <Form onSubmit={() => ping.mutate()} failure={ping.error} busy={ping.isPending} submit={word('ask_do', 'ping')} onCancel={onClose}>
        <p className="quiet-text">{meters.slice(0, 12).join(', ')}{meters.length > 12 && ' …'}</p>
        <TextField label={t('field.why')} value={why} onChange={setWhy} first required />
      </Form>
    </Dialog>
  );
}

function ProposeOrders({ meters, onClose }: { meters: string[]; onClose: () => void }) {
  const client = useQueryClient();
  const preview = useQuery({ queryKey: ['orders', meters], queryFn: () => post('/v1/head-end/order-proposals', { meters }, { query: { dry_run: true } }), staleTime: 0 });
  const propose = useMutation({
    mutationFn: () => post('/v1/head-end/order-proposals', { meters }),
    onSuccess: (done) => {
      void client.invalidateQueries({ queryKey: ['work'] });
      say(t('ask.orders', { n: done.proposed }));
      onClose();
    },
  });
  return (
    <Dialog title={t('ask.order_many', { n: meters.length })} onClose={onClose}>
      <Form onSubmit={() => propose.mutate()} failure={propose.error ?? preview.error} busy={propose.isPending} submit={t('ask.order')} onCancel={onClose}>
        <p className="quiet-text">{meters.slice(0, 12).join(', ')}{meters.length > 12 && ' …'}</p>
        {preview.data && <Facts rows={[[t('ask.new_orders'), count(preview.data.proposed)], [t('ask.there_before'), count(meters.length - preview.data.proposed)]]} />}
      </Form>
    </Dialog>
  );
}

function SilentMeters() {
  const language = useLanguage();
  const [query, change] = useAddress();
  const [, navigate] = useLocation();
  const days = query.days ?? '3';
  const silent = useQuery({ queryKey: ['silent', days], queryFn: () => get('/v1/head-end/silent', { query: { days: Number(days) } }), staleTime: 0 });
  const [chosen, setChosen] = useState<Set<string>>(new Set());
  const [doing, setDoing] = useState<'ping' | 'order' | null>(null);
  const rows = silent.data?.meters ?? [];
  const these = chosen.size > 0 ? rows.filter((row) => chosen.has(row.meter)).map((row) => row.meter) : rows.map((row) => row.meter);
  const start = (what: 'ping' | 'order') => these.length > 0 && setDoing(what);
  useKeys([
    { keys: 'p', label: 'key.ping', run: () => start('ping') },
    { keys: 'v', label: 'key.order', run: () => start('order') },
  ]);
  const columns = useMemo<Column<Silent>[]>(
    () => [
      { key: 'meter', title: t('field.meter'), value: (row) => row.meter, show: (row) => <Link href={`/meters/${row.meter}?tab=network`}>{row.meter}</Link>, width: '8rem' },
      { key: 'days', title: t('reads.days_silent'), value: (row) => String(row.days_silent), show: (row) => <Badge kind={row.days_silent > 7 ? 'bad' : 'warn'}>{row.days_silent > 30 ? t('ask.over_month') : count(row.days_silent)}</Badge>, numeric: true, width: '7rem' },
      { key: 'last', title: t('reads.last_heard'), value: (row) => row.last_day, show: (row) => (row.last_day ? day(row.last_day) : t('reads.never_heard')), width: '9rem' },
      { key: 'route', title: t('reads.route'), value: (row) => row.route, width: '5rem' },
      { key: 'account', title: t('field.account'), value: (row) => row.account, show: (row) => (row.account ? <Link href={`/accounts/${row.account}`}>{row.account}</Link> : '—'), width: '9rem' },
      { key: 'quantities', title: t('reads.quantity'), value: (row) => row.quantities, width: '7rem' },
      { key: 'head_end', title: t('reads.head_end'), value: (row) => row.head_end ?? '', width: '6rem' },
      {
        key: 'power',
        title: t('reads.what_is_known'),
        value: (row) => row.no_power_since ?? '',
        show: (row) => (row.no_power_since ? <Badge kind="bad">{t('reads.no_power_since', { at: clock(row.no_power_since) })}</Badge> : ''),
        width: '12rem',
      },
      {
        key: 'asked',
        title: t('ask.last'),
        value: (row) => (row.last_request as Last)?.state ?? '',
        show: (row) => {
          const last = row.last_request as Last;
          return last ? (
            <>
              {word('ask_kind', last.kind)} <Badge kind={badgeOfRequest(last.state)!}>{word('ask_state', last.state)}</Badge> {last.result}
            </>
          ) : (
            '—'
          );
        },
        width: 'minmax(8rem, 2fr)',
      },
    ],
    [language],
  );
  return (
    <>
      <div className="bar">
        <SelectField label={t('ask.silent_for')} value={days} onChange={(next) => change({ days: next === '3' ? '' : next })} options={['1', '3', '4', '8', '14', '30'].map((one): [string, string] => [one, t('ask.days_or_more', { n: Number(one) })])} />
        <span className="spring" />
        <button type="button" className="main" data-do="ping" disabled={these.length === 0} onClick={() => start('ping')}>
          {t('ask.ping_many', { n: these.length })} <kbd>p</kbd>
        </button>
        <button type="button" data-do="order" disabled={these.length === 0} onClick={() => start('order')}>
          {t('ask.order_many', { n: these.length })} <kbd>v</kbd>
        </button>
        <a className="button" href={address('/v1/head-end/silent/ticket', { query: { days } })} download data-do="ticket">
          {t('ask.ticket')}
        </a>
      </div>
      <Answer query={silent}>
        {(data) => (
          <>
            <p className="badges">
              {(['1-3', '4-7', '8-30', 'over 30'] as const).map((age) => {
                const n = Number((data.by_age as Record<string, number>)[age] ?? 0);
                return n > 0 ? (
                  <Badge key={age} kind={age === '1-3' ? 'warn' : 'bad'}>
                    {word('ask_age', age.replace(' ', '_'))}: {count(n)}
                  </Badge>
                ) : null;
              })}
            </p>
            {data.meters.length === 0 ? (
              <p className="state">{t('reads.all_came')}</p>
            ) : (
              <Grid name="silent" rows={data.meters} complete columns={columns} rowKey={(row) => row.meter} onOpen={(row) => navigate(`/meters/${row.meter}?tab=network`)} selected={chosen} onSelect={setChosen} />
            )}
          </>
        )}
      </Answer>
      {doing === 'ping' && <PingAll meters={these} onClose={() => setDoing(null)} />}
      {doing === 'order' && <ProposeOrders meters={these} onClose={() => setDoing(null)} />}
    </>
  );
}

export default function HeadEnd() {
  useLanguage();
  const [query, change] = useAddress();
  const tab = query.tab === 'requests' ? 'requests' : 'silent';
  return (
    <>
      <div className="bar">
        <h1>{t('nav.head_end')}</h1>
        <div className="tabs" role="group" aria-label={t('nav.head_end')}>
          {(['silent', 'requests'] as const).map((one) => (
            <button key={one} type="button" aria-pressed={tab === one} onClick={() => change({ tab: one === 'silent' ? '' : one, state: '' })}>
              {word('head_end_tab', one)}
            </button>
          ))}
        </div>
      </div>
      {tab === 'silent' ? (
        <SilentMeters />
      ) : (
        <>
          <SelectField label={t('meter.state')} value={query.state ?? ''} onChange={(state) => change({ state })} options={[['', t('meter.all_states')], ...states.map((one): [string, string] => [one, word('ask_state', one)])]} />
          <Requests state={query.state ?? ''} most={100} />
        </>
      )}
    </>
  );
}
