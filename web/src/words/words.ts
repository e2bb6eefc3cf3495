// SPDX-License-Identifier: Apache-2.0
import { useSyncExternalStore } from 'react';
import en from './en.json';
import es from './es.json';

export type Language = 'en' | 'es';
export type Key = keyof typeof en;
type Entry = string | { one: string; other: string; many?: string };

const catalogues: Record<Language, Record<string, Entry>> = { en, es };
const locales: Record<Language, string> = { en: 'en-US', es: 'es-US' };

const stored = localStorage.getItem('language');
let language: Language =
  stored === 'en' || stored === 'es' ? stored : navigator.language.startsWith('es') ? 'es' : 'en';
document.documentElement.lang = language;
const listeners = new Set<() => void>();

export function currentLanguage(): Language {
  return language;
}

export function setLanguage(next: Language) {
  language = next;
  localStorage.setItem('language', next);
  document.documentElement.lang = next;
  for (const listener of listeners) listener();
}

export function useLanguage(): Language {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => language,
  );
}

/** The words of a key with its holes filled; `n` chooses the plural form and fills {n}.
 * `of`, here and below, is for a page that is handed to somebody of another language. */
export function t(key: Key, fill: Record<string, string | number> = {}, of: Language = language): string {
  const entry = catalogues[of][key];
  if (entry === undefined) return key;
  let text: string;
  if (typeof entry === 'string') {
    text = entry;
  } else {
    const n = Number(fill.n ?? 0);
    const form = new Intl.PluralRules(locales[of]).select(n);
    text = (form === 'one' ? entry.one : form === 'many' ? (entry.many ?? entry.other) : entry.other);
  }
  return text.replace(/\{(\w+)\}/g, (_, hole: string) => {
    const value = fill[hole];
    if (typeof value === 'number') return count(value, of);
    return value ?? '';
  });
}

/** A key made of a family and a value of the API; the value itself where the catalogue has none. */
export function word(family: string, value: string, of: Language = language): string {
  const entry = catalogues[of][`${family}.${value}`];
  return typeof entry === 'string' ? entry : value;
}

export function count(n: number, of: Language = language): string {
  return new Intl.NumberFormat(locales[of]).format(n);
}

/** An amount as the API gives it, "1234.50"; never through binary numbers. */
export function money(amount: string | null | undefined, of: Language = language): string {
  if (amount === null || amount === undefined || amount === '') return '';
  const format = new Intl.NumberFormat(locales[of], { style: 'currency', currency: 'USD' });
  return (format.format as (value: string) => string)(amount);
}

/** A quantity with the digits that it has. */
export function decimal(value: string | null | undefined): string {
  if (!value) return '';
  const digits = value.includes('.') ? value.length - value.indexOf('.') - 1 : 0;
  const format = new Intl.NumberFormat(locales[language], {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
  return (format.format as (value: string) => string)(value);
}

export function day(date: string | null | undefined, of: Language = language): string {
  if (!date) return '';
  const [y, m, d] = date.slice(0, 10).split('-').map(Number);
  return new Intl.DateTimeFormat(locales[of], { dateStyle: 'medium' }).format(
    new Date(y ?? 0, (m ?? 1) - 1, d ?? 1),
  );
}

export function month(date: string): string {
  const [y, m, d] = date.slice(0, 10).split('-').map(Number);
  return new Intl.DateTimeFormat(locales[language], { month: 'short', year: '2-digit' }).format(
    new Date(y ?? 0, (m ?? 1) - 1, d ?? 1),
  );
}

export function shortDay(date: string): string {
  const [y, m, d] = date.slice(0, 10).split('-').map(Number);
  return new Intl.DateTimeFormat(locales[language], { month: 'short', day: 'numeric' }).format(
    new Date(y ?? 0, (m ?? 1) - 1, d ?? 1),
  );
}

export function moment(seconds: number): string {
  if (!seconds) return '';
  return new Intl.DateTimeFormat(locales[language], { dateStyle: 'medium', timeStyle: 'short' }).format(
    new Date(seconds * 1000),
  );
}

/** A time of the utility's own clock, "2026-06-03T15:00:00-07:00", as that clock shows it, wherever the reader sits. */
export function clock(local: string | null | undefined): string {
  if (!local) return '';
  return `${day(local)} ${local.slice(11, 16)}`;
}

/** Days after a civil date, as a civil date. */
export function plusDays(date: string, days: number): string {
  const [y, m, d] = date.split('-').map(Number);
  return new Date(Date.UTC(y ?? 0, (m ?? 1) - 1, (d ?? 1) + days)).toISOString().slice(0, 10);
}
