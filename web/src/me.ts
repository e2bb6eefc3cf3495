// SPDX-License-Identifier: Apache-2.0
import { createContext, useContext } from 'react';
import type { Schemas } from './api/client';

export type Me = Schemas['Me'];
export const MeContext = createContext<Me | null>(null);

export function useMe(): Me {
  const me = useContext(MeContext);
  if (!me) throw new Error('nobody is signed in');
  return me;
}

export function useMay(permission: string): boolean {
  return useMe().permissions.includes(permission);
}
