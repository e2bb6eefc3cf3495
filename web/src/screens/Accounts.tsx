// SPDX-License-Identifier: Apache-2.0
import { useMemo } from 'react';
import { useLocation } from 'wouter';
import type { Schemas } from '../api/client';
import { Grid, type Column } from '../parts/Grid';
import { Answer, Money } from '../parts/parts';
import { useAll } from '../parts/useAll';
import { t, useLanguage, word } from '../words/words';

type Row = Schemas['AccountRow'];

export default function Accounts() {
  const language = useLanguage();
  const [, navigate] = useLocation();
  const list = useAll<Row>('/v1/accounts');
  const columns = useMemo<Column<Row>[]>(
    () => [
      { key: 'account', title: t('field.account'), value: (row) => row.account, show: (row) => <a href={`/w/accounts/${row.account}`} onClick={(event) => { event.preventDefault(); navigate(`/accounts/${row.account}`); }}>{row.account}</a>, width: '8rem' },
      { key: 'name', title: t('field.name'), value: (row) => row.name, width: 'minmax(9rem, 1.4fr)' },
      { key: 'street', title: t('field.street'), value: (row) => row.street, width: 'minmax(9rem, 1.4fr)' },
      { key: 'schedule', title: t('field.schedule'), value: (row) => row.schedule, width: '6rem' },
      { key: 'cycle', title: t('field.cycle'), value: (row) => row.cycle, width: '5rem' },
      { key: 'language', title: t('field.language'), value: (row) => row.language, show: (row) => word('language', row.language), width: '6rem', hidden: true },
      { key: 'balance', title: t('field.balance'), value: (row) => row.balance, show: (row) => <Money amount={row.balance} />, numeric: true },
    ],
    [language, navigate],
  );
  return (
    <>
      <h1>{t('nav.accounts')}</h1>
      <Answer query={list.query}>
        {(data) => (
          <Grid name="accounts" rows={data.rows} complete={data.complete} columns={columns} rowKey={(row) => row.account} onOpen={(row) => navigate(`/accounts/${row.account}`)} download="/v1/accounts" />
        )}
      </Answer>
    </>
  );
}
