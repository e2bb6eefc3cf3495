// SPDX-License-Identifier: Apache-2.0
import { useMemo, useState } from 'react';
import { Link, useLocation } from 'wouter';
import type { Schemas } from '../api/client';
import { useMay } from '../me';
import { Grid, type Column } from '../parts/Grid';
import { useKeys } from '../parts/keys';
import { OpenCase, caseKinds } from '../parts/OpenCase';
import { Answer, Badge, Money, SelectField } from '../parts/parts';
import { useAddress } from '../parts/useAddress';
import { useAll } from '../parts/useAll';
import { day, t, useLanguage, word } from '../words/words';
import { badgeOfCase, inLanguage } from './caseWords';

type Row = Schemas['CaseRow'];

export default function Cases() {
  const language = useLanguage();
  const may = useMay('case.work');
  const [query, change] = useAddress();
  const [, navigate] = useLocation();
  const [opening, setOpening] = useState(false);
  const list = useAll<Row>('/v1/cases', { kind: query.kind, state: query.state ?? 'open' });
  useKeys(may ? [{ keys: 'n', label: 'key.open_case', run: () => setOpening(true) }] : []);
  const columns = useMemo<Column<Row>[]>(
    () => [
      { key: 'kind', title: t('field.kind'), value: (row) => word('case_kind', row.kind), show: (row) => <Link href={`/cases/${row.case}`}>{word('case_kind', row.kind)}</Link>, width: 'minmax(11rem, 1fr)' },
      { key: 'state', title: t('meter.state'), value: (row) => row.state, show: (row) => <Badge kind={badgeOfCase(row.state)!}>{word('case_state', row.state)}</Badge>, width: '8rem' },
      { key: 'age', title: t('case.age'), value: (row) => String(row.age_days), show: (row) => t('case.days', { n: row.age_days }), numeric: true, width: '6rem' },
      { key: 'owner', title: t('case.owner'), value: (row) => row.owner, width: '7rem' },
      { key: 'next', title: t('case.next'), value: (row) => inLanguage(row.next_asks, language) || (row.finding ? word('case_finding', row.finding) : ''), width: 'minmax(12rem, 2fr)' },
      { key: 'at_stake', title: t('inbox.at_stake'), value: (row) => row.at_stake, show: (row) => <Money amount={row.at_stake} />, numeric: true },
      { key: 'account', title: t('field.account'), value: (row) => row.account, show: (row) => (row.account ? <Link href={`/accounts/${row.account}`}>{row.account}</Link> : '—'), width: '8rem' },
      { key: 'meter', title: t('field.meter'), value: (row) => row.meter, show: (row) => <Link href={`/meters/${row.meter}`}>{row.meter}</Link>, width: '7rem' },
      { key: 'discovered', title: t('case.discovered'), value: (row) => row.discovered_on, show: (row) => day(row.discovered_on), hidden: true },
    ],
    [language],
  );
  return (
    <>
      <div className="bar">
        <h1>{t('nav.cases')}</h1>
        <span className="quiet-text">{list.complete && t('case.count', { n: list.rows.length })}</span>
        <span className="spring" />
        {may && (
          <button type="button" className="main" data-do="open-case" onClick={() => setOpening(true)}>
            {t('case.open')} <kbd>n</kbd>
          </button>
        )}
      </div>
      <div className="bar">
        <SelectField label={t('meter.state')} value={query.state ?? 'open'} onChange={(state) => change({ state: state === 'open' ? '' : state })} options={(['open', 'in_work', 'concluded', 'all'] as const).map((one): [string, string] => [one, word('case_list', one)])} />
        <SelectField label={t('field.kind')} value={query.kind ?? ''} onChange={(kind) => change({ kind })} options={[['', t('case.all_kinds')], ...caseKinds.map((one): [string, string] => [one, word('case_kind', one)])]} />
      </div>
      <Answer query={list.query} empty={(data) => data.complete && data.rows.length === 0}>
        {(data) => <Grid name="cases" rows={data.rows} complete={data.complete} columns={columns} rowKey={(row) => row.case} onOpen={(row) => navigate(`/cases/${row.case}`)} download={`/v1/cases?state=${query.state ?? 'open'}`} />}
      </Answer>
      {opening && <OpenCase onClose={() => setOpening(false)} />}
    </>
  );
}

