// SPDX-License-Identifier: Apache-2.0
import { useMutation, useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { Link, useLocation } from 'wouter';
import { newKey, post } from '../api/client';
import { nameIn, tariffSets, type Schedule, type Study } from '../api/tariffs';
import { useMe } from '../me';
import { Bars } from '../parts/Bars';
import { useKeys } from '../parts/keys';
import { Progress, useJob } from '../parts/Progress';
import { Answer, Badge, Facts, Form, Money, SelectField, TextField } from '../parts/parts';
import { useAddress } from '../parts/useAddress';
import { useAll } from '../parts/useAll';
import { count, day, month, t, useLanguage, word } from '../words/words';

/** Cents, so that nothing is rounded: a difference of amounts that are text. */
function difference(before: string, after: string): string {
  const cents = (amount: string) => BigInt(amount.replace('.', ''));
  const change = cents(after) - cents(before);
  const digits = String(change < 0n ? -change : change).padStart(3, '0');
  return `${change < 0n ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

function Change({ before, after }: { before: string; after: string }) {
  return <Money amount={difference(before, after)} sign />;
}

function barName(bar: Study['histogram'][number]): string {
  if (bar.from_percent === undefined) return `< ${bar.below_percent} %`;
  if (bar.below_percent === undefined) return `≥ ${bar.from_percent} %`;
  return `${bar.from_percent} … ${bar.below_percent} %`;
}

function Histogram({ study }: { study: Study }) {
  return (
    <>
      <h2 id="histogram">{t('study.histogram')}</h2>
      <Bars
        label={t('study.histogram')}
        bars={study.histogram.map((bar) => ({
          name: barName(bar),
          size: bar.accounts,
          text: count(bar.accounts),
          kind: (bar.below_percent ?? 99) <= -1 ? 'good' : (bar.from_percent ?? -99) >= 1 ? 'bad' : 'quiet',
        }))}
      />
      <table className="plain" data-part="histogram" tabIndex={0} aria-labelledby="histogram">
        <thead>
          <tr>
            <th>{t('study.change')}</th>
            <th className="number">{t('study.accounts')}</th>
          </tr>
        </thead>
        <tbody>
          {study.histogram.map((bar) => (
            <tr key={barName(bar)}>
              <td>{barName(bar)}</td>
              <td className="number">{count(bar.accounts)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}

function Sums({ id, title, first, rows }: { id: string; title: string; first: string; rows: { name: string; accounts?: number; before: string; after: string }[] }) {
  return (
    <>
      <h2 id={id}>{title}</h2>
      <table className="plain" data-part={id} tabIndex={0} aria-labelledby={id}>
        <thead>
          <tr>
            <th>{first}</th>
            {rows.some((row) => row.accounts !== undefined) && <th className="number">{t('study.accounts')}</th>}
            <th className="number">{t('study.before')}</th>
            <th className="number">{t('study.after')}</th>
            <th className="number">{t('study.change')}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.name}>
              <td>{row.name}</td>
              {row.accounts !== undefined && <td className="number">{count(row.accounts)}</td>}
              <td className="number">
                <Money amount={row.before} />
              </td>
              <td className="number">
                <Money amount={row.after} />
              </td>
              <td className="number">
                <Change before={row.before} after={row.after} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}

function Largest({ study }: { study: Study }) {
  return (
    <>
      <h2 id="largest">{t('study.largest')}</h2>
      <table className="plain" data-part="largest" tabIndex={0} aria-labelledby="largest">
        <thead>
          <tr>
            <th>{t('field.account')}</th>
            <th>{t('field.schedule')}</th>
            <th className="number">{t('study.before')}</th>
            <th className="number">{t('study.after')}</th>
            <th className="number">{t('study.change')}</th>
          </tr>
        </thead>
        <tbody>
          {study.largest.map((row) => (
            <tr key={row.account}>
              <td>
                <Link href={`/accounts/${row.account}`}>{row.account}</Link>
              </td>
              <td>{row.schedule}</td>
              <td className="number">
                <Money amount={row.before} />
              </td>
              <td className="number">
                <Money amount={row.after} />
              </td>
              <td className="number">
                <Change before={row.before} after={row.after} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}

function Outcome({ study }: { study: Study }) {
  const left = Object.entries(study.left_out);
  return (
    <div data-part="study">
      <Facts
        rows={[
          [t('study.accounts'), count(study.accounts)],
          [t('study.bills'), `${count(study.bills)} · ${day(study.from)} – ${day(study.until)}`],
          [t('study.before'), <Money amount={study.before} />],
          [t('study.after'), <Money amount={study.after} />],
          [t('study.change'), <strong><Change before={study.before} after={study.after} /></strong>],
        ]}
      />
      <p className="quiet-text">{t('study.how')}</p>
      {left.length > 0 && (
        <p>
          <Badge kind="warn">{t('study.left_out')}</Badge> {left.map(([rule, bills]) => `${rule}: ${count(bills)}`).join(' · ')}
        </p>
      )}
      <Histogram study={study} />
      <Sums
        id="deciles"
        title={t('study.deciles')}
        first={t('study.decile')}
        rows={study.deciles.map((tenth, at) => ({ name: String(at + 1), ...tenth }))}
      />
      <Sums
        id="revenue"
        title={t('study.revenue')}
        first={t('schedule.class')}
        rows={study.revenue.map((row) => ({ name: `${word('rate_class', row.class)} · ${month(`${row.month}-01`)}`, before: row.before, after: row.after }))}
      />
      <Largest study={study} />
    </div>
  );
}

/** What tariffs that were put forward would do to everybody's bills of the last year. */
export default function StudyTariff({ hash }: { hash: string }) {
  const language = useLanguage();
  const me = useMe();
  const [query, change] = useAddress();
  const [, navigate] = useLocation();
  const [schedule, setSchedule] = useState('');
  const [program, setProgram] = useState('');
  const sets = useQuery({ queryKey: ['tariff-sets'], queryFn: tariffSets });
  const schedules = useAll<Schedule>('/v1/schedules');
  const job = query.job ?? '';
  const watched = useJob(job);
  const ask = useMutation({
    mutationFn: () => {
      const parameters = [`set=${hash}`, `until=${me.business_date}`];
      if (schedule) parameters.push(`schedule=${schedule}`);
      if (program.trim()) parameters.push(`program=${program.trim()}`);
      return post('/v1/jobs', { kind: 'tariff_study', parameters }, { headers: { 'Idempotency-Key': newKey() } });
    },
    onSuccess: (made) => change({ job: made.job }),
  });
  useEffect(() => {
    document.title = `${t('study.title')} · Watthour`;
  }, [language]);
  useKeys([{ keys: 'u', label: 'key.up', run: () => navigate('/schedules') }]);
  const options: [string, string][] = [['', t('study.everybody')]];
  for (const one of schedules.query.data?.rows ?? []) options.push([one.schedule, `${one.schedule} ${nameIn(one, language)}`]);
  return (
    <>
      <nav className="crumbs" aria-label={t('nav.crumbs')}>
        <Link href="/schedules">{t('nav.schedules')}</Link> › <span aria-current="page">{t('study.title')}</span>
      </nav>
      <h1>{t('study.title')}</h1>
      <Answer query={sets}>
        {(data) => {
          const set = data.items.find((one) => one.hash === hash);
          if (!set) return <p>{t('study.no_set')}</p>;
          return (
            <p>
              {set.why} · {set.proposed_by} · {day(set.recorded_on)} · <Badge>{word('tariff_state', set.state)}</Badge>
            </p>
          );
        }}
      </Answer>
      <div className="card narrow">
      <Form onSubmit={() => ask.mutate()} failure={ask.error} busy={ask.isPending || (job !== '' && watched?.state === 'open')} submit={t('study.ask')}>
        <SelectField label={t('study.cohort')} value={schedule} onChange={setSchedule} options={options} />
        <TextField label={t('study.program')} value={program} onChange={setProgram} />
      </Form>
      </div>
      {job !== '' && watched?.state === 'open' && <Progress job={job} />}
      {watched?.state === 'done' && watched.result != null && <Outcome study={watched.result as unknown as Study} />}
    </>
  );
}
