// SPDX-License-Identifier: Apache-2.0
import { useMemo } from 'react';
import { Link, useLocation } from 'wouter';
import type { Schemas } from '../api/client';
import { Grid, type Column } from '../parts/Grid';
import { Answer, Badge, SelectField } from '../parts/parts';
import { useAddress } from '../parts/useAddress';
import { useAll } from '../parts/useAll';
import { day, t, useLanguage, word } from '../words/words';
import { badgeOf, stockStates } from './meterWords';

type Row = Schemas['MeterRow'];

export default function Meters() {
  const language = useLanguage();
  const [query, change] = useAddress();
  const [, navigate] = useLocation();
  const list = useAll<Row>('/v1/meters', { state: query.state });
  const columns = useMemo<Column<Row>[]>(
    () => [
      { key: 'meter', title: t('field.meter'), value: (row) => row.meter, show: (row) => <Link href={`/meters/${row.meter}`}>{row.meter}</Link>, width: '9rem' },
      { key: 'state', title: t('meter.state'), value: (row) => row.state, show: (row) => <Badge kind={badgeOf(row.state)}>{word('stock', row.state)}</Badge>, width: '9rem' },
      { key: 'since', title: t('meter.since'), value: (row) => row.since, show: (row) => day(row.since), width: '8rem' },
      { key: 'maker', title: t('meter.maker'), value: (row) => row.maker, width: 'minmax(7rem, 1fr)' },
      { key: 'model', title: t('meter.model'), value: (row) => row.model, width: 'minmax(5rem, 1fr)' },
      { key: 'form', title: t('meter.form'), value: (row) => row.form, width: '5rem' },
      { key: 'dials', title: t('meter.dials'), value: (row) => row.dials, numeric: true, hidden: true },
      { key: 'multiplier', title: t('meter.multiplier'), value: (row) => row.multiplier, numeric: true },
    ],
    [language],
  );
  return (
    <>
      <h1>{t('nav.meters')}</h1>
      <SelectField label={t('meter.state')} value={query.state ?? ''} onChange={(state) => change({ state })} options={[['', t('meter.all_states')], ...stockStates.map((state): [string, string] => [state, word('stock', state)])]} />
      <Answer query={list.query} empty={(data) => data.complete && data.rows.length === 0}>
        {(data) => <Grid name="meters" rows={data.rows} complete={data.complete} columns={columns} rowKey={(row) => row.meter} onOpen={(row) => navigate(`/meters/${row.meter}`)} download="/v1/meters" />}
      </Answer>
    </>
  );
}
