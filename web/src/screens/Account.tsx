// SPDX-License-Identifier: Apache-2.0
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useMemo, useState } from 'react';
import { Link, useLocation } from 'wouter';
import { ApiError, get, getVersioned, post, put, type Schemas } from '../api/client';
import { useMay } from '../me';
import { Grid, type Column } from '../parts/Grid';
import { useKeys } from '../parts/keys';
import { later } from '../parts/later';
import { OpenCase } from '../parts/OpenCase';
import { Answer, Badge, Dialog, Facts, Form, Money, SelectField, TextField } from '../parts/parts';
import { remember } from '../parts/SearchBox';
import { say } from '../parts/toasts';
import { useAddress } from '../parts/useAddress';
import { useAll } from '../parts/useAll';
import { day, t, useLanguage, word } from '../words/words';

const Usage = later(() => import('./Usage'));

type AccountView = Schemas['Account'];
type Contact = Schemas['Contact'];

const tabs = ['past', 'bills', 'ledger', 'service', 'contact', 'history'] as const;
const kinds = ['bill', 'payment', 'return', 'entry', 'read', 'work', 'edit', 'note'] as const;

function Header({ account }: { account: AccountView }) {
  const last = account.bills.at(-1);
  const owes = !account.balance.startsWith('-') && account.balance !== '0.00';
  const programs = account.agreements.flatMap((one) => one.programs.filter((program) => program.until === null));
  return (
    <header className="account-head">
      <div>
        <h1>{account.name}</h1>
        <p>
          <code>{account.account}</code> · {account.agreements.find((one) => one.until === null)?.address ?? account.agreements[0]?.address}
        </p>
        <p className="badges">
          <Badge>{word('language', account.language)}</Badge>
          {account.autopay && <Badge kind={account.autopay === 'active' ? 'good' : 'warn'}>{word('autopay', account.autopay)}</Badge>}
          {account.agreements.every((one) => one.until !== null) && <Badge kind="warn">{t('account.ended')}</Badge>}
          {programs.map((program) => (
            <Badge key={program.code}>{program.code}</Badge>
          ))}
          {account.open_work > 0 && (
            <Link href={`/inbox?account=${account.account}`}>
              <Badge kind="bad">{t('account.open_work', { n: account.open_work })}</Badge>
            </Link>
          )}
        </p>
      </div>
      <Facts
        rows={[
          [t('field.balance'), <strong className={owes ? 'big' : 'big good'}><Money amount={account.balance} /></strong>],
          [t('account.last_bill'), last ? <Link href={`/bills/${last.bill}`}><Money amount={last.amount_due} /></Link> : '—'],
          [t('field.due_date'), last ? day(last.due_date) : '—'],
        ]}
      />
    </header>
  );
}

function Note({ account, onClose }: { account: string; onClose: () => void }) {
  const [text, setText] = useState(() => sessionStorage.getItem(`note.${account}`) ?? '');
  const client = useQueryClient();
  useEffect(() => sessionStorage.setItem(`note.${account}`, text), [account, text]);
  const add = useMutation({
    mutationFn: () => post('/v1/accounts/{account}/notes', { text }, { path: { account } }),
    onSuccess: () => {
      sessionStorage.removeItem(`note.${account}`);
      void client.invalidateQueries({ queryKey: ['past', account] });
      say(t('note.done'));
      onClose();
    },
  });
  return (
    <Dialog title={t('note.add')} onClose={onClose}>
      <Form onSubmit={() => add.mutate()} failure={add.error} busy={add.isPending} submit={t('note.save')} onCancel={onClose}>
        <div className="field">
          <label htmlFor="note">{t('note.text')}</label>
          <textarea id="note" data-first="" rows={4} value={text} onChange={(event) => setText(event.target.value)} required />
        </div>
      </Form>
    </Dialog>
  );
}

function Past({ account }: { account: string }) {
  const [query, change] = useAddress();
  const chosen = query.kinds ? query.kinds.split(',') : [];
  // Daily reads of a remote meter would hide all else; they are shown when asked for.
  const wanted = query.kinds || kinds.filter((kind) => kind !== 'read').join(',');
  const past = useInfiniteQuery({
    queryKey: ['past', account, wanted],
    queryFn: ({ pageParam }) => get('/v1/accounts/{account}/past', { path: { account }, query: { kinds: wanted, limit: 60, cursor: pageParam } }),
    initialPageParam: '',
    getNextPageParam: (page) => page.cursor ?? undefined,
  });
  const rows = past.data?.pages.flatMap((page) => page.items);
  const toggle = (kind: string) => change({ kinds: (chosen.includes(kind) ? chosen.filter((one) => one !== kind) : [...chosen, kind]).join(',') });
  return (
    <section aria-label={t('tab.past')}>
      <div className="bar" role="group" aria-label={t('past.filter')}>
        {kinds.map((kind) => (
          <button key={kind} type="button" aria-pressed={chosen.includes(kind)} onClick={() => toggle(kind)}>
            {word('kind', kind)}
          </button>
        ))}
      </div>
      <Answer query={{ data: rows, error: past.error, isPending: past.isPending }} empty={(data) => data.length === 0}>
        {(data) => (
          <ol className="past">
            {data.map((entry, i) => (
              <li key={`${entry.date}${entry.kind}${entry.reference}${i}`} className={entry.kind}>
                <time>{data[i - 1]?.date === entry.date ? '' : day(entry.date)}</time>
                <span className="kind">{word('kind', entry.kind)}</span>
                <span className="what">
                  {entry.kind === 'bill' ? (
                    <Link href={`/bills/${entry.reference}`}>{entry.reference}</Link>
                  ) : entry.kind === 'work' ? (
                    <Link href={`/inbox?item=${entry.reference}`}>{entry.text}</Link>
                  ) : entry.kind === 'edit' ? (
                    <>
                      <b>{entry.reference}</b> {entry.text}
                    </>
                  ) : entry.kind === 'read' ? (
                    <>
                      {entry.reference}: {entry.text}
                    </>
                  ) : (
                    entry.text || entry.reference
                  )}
                  {entry.by && <span className="quiet-text"> · {entry.by}</span>}
                </span>
                <Money amount={entry.amount} />
              </li>
            ))}
          </ol>
        )}
      </Answer>
      {past.hasNextPage && (
        <button type="button" onClick={() => void past.fetchNextPage()}>
          {t('past.more')}
        </button>
      )}
    </section>
  );
}

function Bills({ account }: { account: AccountView }) {
  const language = useLanguage();
  const [, navigate] = useLocation();
  const rows = useMemo(() => [...account.bills].reverse(), [account]);
  const columns = useMemo<Column<Schemas['BillSummary']>[]>(
    () => [
      { key: 'bill', title: t('field.bill'), value: (row) => row.bill, show: (row) => <Link href={`/bills/${row.bill}`}>{row.bill}</Link>, width: '11.5rem' },
      { key: 'bill_date', title: t('field.bill_date'), value: (row) => row.bill_date, show: (row) => day(row.bill_date) },
      { key: 'due_date', title: t('field.due_date'), value: (row) => row.due_date, show: (row) => day(row.due_date) },
      { key: 'current_charges', title: t('field.current_charges'), value: (row) => row.current_charges, show: (row) => <Money amount={row.current_charges} />, numeric: true },
      { key: 'amount_due', title: t('field.amount_due'), value: (row) => row.amount_due, show: (row) => <Money amount={row.amount_due} />, numeric: true },
      {
        key: 'pdf',
        title: 'PDF',
        value: () => '',
        show: (row) => (
          <>
            <a href={`/v1/bills/${row.bill}/document?language=en`} target="_blank" rel="noreferrer">English</a>
            {' · '}
            <a href={`/v1/bills/${row.bill}/document?language=es`} target="_blank" rel="noreferrer" lang="es">Español</a>
          </>
        ),
        width: '10rem',
      },
    ],
    [language],
  );
  return <Grid name="account-bills" rows={rows} columns={columns} rowKey={(row) => row.bill} onOpen={(row) => navigate(`/bills/${row.bill}`)} />;
}

function Ledger({ account }: { account: string }) {
  const language = useLanguage();
  const list = useAll<Schemas['LedgerEntry']>('/v1/accounts/{account}/ledger', {}, { account });
  const columns = useMemo<Column<Schemas['LedgerEntry']>[]>(
    () => [
      { key: 'date', title: t('field.date'), value: (row) => row.date, show: (row) => day(row.date), width: '8rem' },
      { key: 'kind', title: t('field.kind'), value: (row) => row.kind, show: (row) => word('source', row.kind), width: '10rem' },
      { key: 'reference', title: t('field.reference'), value: (row) => row.reference, width: 'minmax(9rem, 1fr)' },
      { key: 'memo', title: t('field.memo'), value: (row) => row.memo, width: 'minmax(9rem, 1.5fr)' },
      { key: 'amount', title: t('field.amount'), value: (row) => row.amount, show: (row) => <Money amount={row.amount} />, numeric: true },
      { key: 'balance', title: t('field.balance'), value: (row) => row.balance, show: (row) => <Money amount={row.balance} />, numeric: true },
    ],
    [language],
  );
  return (
    <Answer query={list.query}>
      {(data) => <Grid name="ledger" rows={data.rows} complete={data.complete} columns={columns} rowKey={(row) => row.kind + row.reference} download={`/v1/accounts/${account}/ledger`} />}
    </Answer>
  );
}

function ProgramDialog({ account, code, onClose }: { account: string; code: string | null; onClose: () => void }) {
  const client = useQueryClient();
  const [chosen, setChosen] = useState(code ?? '');
  const [on, setOn] = useState('');
  const [why, setWhy] = useState('');
  const pattern = code === null ? '/v1/accounts/{account}/programs' : '/v1/accounts/{account}/program-ends';
  const body = { code: chosen, on, why };
  const ready = chosen !== '' && on !== '' && why.trim() !== '';
  const preview = useQuery({
    queryKey: ['program', account, pattern, body],
    queryFn: () => post(pattern, body, { path: { account }, query: { dry_run: true } }),
    enabled: ready,
    retry: false,
  });
  const save = useMutation({
    mutationFn: () => post(pattern, body, { path: { account } }),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: ['account', account] });
      say(t('program.done', { code: chosen }));
      onClose();
    },
  });
  return (
    <Dialog title={code === null ? t('program.add') : t('program.end', { code })} onClose={onClose}>
      <Form onSubmit={() => save.mutate()} failure={save.error ?? (ready ? preview.error : undefined)} busy={save.isPending} submit={t('action.save')} onCancel={onClose}>
        {code === null && <TextField label={t('program.code')} value={chosen} onChange={setChosen} first required />}
        <TextField label={code === null ? t('program.from') : t('program.until')} type="date" value={on} onChange={setOn} first={code !== null} required />
        <TextField label={t('field.why')} value={why} onChange={setWhy} required />
        {preview.data && preview.data.billed_before.length > 0 && <p className="notice">{t('program.billed', { n: preview.data.billed_before.length })}</p>}
      </Form>
    </Dialog>
  );
}

function Service({ account }: { account: AccountView }) {
  const may = useMay('agreement.change');
  const [program, setProgram] = useState<{ code: string | null } | null>(null);
  return (
    <>
      {account.agreements.map((one, i) => (
        <section className="card" key={i}>
          <h2>
            {one.address} <Badge>{one.schedule}</Badge>
          </h2>
          <Facts
            rows={[
              [t('field.from'), day(one.from)],
              [t('field.until'), one.until ? day(one.until) : t('account.runs')],
              [t('field.cycle'), one.cycle],
              [t('field.route'), one.route],
              [t('account.reading'), word('reading', one.reading)],
            ]}
          />
          <h3>{t('account.meters')}</h3>
          <table className="plain">
            <thead>
              <tr>
                <th>{t('field.meter')}</th>
                <th>{t('field.make')}</th>
                <th>{t('field.from')}</th>
                <th>{t('field.until')}</th>
                <th>{t('field.channels')}</th>
              </tr>
            </thead>
            <tbody>
              {one.meters.map((meter) => (
                <tr key={meter.serial + meter.from}>
                  <td>
                    <Link href={`/meters/${meter.serial}`}>
                      <code>{meter.serial}</code>
                    </Link>
                  </td>
                  <td>{meter.make}</td>
                  <td>{day(meter.from)}</td>
                  <td>{meter.until ? day(meter.until) : ''}</td>
                  <td>{meter.channels.join(', ')}</td>
                </tr>
              ))}
            </tbody>
          </table>
          <h3>{t('account.programs')}</h3>
          {one.programs.length === 0 && <p className="quiet-text">{t('state.empty')}</p>}
          <table className="plain">
            <tbody>
              {one.programs.map((held) => (
                <tr key={held.code + held.from}>
                  <td>{held.code}</td>
                  <td>{word('program', held.kind)}</td>
                  <td>{day(held.from)}</td>
                  <td>{held.until ? day(held.until) : t('account.runs')}</td>
                  <td>
                    {may && held.until === null && (
                      <button type="button" onClick={() => setProgram({ code: held.code })}>
                        {t('program.end_button')}
                      </button>
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
          {may && one.until === null && (
            <button type="button" onClick={() => setProgram({ code: null })}>
              {t('program.add')}
            </button>
          )}
        </section>
      ))}
      {program && <ProgramDialog account={account.account} code={program.code} onClose={() => setProgram(null)} />}
    </>
  );
}

const contactFields = ['name', 'language', 'phone', 'email', 'mailing_street', 'mailing_city', 'mailing_state', 'mailing_zip'] as const;

/** Two who edit one record lose nothing: fields that only one of them touched are put together, and
 * what both touched is shown side by side. */
function ContactForm({ account, opened }: { account: string; opened: { record: Contact; version: string } }) {
  const client = useQueryClient();
  const may = useMay('agreement.change');
  const draft = `contact.${account}`;
  const [base, setBase] = useState(opened);
  const [mine, setMine] = useState<Contact>(() => {
    const kept = sessionStorage.getItem(draft);
    return kept ? { ...opened.record, ...(JSON.parse(kept) as Partial<Contact>) } : opened.record;
  });
  const [why, setWhy] = useState('');
  const [theirs, setTheirs] = useState<Contact | null>(null);
  useEffect(() => {
    const changed = Object.fromEntries(contactFields.filter((field) => mine[field] !== base.record[field]).map((field) => [field, mine[field]]));
    if (Object.keys(changed).length > 0) sessionStorage.setItem(draft, JSON.stringify(changed));
    else sessionStorage.removeItem(draft);
  }, [mine, base, draft]);
  const save = useMutation({
    mutationFn: async () => {
      try {
        return await put('/v1/accounts/{account}/contact', { ...mine, why }, base.version, { path: { account } });
      } catch (failure) {
        if (!(failure instanceof ApiError) || failure.problem.status !== 412) throw failure;
        const now = await getVersioned('/v1/accounts/{account}/contact', { path: { account } });
        const merged = { ...now.record };
        let clash = false;
        for (const field of contactFields) {
          const iChanged = mine[field] !== base.record[field];
          const theyChanged = now.record[field] !== base.record[field];
          if (iChanged) merged[field] = mine[field];
          if (iChanged && theyChanged && mine[field] !== now.record[field]) clash = true;
        }
        setBase(now);
        setMine(merged);
        if (clash) {
          setTheirs(now.record);
          throw failure;
        }
        return put('/v1/accounts/{account}/contact', { ...merged, why }, now.version, { path: { account } });
      }
    },
    onSuccess: () => {
      sessionStorage.removeItem(draft);
      void client.invalidateQueries({ queryKey: ['account', account] });
      void client.invalidateQueries({ queryKey: ['contact', account] });
      say(t('contact.done'));
    },
  });
  const clash = (field: keyof Contact) =>
    theirs && theirs[field] !== mine[field] ? t('contact.theirs', { value: theirs[field] || '—' }) : undefined;
  const text = (field: keyof Contact, autoComplete = 'off') => (
    <TextField label={word('contact', field)} value={mine[field]} onChange={(value) => setMine({ ...mine, [field]: value })} error={clash(field)} autoComplete={autoComplete} />
  );
  return (
    <Form onSubmit={() => save.mutate()} failure={save.error} busy={save.isPending} submit={may ? t('action.save') : t('state.read_only')}>
      <div className="fields">
        {text('name')}
        <SelectField label={word('contact', 'language')} value={mine.language} onChange={(value) => setMine({ ...mine, language: value })} options={[['en', word('language', 'en')], ['es', word('language', 'es')]]} />
        {text('phone')}
        {text('email')}
        {text('mailing_street')}
        {text('mailing_city')}
        {text('mailing_state')}
        {text('mailing_zip')}
      </div>
      {may && <TextField label={t('field.why')} value={why} onChange={setWhy} required />}
    </Form>
  );
}

function ContactTab({ account }: { account: string }) {
  const contact = useQuery({ queryKey: ['contact', account], queryFn: () => getVersioned('/v1/accounts/{account}/contact', { path: { account } }) });
  return <Answer query={contact}>{(data) => <ContactForm key={data.version} account={account} opened={data} />}</Answer>;
}

function History({ account }: { account: string }) {
  const past = useAll<Schemas['PastEntry']>('/v1/accounts/{account}/past', { kinds: 'edit' }, { account });
  return (
    <Answer query={past.query} empty={(data) => data.complete && data.rows.length === 0}>
      {(data) => (
        <table className="plain">
          <thead>
            <tr>
              <th>{t('field.date')}</th>
              <th>{t('history.what')}</th>
              <th>{t('history.change')}</th>
              <th>{t('field.by')}</th>
            </tr>
          </thead>
          <tbody>
            {data.rows.map((row, i) => (
              <tr key={i}>
                <td>{day(row.date)}</td>
                <td>{row.reference}</td>
                <td>{row.text}</td>
                <td>{row.by}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Answer>
  );
}

export default function Account({ account: number }: { account: string }) {
  useLanguage();
  const [query, change] = useAddress();
  const [, navigate] = useLocation();
  const tab = tabs.find((one) => one === query.tab) ?? 'past';
  const [noting, setNoting] = useState(false);
  const [investigating, setInvestigating] = useState(false);
  const mayCase = useMay('case.work');
  const mayNote = useMay('agreement.change');
  const mayPay = useMay('payment.post');
  const mayCompare = useMay('bill.preview');
  const account = useQuery({ queryKey: ['account', number], queryFn: () => get('/v1/accounts/{account}', { path: { account: number } }) });
  useEffect(() => {
    if (account.data) {
      document.title = `${account.data.name} · Watthour`;
      remember({ account: account.data.account, name: account.data.name, street: account.data.agreements[0]?.address ?? '' });
    }
  }, [account.data]);
  useKeys([
    ...tabs.map((one, i) => ({ keys: String(i + 1), label: 'key.tab' as const, run: () => change({ tab: one }) })),
    ...(mayNote ? [{ keys: 'n', label: 'key.note' as const, run: () => setNoting(true) }] : []),
    ...(mayCase ? [{ keys: 'i', label: 'key.open_case' as const, run: () => setInvestigating(true) }] : []),
    ...(mayPay ? [{ keys: 'p', label: 'key.pay' as const, run: () => navigate(`/payments?tab=counter&account=${number}`) }] : []),
    ...(mayCompare ? [{ keys: 'c', label: 'key.compare_schedules' as const, run: () => navigate(`/accounts/${number}/schedules`) }] : []),
    {
      keys: 'b',
      label: 'key.last_bill',
      run: () => {
        const last = account.data?.bills.at(-1);
        if (last) navigate(`/bills/${last.bill}`);
      },
    },
  ]);
  return (
    <Answer query={account}>
      {(data) => (
        <>
          <nav className="crumbs" aria-label={t('nav.crumbs')}>
            <Link href="/accounts">{t('nav.accounts')}</Link> › <span aria-current="page">{data.account}</span>
          </nav>
          <Header account={data} />
          <Usage account={number} />
          <div className="bar">
            <div role="tablist" aria-label={t('account.parts')} className="tabs">
              {tabs.map((one, i) => (
                <button key={one} role="tab" type="button" id={`tab-${one}`} aria-selected={tab === one} aria-controls="part" onClick={() => change({ tab: one })}>
                  {word('tab', one)} <kbd>{i + 1}</kbd>
                </button>
              ))}
            </div>
            <span className="spring" />
            {mayCompare && (
              <Link className="button" href={`/accounts/${number}/schedules`}>
                {t('choice.link')} <kbd>c</kbd>
              </Link>
            )}
            {mayNote && (
              <button type="button" onClick={() => setNoting(true)}>
                {t('note.add')} <kbd>n</kbd>
              </button>
            )}
            {mayCase && (
              <button type="button" data-do="case" onClick={() => setInvestigating(true)}>
                {t('case.open')} <kbd>i</kbd>
              </button>
            )}
            {mayPay && (
              <Link className="button" href={`/payments?tab=counter&account=${number}`}>
                {t('payments.counter')} <kbd>p</kbd>
              </Link>
            )}
          </div>
          <div id="part" role="tabpanel" aria-labelledby={`tab-${tab}`}>
            {tab === 'past' && <Past account={number} />}
            {tab === 'bills' && <Bills account={data} />}
            {tab === 'ledger' && <Ledger account={number} />}
            {tab === 'service' && <Service account={data} />}
            {tab === 'contact' && <ContactTab account={number} />}
            {tab === 'history' && <History account={number} />}
          </div>
          {investigating && <OpenCase account={number} onClose={() => setInvestigating(false)} />}
          {noting && <Note account={number} onClose={() => setNoting(false)} />}
        </>
      )}
    </Answer>
  );
}
