// SPDX-License-Identifier: Apache-2.0
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { Link } from 'wouter';
import { get } from '../api/client';
import { useMe } from '../me';
import { Grid, type Column } from '../parts/Grid';
import { Answer, Facts, Money, TextField } from '../parts/parts';
import { useAddress } from '../parts/useAddress';
import { t, useLanguage, word } from '../words/words';

type Row = Record<string, string | number | null>;
const isMoney = (value: unknown) => typeof value === 'string' && /^-?\d+\.\d\d$/.test(value);

function csvOf(columns: string[], rows: Row[]): string {
  const cell = (value: unknown) => {
    let text = value === null || value === undefined ? '' : String(value);
    if (/^[=+\-@\t\r]/.test(text) && !/^-?[\d.]+$/.test(text)) text = `'${text}`;
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  const lines = [columns.join(','), ...rows.map((row) => columns.map((column) => cell(row[column])).join(','))];
  return `data:text/csv;charset=utf-8,${encodeURIComponent('\ufeff' + lines.join('\r\n') + '\r\n')}`;
}

function ReportRows({ name, rows }: { name: string; rows: Row[] }) {
  const names = Object.keys(rows[0] ?? {});
  const columns = useMemo<Column<Row>[]>(
    () =>
      names.map((key) => {
        const money = rows.every((row) => row[key] === null || isMoney(row[key]));
        const numeric = money || rows.every((row) => typeof row[key] === 'number');
        return {
          key,
          title: word('report_field', key),
          value: (row) => row[key],
          numeric,
          show: (row) =>
            money ? <Money amount={row[key] as string} /> : key === 'account' && /^\d{11}$/.test(String(row[key])) ? <Link href={`/accounts/${row[key]}`}>{row[key]}</Link> : key === 'bill' && row[key] ? <Link href={`/bills/${row[key]}`}>{row[key]}</Link> : row[key],
        };
      }),
    // The rows are new with each answer.
    [rows],
  );
  const keyed = useMemo(() => rows.map((row, i) => ({ ...row, '\u0000row': i })), [rows]);
  return (
    <Grid name={`report-${name}`} rows={keyed as Row[]} columns={columns} rowKey={(row) => String(row['\u0000row'])} height="calc(100vh - 20rem)" csv={{ name: `${name}.csv`, href: () => csvOf(names, rows) }} />
  );
}

export default function Reports() {
  useLanguage();
  const me = useMe();
  const [query, change] = useAddress();
  const names = useQuery({ queryKey: ['reports'], queryFn: () => get('/v1/reports', { query: { limit: 200 } }) });
  const name = query.report ?? '';
  const asOf = query.as_of ?? me.business_date;
  const report = useQuery({
    queryKey: ['report', name, asOf, query.known_on],
    queryFn: () => get('/v1/reports/{report}', { path: { report: name }, query: { as_of: asOf, known_on: query.known_on } }),
    enabled: name !== '',
  });
  return (
    <>
      <h1>{t('nav.reports')}</h1>
      <div className="bar">
        <Answer query={names}>
          {(data) => (
            <div className="field">
              <label htmlFor="report">{t('report.which')}</label>
              <select id="report" value={name} onChange={(event) => change({ report: event.target.value, filter: '', sort: '' })}>
                <option value="">{t('report.choose')}</option>
                {data.items.map((one) => (
                  <option key={one.report} value={one.report}>
                    {word('report', one.report)}
                  </option>
                ))}
              </select>
            </div>
          )}
        </Answer>
        <TextField label={t('report.as_of')} type="date" value={asOf} onChange={(value) => change({ as_of: value })} />
        <TextField label={t('report.known_on')} type="date" value={query.known_on ?? ''} onChange={(value) => change({ known_on: value })} />
      </div>
      {name && (
        <Answer query={report}>
          {(data) => {
            const totals = Object.entries((data.totals ?? {}) as Row);
            return (
              <>
                {totals.length > 0 && <Facts rows={totals.map(([key, value]) => [word('report_field', key), isMoney(value) ? <Money amount={value as string} /> : value])} />}
                <ReportRows key={name} name={name} rows={data.rows as unknown as Row[]} />
              </>
            );
          }}
        </Answer>
      )}
    </>
  );
}
