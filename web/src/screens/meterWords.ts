// SPDX-License-Identifier: Apache-2.0
/** States of the stock in the order of a meter's life. */
export const stockStates = ['ordered', 'received', 'tested', 'available', 'issued', 'in_service', 'removed', 'in_test', 'refurbished', 'quarantined', 'retired', 'returned'] as const;

export function badgeOf(state: string): 'good' | 'warn' | 'bad' | undefined {
  if (state === 'in_service' || state === 'available') return 'good';
  if (state === 'quarantined') return 'bad';
  return state === 'removed' || state === 'in_test' ? 'warn' : undefined;
}
