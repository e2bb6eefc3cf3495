// SPDX-License-Identifier: Apache-2.0
import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { Link, useLocation } from 'wouter';
import { get, type Schemas } from '../api/client';
import { compareSchedules, nameIn, tariffSets, type ScheduleChoice, type ScheduleComparison, type TariffSet } from '../api/tariffs';
import { useMe } from '../me';
import { useKeys } from '../parts/keys';
import { Answer, Badge, Facts, Money, SelectField } from '../parts/parts';
import { useAddress } from '../parts/useAddress';
import { day, money, t, useLanguage, word, type Language } from '../words/words';

type In = { language: Language };

const keyOf = (choice: ScheduleChoice) => `${choice.schedule} ${choice.option}`;
const withOption = (choice: ScheduleChoice) => (choice.option ? `${choice.schedule} ${choice.option}` : choice.schedule);

/** What the customer wants to know first, in one sentence. */
function Finding({ choices, language }: { choices: ScheduleChoice[] } & In) {
  const rated = choices.filter((one) => one.available);
  const cheapest = rated[0];
  if (!cheapest || !rated.some((one) => one.current)) return null;
  // Alike in price is no reason to change.
  const stays = cheapest.current || !cheapest.difference.startsWith('-');
  return (
    <p className="notice">
      {stays
        ? t('choice.stay', {}, language)
        : t('choice.cheapest', { name: nameIn(cheapest, language), schedule: withOption(cheapest), amount: money(cheapest.difference.slice(1), language) }, language)}
    </p>
  );
}

function Choices({ choices, proposed, language }: { choices: ScheduleChoice[]; proposed: boolean } & In) {
  return (
    <table className="plain" data-part="choices" tabIndex={0} aria-labelledby="handout">
      <thead>
        <tr>
          <th>{t('field.schedule', {}, language)}</th>
          <th className="number">{t('choice.total', {}, language)}</th>
          <th className="number">{t('choice.difference', {}, language)}</th>
          <th>{t('choice.notes', {}, language)}</th>
        </tr>
      </thead>
      <tbody>
        {choices.map((one) => (
          <tr key={keyOf(one)} className={one.current ? 'active' : ''}>
            <td>
              <strong>{nameIn(one, language)}</strong> <span className="quiet-text whole">{withOption(one)}</span>
            </td>
            <td className="number">{one.available ? <Money amount={one.total} language={language} /> : '—'}</td>
            <td className="number">{one.available && (!one.current || proposed) ? <Money amount={one.difference} sign language={language} /> : '—'}</td>
            <td>
              {one.current && <Badge>{t('choice.present', {}, language)}</Badge>}
              {!one.available && (
                <>
                  {t('choice.not_rated', {}, language)}
                  {/* For the office: the customer is told the sentence before it. */}
                  <small className="quiet-text no-print" lang="en">
                    {' '}
                    {one.reason}
                  </small>
                </>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Bill by bill, a column for each schedule that could be rated. */
function ByBill({ choices, language }: { choices: ScheduleChoice[] } & In) {
  const rated = choices.filter((one) => one.available && one.bills && one.bills.length > 0);
  const dates = [...new Set(rated.flatMap((one) => one.bills?.map((bill) => bill.until) ?? []))].sort();
  if (dates.length === 0) return null;
  return (
    <>
      <h3 id="by-bill">{t('choice.by_bill', {}, language)}</h3>
      <table className="plain" data-part="by-bill" tabIndex={0} aria-labelledby="by-bill">
        <thead>
          <tr>
            <th>{t('field.period_until', {}, language)}</th>
            {rated.map((one) => (
              <th key={keyOf(one)} className="number">
                {withOption(one)}
                {one.current && ` (${t('choice.present_short', {}, language)})`}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {dates.map((date) => (
            <tr key={date}>
              <td>{day(date, language)}</td>
              {rated.map((one) => (
                <td key={keyOf(one)} className="number">
                  <Money amount={one.bills?.find((bill) => bill.until === date)?.amount} language={language} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th>{t('choice.sum', {}, language)}</th>
            {rated.map((one) => (
              <td key={keyOf(one)} className="number">
                <strong>
                  <Money amount={one.total} language={language} />
                </strong>
              </td>
            ))}
          </tr>
        </tfoot>
      </table>
    </>
  );
}

/** The page that is handed over: all of it in the customer's language. */
function Handout({ account, comparison, set, language }: { account: Schemas['Account']; comparison: ScheduleComparison; set?: TariffSet } & In) {
  const me = useMe();
  const served = account.agreements.find((one) => one.until === null) ?? account.agreements[0];
  return (
    <section className="card handout" aria-labelledby="handout" lang={language}>
      <p className="print-only">{me.utility}</p>
      <h2 id="handout">{t('choice.title', {}, language)}</h2>
      <Facts
        rows={[
          [t('field.name', {}, language), account.name],
          [t('field.account', {}, language), account.account],
          [t('field.street', {}, language), served?.address ?? '—'],
          [t('choice.period', {}, language), `${day(comparison.from, language)} – ${day(comparison.until, language)}`],
          [t('choice.billed', {}, language), <strong><Money amount={comparison.billed} language={language} /></strong>],
          [t('choice.made_on', {}, language), day(me.business_date, language)],
        ]}
      />
      {set ? <p>{t('choice.proposed', { why: set.why }, language)}</p> : <Finding choices={comparison.choices} language={language} />}
      <Choices choices={comparison.choices} language={language} proposed={set !== undefined} />
      {!set && <p>{t('choice.about', {}, language)}</p>}
      <ByBill choices={comparison.choices} language={language} />
    </section>
  );
}

export default function CompareSchedules({ account: number }: { account: string }) {
  useLanguage();
  const [query, change] = useAddress();
  const set = query.set ?? '';
  const [, navigate] = useLocation();
  const account = useQuery({ queryKey: ['account', number], queryFn: () => get('/v1/accounts/{account}', { path: { account: number } }) });
  const comparison = useQuery({ queryKey: ['choices', number, set], queryFn: () => compareSchedules(number, set) });
  const sets = useQuery({ queryKey: ['tariff-sets'], queryFn: tariffSets });
  useEffect(() => {
    if (account.data) document.title = `${t('choice.link')} · ${account.data.name} · Watthour`;
  }, [account.data]);
  useKeys([{ keys: 'u', label: 'key.up', run: () => navigate(`/accounts/${number}`) }]);
  const asked = query.language ?? account.data?.language;
  const language: Language = asked === 'es' ? 'es' : 'en';
  return (
    <>
      <nav className="crumbs" aria-label={t('nav.crumbs')}>
        <Link href="/accounts">{t('nav.accounts')}</Link> › <Link href={`/accounts/${number}`}>{number}</Link> › <span aria-current="page">{t('choice.link')}</span>
      </nav>
      <h1 className="no-print">{t('choice.link')}</h1>
      <Answer query={account}>
        {(held) => (
          <>
            <div className="bar">
              <div className="bar" role="group" aria-label={t('choice.language')}>
                <span>{t('choice.language')}</span>
                {(['en', 'es'] as const).map((one) => (
                  <button key={one} type="button" aria-pressed={language === one} onClick={() => change({ language: one === held.language ? '' : one })}>
                    {word('language', one)}
                  </button>
                ))}
              </div>
              {(sets.data?.items.length ?? 0) > 0 && (
                <SelectField
                  label={t('choice.prices')}
                  value={set}
                  onChange={(next) => change({ set: next })}
                  options={[['', t('choice.prices_then')], ...(sets.data?.items ?? []).map((one): [string, string] => [one.hash, `${word('tariff_state', one.state)}: ${one.why}`])]}
                />
              )}
              <span className="spring" />
              <button type="button" className="main" disabled={!comparison.data} onClick={() => window.print()}>
                {t('choice.print')}
              </button>
            </div>
            <Answer query={comparison} empty={(data) => data.choices.length === 0}>
              {(data) => <Handout account={held} comparison={data} set={sets.data?.items.find((one) => one.hash === set)} language={language} />}
            </Answer>
          </>
        )}
      </Answer>
    </>
  );
}
