// SPDX-License-Identifier: Apache-2.0
// Register reads that a person writes, and the estimate of one that is missing.
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { get, post, type Schemas } from '../api/client';
import { useMe } from '../me';
import { day, decimal, t, word } from '../words/words';
import { Answer, Badge, Dialog, Facts, Form, Money, SelectField, TextField, problemText } from './parts';
import { say } from './toasts';

type Meter = Schemas['MeterWithHistory'];
type Read = Schemas['EnteredRead'];

const types = ['verified', 'customer', 'actual_manual', 'on_demand'] as const;

/** Takes a read back that was entered today, and says how that went. */
function useTakeBack(meter: string) {
  const client = useQueryClient();
  return async (read: Read) => {
    try {
      await post('/v1/meters/{meter}/read-withdrawals', { date: read.date, reading: read.reading, type: read.type, why: t('inbox.undone') }, { path: { meter } });
      say(t('entry.taken_back', { reading: read.reading }));
    } catch (failure) {
      say(problemText(failure).what, { bad: true });
    }
    void client.invalidateQueries({ queryKey: ['meter', meter] });
  };
}

function useKept(meter: string, onClose: () => void) {
  const client = useQueryClient();
  const takeBack = useTakeBack(meter);
  return (read: Read) => {
    void client.invalidateQueries({ queryKey: ['meter', meter] });
    say(t('entry.kept', { reading: read.reading, day: day(read.date) }), { undo: () => void takeBack(read) });
    onClose();
  };
}

function LastReads({ meter }: { meter: Meter }) {
  return (
    <table className="plain">
      <caption>{t('entry.last')}</caption>
      <tbody>
        {meter.reads.slice(0, 5).map((read, i) => (
          <tr key={i}>
            <td>{day(read.date)}</td>
            <td>
              <code>{read.reading}</code>
            </td>
            <td>{word('read_type', read.type)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** What the entry would say, computed by the program itself while it is typed. */
function Computed({ read }: { read: Read }) {
  return (
    <section aria-live="polite" aria-label={t('entry.computed')} data-part="computed">
      {read.previous_date ? (
        <Facts
          rows={[
            [t('entry.before'), `${read.previous_reading} · ${day(read.previous_date)} · ${word('read_type', read.previous_type)}`],
            [t('entry.use'), <strong>{decimal(read.kwh)} kWh</strong>],
            [t('entry.usual'), read.usual_kwh ? `${decimal(read.usual_kwh)} kWh` : '—'],
            [t('entry.worth'), <Money amount={read.worth} />],
          ]}
        />
      ) : (
        <p className="quiet-text">{t('entry.no_read_before')}</p>
      )}
      <p className="badges">
        {read.rolled_over && <Badge kind="warn">{t('entry.rolled_over')}</Badge>}
        {read.looks && <Badge kind="bad">{word('entry_looks', read.looks)}</Badge>}
        {!read.stands && <Badge kind="warn">{t('entry.stands_beside')}</Badge>}
        {!read.rolled_over && !read.looks && read.stands && <Badge kind="good">{t('entry.as_usual')}</Badge>}
      </p>
    </section>
  );
}

export function EnterRead({ meter, onClose }: { meter: Meter; onClose: () => void }) {
  const me = useMe();
  const [reading, setReading] = useState('');
  const [date, setDate] = useState(me.business_date);
  const [type, setType] = useState<string>('verified');
  const [why, setWhy] = useState('');
  const body = { date, reading: reading.trim(), type };
  const ready = body.reading !== '' && date !== '';
  const path = { path: { meter: meter.meter } };
  const preview = useQuery({
    queryKey: ['enter', meter.meter, body],
    queryFn: () => post('/v1/meters/{meter}/reads', { ...body, why: '-' }, { ...path, query: { dry_run: true } }),
    enabled: ready,
    retry: false,
    staleTime: 0,
    placeholderData: keepPreviousData,
  });
  const kept = useKept(meter.meter, onClose);
  const save = useMutation({ mutationFn: () => post('/v1/meters/{meter}/reads', { ...body, why }, path), onSuccess: kept });
  const wide = '0'.repeat(meter.dials) + (meter.decimals > 0 ? `.${'0'.repeat(meter.decimals)}` : '');
  return (
    <Dialog title={`${t('entry.enter')}: ${meter.meter}`} onClose={onClose}>
      <Form onSubmit={() => save.mutate()} failure={save.error} busy={save.isPending} submit={t('action.save')} onCancel={onClose}>
        <LastReads meter={meter} />
        <TextField
          label={t('entry.reading')}
          value={reading}
          onChange={setReading}
          inputMode="decimal"
          placeholder={wide}
          hint={t('entry.dials', { n: meter.dials, multiplier: meter.multiplier })}
          error={ready && preview.error ? problemText(preview.error).what : undefined}
          first
          required
        />
        {ready && !preview.error && preview.data && <Computed read={preview.data} />}
        <TextField label={t('field.why')} value={why} onChange={setWhy} required />
        <TextField label={t('entry.date')} type="date" value={date} onChange={setDate} required />
        <SelectField label={t('entry.type')} value={type} onChange={setType} options={types.map((one): [string, string] => [one, word('read_type', one)])} />
      </Form>
    </Dialog>
  );
}

export function EstimateRead({ meter, onClose }: { meter: Meter; onClose: () => void }) {
  const me = useMe();
  const [date, setDate] = useState(me.business_date);
  const [why, setWhy] = useState('');
  const path = { path: { meter: meter.meter } };
  const preview = useQuery({
    queryKey: ['estimate', meter.meter, date],
    queryFn: () => post('/v1/meters/{meter}/read-estimates', { date, why: '-' }, { ...path, query: { dry_run: true } }),
    enabled: date !== '',
    retry: false,
    staleTime: 0,
  });
  const kept = useKept(meter.meter, onClose);
  const save = useMutation({ mutationFn: () => post('/v1/meters/{meter}/read-estimates', { date, why }, path), onSuccess: kept });
  const made = preview.data;
  return (
    <Dialog title={`${t('entry.estimate')}: ${meter.meter}`} onClose={onClose}>
      <Form onSubmit={() => save.mutate()} failure={save.error ?? preview.error} busy={save.isPending} submit={t('entry.estimate')} onCancel={onClose}>
        <LastReads meter={meter} />
        <TextField label={t('entry.date')} type="date" value={date} onChange={setDate} required />
        {made && (
          <section aria-live="polite" data-part="worked">
            <table className="plain">
              <caption>{t('entry.worked')}</caption>
              <tbody>
                <tr>
                  <td>
                    {word('entry_basis', made.basis.replaceAll(' ', '_'))}: {day(made.reference_from)} – {day(made.reference_until)}
                  </td>
                  <td className="number">{decimal(made.reference_kwh)} kWh</td>
                </tr>
                <tr>
                  <td>{t('entry.a_day')}</td>
                  <td className="number">{decimal(made.kwh_a_day)} kWh</td>
                </tr>
                <tr>
                  <td>{t('entry.times_days', { n: made.days })}</td>
                  <td className="number">{decimal(made.kwh)} kWh</td>
                </tr>
                <tr>
                  <td>{t('entry.in_units', { multiplier: made.multiplier })}</td>
                  <td className="number">{decimal(String(made.dial_units))}</td>
                </tr>
                <tr>
                  <td>
                    {made.previous_reading} + {made.dial_units}
                  </td>
                  <td className="number">
                    <strong>{made.reading}</strong>
                  </td>
                </tr>
              </tbody>
            </table>
            <p className="badges">
              <Badge kind={made.order_proposed ? 'bad' : 'warn'}>{t('entry.in_a_row', { n: made.in_a_row })}</Badge>
              {made.order_proposed && <Badge kind="bad">{t('entry.order_proposed')}</Badge>}
            </p>
          </section>
        )}
        <TextField label={t('field.why')} value={why} onChange={setWhy} first required />
      </Form>
    </Dialog>
  );
}

/** The same from a screen that is about no meter: the serial first. */
export function EnterReadOf({ onClose }: { onClose: () => void }) {
  const [text, setText] = useState('');
  const [serial, setSerial] = useState('');
  const meter = useQuery({ queryKey: ['meter', serial], queryFn: () => get('/v1/meters/{meter}', { path: { meter: serial } }), enabled: serial !== '', retry: false });
  if (meter.data) return <EnterRead meter={meter.data} onClose={onClose} />;
  return (
    <Dialog title={t('entry.enter')} onClose={onClose}>
      <Form onSubmit={() => setSerial(text.trim())} failure={meter.error} busy={serial !== '' && meter.isPending} submit={t('entry.next')} onCancel={onClose}>
        <TextField label={t('field.meter')} value={text} onChange={setText} first required />
      </Form>
      {serial !== '' && !meter.error && <Answer query={meter}>{() => null}</Answer>}
    </Dialog>
  );
}
