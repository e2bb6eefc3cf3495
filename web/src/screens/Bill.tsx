// SPDX-License-Identifier: Apache-2.0
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { Link, useLocation } from 'wouter';
import { get, type Schemas } from '../api/client';
import { useMay } from '../me';
import { useKeys } from '../parts/keys';
import { OpenCase } from '../parts/OpenCase';
import { Answer, Badge, Facts, Money } from '../parts/parts';
import { useAddress } from '../parts/useAddress';
import { currentLanguage, day, decimal, money, t, useLanguage, word } from '../words/words';

type Line = Schemas['ChargeLine'];

function Compare({ bill }: { bill: Schemas['Bill'] }) {
  const language = useLanguage();
  const [query, change] = useAddress();
  const account = useQuery({ queryKey: ['account', bill.account], queryFn: () => get('/v1/accounts/{account}', { path: { account: bill.account } }) });
  const others = account.data?.bills.filter((one) => one.bill !== bill.bill) ?? [];
  const before = others.filter((one) => one.bill_date < bill.bill_date).at(-1);
  const other = query.with ?? before?.bill;
  const compared = useQuery({
    queryKey: ['compare', bill.bill, other, language],
    queryFn: () => get('/v1/bills/{bill}/comparison', { path: { bill: bill.bill }, query: { with: other, language } }),
    enabled: other !== undefined,
  });
  const largest = Math.max(1, ...(compared.data?.reasons.map((reason) => Math.abs(Number(reason.amount))) ?? []));
  if (account.data && !other) return null;
  return (
    <section className="card" aria-labelledby="why">
      <div className="bar">
        <h2 id="why">{t('compare.title')}</h2>
        <select aria-label={t('compare.with')} value={other ?? ''} onChange={(event) => change({ with: event.target.value })}>
          {[...others].reverse().map((one) => (
            <option key={one.bill} value={one.bill}>
              {day(one.bill_date)} · {money(one.current_charges)}
            </option>
          ))}
        </select>
      </div>
      <Answer query={compared}>
        {(data) => (
          <>
            <p className="difference">
              <Money amount={data.first_charges} /> → <Money amount={data.second_charges} />: <strong><Money amount={data.difference} sign /></strong>
            </p>
            <ul className="reasons">
              {data.reasons.map((reason) => (
                <li key={reason.reason}>
                  <Money amount={reason.amount} sign />
                  <span className="weight">
                    <span className={reason.amount.startsWith('-') ? 'less' : 'more'} style={{ width: `${(100 * Math.abs(Number(reason.amount))) / largest}%` }} />
                  </span>
                  <span>{reason.words}</span>
                </li>
              ))}
              {data.reasons.length === 0 && <li>{t('compare.same')}</li>}
            </ul>
            {data.estimated && <p className="notice">{t('compare.estimated')}</p>}
          </>
        )}
      </Answer>
    </section>
  );
}

function Derivation({ line, bill }: { line: Line; bill: Schemas['Bill'] }) {
  const segment = bill.segments.find((one) => one.lines.some((other) => other.seq === line.seq && other.code === line.code));
  const energy = line.unit === 'kWh' || line.unit === 'kW';
  return (
    <section className="card" aria-live="polite" aria-labelledby="how">
      <h2 id="how">{t('bill.how')}</h2>
      <p className="formula">
        {line.quantity && (
          <>
            {decimal(line.quantity)} {line.unit}
          </>
        )}
        {line.base && <Money amount={line.base} />}
        {line.rate && (
          <>
            {' × '}
            {line.rate}
          </>
        )}
        {line.factor && (
          <>
            {' × '}
            {line.factor}
          </>
        )}
        {(line.quantity || line.base) && ' = '}
        <strong>
          <Money amount={line.amount} />
        </strong>
      </p>
      <p className="words">{line.words}</p>
      <Facts
        rows={[
          [t('bill.clause'), <code>{line.clause}</code>],
          [t('bill.gl'), <code>{line.gl_account}</code>],
          [t('bill.inputs'), <code className="hash">{segment?.inputs_hash.slice(0, 16)}</code>],
        ]}
      />
      {energy && segment && (
        <>
          <h3>{t('bill.reads')}</h3>
          <table className="plain">
            <tbody>
              {segment.reads.map((read, i) => (
                <tr key={i}>
                  <td>
                    <code>{read.meter}</code>
                  </td>
                  <td>
                    {day(read.from)} – {day(read.until)}
                  </td>
                  <td className="number">{read.from_read ? `${read.from_read} → ${read.until_read}` : ''}</td>
                  <td className="number">{read.multiplier !== '1' ? `× ${read.multiplier}` : ''}</td>
                  <td className="number">{decimal(read.kwh)} kWh</td>
                  <td>{read.type.startsWith('estimated') ? <Badge kind="warn">{word('read', read.type)}</Badge> : word('read', read.type)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </>
      )}
    </section>
  );
}

export default function Bill({ number }: { number: string }) {
  useLanguage();
  const language = currentLanguage();
  const [query, change] = useAddress();
  const [, navigate] = useLocation();
  const bill = useQuery({ queryKey: ['bill', number], queryFn: () => get('/v1/bills/{bill}', { path: { bill: number } }) });
  const explained = useQuery({
    queryKey: ['explain', number, language],
    queryFn: () => get('/v1/bills/{bill}/explanation', { path: { bill: number }, query: { language } }),
  });
  const lines = explained.data?.items ?? [];
  const [active, setActive] = useState(0);
  const chosen = lines.find((line) => String(line.seq) === query.line) ?? lines[active];
  useEffect(() => {
    document.title = `${number} · Watthour`;
  }, [number]);
  const mayCase = useMay('case.work');
  const [investigating, setInvestigating] = useState(false);
  const move = (by: number) => {
    const at = Math.max(0, lines.findIndex((line) => line === chosen));
    const next = Math.max(0, Math.min(lines.length - 1, at + by));
    setActive(next);
    if (lines[next]) change({ line: String(lines[next].seq) });
  };
  useKeys([
    { keys: 'j', label: 'key.next', run: () => move(1) },
    { keys: 'k', label: 'key.previous', run: () => move(-1) },
    ...(mayCase ? [{ keys: 'i', label: 'key.high_bill' as const, run: () => bill.data && setInvestigating(true) }] : []),
    { keys: 'u', label: 'key.up', run: () => bill.data && navigate(`/accounts/${bill.data.account}`) },
  ]);
  return (
    <Answer query={bill}>
      {(data) => (
        <>
          <nav className="crumbs" aria-label={t('nav.crumbs')}>
            <Link href="/accounts">{t('nav.accounts')}</Link> › <Link href={`/accounts/${data.account}`}>{data.account}</Link> ›{' '}
            <span aria-current="page">{data.bill}</span>
          </nav>
          <header className="account-head">
            <div>
              <h1>{t('bill.title', { bill: data.bill })}</h1>
              <p>
                {day(data.from)} – {day(data.until)} · {t('field.cycle')} {data.cycle} {data.autopay && <Badge kind="good">{word('autopay', 'active')}</Badge>}
              </p>
              <p>
                PDF: <a href={`/v1/bills/${number}/document?language=en`} target="_blank" rel="noreferrer" lang="en">English</a> ·{' '}
                <a href={`/v1/bills/${number}/document?language=es`} target="_blank" rel="noreferrer" lang="es">Español</a>
                {mayCase && (
                  <>
                    {' · '}
                    <button type="button" data-do="case" onClick={() => setInvestigating(true)}>
                      {t('case.high_bill')} <kbd>i</kbd>
                    </button>
                  </>
                )}
              </p>
            </div>
            <Facts
              rows={[
                [t('field.amount_due'), <strong className="big"><Money amount={data.amount_due} /></strong>],
                [t('field.due_date'), day(data.due_date)],
                [t('field.bill_date'), day(data.bill_date)],
              ]}
            />
          </header>
          <div className="columns bill">
            <section className="card">
              <Answer query={explained}>
                {(answer) => (
                  <table className="plain lines">
                    <thead>
                      <tr>
                        <th>{t('bill.charge')}</th>
                        <th className="number">{t('bill.quantity')}</th>
                        <th className="number">{t('bill.price')}</th>
                        <th className="number">{t('field.amount')}</th>
                      </tr>
                    </thead>
                    <tbody>
                      {answer.items.map((line) => (
                        <tr key={line.seq + line.code} className={line === chosen ? 'active' : ''} onClick={() => change({ line: String(line.seq) })}>
                          <td>{language === 'es' ? line.description_es : line.description}</td>
                          <td className="number">{line.quantity ? `${decimal(line.quantity)} ${line.unit ?? ''}` : ''}</td>
                          <td className="number">{line.rate ?? ''}</td>
                          <td className="number">
                            <button type="button" className="quiet amount" aria-label={t('bill.explain', { amount: money(line.amount) })} aria-pressed={line === chosen}>
                              <Money amount={line.amount} />
                            </button>
                          </td>
                        </tr>
                      ))}
                    </tbody>
                    <tfoot>
                      <tr>
                        <th colSpan={3}>{t('field.current_charges')}</th>
                        <td className="number">
                          <Money amount={data.current_charges} />
                        </td>
                      </tr>
                      <tr>
                        <td colSpan={3}>{t('field.previous_balance')}</td>
                        <td className="number">
                          <Money amount={data.previous_balance} />
                        </td>
                      </tr>
                      {data.activity.map((one, i) => (
                        <tr key={i}>
                          <td colSpan={3}>
                            {day(one.date)} {word('source', one.kind)} <span className="quiet-text">{one.memo}</span>
                          </td>
                          <td className="number">
                            <Money amount={one.amount} />
                          </td>
                        </tr>
                      ))}
                      <tr>
                        <th colSpan={3}>{t('field.amount_due')}</th>
                        <th className="number">
                          <Money amount={data.amount_due} />
                        </th>
                      </tr>
                    </tfoot>
                  </table>
                )}
              </Answer>
            </section>
            <div>
              <Compare bill={data} />
              {chosen && <Derivation line={chosen} bill={data} />}
            </div>
          </div>
          {investigating && <OpenCase account={data.account} kind="high_bill" why={t('case.why_bill', { bill: data.bill })} onClose={() => setInvestigating(false)} />}
        </>
      )}
    </Answer>
  );
}
