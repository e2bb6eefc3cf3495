// SPDX-License-Identifier: Apache-2.0
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { Link, useLocation } from 'wouter';
import { rateChanges, rateSheet, type RateSheet, type ScheduleVersion } from '../api/tariffs';
import { useMe } from '../me';
import { useKeys } from '../parts/keys';
import { Answer, Badge, Facts, Form, TextField } from '../parts/parts';
import { useAddress } from '../parts/useAddress';
import { day, t, useLanguage } from '../words/words';

type Change = (next: Record<string, string>) => void;

/** The price sheet as it is printed. */
function Sheet({ sheet }: { sheet: RateSheet }) {
  return (
    <section className="card handout" aria-labelledby="sheet">
      <h2 id="sheet">{t('schedule.sheet')}</h2>
      <Facts
        rows={[
          [t('schedule.effective'), day(sheet.effective)],
          [t('bill.clause'), sheet.clause],
        ]}
      />
      <table className="plain" data-part="sheet" tabIndex={0} aria-labelledby="sheet">
        <thead>
          <tr>
            <th>{t('bill.charge')}</th>
            <th>{t('schedule.holds_for')}</th>
            <th className="number">{t('bill.price')}</th>
            <th>{t('schedule.unit')}</th>
          </tr>
        </thead>
        <tbody>
          {sheet.rows.map((row, i) => (
            <tr key={`${row.code} ${i}`}>
              <td>{row.charge}</td>
              <td>{row.what}</td>
              <td className="number">{row.price}</td>
              <td>{row.unit}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {sheet.terms.length > 0 && (
        <>
          <h3>{t('schedule.terms')}</h3>
          <ul>
            {sheet.terms.map((term) => (
              <li key={term}>{term}</li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}

function Versions({ versions, shown, change }: { versions: ScheduleVersion[]; shown: string; change: Change }) {
  const today = useMe().business_date;
  const inForce = versions.find((version) => version.effective <= today)?.effective;
  return (
    <section className="card no-print" aria-labelledby="versions">
      <h2 id="versions">{t('schedule.versions')}</h2>
      <table className="plain" tabIndex={0} aria-labelledby="versions">
        <thead>
          <tr>
            <th>{t('schedule.effective')}</th>
            <th>{t('bill.clause')}</th>
            <th>{t('tariff_set.state')}</th>
            <th>{t('action.show')}</th>
          </tr>
        </thead>
        <tbody>
          {versions.map((version, i) => {
            const before = versions[i + 1];
            return (
              <tr key={version.effective} className={version.effective === shown ? 'active' : ''}>
                <td>{day(version.effective)}</td>
                <td>{version.clause}</td>
                <td>
                  {version.effective === inForce ? (
                    <Badge kind="good">{t('schedule.in_force')}</Badge>
                  ) : (
                    version.effective > today && <Badge kind="warn">{t('schedule.to_come')}</Badge>
                  )}
                </td>
                <td>
                  <span className="buttons">
                    <button
                      type="button"
                      aria-pressed={version.effective === shown}
                      aria-label={t('schedule.show_sheet', { day: day(version.effective) })}
                      onClick={() => change({ date: version.effective })}
                    >
                      {t('schedule.sheet')}
                    </button>
                    {before && (
                      <button
                        type="button"
                        aria-label={t('schedule.show_changes', { day: day(version.effective) })}
                        onClick={() => change({ from: before.effective, until: version.effective })}
                      >
                        {t('schedule.changes')}
                      </button>
                    )}
                  </span>
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}

function Changes({ schedule, from, until, change }: { schedule: string; from: string; until: string; change: Change }) {
  const language = useLanguage();
  const [typed, setTyped] = useState({ from, until });
  const changes = useQuery({ queryKey: ['changes', schedule, from, until, language], queryFn: () => rateChanges(schedule, from, until, language), placeholderData: keepPreviousData });
  useEffect(() => setTyped({ from, until }), [from, until]);
  return (
    <section className="card no-print" aria-labelledby="changes" aria-busy={changes.isFetching}>
      <h2 id="changes">{t('schedule.changes')}</h2>
      <div className="bar">
        <Form onSubmit={() => change(typed)} submit={t('action.show')}>
          <TextField label={t('schedule.earlier')} type="date" value={typed.from} onChange={(value) => setTyped({ ...typed, from: value })} required />
          <TextField label={t('schedule.later')} type="date" value={typed.until} onChange={(value) => setTyped({ ...typed, until: value })} required />
        </Form>
      </div>
      <Answer query={changes}>
        {(data) =>
          data.from === data.until ? (
            <p role="status">{t('schedule.one_version', { day: day(data.from) })}</p>
          ) : (
            <>
              <p role="status">{t('schedule.change_count', { n: data.changes.length, from: day(data.from), until: day(data.until) })}</p>
              {data.changes.length > 0 && (
                <table className="plain" data-part="changes" tabIndex={0} aria-labelledby="changes">
                  <thead>
                    <tr>
                      <th>{t('bill.charge')}</th>
                      <th>{t('schedule.holds_for')}</th>
                      <th>{t('schedule.unit')}</th>
                      <th className="number">{day(data.from)}</th>
                      <th className="number">{day(data.until)}</th>
                    </tr>
                  </thead>
                  <tbody>
                    {data.changes.map((row, i) => (
                      <tr key={i}>
                        <td>{row.charge}</td>
                        <td>{row.what}</td>
                        <td>{row.unit}</td>
                        <td className="number">{row.before || <Badge>{t('schedule.new_price')}</Badge>}</td>
                        <td className="number">{row.after || <Badge>{t('schedule.ended_price')}</Badge>}</td>
                      </tr>
                    ))}
                  </tbody>
                </table>
              )}
            </>
          )
        }
      </Answer>
    </section>
  );
}

export default function Schedule({ schedule }: { schedule: string }) {
  const language = useLanguage();
  const me = useMe();
  const [query, change] = useAddress();
  const [, navigate] = useLocation();
  const date = query.date ?? me.business_date;
  const [typed, setTyped] = useState(date);
  // What is shown stays until the other day's answer is there, and with it the button that was pressed.
  const sheet = useQuery({ queryKey: ['sheet', schedule, date, language], queryFn: () => rateSheet(schedule, date, language), placeholderData: keepPreviousData });
  useEffect(() => setTyped(date), [date]);
  useEffect(() => {
    if (sheet.data) document.title = `${schedule} · ${sheet.data.name} · Watthour`;
  }, [schedule, sheet.data]);
  useKeys([{ keys: 'u', label: 'key.up_schedules', run: () => navigate('/schedules') }]);
  return (
    <>
      <nav className="crumbs" aria-label={t('nav.crumbs')}>
        <Link href="/schedules">{t('nav.schedules')}</Link> › <span aria-current="page">{schedule}</span>
      </nav>
      <p className="print-only">{me.utility}</p>
      <h1>
        {schedule} {sheet.data && `· ${sheet.data.name}`}
      </h1>
      {sheet.data && <p>{sheet.data.applies_to}</p>}
      <div className="bar">
        <Form onSubmit={() => change({ date: typed })} submit={t('action.show')}>
          <TextField label={t('schedule.on')} type="date" value={typed} onChange={setTyped} required />
        </Form>
        <span className="spring" />
        <button type="button" onClick={() => window.print()}>
          {t('schedule.print')}
        </button>
      </div>
      <Answer query={sheet}>
        {(data) => {
          const versions = [...data.versions].sort((a, b) => (a.effective < b.effective ? 1 : -1));
          const at = versions.findIndex((version) => version.effective === data.effective);
          // Without dates of its own: what the shown version changed; of the first one, nothing.
          const until = query.until ?? data.effective;
          const from = query.from ?? versions[at + 1]?.effective ?? until;
          return (
            <div aria-busy={sheet.isFetching}>
              <Sheet sheet={data} />
              <Versions versions={versions} shown={data.effective} change={change} />
              <Changes schedule={schedule} from={from} until={until} change={change} />
            </div>
          );
        }}
      </Answer>
    </>
  );
}
