// SPDX-License-Identifier: Apache-2.0
// Intervals that a person writes by hand: some of some days, with what stood there before them.
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { get, post, type Schemas } from '../api/client';
import { useMe } from '../me';
import { count, decimal, plusDays, t } from '../words/words';
import { Answer, Badge, Dialog, Facts, Field, Form, Money, SelectField, TextField, problemText } from './parts';
import { ReadsChart, type Drawn } from './ReadsChart';
import { say } from './toasts';

/** The values that were typed, laid over the intervals as dots: bars before, dots after. */
function overlay(intervals: Schemas['MeterInterval'][], first: number, values: string[]): Drawn[] {
  return intervals.map((one, i) => {
    const concerned = i >= first && i < first + values.length;
    return { ...one, concerned, week_before: null, estimate: concerned && /^\d+(\.\d+)?$/.test(values[i - first] ?? '') ? values[i - first]! : null };
  });
}

function Editor({ meter, quantity, intervals, minutes, from: begun, values: proposed, onClose, onDone }: { meter: string; quantity: string; intervals: Schemas['MeterInterval'][]; minutes: number; from: string | undefined; values: string[] | undefined; onClose: () => void; onDone: (() => void) | undefined }) {
  const [from, setFrom] = useState(begun ?? intervals[0]?.start ?? '');
  const first = Math.max(0, intervals.findIndex((one) => one.start === from));
  const [text, setText] = useState(() => (proposed ?? []).join('\n'));
  const [why, setWhy] = useState('');
  const client = useQueryClient();
  const values = text.split(/\s+/).filter(Boolean);
  const path = { path: { meter, quantity } };
  const preview = useQuery({
    queryKey: ['edit', meter, quantity, from, values.join(' ')],
    queryFn: () => post('/v1/meters/{meter}/intervals/{quantity}', { from, kwh: values, why: '-' }, { ...path, query: { dry_run: true } }),
    enabled: values.length > 0 && from !== '',
    retry: false,
    staleTime: 0,
    placeholderData: keepPreviousData,
  });
  const save = useMutation({
    mutationFn: () => post('/v1/meters/{meter}/intervals/{quantity}', { from, kwh: values, why }, path),
    onSuccess: (edited) => {
      say(t('reads.edited', { n: edited.intervals.length }));
      void client.invalidateQueries({ queryKey: ['intervals', meter] });
      void client.invalidateQueries({ queryKey: ['meter', meter] });
      void client.invalidateQueries({ queryKey: ['finding'] });
      onDone?.();
      onClose();
    },
  });
  const drawn = useMemo(() => overlay(intervals, first, values), [intervals, first, text]);
  return (
    <Form onSubmit={() => save.mutate()} failure={save.error} busy={save.isPending} submit={t('action.save')} onCancel={onClose}>
      <p className="quiet-text">
        ■ {t('edit.before')} · ● {t('edit.after')}
      </p>
      <ReadsChart intervals={drawn} />
      <div className="fields">
        <SelectField label={t('edit.first')} value={from} onChange={setFrom} options={intervals.map((one): [string, string] => [one.start, `${one.day} ${one.time} · ${decimal(one.kwh)} kWh`])} />
        <TextField label={t('field.why')} value={why} onChange={setWhy} required />
      </div>
      <Field label={t('edit.values', { minutes })} hint={t('edit.count', { n: values.length })} error={values.length > 0 && preview.error ? problemText(preview.error).what : undefined}>
        {(id, described) => <textarea id={id} aria-describedby={described} data-first="" rows={6} value={text} onChange={(event) => setText(event.target.value)} required />}
      </Field>
      {values.length > 0 && preview.data && !preview.error && (
        <section aria-live="polite" data-part="edited">
          <Facts
            rows={[
              [t('reads.changed'), count(preview.data.intervals.length)],
              [t('edit.worth'), <Money amount={preview.data.worth} />],
            ]}
          />
          {first + values.length > intervals.length && <Badge kind="warn">{t('edit.beyond')}</Badge>}
        </section>
      )}
    </Form>
  );
}

/** From the meter: a day, or some, and then the values. From a finding: at the finding, with what
 * would be estimated. */
export function EditIntervals({ meter, quantities, day: begun, from, values, onClose, onDone }: { meter: string; quantities: string[]; day?: string; from?: string; values?: string[]; onClose: () => void; onDone?: () => void }) {
  const me = useMe();
  const [quantity, setQuantity] = useState(quantities[0] ?? 'KWH');
  const [day, setDay] = useState(begun ?? plusDays(me.business_date, -1));
  const [days, setDays] = useState(String(Math.max(1, Math.ceil((values?.length ?? 1) / 24))));
  const until = day ? plusDays(day, Math.min(31, Math.max(1, Number(days) || 1))) : '';
  const intervals = useQuery({
    queryKey: ['intervals', meter, quantity, day, until],
    queryFn: () => get('/v1/meters/{meter}/intervals/{quantity}', { path: { meter, quantity }, query: { from: day, until } }),
    enabled: day !== '',
    retry: false,
  });
  return (
    <Dialog title={`${t('reads.edit')}: ${meter}`} onClose={onClose} wide>
      <div className="fields">
        <TextField label={t('edit.day')} type="date" value={day} onChange={setDay} required />
        <TextField label={t('edit.days')} type="number" value={days} onChange={setDays} required />
        {quantities.length > 1 && <SelectField label={t('reads.quantity')} value={quantity} onChange={setQuantity} options={quantities.map((one): [string, string] => [one, one])} />}
      </div>
      <Answer query={intervals}>
        {(data) => <Editor key={`${data.quantity}${data.intervals[0]?.start}${data.intervals.length}`} meter={meter} quantity={quantity} intervals={data.intervals} minutes={data.minutes} from={from} values={values} onClose={onClose} onDone={onDone} />}
      </Answer>
    </Dialog>
  );
}
