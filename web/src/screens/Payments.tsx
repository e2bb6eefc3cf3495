// SPDX-License-Identifier: Apache-2.0
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { Link } from 'wouter';
import { get, newKey, post, type Schemas } from '../api/client';
import { useMay, useMe } from '../me';
import { Answer, Badge, Facts, Field, Form, Money, SelectField, TextField, problemText } from '../parts/parts';
import { AccountChooser } from '../parts/SearchBox';
import { say } from '../parts/toasts';
import { useAddress } from '../parts/useAddress';
import { count, day, t, useLanguage, word } from '../words/words';

const sections = ['counter', 'drafts', 'day'] as const;

function Receipt({ receipt, onNext }: { receipt: Schemas['Receipt']; onNext: () => void }) {
  const me = useMe();
  return (
    <section className="card receipt" aria-labelledby="receipt">
      <h2 id="receipt">{t('receipt.title')}</h2>
      <p>{me.utility}</p>
      <Facts
        rows={[
          [t('receipt.number'), receipt.receipt],
          [t('field.date'), day(receipt.date)],
          [t('field.account'), receipt.account],
          [t('field.name'), receipt.name],
          [t('receipt.tender'), word('tender', receipt.tender)],
          [t('field.amount'), <strong className="big"><Money amount={receipt.amount} /></strong>],
          [t('receipt.before'), <Money amount={receipt.balance_before} />],
          [t('receipt.after'), <Money amount={receipt.balance_after} />],
          [t('receipt.by'), me.full_name],
        ]}
      />
      <div className="buttons no-print">
        <button type="button" className="main" onClick={() => window.print()} data-first="">
          {t('receipt.print')}
        </button>
        <button type="button" onClick={onNext}>
          {t('receipt.next')}
        </button>
        <Link className="button" href={`/accounts/${receipt.account}`}>
          {t('receipt.account')}
        </Link>
      </div>
    </section>
  );
}

/** "1,234.5" and "$50" as people type them; what is no amount stays as it is and is refused. */
function asAmount(text: string): string {
  const plain = text.replace(/[$,\s]/g, '');
  if (/^\d+$/.test(plain)) return `${plain}.00`;
  if (/^\d+\.\d$/.test(plain)) return `${plain}0`;
  return plain;
}

function Counter() {
  const client = useQueryClient();
  const [query, change] = useAddress();
  const [amount, setAmount] = useState('');
  const [tender, setTender] = useState('cash');
  const [key, setKey] = useState(newKey);
  const account = useQuery({
    queryKey: ['account', query.account],
    queryFn: () => get('/v1/accounts/{account}', { path: { account: query.account! } }),
    enabled: Boolean(query.account),
  });
  const body = { account: query.account ?? '', amount: asAmount(amount), tender };
  const ready = Boolean(query.account) && /^\d+\.\d\d$/.test(body.amount);
  const preview = useQuery({
    queryKey: ['payment', body],
    queryFn: () => post('/v1/payments', body, { query: { dry_run: true } }),
    enabled: ready,
    retry: false,
    staleTime: 0,
  });
  const pay = useMutation({
    mutationFn: () => post('/v1/payments', body, { headers: { 'Idempotency-Key': key } }),
    onSuccess: () => {
      setKey(newKey());
      void client.invalidateQueries({ queryKey: ['account'] });
      void client.invalidateQueries({ queryKey: ['past'] });
    },
  });
  if (pay.data) {
    return (
      <Receipt
        receipt={pay.data}
        onNext={() => {
          pay.reset();
          setAmount('');
          change({ account: '' });
        }}
      />
    );
  }
  return (
    <section className="card narrow">
      {!query.account ? (
        <Field label={t('payments.who')}>{() => <AccountChooser label={t('search.label')} first onPick={(row) => change({ account: row.account })} />}</Field>
      ) : (
        <Form onSubmit={() => ready && pay.mutate()} failure={pay.error ?? (ready ? preview.error : undefined)} busy={pay.isPending} submit={t('payments.post')} onCancel={() => change({ account: '' })}>
          <Answer query={account}>
            {(data) => (
              <Facts
                rows={[
                  [t('field.name'), data.name],
                  [t('field.account'), data.account],
                  [t('field.balance'), <Money amount={data.balance} />],
                ]}
              />
            )}
          </Answer>
          <AmountField value={amount} onChange={setAmount} />
          <SelectField label={t('receipt.tender')} value={tender} onChange={setTender} options={(['cash', 'check', 'card'] as const).map((one) => [one, word('tender', one)])} />
          {ready && preview.data && (
            <p className="difference" role="status">
              {t('field.balance')}: <Money amount={preview.data.balance_before} /> → <strong><Money amount={preview.data.balance_after} /></strong>
            </p>
          )}
        </Form>
      )}
    </section>
  );
}

function AmountField({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const [left, setLeft] = useState(false);
  const wrong = left && value !== '' && !/^\d+\.\d\d$/.test(asAmount(value));
  return (
    <Field label={t('field.amount')} hint={t('payments.amount_hint')} error={wrong ? t('payments.amount_wrong') : undefined}>
      {(id, described) => (
        // The amount is what is typed next, wherever the person came from.
        <input id={id} aria-describedby={described} inputMode="decimal" value={value} required ref={(element) => void (element && document.activeElement === document.body && element.focus())} autoFocus onChange={(event) => onChange(event.target.value)} onBlur={() => setLeft(true)} />
      )}
    </Field>
  );
}

function Drafts() {
  const me = useMe();
  const [due, setDue] = useState(me.business_date);
  const [key, setKey] = useState(newKey);
  const body = { due_from: due };
  const preview = useQuery({ queryKey: ['drafts', body], queryFn: () => post('/v1/draft-batches', body, { query: { dry_run: true } }), retry: false, staleTime: 0 });
  const build = useMutation({
    mutationFn: () => post('/v1/draft-batches', body, { headers: { 'Idempotency-Key': key } }),
    onSuccess: () => setKey(newKey()),
    onError: (failure) => say(problemText(failure).what, { bad: true }),
  });
  const shown = build.data ?? preview.data;
  return (
    <section className="card narrow">
      <Form onSubmit={() => build.mutate()} failure={build.error ?? preview.error} busy={build.isPending} submit={t('drafts.build', { n: preview.data?.entries ?? 0 })}>
        <TextField
          label={t('drafts.due')}
          type="date"
          value={due}
          onChange={(value) => {
            setDue(value);
            build.reset();
          }}
        />
        {shown && (
          <Facts
            rows={[
              [t('drafts.entries'), count(shown.entries)],
              [t('field.amount'), <Money amount={shown.total} />],
              [t('inbox.skipped'), count(shown.skipped)],
            ]}
          />
        )}
      </Form>
      {build.data?.batches.map((batch) => (
        <p key={batch.batch}>
          <a className="button" href={`data:text/plain;charset=us-ascii,${encodeURIComponent(batch.text)}`} download={batch.name}>
            {batch.name}
          </a>
        </p>
      ))}
    </section>
  );
}

function Day() {
  const me = useMe();
  const [query, change] = useAddress();
  const date = query.date ?? me.business_date;
  const cash = useQuery({ queryKey: ['cash', date], queryFn: () => get('/v1/cash-days/{date}', { path: { date } }) });
  return (
    <section className="card">
      <TextField label={t('nav.business_date')} type="date" value={date} onChange={(value) => change({ date: value })} />
      <Answer query={cash}>
        {(data) => (
          <>
            <table className="plain">
              <thead>
                <tr>
                  <th>{t('day.channel')}</th>
                  <th>{t('day.batch')}</th>
                  <th className="number">{t('inbox.count')}</th>
                  <th className="number">{t('file.posted')}</th>
                  <th className="number">{t('file.declared')}</th>
                </tr>
              </thead>
              <tbody>
                {data.lines.map((line) => (
                  <tr key={line.channel + line.batch}>
                    <td>{word('channel', line.channel)}</td>
                    <td>{line.batch}</td>
                    <td className="number">{count(line.count)}</td>
                    <td className="number">
                      <Money amount={line.posted} />
                    </td>
                    <td className="number">
                      <Money amount={line.declared} />
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
            <Facts
              rows={[
                [t('day.posted'), <Money amount={data.posted} />],
                [t('day.ledger'), <Money amount={data.ledger_movement} />],
                [t('day.suspense'), <Money amount={data.suspense_balance} />],
                [t('day.ties'), data.ties ? <Badge kind="good">{t('day.yes')}</Badge> : <Badge kind="bad">{t('day.no')}</Badge>],
              ]}
            />
          </>
        )}
      </Answer>
    </section>
  );
}

export default function Payments() {
  useLanguage();
  const [query, change] = useAddress();
  const may: Record<(typeof sections)[number], boolean> = {
    counter: useMay('payment.post'),
    drafts: useMay('payment.draft_build'),
    day: useMay('bill.view'),
  };
  const mayImport = useMay('file.import');
  const allowed = sections.filter((one) => may[one]);
  const tab = allowed.find((one) => one === query.tab) ?? allowed[0] ?? 'day';
  useEffect(() => {
    document.title = `${t('nav.payments')} · Watthour`;
  }, []);
  return (
    <>
      <div className="bar">
        <h1>{t('nav.payments')}</h1>
        <div className="tabs" role="tablist" aria-label={t('nav.payments')}>
          {allowed.map((one) => (
            <button key={one} role="tab" id={`tab-${one}`} type="button" aria-selected={tab === one} aria-controls="part" onClick={() => change({ tab: one })}>
              {one === 'counter' ? t('payments.counter') : one === 'drafts' ? t('payments.drafts') : t('payments.day')}
            </button>
          ))}
        </div>
        {mayImport && (
          <Link className="button" href="/import">
            {t('payments.file')}
          </Link>
        )}
        <Link className="button" href="/inbox?cause=payments.account_not_found">
          {t('payments.suspense')}
        </Link>
      </div>
      <div id="part" role="tabpanel" aria-labelledby={`tab-${tab}`}>
        {tab === 'counter' && <Counter />}
        {tab === 'drafts' && <Drafts />}
        {tab === 'day' && <Day />}
      </div>
    </>
  );
}
