// SPDX-License-Identifier: Apache-2.0
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useMemo, useRef, useState } from 'react';
import { Link, useLocation } from 'wouter';
import { get, post, type Schemas } from '../api/client';
import { useMay, useMe } from '../me';
import { useKeys } from '../parts/keys';
import { Answer, Badge, Dialog, Facts, Form, Money, SelectField, TextField } from '../parts/parts';
import { say } from '../parts/toasts';
import { useAddress } from '../parts/useAddress';
import { useReopen } from '../parts/useReopen';
import { useAll } from '../parts/useAll';
import { day, t, useLanguage, word } from '../words/words';

type Item = Schemas['WorkItem'];
type Resolution = 'accepted' | 'corrected' | 'dismissed';

/** The reason given last for a cause stands there again: most items of a cause end alike. */
const lastReason = (cause: string, as: Resolution) => localStorage.getItem(`reason.${cause}.${as}`) ?? '';
const keepReason = (cause: string, as: Resolution, why: string) => localStorage.setItem(`reason.${cause}.${as}`, why);

function Resolve({ items, cause, as: first, onClose, onDone }: { items: Item[]; cause?: Schemas['WorkCause']; as: Resolution; onClose: () => void; onDone: (decided: string[]) => void }) {
  const causeName = cause?.cause ?? items[0]!.cause;
  const [as, setAs] = useState<Resolution>(first);
  const [why, setWhy] = useState(() => lastReason(causeName, first));
  const many = cause !== undefined || items.length > 1;
  const which = cause ? { cause: cause.cause } : { items: items.map((item) => item.id) };
  const reopen = useReopen();
  // What would be done is asked with the real thing: count, dollars, what is left out and why.
  const preview = useQuery({
    queryKey: ['bulk', which],
    queryFn: () => post('/v1/work-resolutions', { resolution: as, why: '-', ...which }, { query: { dry_run: true } }),
    enabled: many,
    staleTime: 0,
  });
  const decide = useMutation({
    mutationFn: async () => {
      const decided = cause ? await itemsOf(cause.cause) : items.map((item) => item.id);
      await post('/v1/work-resolutions', { resolution: as, why, ...which });
      return decided;
    },
    onSuccess: (decided) => {
      keepReason(causeName, as, why);
      say(t('inbox.decided', { n: decided.length }), { undo: () => void reopen(decided) });
      onDone(decided);
    },
  });
  return (
    <Dialog title={many ? t('inbox.decide_many', { n: preview.data?.count ?? items.length }) : t('inbox.decide')} onClose={onClose}>
      <Form onSubmit={() => decide.mutate()} failure={decide.error ?? preview.error} busy={decide.isPending} submit={word('resolve', as)} onCancel={onClose}>
        {many && preview.data && (
          <>
            <Facts
              rows={[
                [t('inbox.count'), preview.data.count],
                [t('inbox.at_stake'), <Money amount={preview.data.at_stake} />],
                [t('inbox.skipped'), preview.data.skipped.length],
              ]}
            />
            {preview.data.skipped.map((one) => (
              <p key={one.id} className="quiet-text">
                {one.id}: {one.why}
              </p>
            ))}
            <h3>{t('inbox.largest')}</h3>
            <ul className="largest">
              {preview.data.largest.map((item) => (
                <li key={item.id}>
                  <Money amount={item.at_stake} /> {item.account} {item.evidence}
                </li>
              ))}
            </ul>
          </>
        )}
        <TextField label={t('field.why')} value={why} onChange={setWhy} first required />
        <SelectField label={t('inbox.as')} value={as} onChange={(value) => setAs(value as Resolution)} options={(['accepted', 'corrected', 'dismissed'] as const).map((one) => [one, word('resolution', one)])} />
      </Form>
    </Dialog>
  );
}

async function itemsOf(cause: string): Promise<string[]> {
  const ids: string[] = [];
  let cursor = '';
  do {
    const page = await get('/v1/work-items', { query: { cause, limit: 200, cursor } });
    ids.push(...page.items.map((item) => item.id));
    cursor = page.cursor ?? '';
  } while (cursor);
  return ids;
}

function Change({ item, onClose }: { item: Item; onClose: () => void }) {
  const me = useMe();
  const client = useQueryClient();
  const [kind, setKind] = useState('assigned');
  const [value, setValue] = useState(me.user);
  const [why, setWhy] = useState('');
  const change = useMutation({
    mutationFn: () => post('/v1/work-items/{item}/changes', { kind, value, why }, { path: { item: item.id } }),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: ['work'] });
      say(t('inbox.changed'));
      onClose();
    },
  });
  const ofDay = kind === 'snoozed' || kind === 'due';
  return (
    <Dialog title={t('inbox.change')} onClose={onClose}>
      <Form onSubmit={() => change.mutate()} failure={change.error} busy={change.isPending} submit={t('action.save')} onCancel={onClose}>
        <SelectField
          label={t('inbox.change')}
          value={kind}
          onChange={(next) => {
            setKind(next);
            setValue(next === 'assigned' ? me.user : '');
          }}
          options={(['assigned', 'snoozed', 'due', 'noted'] as const).map((one) => [one, word('change', one)])}
          first
        />
        {kind === 'assigned' && <TextField label={t('inbox.person')} value={value} onChange={setValue} required />}
        {ofDay && <TextField label={t('field.date')} type="date" value={value} onChange={setValue} required />}
        <TextField label={t('field.why')} value={why} onChange={setWhy} required={kind === 'noted'} />
      </Form>
    </Dialog>
  );
}

function Detail({ item }: { item: Item }) {
  const history = useQuery({ queryKey: ['work', 'item', item.id], queryFn: () => get('/v1/work-items/{item}', { path: { item: item.id } }) });
  return (
    <section className="card detail" aria-live="polite" aria-label={t('inbox.item')}>
      <h2>{word('cause', item.cause)}</h2>
      <p className="evidence">{item.evidence}</p>
      <Facts
        rows={[
          [t('field.account'), item.account ? <Link href={`/accounts/${item.account}`}>{item.account}</Link> : '—'],
          [t('inbox.at_stake'), <Money amount={item.at_stake} />],
          [t('inbox.opened'), day(item.opened_on)],
          [t('inbox.owner'), item.owner || '—'],
          [t('inbox.due'), item.due_on ? day(item.due_on) : '—'],
        ]}
      />
      <p className="notice">{item.next_step}</p>
      {history.data && history.data.history.length > 0 && (
        <>
          <h3>{t('tab.history')}</h3>
          <ul className="past-small">
            {history.data.history.map((change, i) => (
              <li key={i}>
                {day(change.on)} {word('change', change.kind)} {change.value} {change.by && `· ${change.by}`} {change.why && `— ${change.why}`}
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}

export default function Inbox() {
  useLanguage();
  const me = useMe();
  const may = useMay('work.resolve');
  const client = useQueryClient();
  const [, navigate] = useLocation();
  const [query, change] = useAddress();
  const state = query.state ?? 'open';
  const [version, setVersion] = useState(0);
  const causes = useQuery({ queryKey: ['work', 'causes'], queryFn: () => get('/v1/work-causes') });
  const list = useAll<Item>('/v1/work-items', { state, cause: query.cause, owner: query.mine === 'yes' ? me.user : undefined }, {}, version);
  const [gone, setGone] = useState<Set<string>>(new Set());
  const items = useMemo(
    () => list.rows.filter((item) => !gone.has(item.id) && (!query.account || item.account === query.account)),
    [list.rows, gone, query.account],
  );
  const at = Math.max(0, items.findIndex((item) => item.id === query.item));
  const active = items[at];
  const [chosen, setChosen] = useState<Set<string>>(new Set());
  const [deciding, setDeciding] = useState<{ items: Item[]; cause?: Schemas['WorkCause']; as: Resolution } | null>(null);
  const [editing, setEditing] = useState(false);
  const rowOf = useRef(new Map<string, HTMLElement>());
  const go = (index: number) => {
    const next = items[Math.max(0, Math.min(items.length - 1, index))];
    if (next) change({ item: next.id });
  };
  useEffect(() => {
    if (active) rowOf.current.get(active.id)?.scrollIntoView({ block: 'nearest' });
  }, [active]);
  const resolve = (as: Resolution) => {
    const many = items.filter((item) => chosen.has(item.id));
    const these = many.length > 0 ? many : active ? [active] : [];
    if (may && these.length > 0) setDeciding({ items: these, as });
  };
  const toggle = (id: string) => {
    const next = new Set(chosen);
    if (!next.delete(id)) next.add(id);
    setChosen(next);
  };
  useKeys([
    { keys: 'j', label: 'key.next', run: () => go(at + 1) },
    { keys: 'k', label: 'key.previous', run: () => go(at - 1) },
    { keys: 'x', label: 'key.select', run: () => active && toggle(active.id) },
    { keys: 'a', label: 'key.accept', run: () => resolve('accepted') },
    { keys: 'c', label: 'key.correct', run: () => resolve('corrected') },
    { keys: 'r', label: 'key.reject', run: () => resolve('dismissed') },
    { keys: 'e', label: 'key.edit', run: () => may && active && setEditing(true) },
    { keys: 'o', label: 'key.open', run: () => active?.account && navigate(`/accounts/${active.account}`) },
  ]);
  const done = (decided: string[]) => {
    // The next one opens by itself.
    const next = items.slice(at).find((item) => !decided.includes(item.id)) ?? items.find((item) => !decided.includes(item.id));
    setGone(new Set([...gone, ...decided]));
    setChosen(new Set());
    setDeciding(null);
    change({ item: next?.id ?? '' });
    void client.invalidateQueries({ queryKey: ['work'] });
  };
  // After an undo the list is read again.
  useEffect(() => {
    const unsubscribe = client.getQueryCache().subscribe((event) => {
      if (event.type === 'updated' && event.action.type === 'invalidate' && event.query.queryKey[1] === 'causes') {
        setGone(new Set());
        setVersion((before) => before + 1);
      }
    });
    return unsubscribe;
  }, [client]);
  return (
    <>
      <div className="bar">
        <h1>{t('nav.inbox')}</h1>
        <div className="tabs" role="group" aria-label={t('inbox.state')}>
          {(['open', 'snoozed', 'resolved'] as const).map((one) => (
            <button key={one} type="button" aria-pressed={state === one} onClick={() => change({ state: one === 'open' ? '' : one, item: '' })}>
              {word('state_of', one)}
            </button>
          ))}
          <button type="button" aria-pressed={query.mine === 'yes'} onClick={() => change({ mine: query.mine === 'yes' ? '' : 'yes', item: '' })}>
            {t('inbox.mine')}
          </button>
        </div>
        {query.account && (
          <button type="button" onClick={() => change({ account: '' })}>
            {t('field.account')} {query.account} ×
          </button>
        )}
        <span className="spring" />
        {may && (
          <>
            <button type="button" onClick={() => resolve('accepted')} disabled={!active}>
              {word('resolve', 'accepted')} <kbd>a</kbd>
            </button>
            <button type="button" onClick={() => resolve('corrected')} disabled={!active}>
              {word('resolve', 'corrected')} <kbd>c</kbd>
            </button>
            <button type="button" onClick={() => resolve('dismissed')} disabled={!active}>
              {word('resolve', 'dismissed')} <kbd>r</kbd>
            </button>
            <button type="button" onClick={() => setEditing(true)} disabled={!active}>
              {t('inbox.change')} <kbd>e</kbd>
            </button>
          </>
        )}
      </div>
      <div className="inbox">
        <Answer query={causes}>
          {(data) => (
            <ul className="causes" aria-label={t('inbox.causes')}>
              <li>
                <button type="button" aria-pressed={!query.cause} onClick={() => change({ cause: '', item: '' })}>
                  <span>{t('inbox.all')}</span>
                  <span className="number">{data.items.reduce((sum, one) => sum + one.count, 0)}</span>
                </button>
              </li>
              {data.items.map((one) => (
                <li key={one.kind + one.cause}>
                  <button type="button" aria-pressed={query.cause === one.cause} onClick={() => change({ cause: one.cause, item: '' })}>
                    <span>{word('cause', one.cause)}</span>
                    <span className="number">{one.count}</span>
                    <Money amount={one.at_stake} />
                  </button>
                  {may && query.cause === one.cause && one.count > 1 && (
                    <button type="button" onClick={() => setDeciding({ items: [], cause: one, as: 'accepted' })}>
                      {t('inbox.all_of_cause', { n: one.count })}
                    </button>
                  )}
                </li>
              ))}
            </ul>
          )}
        </Answer>
        <Answer query={list.query} empty={() => items.length === 0 && list.complete}>
          {() => (
            <ul className="items" role="listbox" aria-label={t('nav.inbox')} aria-multiselectable="true" tabIndex={0} aria-activedescendant={active ? `item-${active.id}` : undefined}>
              {items.map((item) => (
                <li
                  key={item.id}
                  id={`item-${item.id}`}
                  role="option"
                  aria-selected={chosen.has(item.id)}
                  className={item === active ? 'active' : ''}
                  ref={(element) => void (element ? rowOf.current.set(item.id, element) : rowOf.current.delete(item.id))}
                  onClick={(event) => (event.ctrlKey || event.metaKey ? toggle(item.id) : change({ item: item.id }))}
                >
                  <span className="tick" aria-hidden="true">{chosen.has(item.id) ? '☑' : '☐'}</span>
                  <span className="first">
                    {item.account && <b>{item.account} </b>}
                    {item.evidence}
                  </span>
                  <Money amount={item.at_stake} />
                  <span className="quiet-text">
                    {day(item.opened_on)} {item.owner && <Badge>{item.owner}</Badge>}
                  </span>
                </li>
              ))}
            </ul>
          )}
        </Answer>
        {active && <Detail key={active.id} item={active} />}
      </div>
      {deciding && <Resolve {...deciding} onClose={() => setDeciding(null)} onDone={done} />}
      {editing && active && <Change item={active} onClose={() => setEditing(false)} />}
    </>
  );
}
