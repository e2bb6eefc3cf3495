// SPDX-License-Identifier: Apache-2.0
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState, type ReactNode } from 'react';
import { Link, useLocation } from 'wouter';
import { get, lookAtFile, post, sendFile, type Schemas } from '../api/client';
import { useMe } from '../me';
import { Grid, type Column } from '../parts/Grid';
import { Answer, Badge, Dialog, Facts, Field, Form, Money, ProblemBox, SelectField, TextField } from '../parts/parts';
import { say } from '../parts/toasts';
import { useAddress } from '../parts/useAddress';
import { useAll } from '../parts/useAll';
import { count, day, decimal, t, useLanguage, word, type Key } from '../words/words';
import { mappingOf, orderOf, roleOf, roles, textOf, withOrder, withRole, withTime, type Mapping, type Role } from './fileMapping';

type Look = Schemas['FileLook'];
type Taken = Schemas['TakenFile'];
type FileRow = Schemas['File'];

const tabs = ['bring', 'files', 'mappings'] as const;
const formats = ['cmep', 'csv-intervals', 'csv-registers', 'green-button', 'green-button-csv', 'handheld', 'iec61968', 'lockbox', 'multispeak', 'mv90', 'nacha', 'nem12'] as const;
const byColumns = (format: string) => ['csv-intervals', 'csv-registers', 'green-button-csv', 'mv90'].includes(format);
const isMoney = (format: string) => format === 'lockbox' || format === 'nacha';

export const stateBadge = (row: FileRow) => (
  <Badge kind={row.state === 'waiting' ? 'warn' : row.state === 'inbox' ? undefined : 'good'}>{row.state === 'waiting' ? t('import.waiting', { n: row.waiting }) : word('import_state', row.state)}</Badge>
);
const minute = (text: string) => (text ? text.slice(0, 16).replace('T', ' ') : '—');

/** Problems by their cause: one line for however many rows. */
export function Causes({ causes }: { causes: Schemas['ProblemCause'][] }) {
  if (causes.length === 0) return null;
  return (
    <div className="scroll" tabIndex={0}>
      <table className="plain">
        <caption>{t('import.causes')}</caption>
        <thead>
          <tr>
            <th className="number">{t('import.rows')}</th>
            <th>{t('file.field')}</th>
            <th>{t('file.rule')}</th>
            <th className="number">{t('import.first_line')}</th>
            <th>{t('import.example')}</th>
          </tr>
        </thead>
        <tbody>
          {causes.map((one) => (
            <tr key={one.rule + one.field}>
              <td className="number">{count(one.rows)}</td>
              <td>{one.field}</td>
              <td>
                <code>{one.rule}</code>
              </td>
              <td className="number">{count(one.first_line)}</td>
              <td>{one.example}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function WhatItHolds({ taken }: { taken: Taken }) {
  const money = isMoney(taken.format);
  const rows: [string, ReactNode][] = [
    [t('file.records'), count(taken.records)],
    [t('file.posted'), count(taken.posted)],
    [t('file.repeated'), count(taken.repeated)],
    [t('import.failed_rows'), count(taken.failed_rows)],
  ];
  if (taken.parked > 0) rows.push([t('file.parked'), count(taken.parked)]);
  if (taken.repaired > 0) rows.push([t('import.repaired'), count(taken.repaired)]);
  if (money) {
    rows.push([t('file.declared'), <Money amount={taken.declared_total} />], [t('file.posted_total'), <Money amount={taken.posted_total} />]);
  } else {
    rows.push(
      [t('import.meters_known'), count(taken.meters_known)],
      [t('import.meters_unknown'), count(taken.meters_unknown)],
      [t('import.first'), minute(taken.first)],
      [t('import.last'), minute(taken.last)],
      ['kWh', decimal(taken.kwh)],
    );
  }
  return <Facts rows={rows} />;
}

function StoredRows({ rows }: { rows: Schemas['StoredRow'][] }) {
  if (rows.length === 0) return null;
  return (
    <div className="scroll" tabIndex={0}>
      <table className="plain">
        <caption>{t('import.as_stored', { n: rows.length })}</caption>
        <thead>
          <tr>
            <th className="number">{t('file.line')}</th>
            <th>{t('field.meter')}</th>
            <th>{t('import.channel')}</th>
            <th>{t('import.start')}</th>
            <th className="number">{t('import.minutes')}</th>
            <th className="number">{t('import.value')}</th>
            <th>{t('import.flag')}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row, i) => (
            <tr key={i}>
              <td className="number">{count(row.line)}</td>
              <td>{row.meter}</td>
              <td>{row.channel}</td>
              <td>{minute(row.start)}</td>
              <td className="number">{row.minutes > 0 ? row.minutes : '—'}</td>
              <td className="number">{decimal(row.kwh)}</td>
              <td>{word('import_flag', row.flag)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Columns({ look, mapping, onChange }: { look: Look; mapping: Mapping; onChange: (next: Mapping) => void }) {
  return (
    <div className="scroll" tabIndex={0}>
      <table className="plain">
        <caption>{t('import.columns')}</caption>
        <thead>
          <tr>
            <th className="number">{t('import.column')}</th>
            <th>{t('import.header')}</th>
            <th>{t('import.sample')}</th>
            <th>{t('import.role')}</th>
            <th>{t('import.why')}</th>
          </tr>
        </thead>
        <tbody>
          {look.columns.map((column) => (
            <tr key={column.number}>
              <td className="number">{column.number}</td>
              <td>{column.header || '—'}</td>
              <td>{column.sample.slice(0, 3).join(' · ')}</td>
              <td>
                <select aria-label={t('import.role_of', { column: column.header || column.number })} value={roleOf(mapping, column)} onChange={(event) => onChange(withRole(mapping, column, event.target.value as Role))}>
                  {roles.map((role) => (
                    <option key={role} value={role}>
                      {role === '' ? '—' : word('import_role', role)}
                    </option>
                  ))}
                </select>
              </td>
              <td>{column.why ? word('import_why', column.why) : '—'}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Settings({ mapping, onChange }: { mapping: Mapping; onChange: (next: Mapping) => void }) {
  const order = orderOf(mapping);
  const zones = ['local', 'utc', 'offset'];
  const zone = mapping.time.zone;
  return (
    <div className="fields">
      <SelectField label={t('import.kind')} value={mapping.kind} onChange={(kind) => onChange({ ...mapping, kind })} options={['intervals', 'registers'].map((one) => [one, word('import_kind', one)])} />
      {mapping.kind === 'intervals' && !mapping.wide && (
        <SelectField label={t('import.label')} value={mapping.time.label} onChange={(label) => onChange(withTime(mapping, { label }))} options={['start', 'end'].map((one) => [one, word('import_label', one)])} />
      )}
      <SelectField label={t('import.zone')} value={zone} onChange={(next) => onChange(withTime(mapping, { zone: next }))} options={(zones.includes(zone) ? zones : [...zones, zone]).map((one) => [one, word('import_zone', one)])} />
      {order && <SelectField label={t('import.order')} value={order} onChange={(next) => onChange(withOrder(mapping, next))} options={['month', 'day'].map((one) => [one, word('import_order', one)])} />}
      {mapping.kind === 'intervals' && !mapping.wide && (
        <SelectField label={t('import.step')} value={String(mapping.time.minutes ?? 0)} onChange={(minutes) => onChange(withTime(mapping, { minutes: Number(minutes) }))} options={['0', '5', '15', '30', '60'].map((one) => [one, one === '0' ? t('import.from_data') : t('import.n_minutes', { minutes: one })])} />
      )}
      {mapping.kind === 'intervals' && zone === 'local' && (
        <SelectField label={t('import.autumn')} value={mapping.time.autumn ?? 'doubled'} onChange={(autumn) => onChange(withTime(mapping, { autumn }))} options={['doubled', 'lost'].map((one) => [one, word('import_autumn', one)])} />
      )}
      <SelectField label={t('import.decimal')} value={mapping.decimal_mark} onChange={(decimal_mark) => onChange({ ...mapping, decimal_mark })} options={[['.', '1.5'], [',', '1,5']]} />
    </div>
  );
}

function Outcome({ taken, onNext }: { taken: Taken; onNext: () => void }) {
  return (
    <section className="card" aria-labelledby="outcome">
      <h2 id="outcome">
        {taken.file} <Badge kind={taken.failed_rows > 0 ? 'warn' : 'good'}>{taken.failed_rows > 0 ? t('import.waiting', { n: taken.failed_rows }) : word('import_state', 'whole')}</Badge>
      </h2>
      <WhatItHolds taken={taken} />
      <Causes causes={taken.causes} />
      <div className="buttons">
        {taken.failed_rows > 0 && byFile(taken.format) && (
          <a className="button main" href={`/v1/files/${taken.file_id}/error-file`} download>
            {t('import.error_file', { n: taken.failed_rows })}
          </a>
        )}
        <Link className="button" href={`/import/${taken.file_id}`}>
          {t('import.page')}
        </Link>
        <button type="button" onClick={onNext} data-first="">
          {t('import.next')}
        </button>
      </div>
    </section>
  );
}

const questionKeys: Record<string, Key> = { order: 'import_question.order', quality: 'import_question.quality', quantity: 'import_question.quantity', clock: 'import_question.clock', label: 'import_question.label', label_end: 'import_question.label_end', nothing: 'import_question.nothing' };
function questionText({ code, column, word: filled, text }: Schemas['FileQuestion']): string {
  const key = questionKeys[code];
  return key ? t(key, { column: String(column), word: code === 'order' ? word('import_order', filled) : filled }) : text;
}

const byFile = (format: string) => !isMoney(format) && format !== 'handheld';
const nameFor = (file: string) => file.replace(/\.[^.]*$/, '').replace(/[^\w.\- ]+/g, '-').replace(/[\d_-]{4,}/g, '').replace(/^[^A-Za-z]+|[^A-Za-z0-9]+$/g, '').slice(0, 40) || 'mapping';

function Bring() {
  const me = useMe();
  const client = useQueryClient();
  const [file, setFile] = useState<File | null>(null);
  const [over, setOver] = useState(false);
  const [format, setFormat] = useState('');
  const [mapping, setMapping] = useState<Mapping | null>(null);
  const [remembered, setRemembered] = useState('');
  const [name, setName] = useState('');
  const [meter, setMeter] = useState('');
  const [date, setDate] = useState(me.business_date);
  const preview = useMutation({ mutationFn: (of: Asked) => sendFile(of.file, { ...queryOf(of), dry_run: true }) });
  const look = useMutation({
    mutationFn: (next: File) => lookAtFile(next),
    onSuccess: (found, next) => {
      const proposed = found.returned_rows > 0 ? null : mappingOf(found.profile);
      // An error file is read as the file was that its rows came from.
      const format = found.returned_rows > 0 ? '' : found.format;
      setFormat(format);
      setMapping(proposed);
      setRemembered(format ? (found.remembered[0]?.name ?? '') : '');
      setName(found.columns_guessed && found.remembered.length === 0 && proposed ? nameFor(next.name) : '');
      // What the file says of itself is enough for a first look.
      if (found.format && found.format !== 'green-button') preview.mutate({ file: next, format, mapping: found.columns_guessed || found.remembered.length > 0 ? proposed : null, remembered: format ? (found.remembered[0]?.name ?? '') : '', meter: '', date });
    },
  });
  const take = useMutation({
    mutationFn: async (of: Asked) => {
      if (name && of.mapping && look.data) {
        const saved = await post('/v1/read-profiles', { name, profile: textOf(of.mapping), fingerprint: look.data.fingerprint, why: '' });
        return sendFile(of.file, queryOf({ ...of, mapping: null, remembered: saved.name }));
      }
      return sendFile(of.file, queryOf(of));
    },
    onSuccess: (taken) => {
      say(t('file.taken', { n: taken.posted, name: taken.file }));
      void client.invalidateQueries({ queryKey: ['file'] });
    },
  });
  const choose = (next: File | undefined) => {
    if (!next) return;
    setFile(next);
    preview.reset();
    take.reset();
    look.mutate(next);
  };
  const again = () => {
    setFile(null);
    look.reset();
    preview.reset();
    take.reset();
  };
  const found = look.data;
  const useMapping = mapping !== null && byColumns(format) && (found?.columns_guessed || remembered !== '' || name !== '');
  const asked: Asked | null = file && { file, format, mapping: useMapping ? mapping : null, remembered, meter, date };
  const changed = (next: Mapping) => {
    setMapping(next);
    setRemembered('');
    if (!name) setName(remembered || nameFor(file?.name ?? ''));
    preview.reset();
  };
  if (take.data) return <Outcome taken={take.data} onNext={again} />;
  return (
    <>
      <label
        className={over ? 'drop over' : 'drop'}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={(event) => {
          event.preventDefault();
          setOver(false);
          choose(event.dataTransfer?.files[0]);
        }}
      >
        <span>{file ? file.name : t('import.drop')}</span>
        <input type="file" aria-label={t('file.file')} onChange={(event) => choose(event.currentTarget.files?.[0])} />
      </label>
      <ProblemBox failure={look.error} />
      {look.isPending && <p className="state">{t('state.working')}</p>}
      {file && found && asked && (
        <section className="card">
          <p role="status">
            <strong>{found.format ? word('import_format', found.format) : t('import.unknown')}</strong>
            {found.encoding && ` · ${found.encoding}`} · {t(found.format ? 'import.by_content' : 'import.unknown_next')}
          </p>
          {found.returned_rows > 0 && <p className="difference">{t('import.returned', { n: found.returned_rows })}</p>}
          {remembered && <p className="difference">{t('import.remembered', { name: remembered, by: found.remembered[0]?.by ?? '', date: day(found.remembered[0]?.date) })}</p>}
          <Form
            onSubmit={() => (preview.data ? take.mutate(asked) : preview.mutate(asked))}
            failure={take.error ?? preview.error}
            busy={preview.isPending || take.isPending}
            submit={preview.data ? t('file.take', { n: preview.data.posted + preview.data.repeated }) : t('file.preview')}
            onCancel={again}
          >
            <div className="fields">
              <SelectField
                label={t('file.format')}
                value={format}
                onChange={(next) => {
                  setFormat(next);
                  preview.reset();
                }}
                options={[['', '—'], ...formats.map((one): [string, string] => [one, word('import_format', one)])]}
              />
              <TextField label={t('nav.business_date')} type="date" value={date} onChange={setDate} />
              {(format === 'green-button' || (byColumns(format) && mapping && !mapping.columns.meter && !mapping.meter_line)) && (
                <TextField
                  label={t('import.whose')}
                  value={meter}
                  onChange={(next) => {
                    setMeter(next);
                    preview.reset();
                  }}
                  required
                />
              )}
            </div>
            {mapping && byColumns(format) && found.by_columns && found.returned_rows === 0 && (
              <details open={found.columns_guessed && !remembered}>
                <summary>{t('import.mapping')}</summary>
                {found.questions.length > 0 && !remembered && (
                  <ul className="questions">
                    {found.questions.map((one) => (
                      <li key={one.code + one.column + one.word}>{questionText(one)}</li>
                    ))}
                  </ul>
                )}
                <Settings mapping={mapping} onChange={changed} />
                <Columns look={found} mapping={mapping} onChange={changed} />
                <TextField label={t('import.name')} value={name} onChange={setName} hint={t('import.name_hint')} pattern="[A-Za-z0-9._\- ]{1,40}" required={Boolean(found.columns_guessed && !remembered)} />
              </details>
            )}
            {take.isPending && <progress aria-label={t('state.working')} />}
            {preview.data && (
              <>
                <WhatItHolds taken={preview.data} />
                <Causes causes={preview.data.causes} />
                <StoredRows rows={preview.data.rows} />
              </>
            )}
          </Form>
        </section>
      )}
    </>
  );
}

interface Asked {
  file: File;
  format: string;
  mapping: Mapping | null;
  remembered: string;
  meter: string;
  date: string;
}

const queryOf = ({ file, format, mapping, remembered, meter, date }: Asked): Record<string, string> => ({
  name: file.name,
  date,
  ...(format ? { format } : {}),
  ...(meter ? { meter } : {}),
  ...(remembered && byColumns(format) ? { profile: remembered } : mapping ? { profile: textOf(mapping) } : {}),
});

function Files() {
  const language = useLanguage();
  const [, navigate] = useLocation();
  const list = useAll<FileRow>('/v1/files');
  const columns: Column<FileRow>[] = [
    { key: 'business_date', title: t('field.date'), value: (row) => row.business_date, show: (row) => day(row.business_date), width: '7rem' },
    { key: 'name', title: t('field.name'), value: (row) => row.name, show: (row) => <Link href={`/import/${row.file}`}>{row.name}</Link>, width: 'minmax(12rem, 2fr)' },
    { key: 'format', title: t('file.format'), value: (row) => row.format, width: '8rem' },
    { key: 'state', title: t('import.state'), value: (row) => row.state, show: stateBadge, width: '9rem' },
    { key: 'records', title: t('file.records'), value: (row) => row.records, show: (row) => count(row.records), numeric: true },
    { key: 'posted', title: t('file.posted'), value: (row) => row.posted, show: (row) => count(row.posted), numeric: true },
    { key: 'repeated', title: t('file.repeated'), value: (row) => row.repeated, show: (row) => count(row.repeated), numeric: true },
    { key: 'parked', title: t('file.parked'), value: (row) => row.parked, show: (row) => count(row.parked), numeric: true },
    { key: 'kwh', title: 'kWh', value: (row) => row.kwh, show: (row) => decimal(row.kwh), numeric: true },
    { key: 'posted_total', title: t('file.posted_total'), value: (row) => row.posted_total, show: (row) => <Money amount={row.posted_total} />, numeric: true },
    { key: 'by', title: t('import.by'), value: (row) => row.by, width: '7rem' },
  ];
  return (
    <Answer query={list.query} empty={(data) => data.complete && data.rows.length === 0}>
      {(data) => <Grid key={language} name="files" rows={data.rows} complete={data.complete} columns={columns} rowKey={(row) => row.file} onOpen={(row) => navigate(`/import/${row.file}`)} download="/v1/files" />}
    </Answer>
  );
}

function MappingDialog({ profile, onSaved, onClose }: { profile: Schemas['ReadProfile']; onSaved: () => void; onClose: () => void }) {
  const client = useQueryClient();
  const [text, setText] = useState(profile.profile);
  const [why, setWhy] = useState('');
  const versions = useQuery({ queryKey: ['read-profile', profile.name], queryFn: () => get('/v1/read-profiles/{name}', { path: { name: profile.name } }) });
  const ended = (said: string) => {
    say(said);
    void client.invalidateQueries({ queryKey: ['read-profile'] });
    onSaved();
    onClose();
  };
  const save = useMutation({
    mutationFn: () => post('/v1/read-profiles', { name: profile.name, profile: text, format: profile.format, why }),
    onSuccess: (saved) => ended(t('import.saved', { name: saved.name, version: saved.version })),
  });
  const retire = useMutation({
    mutationFn: () => post('/v1/read-profiles/{name}/retirement', { why }, { path: { name: profile.name } }),
    onSuccess: () => ended(t('import.retired', { name: profile.name })),
  });
  return (
    <Dialog title={profile.name} onClose={onClose}>
      <Form onSubmit={() => save.mutate()} failure={save.error ?? retire.error} busy={save.isPending || retire.isPending} submit={t('import.save_version')} onCancel={onClose}>
        <Field label={t('import.mapping')}>{(id) => <textarea id={id} rows={14} spellCheck={false} value={text} onChange={(event) => setText(event.target.value)} />}</Field>
        <TextField label={t('field.why')} value={why} onChange={setWhy} required />
        {profile.state === 'active' && (
          <button type="button" className="danger" aria-disabled={!why} onClick={() => why && retire.mutate()}>
            {t('import.retire')}
          </button>
        )}
      </Form>
      <Answer query={versions}>
        {(data) => (
          <ol reversed>
            {data.versions.map((one) => (
              <li key={one.version} value={one.version}>
                {word('import_profile', one.state)} · {one.by} · {day(one.date)} {one.why && `· ${one.why}`}
              </li>
            ))}
          </ol>
        )}
      </Answer>
    </Dialog>
  );
}

function Mappings() {
  const [version, setVersion] = useState(0);
  const list = useAll<Schemas['ReadProfile']>('/v1/read-profiles', { retired: 'true' }, {}, version);
  const [open, setOpen] = useState<Schemas['ReadProfile'] | null>(null);
  return (
    <>
      <Answer query={list.query} empty={(data) => data.complete && data.rows.length === 0}>
        {(data) => (
          <table className="plain">
            <thead>
              <tr>
                <th>{t('field.name')}</th>
                <th>{t('import.state')}</th>
                <th>{t('file.format')}</th>
                <th className="number">{t('import.version')}</th>
                <th>{t('import.by')}</th>
                <th>{t('field.date')}</th>
                <th>{t('import.known_by')}</th>
              </tr>
            </thead>
            <tbody>
              {data.rows.map((one) => (
                <tr key={one.name}>
                  <td>
                    <button type="button" onClick={() => setOpen(one)}>
                      {one.name}
                    </button>
                  </td>
                  <td>
                    <Badge kind={one.state === 'active' ? 'good' : 'warn'}>{word('import_profile', one.state)}</Badge>
                  </td>
                  <td>{one.format}</td>
                  <td className="number">{one.version}</td>
                  <td>{one.by}</td>
                  <td>{day(one.date)}</td>
                  <td>
                    <code>{one.fingerprint}</code>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </Answer>
      {open && <MappingDialog profile={open} onSaved={() => setVersion(version + 1)} onClose={() => setOpen(null)} />}
    </>
  );
}

export default function Import() {
  useLanguage();
  const [query, change] = useAddress();
  const tab = tabs.find((one) => one === query.tab) ?? 'bring';
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${t('nav.import')} · Watthour`;
  }, []);
  return (
    <>
      <div className="bar">
        <h1 ref={heading}>{t('nav.import')}</h1>
        <div className="tabs" role="tablist" aria-label={t('nav.import')}>
          {tabs.map((one) => (
            <button key={one} role="tab" id={`tab-${one}`} type="button" aria-selected={tab === one} aria-controls="part" onClick={() => change({ tab: one })}>
              {word('import_tab', one)}
            </button>
          ))}
        </div>
      </div>
      <div id="part" role="tabpanel" aria-labelledby={`tab-${tab}`}>
        {tab === 'bring' && <Bring />}
        {tab === 'files' && <Files />}
        {tab === 'mappings' && <Mappings />}
      </div>
    </>
  );
}
