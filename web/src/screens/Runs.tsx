// SPDX-License-Identifier: Apache-2.0
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useMemo, useState } from 'react';
import { Link, useLocation } from 'wouter';
import { get, newKey, post, type Schemas } from '../api/client';
import { useMay, useMe } from '../me';
import { Grid, type Column } from '../parts/Grid';
import { useKeys } from '../parts/keys';
import { Progress, useJob } from '../parts/Progress';
import { Answer, Badge, Facts, Form, Money, ProblemBox, TextField } from '../parts/parts';
import { useAddress } from '../parts/useAddress';
import { useAll } from '../parts/useAll';
import { count, day, decimal, t, useLanguage, word } from '../words/words';

type Report = Schemas['CycleReport'];

/** What a run did or would do: the figures first, then what is held, then each bill. */
function RunReport({ report }: { report: Report }) {
  const language = useLanguage();
  const [, navigate] = useLocation();
  // Cents, so that nothing is rounded: a difference of amounts that are text.
  const cents = (amount: string) => BigInt(amount.replace('.', ''));
  const change = (row: Schemas['RunBill']) => {
    if (!row.last_charges) return null;
    const difference = cents(row.current_charges) - cents(row.last_charges);
    const digits = String(difference < 0n ? -difference : difference).padStart(3, '0');
    return `${difference < 0n ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
  };
  const columns = useMemo<Column<Schemas['RunBill']>[]>(
    () => [
      { key: 'bill', title: t('field.bill'), value: (row) => row.bill, show: (row) => (report.dry_run ? row.bill : <Link href={`/bills/${row.bill}`}>{row.bill}</Link>), width: '11.5rem' },
      { key: 'account', title: t('field.account'), value: (row) => row.account, show: (row) => <Link href={`/accounts/${row.account}`}>{row.account}</Link>, width: '8rem' },
      { key: 'from', title: t('field.from'), value: (row) => row.from, show: (row) => day(row.from) },
      { key: 'until', title: t('field.until'), value: (row) => row.until, show: (row) => day(row.until) },
      { key: 'previous_balance', title: t('field.previous_balance'), value: (row) => row.previous_balance, show: (row) => <Money amount={row.previous_balance} />, numeric: true },
      { key: 'current_charges', title: t('field.current_charges'), value: (row) => row.current_charges, show: (row) => <Money amount={row.current_charges} />, numeric: true },
      ...(report.dry_run
        ? [
            { key: 'last_charges', title: t('run.last'), value: (row: Schemas['RunBill']) => row.last_charges, show: (row: Schemas['RunBill']) => <Money amount={row.last_charges} />, numeric: true },
            { key: 'change', title: t('run.change'), value: change, show: (row: Schemas['RunBill']) => <Money amount={change(row)} sign />, numeric: true },
          ]
        : []),
      { key: 'amount_due', title: t('field.amount_due'), value: (row) => row.amount_due, show: (row) => <Money amount={row.amount_due} />, numeric: true },
    ],
    [language, report.dry_run],
  );
  return (
    <>
      <Facts
        rows={[
          [t('run.billed'), count(report.billed)],
          [t('run.held'), report.held > 0 ? <Badge kind="warn">{count(report.held)}</Badge> : '0'],
          [t('run.before'), count(report.already_billed)],
          [t('field.current_charges'), <strong><Money amount={report.current_charges} /></strong>],
          ['kWh', decimal(report.kwh)],
          [t('field.bill_date'), day(report.bill_date)],
          [t('field.due_date'), day(report.due_date)],
        ]}
      />
      {report.exceptions.length > 0 && (
        <>
          <h3>{t('run.exceptions')}</h3>
          <div className="scroll" tabIndex={0}>
            <table className="plain">
              <tbody>
                {report.exceptions.map((one) => (
                  <tr key={one.account + one.cause}>
                    <td>
                      <Link href={`/accounts/${one.account}`}>{one.account}</Link>
                    </td>
                    <td>{word('cause', one.cause)}</td>
                    <td>{one.evidence}</td>
                    <td className="number">
                      <Money amount={one.at_stake} />
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </>
      )}
      <details>
        <summary>{t('run.lines')}</summary>
        <table className="plain">
          <tbody>
            {report.lines.map((line) => (
              <tr key={line.code}>
                <td>
                  <code>{line.code}</code>
                </td>
                <td className="number">{count(line.lines)}</td>
                <td className="number">
                  <Money amount={line.amount} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
      <h3>{t('run.bills')}</h3>
      <Grid name={report.dry_run ? 'run-preview' : 'run-bills'} rows={report.bills} columns={columns} rowKey={(row) => row.bill} onOpen={(row) => navigate(report.dry_run ? `/accounts/${row.account}` : `/bills/${row.bill}`)} height="24rem" />
    </>
  );
}

function Print({ report }: { report: Report }) {
  const [job, setJob] = useState('');
  const print = useMutation({
    mutationFn: () =>
      post('/v1/jobs', { kind: 'print_bills', parameters: [`from=${report.bill_date}`, `until=${nextDay(report.bill_date)}`] }, { headers: { 'Idempotency-Key': `print-${report.cycle}-${report.bill_date}` } }),
    onSuccess: (made) => setJob(made.job),
  });
  const watched = useJob(job);
  const result = watched?.result as { printed?: number; folder?: string } | null | undefined;
  return (
    <div className="bar">
      <button type="button" onClick={() => print.mutate()} disabled={job !== ''}>
        {t('run.print')}
      </button>
      {job && <Progress job={job} />}
      {result?.folder && <span>{t('run.printed', { n: result.printed ?? 0, folder: result.folder })}</span>}
      <ProblemBox failure={print.error} />
    </div>
  );
}

/** Once, when it comes; the name is one for all renders. */
function takeFocus(element: HTMLElement | null) {
  element?.focus();
}

function nextDay(date: string): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);
}

function Cycle({ cycle, date }: { cycle: string; date: string }) {
  const client = useQueryClient();
  const may = useMay('bill.run');
  const [query, change] = useAddress();
  const [key] = useState(newKey);
  const preview = useMutation({ mutationFn: () => post('/v1/cycle-previews', { cycle, date }) });
  const run = useMutation({
    mutationFn: () => post('/v1/jobs', { kind: 'cycle_run', parameters: [`cycle=${cycle}`, `date=${date}`] }, { headers: { 'Idempotency-Key': key } }),
    onSuccess: (job) => change({ job: job.job }),
  });
  const job = query.job ?? '';
  const watched = useJob(job);
  const result = watched?.state === 'done' ? (watched.result as Report | null) : null;
  useKeys([{ keys: 'v', label: 'key.preview', run: () => !job && !preview.isPending && preview.mutate() }]);
  useEffect(() => {
    if (watched?.state === 'done') void client.invalidateQueries({ queryKey: ['cycles'] });
  }, [watched?.state, client]);
  return (
    <section className="card" aria-labelledby="cycle">
      <div className="bar">
        <h2 id="cycle">{t('run.cycle', { cycle })}</h2>
        {!job && (
          <button type="button" className={preview.data ? '' : 'main'} onClick={() => preview.mutate()} aria-disabled={preview.isPending} data-do="preview">
            {preview.isPending ? t('state.working') : t('run.preview')} <kbd>v</kbd>
          </button>
        )}
        {!job && may && preview.data && (
          // What follows a preview that was looked at: Enter posts it.
          <button type="button" className="main" ref={takeFocus} onClick={() => run.mutate()} aria-disabled={run.isPending} data-do="post">
            {t('run.post', { n: preview.data.billed })}
          </button>
        )}
        {job && <Progress job={job} />}
      </div>
      <ProblemBox failure={preview.error ?? run.error} />
      {result ? (
        <>
          <p className="notice good" role="status">
            {t('run.done', { n: result.billed })} {result.held > 0 && <Link href="/inbox">{t('run.to_inbox', { n: result.held })}</Link>}
          </p>
          <Print report={result} />
          <RunReport report={result} />
        </>
      ) : (
        preview.data && (
          <>
            <p className="notice">{t('run.nothing_written')}</p>
            <RunReport report={preview.data} />
          </>
        )
      )}
    </section>
  );
}

function Past() {
  const language = useLanguage();
  const list = useAll<Schemas['CycleRun']>('/v1/cycle-runs');
  const columns = useMemo<Column<Schemas['CycleRun']>[]>(
    () => [
      { key: 'cycle', title: t('field.cycle'), value: (row) => row.cycle, width: '5rem' },
      { key: 'run_date', title: t('run.on'), value: (row) => row.run_date, show: (row) => day(row.run_date) },
      { key: 'read_date', title: t('run.read'), value: (row) => row.read_date, show: (row) => day(row.read_date) },
      { key: 'billed', title: t('run.billed'), value: (row) => row.billed, show: (row) => count(row.billed), numeric: true },
      { key: 'held', title: t('run.held'), value: (row) => row.held, show: (row) => count(row.held), numeric: true },
      { key: 'amount', title: t('field.amount'), value: (row) => row.amount, show: (row) => <Money amount={row.amount} />, numeric: true },
    ],
    [language],
  );
  return (
    <Answer query={list.query}>
      {(data) => <Grid name="runs" rows={data.rows} complete={data.complete} columns={columns} rowKey={(row) => row.run} download="/v1/cycle-runs" height="24rem" />}
    </Answer>
  );
}

export default function Runs() {
  useLanguage();
  const me = useMe();
  const [query, change] = useAddress();
  const date = query.date ?? me.business_date;
  const [typed, setTyped] = useState(date);
  const due = useQuery({ queryKey: ['cycles', date], queryFn: () => get('/v1/cycles/due', { query: { date } }) });
  const cycles = due.data?.items ?? [];
  const at = cycles.findIndex((one) => one.cycle === query.cycle);
  const open = (index: number) => {
    const next = cycles[Math.max(0, Math.min(cycles.length - 1, index))];
    if (next) change({ cycle: next.cycle, job: '' });
  };
  // The grid of past runs has j and k where it stands; here they go through the cycles that are due.
  useKeys([
    { keys: ']', label: 'key.next_cycle', run: () => open(at + 1) },
    { keys: '[', label: 'key.previous_cycle', run: () => open(at - 1) },
  ]);
  return (
    <>
      <div className="bar">
        <h1>{t('nav.runs')}</h1>
        <Form onSubmit={() => change({ date: typed, cycle: '', job: '' })} submit={t('action.show')}>
          <TextField label={t('nav.business_date')} type="date" value={typed} onChange={setTyped} />
        </Form>
      </div>
      <Answer query={due} empty={(data) => data.items.length === 0}>
        {(data) => (
          <table className="plain">
            <thead>
              <tr>
                <th>{t('field.cycle')}</th>
                <th>{t('run.read')}</th>
                <th>{t('run.state')}</th>
                <th />
              </tr>
            </thead>
            <tbody>
              {data.items.map((one) => (
                <tr key={one.cycle} className={query.cycle === one.cycle ? 'active' : ''}>
                  <td>{one.cycle}</td>
                  <td>{day(one.read_date)}</td>
                  <td>{one.run ? <Badge kind="warn">{t('run.held_accounts', { n: one.held })}</Badge> : <Badge>{t('run.not_yet')}</Badge>}</td>
                  <td>
                    <button type="button" onClick={() => change({ cycle: one.cycle, job: '' })}>
                      {t('action.open')}
                    </button>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </Answer>
      {query.cycle && <Cycle key={query.cycle + date} cycle={query.cycle} date={date} />}
      <h2>{t('run.past')}</h2>
      <Past />
    </>
  );
}
