// SPDX-License-Identifier: Apache-2.0
// Reading tariffs, and what an account would have paid on other schedules.
import type { Language } from '../words/words';
import { getPage, getRecord } from './client';

export interface ScheduleVersion {
  effective: string;
  clause: string;
}

export interface Schedule {
  schedule: string;
  name_en: string;
  name_es: string;
  class: string;
  versions: ScheduleVersion[];
}

export interface SheetRow {
  code: string;
  charge: string;
  /** Season, tier, period or fact that the price holds for; '' = all. */
  what: string;
  price: string;
  unit: string;
}

export interface RateSheet {
  schedule: string;
  name: string;
  applies_to: string;
  effective: string;
  clause: string;
  versions: ScheduleVersion[];
  rows: SheetRow[];
  terms: string[];
}

export interface RateChanges {
  schedule: string;
  /** The first days of the two versions that are held side by side. */
  from: string;
  until: string;
  /** before '' = a new price, after '' = one that ended. */
  changes: { charge: string; what: string; unit: string; before: string; after: string }[];
}

export interface TariffSet {
  hash: string;
  proposed_by: string;
  why: string;
  state: string;
  adopted_by: string;
  recorded_on: string;
}

export interface ScheduleChoice {
  schedule: string;
  option: string;
  name_en: string;
  name_es: string;
  current: boolean;
  available: boolean;
  /** Why it could not be rated, in English. */
  reason: string;
  total: string;
  /** Less what was billed; "-" = it would have cost less. */
  difference: string;
  /** Bill by bill, where the answer has it: the last day of the period and the amount. */
  bills?: { until: string; amount: string }[];
}

export interface ScheduleComparison {
  account: string;
  from: string;
  until: string;
  billed: string;
  /** Cheapest first, those that could not be rated last. */
  choices: ScheduleChoice[];
}

export interface Study {
  from: string;
  until: string;
  accounts: number;
  bills: number;
  before: string;
  after: string;
  revenue: { class: string; month: string; before: string; after: string }[];
  /** Tenths of the accounts, those that gain most first. */
  deciles: { accounts: number; before: string; after: string }[];
  /** Accounts by change in percent; the first has no lower bound, the last no upper one. */
  histogram: { from_percent?: number; below_percent?: number; accounts: number }[];
  largest: { account: string; schedule: string; before: string; after: string }[];
  /** Bills that could not be rated, by rule. */
  left_out: Record<string, number>;
}

export function tariffSets() {
  return getPage<TariffSet>('/v1/tariff-sets', { query: { limit: 200 } });
}

export function rateSheet(schedule: string, date: string, language: Language): Promise<RateSheet> {
  return getRecord('/v1/schedules/{schedule}', { path: { schedule }, query: { date, language } });
}

export function rateChanges(schedule: string, from: string, until: string, language: Language): Promise<RateChanges> {
  return getRecord('/v1/schedules/{schedule}/changes', { path: { schedule }, query: { from, until, language } });
}

/** With the prices of the time, or with those of a set that was put forward. */
export function compareSchedules(account: string, set = ''): Promise<ScheduleComparison> {
  return getRecord('/v1/accounts/{account}/schedules', { path: { account }, query: set ? { set } : {} });
}

export function nameIn(named: { name_en: string; name_es: string }, language: Language): string {
  return language === 'es' ? named.name_es : named.name_en;
}
