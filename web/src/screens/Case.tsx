// SPDX-License-Identifier: Apache-2.0
// A case as a guided task: its questions in their fixed order, each with the evidence that helps to
// answer it; then a finding, with what it would propose before it is made.
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState, type ReactNode } from 'react';
import { Link } from 'wouter';
import { get, post, type Schemas } from '../api/client';
import { useMay } from '../me';
import { Bars } from '../parts/Bars';
import { useKeys } from '../parts/keys';
import { later } from '../parts/later';
import { Answer, Badge, Dialog, Facts, Form, Money, SelectField, TextField, problemText } from '../parts/parts';
import { AskMeter } from '../parts/Requests';
import { say } from '../parts/toasts';
import { currentLanguage, day, decimal, month, t, useLanguage, word } from '../words/words';
import { badgeOfCase, inLanguage } from './caseWords';

type View = Schemas['CaseWithSteps'];
type Step = Schemas['CaseStep'];
type Piece = Schemas['CaseEvidence'];
type Done = Schemas['CaseDone'];
type Result = 'clear' | 'explains' | 'not_possible' | 'ordered';

const Usage = later<{ account: string }>(() => import('./Usage'));

const results: { result: Result; key: string }[] = [
  { result: 'clear', key: 'c' },
  { result: 'explains', key: 'e' },
  { result: 'not_possible', key: 'x' },
  { result: 'ordered', key: 'o' },
];
/** Which question a finding that corrects bills asks besides the days. */
const factorOf: Record<string, 'multiplier' | 'registration' | 'use_a_day'> = {
  wrong_multiplier: 'multiplier',
  multiplier_wrong: 'multiplier',
  meter_fast: 'registration',
  meter_slow: 'registration',
  meter_stopped: 'use_a_day',
  tamper_confirmed: 'use_a_day',
  unauthorized_use: 'use_a_day',
};

interface BilledUse {
  from: string;
  until: string;
  kwh: string;
  charges: string;
}

/** The periods that were billed: as bars, and as the table that they stand for. */
function Uses({ rows }: { rows: BilledUse[] }) {
  return (
    <div className="columns">
      <Bars label={t('case.billed')} bars={rows.map((row, i) => ({ name: month(row.until), size: Number(row.kwh), text: decimal(row.kwh), kind: i === rows.length - 1 ? 'bad' : 'quiet' }))} />
      <div className="scroll" tabIndex={0}>
        <table className="plain">
          <thead>
            <tr>
              <th>{t('field.from')}</th>
              <th>{t('field.until')}</th>
              <th className="number">kWh</th>
              <th className="number">{t('field.current_charges')}</th>
            </tr>
          </thead>
          <tbody>
            {[...rows].reverse().map((row) => (
              <tr key={row.from}>
                <td>{day(row.from)}</td>
                <td>{day(row.until)}</td>
                <td className="number">{decimal(row.kwh)}</td>
                <td className="number">
                  <Money amount={row.charges} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </div>
  );
}

interface ReadRow {
  bill: string;
  meter: string;
  from: string;
  until: string;
  from_read: string;
  until_read: string;
  type: string;
  multiplier: string;
  kwh: string;
}

function ReadRows({ rows }: { rows: ReadRow[] }) {
  return (
    <div className="scroll" tabIndex={0}>
      <table className="plain">
        <thead>
          <tr>
            <th>{t('field.from')}</th>
            <th>{t('field.until')}</th>
            <th>{t('case.reads')}</th>
            <th>{t('field.kind')}</th>
            <th className="number">×</th>
            <th className="number">kWh</th>
            <th>{t('case.bill')}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row, i) => (
            <tr key={i}>
              <td>{day(row.from)}</td>
              <td>{day(row.until)}</td>
              <td>{row.from_read ? <code>{`${row.from_read} → ${row.until_read}`}</code> : t('case.intervals')}</td>
              <td>{row.type.startsWith('estimated') ? <Badge kind="warn">{word('read_type', row.type)}</Badge> : word('read_type', row.type)}</td>
              <td className="number">{row.multiplier}</td>
              <td className="number">{decimal(row.kwh)}</td>
              <td>
                <Link href={`/bills/${row.bill}`}>{row.bill}</Link>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Evidence({ piece }: { piece: Piece }) {
  const rows = Array.isArray(piece.facts) ? (piece.facts as unknown[]) : [];
  return (
    <div className="piece">
      <h4>{word('case_fact', piece.fact)}</h4>
      {piece.fact === 'reads' && rows.length > 0 ? (
        <ReadRows rows={rows as ReadRow[]} />
      ) : (
        <p>{piece.words}</p>
      )}
      {piece.fact === 'uses' && rows.length > 1 && <Uses rows={rows as BilledUse[]} />}
    </div>
  );
}

function AnswerDialog({ view, step, result, onClose }: { view: View; step: Step; result: Result; onClose: () => void }) {
  const language = useLanguage();
  const [found, setFound] = useState('');
  const client = useQueryClient();
  const answer = useMutation({
    mutationFn: () => post('/v1/cases/{case}/steps', { step: step.step, result, found }, { path: { case: view.case } }),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: ['case', view.case] });
      void client.invalidateQueries({ queryKey: ['work'] });
      say(t('case.answered', { result: word('case_result', result) }));
      onClose();
    },
  });
  return (
    <Dialog title={word('case_result', result)} onClose={onClose}>
      <Form onSubmit={() => answer.mutate()} failure={answer.error} busy={answer.isPending} submit={t('action.save')} onCancel={onClose}>
        <p>
          <strong>{inLanguage(step.asks, language)}</strong>
        </p>
        {result === 'ordered' && step.order && <p className="notice">{t('case.sends', { order: word('case_order', step.order) })}</p>}
        <TextField label={t('case.found')} value={found} onChange={setFound} first required />
      </Form>
    </Dialog>
  );
}

function StateDialog({ view, state, onClose }: { view: View; state: string; onClose: () => void }) {
  const [found, setFound] = useState('');
  const client = useQueryClient();
  const tell = useMutation({
    mutationFn: () => post('/v1/cases/{case}/steps', { step: state, found }, { path: { case: view.case } }),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: ['case', view.case] });
      onClose();
    },
  });
  return (
    <Dialog title={word('case_state', state)} onClose={onClose}>
      <Form onSubmit={() => tell.mutate()} failure={tell.error} busy={tell.isPending} submit={t('action.save')} onCancel={onClose}>
        <TextField label={t('case.found')} value={found} onChange={setFound} first required />
      </Form>
    </Dialog>
  );
}

interface BillRow {
  bill: string;
  days_from: string;
  days_until: string;
  billed_kwh: string;
  corrected_kwh: string;
  then: string;
  now: string;
  difference: string;
}

/** The dollars are read first. */
const rankOf = (kind: string) => ['correction', 'order', 'letter'].indexOf(kind);

/** What a conclusion asks others to do: an order, a letter in the customer's language, bills. */
function Proposals({ proposals }: { proposals: Schemas['CaseProposal'][] }) {
  if (proposals.length === 0) return <p className="quiet-text">{t('case.proposes_nothing')}</p>;
  return (
    <>
      {[...proposals].sort((a, b) => rankOf(a.kind) - rankOf(b.kind)).map((one, i) => {
        const facts = one.facts as Record<string, string> & { bills?: BillRow[]; to?: Record<string, string> };
        return (
          <section key={i} className="card" data-proposal={one.kind}>
            <h3>
              {word('case_proposal', one.kind)} {one.account && <span className="quiet-text">{t('field.account')} {one.account}</span>}
            </h3>
            {one.kind === 'order' && (
              <p>
                {word('case_order', facts.order ?? '')} · <code>{facts.serial}</code> {facts.address}
              </p>
            )}
            {one.kind === 'letter' && (
              <>
                <p className="quiet-text">
                  {t('case.letter_to', { name: facts.to?.name ?? facts.to?.street ?? '' })} · {word('language', facts.language ?? '')}
                </p>
                <blockquote className="letter" lang={facts.language?.slice(0, 2)}>
                  <strong>{facts.subject}</strong>
                  {facts.body?.split('\n\n').map((part, j) => <p key={j}>{part}</p>)}
                </blockquote>
              </>
            )}
            {one.kind === 'correction' && (
              <>
                <Facts
                  rows={[
                    [t('case.direction'), word('case_direction', facts.direction ?? '')],
                    ['kWh', decimal(facts.kwh)],
                    [t('field.amount'), <strong className="big"><Money amount={facts.amount} sign /></strong>],
                    [t('case.limit'), t('case.months', { n: Number(facts.limit_months) })],
                    [t('case.beyond'), `${decimal(facts.beyond_kwh)} kWh`],
                  ]}
                />
                <div className="scroll" tabIndex={0}>
                  <table className="plain">
                    <thead>
                      <tr>
                        <th>{t('case.bill')}</th>
                        <th>{t('field.from')}</th>
                        <th>{t('field.until')}</th>
                        <th className="number">{t('case.kwh_billed')}</th>
                        <th className="number">{t('case.kwh_right')}</th>
                        <th className="number">{t('case.billed_amount')}</th>
                        <th className="number">{t('case.right_amount')}</th>
                        <th className="number">{t('case.difference')}</th>
                      </tr>
                    </thead>
                    <tbody>
                      {facts.bills?.map((bill) => (
                        <tr key={bill.bill + bill.days_from}>
                          <td>
                            <Link href={`/bills/${bill.bill}`}>{bill.bill}</Link>
                          </td>
                          <td>{day(bill.days_from)}</td>
                          <td>{day(bill.days_until)}</td>
                          <td className="number">{decimal(bill.billed_kwh)}</td>
                          <td className="number">{decimal(bill.corrected_kwh)}</td>
                          <td className="number">
                            <Money amount={bill.then} />
                          </td>
                          <td className="number">
                            <Money amount={bill.now} />
                          </td>
                          <td className="number">
                            <Money amount={bill.difference} sign />
                          </td>
                        </tr>
                      ))}
                    </tbody>
                  </table>
                </div>
              </>
            )}
          </section>
        );
      })}
    </>
  );
}

/** A finding, with its effect computed by the program itself before it is made. */
function Conclude({ view, onClose }: { view: View; onClose: () => void }) {
  const language = useLanguage();
  const answered = new Set(view.steps.filter((step) => step.result !== null && step.result !== 'ordered').map((step) => step.step));
  const possible = view.findings.filter((one) => answered.has(one.after));
  const [finding, setFinding] = useState(possible.at(-1)?.finding ?? '');
  const chosen = possible.find((one) => one.finding === finding);
  const factor = chosen?.corrects_bills ? factorOf[finding] : undefined;
  const [from, setFrom] = useState('');
  const [until, setUntil] = useState('');
  const [value, setValue] = useState('');
  const [why, setWhy] = useState('');
  const body = { finding, ...(chosen?.corrects_bills ? { from, ...(until ? { until } : {}), ...(factor && value ? { [factor]: value } : {}) } : {}) };
  const ready = chosen !== undefined && (!chosen.corrects_bills || from !== '');
  const path = { path: { case: view.case } };
  const client = useQueryClient();
  const preview = useQuery({
    queryKey: ['conclude', view.case, body, language],
    queryFn: () => post('/v1/cases/{case}/conclusion', { ...body, why: '-' }, { ...path, query: { dry_run: true } }),
    enabled: ready,
    retry: false,
    staleTime: 0,
    placeholderData: keepPreviousData,
  });
  const conclude = useMutation({
    mutationFn: () => post('/v1/cases/{case}/conclusion', { ...body, why }, path),
    onSuccess: (done: Done) => {
      void client.invalidateQueries({ queryKey: ['case', view.case] });
      void client.invalidateQueries({ queryKey: ['work'] });
      say(t('case.concluded', { finding: inLanguage(chosen?.name, currentLanguage()) }) + (done.follows ? ` ${t('case.follows', { case: done.follows })}` : ''));
      onClose();
    },
  });
  if (possible.length === 0) {
    return (
      <Dialog title={t('case.conclude')} onClose={onClose}>
        <p className="notice">{t('case.answer_first')}</p>
      </Dialog>
    );
  }
  return (
    <Dialog title={t('case.conclude')} onClose={onClose} wide>
      <Form onSubmit={() => conclude.mutate()} failure={conclude.error} busy={conclude.isPending} submit={t('case.conclude')} onCancel={onClose}>
        <div className="fields">
          <SelectField label={t('case.finding')} value={finding} onChange={setFinding} first options={possible.map((one): [string, string] => [one.finding, inLanguage(one.name, language)])} />
          <TextField label={t('field.why')} value={why} onChange={setWhy} required />
          {chosen?.corrects_bills && (
            <>
              <TextField label={t('case.from')} type="date" value={from} onChange={setFrom} required />
              <TextField label={t('case.until')} type="date" value={until} onChange={setUntil} hint={t('case.until_hint', { day: day(view.discovered_on) })} />
              {factor && <TextField label={word('case_factor', factor)} value={value} onChange={setValue} inputMode="decimal" hint={word('case_factor_hint', factor)} />}
            </>
          )}
        </div>
        <h3>{t('case.would_propose')}</h3>
        {!ready && <p className="quiet-text">{t('case.name_day')}</p>}
        {ready && preview.error && <p className="problem">{problemText(preview.error).what}</p>}
        {ready && !preview.error && preview.data && (
          <div aria-live="polite" data-part="preview">
            <Proposals proposals={preview.data.proposals} />
            {preview.data.follows && <p className="notice">{t('case.would_follow')}</p>}
          </div>
        )}
      </Form>
    </Dialog>
  );
}

function StepCard({ step, n, next, active, children }: { step: Step; n: number; next: boolean; active: boolean; children: ReactNode }) {
  const language = useLanguage();
  const done = step.result !== null && step.result !== 'ordered';
  return (
    <li className={`step${active ? ' active' : ''}${done ? ' done' : ''}`} id={`step-${step.step}`} aria-current={next ? 'step' : undefined}>
      <h3>
        <span className="tick" aria-hidden="true">{done ? '✓' : n}</span> {inLanguage(step.asks, language)} {step.result && <Badge kind={step.result === 'explains' ? 'bad' : step.result === 'ordered' ? 'warn' : 'good'}>{word('case_result', step.result)}</Badge>}
      </h3>
      {step.found && (
        <p className="answer">
          {step.found} <span className="quiet-text">{step.by} · {step.on ? day(step.on) : ''}</span>
        </p>
      )}
      {children}
    </li>
  );
}

export default function Case({ number }: { number: string }) {
  const language = useLanguage();
  const may = useMay('case.work');
  const mayAsk = useMay('meter.ask');
  const view = useQuery({ queryKey: ['case', number, language], queryFn: () => get('/v1/cases/{case}', { path: { case: number } }) });
  const data = view.data;
  const next = data?.steps.find((step) => step.step === data.next_step);
  const [answering, setAnswering] = useState<{ step: Step; result: Result } | null>(null);
  const [open, setOpen] = useState<'conclude' | 'ask' | null>(null);
  const [telling, setTelling] = useState<string | null>(null);
  const [at, setAt] = useState<string | null>(null);
  const [all, setAll] = useState(false);
  const decidable = may && ['open', 'in_work', 'suspected', 'evidence_preserved'].includes(data?.state ?? '');
  useEffect(() => {
    document.title = data ? `${word('case_kind', data.kind)} · Watthour` : 'Watthour';
  }, [data, language]);
  const active = at ?? next?.step ?? null;
  const steps = data?.steps ?? [];
  const move = (by: number) => {
    const place = steps.findIndex((step) => step.step === active);
    const to = steps[Math.max(0, Math.min(steps.length - 1, place + by))];
    if (!to) return;
    setAt(to.step);
    document.getElementById(`step-${to.step}`)?.scrollIntoView({ block: 'nearest' });
  };
  // Of the questions that were answered another answer may be given; of the others the next one.
  const target = steps.find((step) => step.step === active && step.result !== null) ?? next;
  const answer = (result: Result) => {
    if (decidable && target && (result !== 'ordered' || target.order)) setAnswering({ step: target, result });
  };
  useKeys([
    { keys: 'j', label: 'key.next', run: () => move(1) },
    { keys: 'k', label: 'key.previous', run: () => move(-1) },
    ...(decidable ? results.map(({ result, key }) => ({ keys: key, label: 'key.answer_step' as const, run: () => answer(result) })) : []),
    ...(decidable ? [{ keys: 'f', label: 'key.conclude' as const, run: () => setOpen('conclude') }] : []),
    ...(mayAsk ? [{ keys: 'r', label: 'key.read_now' as const, run: () => data && setOpen('ask') }] : []),
  ]);
  return (
    <Answer query={view}>
      {(one) => (
        <>
          <nav className="crumbs" aria-label={t('nav.crumbs')}>
            <Link href="/cases">{t('nav.cases')}</Link> › <span aria-current="page">{word('case_kind', one.kind)}</span>
          </nav>
          <header className="account-head">
            <div>
              <h1>
                {word('case_kind', one.kind)} <Badge kind={badgeOfCase(one.state)!}>{word('case_state', one.state)}</Badge>
              </h1>
              <p>
                {t('field.meter')} <Link href={`/meters/${one.meter}`}>{one.meter}</Link>
                {one.other_meter && (
                  <>
                    {' + '}
                    <Link href={`/meters/${one.other_meter}`}>{one.other_meter}</Link>
                  </>
                )}
                {one.account && (
                  <>
                    {' · '}
                    {t('field.account')} <Link href={`/accounts/${one.account}`}>{one.account}</Link>
                  </>
                )}
              </p>
              <p>{one.why}</p>
            </div>
            <Facts
              rows={[
                [t('case.discovered'), day(one.discovered_on)],
                [t('case.opened_by'), one.opened_by],
                ...(one.finding ? ([[t('case.finding'), <strong>{word('case_finding', one.finding)}</strong>]] as [string, ReactNode][]) : []),
              ]}
            />
          </header>
          <div className="bar">
            {decidable && (
              <button type="button" className={next ? '' : 'main'} data-do="conclude" onClick={() => setOpen('conclude')}>
                {t('case.conclude')} <kbd>f</kbd>
              </button>
            )}
            {mayAsk && (
              <button type="button" onClick={() => setOpen('ask')}>
                {word('ask_do', 'read')} <kbd>r</kbd>
              </button>
            )}
            {may &&
              one.followers.map((state) => (
                <button key={state} type="button" onClick={() => setTelling(state)}>
                  {word('case_state', state)}
                </button>
              ))}
            <span className="spring" />
            <button type="button" aria-pressed={all} onClick={() => setAll(!all)}>
              {t('case.usage')}
            </button>
          </div>
          {all && one.account && (
            <section className="card">
              <Usage account={one.account} />
            </section>
          )}
          {one.proposals.length > 0 && (
            <>
              <h2>{t('case.proposed')}</h2>
              <Proposals proposals={one.proposals} />
            </>
          )}
          <h2>{t('case.steps')}</h2>
          <ol className="steps">
            {one.steps.map((step, i) => (
              <StepCard key={step.step} step={step} n={i + 1} next={step.step === one.next_step} active={step.step === active}>
                {step.evidence.map((piece) => (
                  <Evidence key={piece.fact} piece={piece} />
                ))}
                {decidable && step === target && (
                  <div className="bar decisions">
                    {results
                      .filter(({ result }) => result !== 'ordered' || step.order)
                      .map(({ result, key }) => (
                        <button key={result} type="button" onClick={() => setAnswering({ step, result })}>
                          {word('case_result', result)} <kbd>{key}</kbd>
                        </button>
                      ))}
                  </div>
                )}
              </StepCard>
            ))}
          </ol>
          <h2>{t('tab.history')}</h2>
          <ul className="past-small">
            {one.changes.map((change) => (
              <li key={change.number}>
                {day(change.on)} {word('case_change', change.kind)} {change.step && (change.kind === 'concluded' ? word('case_finding', change.step) : inLanguage(one.steps.find((step) => step.step === change.step)?.asks, language))} {change.result && `· ${word('case_result', change.result)}`} {change.by && `· ${change.by}`} {change.found && `— ${change.found}`}
              </li>
            ))}
          </ul>
          {answering && <AnswerDialog view={one} step={answering.step} result={answering.result} onClose={() => { setAnswering(null); setAt(null); }} />}
          {open === 'conclude' && <Conclude view={one} onClose={() => setOpen(null)} />}
          {open === 'ask' && <AskMeter meter={one.meter} kind="read" why={t('case.why_read')} onClose={() => setOpen(null)} />}
          {telling && <StateDialog view={one} state={telling} onClose={() => setTelling(null)} />}
        </>
      )}
    </Answer>
  );
}
