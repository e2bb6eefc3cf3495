// SPDX-License-Identifier: Apache-2.0
import { useMemo } from 'react';
import { useLocation } from 'wouter';
import { address, type Schemas } from '../api/client';
import { useMe } from '../me';
import { Grid, type Column } from '../parts/Grid';
import { Answer, Money, TextField } from '../parts/parts';
import { useAddress } from '../parts/useAddress';
import { useAll } from '../parts/useAll';
import { day, plusDays, t, useLanguage } from '../words/words';

type Row = Schemas['BillRow'];

export default function Register() {
  const language = useLanguage();
  const me = useMe();
  const [, navigate] = useLocation();
  const [query, change] = useAddress();
  const from = query.from ?? plusDays(me.business_date, -14);
  const until = query.until ?? plusDays(me.business_date, 14);
  const list = useAll<Row>('/v1/bills', { from, until, cycle: query.cycle });
  const columns = useMemo<Column<Row>[]>(
    () => [
      { key: 'bill', title: t('field.bill'), value: (row) => row.bill, show: (row) => <a href={`/w/bills/${row.bill}`} onClick={(event) => { event.preventDefault(); navigate(`/bills/${row.bill}`); }}>{row.bill}</a>, width: '11.5rem' },
      { key: 'account', title: t('field.account'), value: (row) => row.account, width: '8rem', hidden: true },
      { key: 'cycle', title: t('field.cycle'), value: (row) => row.cycle, width: '4rem' },
      { key: 'bill_date', title: t('field.bill_date'), value: (row) => row.bill_date, show: (row) => day(row.bill_date) },
      { key: 'due_date', title: t('field.due_date'), value: (row) => row.due_date, show: (row) => day(row.due_date) },
      { key: 'until', title: t('field.period_until'), value: (row) => row.until, show: (row) => day(row.until), hidden: true },
      { key: 'previous_balance', title: t('field.previous_balance'), value: (row) => row.previous_balance, show: (row) => <Money amount={row.previous_balance} />, numeric: true },
      { key: 'current_charges', title: t('field.current_charges'), value: (row) => row.current_charges, show: (row) => <Money amount={row.current_charges} />, numeric: true },
      { key: 'amount_due', title: t('field.amount_due'), value: (row) => row.amount_due, show: (row) => <Money amount={row.amount_due} />, numeric: true },
    ],
    [language, navigate],
  );
  return (
    <>
      <h1>{t('nav.register')}</h1>
      <div className="bar">
        <TextField label={t('field.from')} type="date" value={from} onChange={(value) => change({ from: value })} />
        <TextField label={t('field.until')} type="date" value={until} onChange={(value) => change({ until: value })} />
        <TextField label={t('field.cycle')} value={query.cycle ?? ''} onChange={(value) => change({ cycle: value })} />
      </div>
      <Answer query={list.query}>
        {(data) => (
          <Grid name="register" rows={data.rows} complete={data.complete} columns={columns} rowKey={(row) => row.bill} onOpen={(row) => navigate(`/bills/${row.bill}`)} download={address('/v1/bills', { query: { from, until, cycle: query.cycle } })} height="calc(100vh - 19rem)" />
        )}
      </Answer>
    </>
  );
}
