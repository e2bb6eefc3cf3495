// SPDX-License-Identifier: Apache-2.0
import { useMemo } from 'react';
import { Link, useLocation } from 'wouter';
import { nameIn, type Schedule, type TariffSet } from '../api/tariffs';
import { useMay, useMe } from '../me';
import { Grid, type Column } from '../parts/Grid';
import { Answer, Badge } from '../parts/parts';
import { useAll } from '../parts/useAll';
import { day, t, useLanguage, word } from '../words/words';

export const scheduleAddress = (schedule: string) => `/schedules/${encodeURIComponent(schedule)}`;

function List() {
  const language = useLanguage();
  const today = useMe().business_date;
  const [, navigate] = useLocation();
  const list = useAll<Schedule>('/v1/schedules');
  const columns = useMemo<Column<Schedule>[]>(() => {
    const dates = (row: Schedule) => row.versions.map((version) => version.effective).sort();
    const inForce = (row: Schedule) => dates(row).filter((date) => date <= today).at(-1);
    return [
      { key: 'schedule', title: t('field.schedule'), value: (row) => row.schedule, show: (row) => <Link href={scheduleAddress(row.schedule)}>{row.schedule}</Link>, width: '7rem' },
      { key: 'name', title: t('field.name'), value: (row) => nameIn(row, language), width: 'minmax(12rem, 2fr)' },
      { key: 'class', title: t('schedule.class'), value: (row) => word('rate_class', row.class) },
      { key: 'in_force', title: t('schedule.in_force_since'), value: inForce, show: (row) => day(inForce(row)) },
      { key: 'versions', title: t('schedule.versions'), value: (row) => dates(row).join(' '), show: (row) => dates(row).reverse().map((date) => day(date)).join(' · '), width: 'minmax(12rem, 2fr)' },
    ];
  }, [language, today]);
  return (
    <Answer query={list.query}>
      {(data) => (
        <Grid name="schedules" rows={data.rows} complete={data.complete} columns={columns} rowKey={(row) => row.schedule} onOpen={(row) => navigate(scheduleAddress(row.schedule))} download="/v1/schedules" height="28rem" />
      )}
    </Answer>
  );
}

/** Who put tariffs forward, who adopted them and why; they are kept as they were billed with. */
function Adopted() {
  const sets = useAll<TariffSet>('/v1/tariff-sets');
  const mayStudy = useMay('report.run');
  return (
    <Answer query={sets.query}>
      {(data) =>
        data.rows.length === 0 ? (
          <p className="quiet-text">{t('tariff_set.none')}</p>
        ) : (
          <table className="plain" data-part="sets" tabIndex={0} aria-labelledby="sets">
            <thead>
              <tr>
                <th>{t('tariff_set.on')}</th>
                <th>{t('tariff_set.state')}</th>
                <th>{t('tariff_set.proposed_by')}</th>
                <th>{t('tariff_set.adopted_by')}</th>
                <th>{t('field.why')}</th>
                <th>{t('tariff_set.hash')}</th>
                {mayStudy && <th>{t('study.title')}</th>}
              </tr>
            </thead>
            <tbody>
              {data.rows.map((row) => (
                <tr key={row.hash}>
                  <td>{day(row.recorded_on)}</td>
                  <td>
                    <Badge kind={row.state === 'in force' ? 'good' : undefined}>{word('tariff_state', row.state)}</Badge>
                  </td>
                  <td>{row.proposed_by}</td>
                  <td>{row.adopted_by || '—'}</td>
                  <td>{row.why}</td>
                  <td>
                    <code title={row.hash}>{row.hash.slice(0, 12)}</code>
                  </td>
                  {mayStudy && (
                    <td>
                      <Link href={`/tariff-sets/${row.hash}`}>{t('study.open')}</Link>
                    </td>
                  )}
                </tr>
              ))}
            </tbody>
          </table>
        )
      }
    </Answer>
  );
}

export default function Schedules() {
  useLanguage();
  return (
    <>
      <h1>{t('nav.schedules')}</h1>
      <List />
      <h2 id="sets">{t('tariff_set.title')}</h2>
      <Adopted />
    </>
  );
}
