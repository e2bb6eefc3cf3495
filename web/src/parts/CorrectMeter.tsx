// SPDX-License-Identifier: Apache-2.0
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'wouter';
import { post, type Schemas } from '../api/client';
import { day, decimal, money, t, word } from '../words/words';
import { Dialog, Form, TextField } from './parts';
import { say } from './toasts';

type View = Schemas['MeterWithHistory'];
type Correction = Schemas['MeterCorrection'];

const texts = ['ct_ratio', 'pt_ratio', 'register_constant', 'multiplier', 'form', 'maker', 'model', 'program', 'tou_program'] as const;
const digits = ['dials', 'decimals'] as const;
type Detail = (typeof texts)[number] | (typeof digits)[number];

/** What the form holds that is recorded otherwise; the multiplier follows where nobody wrote one. */
function differences(meter: View, fields: Record<Detail, string>) {
  const body: Partial<Record<(typeof texts)[number], string>> & Partial<Record<(typeof digits)[number], number>> = {};
  for (const name of texts) {
    const said = fields[name].trim();
    if (said !== (meter[name] ?? '')) body[name] = said;
  }
  for (const name of digits) {
    const said = fields[name].trim();
    if (/^\d$/.test(said) && said !== String(meter[name])) body[name] = Number(said);
  }
  return body;
}

function Bills({ correction }: { correction: Correction }) {
  return (
    <table className="plain">
      <caption>{t('correct.bills')}</caption>
      <thead>
        <tr>
          {[t('field.account'), t('field.bill'), t('field.from'), t('field.until'), t('correct.billed'), t('correct.again'), t('correct.difference')].map((head) => (
            <th key={head}>{head}</th>
          ))}
        </tr>
      </thead>
      <tbody>
        {correction.bills.map((bill) => (
          <tr key={`${bill.bill} ${bill.from}`}>
            <td>
              <Link href={`/accounts/${bill.account}`}>{bill.account}</Link>
            </td>
            <td>
              <Link href={`/bills/${bill.bill}`}>{bill.bill}</Link>
            </td>
            <td>{day(bill.from)}</td>
            <td>{day(bill.until)}</td>
            <td className="number">
              {decimal(bill.billed_kwh)} kWh · {money(bill.billed)}
            </td>
            <td className="number">{bill.amount === null ? bill.why_not : `${decimal(bill.kwh)} kWh · ${money(bill.amount)}`}</td>
            <td className="number">{bill.difference === null ? '—' : money(bill.difference)}</td>
          </tr>
        ))}
        <tr>
          <td colSpan={6}>{t('correct.all')}</td>
          <td className="number">
            <strong>{money(correction.difference)}</strong>
          </td>
        </tr>
      </tbody>
    </table>
  );
}

/** What was recorded wrong of a meter: before and after, the bills that rest on it, then saved. */
export function CorrectMeter({ meter, onClose }: { meter: View; onClose: () => void }) {
  const client = useQueryClient();
  const [fields, setFields] = useState<Record<Detail, string>>({
    ct_ratio: meter.ct_ratio ?? '',
    pt_ratio: meter.pt_ratio ?? '',
    register_constant: meter.register_constant,
    multiplier: meter.multiplier,
    dials: String(meter.dials),
    decimals: String(meter.decimals),
    form: meter.form ?? '',
    maker: meter.maker,
    model: meter.model,
    program: meter.program ?? '',
    tou_program: meter.tou_program ?? '',
  });
  const [since, setSince] = useState('');
  const [why, setWhy] = useState('');
  const body = { ...differences(meter, fields), ...(since ? { since } : {}), why };
  const ready = Object.keys(differences(meter, fields)).length > 0;
  const at = { path: { meter: meter.meter } };
  const preview = useQuery({
    queryKey: ['correct', meter.meter, { ...body, why: '' }],
    // A look needs no reason yet; the correction itself does.
    queryFn: () => post('/v1/meters/{meter}/corrections', { ...body, why: why.trim() || '-' }, { ...at, query: { dry_run: true } }),
    enabled: ready,
    retry: false,
  });
  const save = useMutation({
    mutationFn: () => post('/v1/meters/{meter}/corrections', body, at),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: ['meter', meter.meter] });
      void client.invalidateQueries({ queryKey: ['account'] });
      say(t('correct.done', { meter: meter.meter }));
      onClose();
    },
  });
  const field = (name: Detail, first?: boolean) => (
    <TextField
      key={name}
      label={word('meter_detail', name)}
      value={fields[name]}
      onChange={(value) => setFields((before) => ({ ...before, [name]: value }))}
      first={first ?? false}
      inputMode={name === 'dials' || name === 'decimals' ? 'numeric' : name === 'multiplier' || name === 'register_constant' ? 'decimal' : 'text'}
    />
  );
  const correction = ready ? preview.data : undefined;
  return (
    <Dialog title={t('correct.title', { meter: meter.meter })} onClose={onClose}>
      <Form onSubmit={() => save.mutate()} failure={save.error ?? (ready ? preview.error : undefined)} busy={save.isPending} submit={t('action.save')} onCancel={onClose}>
        <p className="quiet-text">{t('correct.help')}</p>
        <div className="fields">
          {(['ct_ratio', 'pt_ratio', 'register_constant', 'multiplier', 'dials', 'decimals', 'form', 'maker', 'model', 'program', 'tou_program'] as const).map((name, i) => field(name, i === 0))}
          <TextField label={t('correct.since')} type="date" value={since} onChange={setSince} hint={t('correct.since_hint')} />
        </div>
        <TextField label={t('field.why')} value={why} onChange={setWhy} required />
        {correction && (
          <section aria-label={t('correct.preview')} className="balance">
            <table className="plain">
              <thead>
                <tr>
                  <th>{t('correct.detail')}</th>
                  <th>{t('correct.before')}</th>
                  <th>{t('correct.after')}</th>
                </tr>
              </thead>
              <tbody>
                {correction.changes.map((one) => (
                  <tr key={one.detail}>
                    <td>{word('meter_detail', one.detail)}</td>
                    <td>{one.before ?? '—'}</td>
                    <td>
                      <strong>{one.after ?? '—'}</strong>
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
            <p>{t('correct.from', { day: day(correction.from) })}</p>
            {correction.bills.length > 0 && <Bills correction={correction} />}
            {correction.second_person && <p className="notice">{t('correct.second_person')}</p>}
          </section>
        )}
      </Form>
    </Dialog>
  );
}
