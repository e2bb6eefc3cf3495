// SPDX-License-Identifier: Apache-2.0
import type { Schemas } from '../api/client';

/** A mapping as the API has it: which column is what, and how its times and numbers are written. */
export interface Mapping {
  kind: string;
  delimiter: string;
  decimal_mark: string;
  names: boolean;
  columns: Record<string, Place>;
  values: (Place & { quantity?: string; unit?: string })[];
  wide?: { minutes: number };
  time: { moment?: string[]; date?: string[]; clock?: string[]; zone: string; label: string; autumn?: string; minutes?: number };
  [other: string]: unknown;
}
interface Place {
  names?: string[];
  number?: number;
  optional?: boolean;
}
type Column = Schemas['FileColumn'];

export const roles = ['', 'meter', 'moment', 'date', 'time', 'end_time', 'value', 'received', 'quantity', 'unit', 'quality', 'multiplier'] as const;
export type Role = (typeof roles)[number];

const isAt = (place: Place | undefined, column: Column) =>
  place !== undefined && (place.number === column.number || (column.header !== '' && (place.names ?? []).some((name) => name.toUpperCase() === column.header.toUpperCase())));

export const mappingOf = (text: string): Mapping | null => (text ? (JSON.parse(text) as Mapping) : null);
/** Without the blanks of a text for people: it travels in an address. */
export const textOf = (mapping: Mapping): string => JSON.stringify(mapping);

export function roleOf(mapping: Mapping, column: Column): Role {
  const named = Object.entries(mapping.columns).find(([, place]) => isAt(place, column));
  if (named) return named[0] as Role;
  const value = mapping.values.find((one) => isAt(one, column));
  return value === undefined ? '' : value.quantity?.startsWith('G') ? 'received' : 'value';
}

export function withRole(mapping: Mapping, column: Column, role: Role): Mapping {
  const columns = Object.fromEntries(Object.entries(mapping.columns).filter(([name, place]) => name !== role && !isAt(place, column)));
  const others = mapping.values.filter((one) => !isAt(one, column));
  const place: Place = mapping.names && column.header ? { names: [column.header] } : { number: column.number };
  if (role === 'value') return { ...mapping, columns, values: [{ ...place, quantity: 'KWH', unit: 'kWh' }, ...others.map((one) => ({ ...one, optional: true }))] };
  if (role === 'received') return { ...mapping, columns, values: [...others, { ...place, quantity: 'GKWH', unit: 'kWh', optional: true }] };
  if (role !== '') columns[role] = place;
  return { ...mapping, columns, values: others };
}

export const withTime = (mapping: Mapping, change: Partial<Mapping['time']>): Mapping => ({ ...mapping, time: { ...mapping.time, ...change } });

const swapped = (form: string) => (form.startsWith('M/D') ? form.replace('M/D', 'D/M') : form.startsWith('D/M') ? form.replace('D/M', 'M/D') : form);
/** "month" or "day": which of them a date with slashes begins with; "" where none has slashes. */
export function orderOf(mapping: Mapping): string {
  const form = mapping.time.moment?.[0] ?? mapping.time.date?.[0] ?? '';
  return form.startsWith('M/D') ? 'month' : form.startsWith('D/M') ? 'day' : '';
}
export function withOrder(mapping: Mapping, order: string): Mapping {
  if (orderOf(mapping) === order) return mapping;
  const { moment, date } = mapping.time;
  return withTime(mapping, { ...(moment ? { moment: moment.map(swapped) } : {}), ...(date ? { date: date.map(swapped) } : {}) });
}
