// SPDX-License-Identifier: Apache-2.0
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { Link } from 'wouter';
import { get, post, type Schemas } from '../api/client';
import { Answer, Badge, Dialog, Facts, Form, Money, TextField } from '../parts/parts';
import { say } from '../parts/toasts';
import { useAll } from '../parts/useAll';
import { count, day, decimal, t, useLanguage, word } from '../words/words';
import { Causes, stateBadge } from './Import';

type Page = Schemas['FilePage'];
type Row = Schemas['Reject'];

function SetAside({ file, lines, onClose }: { file: Page; lines: string[]; onClose: () => void }) {
  const client = useQueryClient();
  const [why, setWhy] = useState('');
  const set = useMutation({
    mutationFn: () => post('/v1/files/{file}/rows-set-aside', { why, ...(lines.length > 0 ? { lines } : {}) }, { path: { file: file.file } }),
    onSuccess: (done) => {
      say(t('import.aside_done', { n: done.rows }));
      void client.invalidateQueries({ queryKey: ['file'] });
      onClose();
    },
  });
  return (
    <Dialog title={t('import.aside')} onClose={onClose}>
      <Form onSubmit={() => set.mutate()} failure={set.error} busy={set.isPending} submit={t('import.aside_n', { n: lines.length > 0 ? lines.length : file.waiting })} onCancel={onClose} danger>
        <p>{t('import.aside_help')}</p>
        <TextField label={t('field.why')} value={why} onChange={setWhy} first required />
      </Form>
    </Dialog>
  );
}

function Rows({ file }: { file: Page }) {
  const list = useAll<Row>('/v1/files/{file}/rejects', {}, { file: file.file }, file.waiting);
  const [aside, setAside] = useState<string[] | null>(null);
  return (
    <>
      <div className="bar">
        <h2>{t('import.failed', { n: file.failed_rows })}</h2>
        <span className="spring" />
        {file.waiting > 0 && (
          <button type="button" onClick={() => setAside([])}>
            {t('import.aside')}
          </button>
        )}
      </div>
      <Answer query={list.query}>
        {(data) => (
          <div className="scroll tall" tabIndex={0}>
            <table className="plain">
              <thead>
                <tr>
                  <th className="number">{t('file.line')}</th>
                  <th>{t('import.state')}</th>
                  <th>{t('file.field')}</th>
                  <th>{t('file.message')}</th>
                  <th>{t('import.raw')}</th>
                </tr>
              </thead>
              <tbody>
                {data.rows.slice(0, 500).map((row) => (
                  <tr key={row.row}>
                    <td className="number">{count(row.line)}</td>
                    <td>
                      <Badge kind={row.state === 'waiting' ? 'warn' : 'good'}>{word('import_row', row.state)}</Badge> {row.by_file ? <Link href={`/import/${row.by_file}`}>{t('import.by_file')}</Link> : row.why}
                    </td>
                    <td>{row.field}</td>
                    <td>
                      {row.message} <code>{row.rule}</code>
                    </td>
                    <td>
                      <code className="raw">{row.raw.length > 120 ? `${row.raw.slice(0, 120)}…` : row.raw}</code>
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
            {data.rows.length > 500 && <p className="state">{t('import.first_rows', { n: 500 })}</p>}
          </div>
        )}
      </Answer>
      {aside && <SetAside file={file} lines={aside} onClose={() => setAside(null)} />}
    </>
  );
}

export default function ImportedFile({ file }: { file: string }) {
  useLanguage();
  const page = useQuery({ queryKey: ['file', file], queryFn: () => get('/v1/files/{file}', { path: { file } }) });
  const money = (data: Page) => data.format === 'lockbox' || data.format === 'nacha';
  return (
    <>
      <nav className="crumbs" aria-label={t('nav.crumbs')}>
        <Link href="/import?tab=files">{t('nav.import')}</Link>
      </nav>
      <Answer query={page}>
        {(data) => (
          <>
            <div className="bar">
              <h1>{data.name}</h1>
              {stateBadge(data)}
              <span className="spring" />
              {data.waiting > 0 && !money(data) && data.format !== 'handheld' && (
                <>
                  <a className="button main" href={`/v1/files/${file}/error-file`} download>
                    {t('import.error_file', { n: data.waiting })}
                  </a>
                  <Link className="button" href="/import">
                    {t('import.bring_back')}
                  </Link>
                </>
              )}
            </div>
            <section className="card">
              <Facts
                rows={[
                  [t('file.format'), word('import_format', data.format)],
                  [t('field.date'), day(data.business_date)],
                  [t('import.by'), data.by || '—'],
                  ...(data.profile_name ? [[t('import.mapping'), t('import.mapping_version', { name: data.profile_name, version: data.profile_version })] as [string, string]] : []),
                  [t('file.records'), count(data.records)],
                  [t('file.posted'), count(data.posted)],
                  [t('file.repeated'), count(data.repeated)],
                  [t('file.parked'), count(data.parked)],
                  [t('import.failed_rows'), count(data.failed_rows)],
                  [t('import.repaired'), count(data.repaired)],
                  [t('import.failed_again'), count(data.failed_again)],
                  [t('import.set_aside'), count(data.set_aside)],
                  ...(money(data)
                    ? ([[t('file.declared'), <Money amount={data.declared_total} />], [t('file.posted_total'), <Money amount={data.posted_total} />]] as [string, ReactNode][])
                    : ([
                        [t('import.meters_known'), count(data.meters_known)],
                        [t('import.meters_unknown'), count(data.meters_unknown)],
                        [t('import.first'), data.first.slice(0, 16).replace('T', ' ') || '—'],
                        [t('import.last'), data.last.slice(0, 16).replace('T', ' ') || '—'],
                        ['kWh', decimal(data.kwh)],
                      ] as [string, ReactNode][])),
                ]}
              />
              {data.waiting > 0 && data.error_file !== data.format && <p>{t('import.as_cmep')}</p>}
              <Causes causes={data.causes} />
            </section>
            {data.failed_rows > 0 && <Rows file={data} />}
          </>
        )}
      </Answer>
    </>
  );
}
