// SPDX-License-Identifier: Apache-2.0
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useLocation } from 'wouter';
import { post } from '../api/client';
import { t, word } from '../words/words';
import { Dialog, Form, SelectField, TextField } from './parts';
import { say } from './toasts';

export const caseKinds = ['high_bill', 'zero_usage', 'non_registration', 'tampering', 'crossed_meters', 'inactive_use', 'multiplier_doubt'] as const;
export type CaseKind = (typeof caseKinds)[number];

/** Opens a case about a meter or an account, and goes to it. */
export function OpenCase({ meter = '', account = '', kind: first = 'high_bill', why: begun = '', onClose }: { meter?: string; account?: string; kind?: CaseKind; why?: string; onClose: () => void }) {
  const [, navigate] = useLocation();
  const [kind, setKind] = useState<string>(first);
  const [serial, setSerial] = useState(meter);
  const [other, setOther] = useState('');
  const [why, setWhy] = useState(begun);
  const named = meter !== '' || account !== '';
  const open = useMutation({
    mutationFn: () => post('/v1/cases', { kind, why, ...(account ? { account } : { meter: serial.trim() }), ...(kind === 'crossed_meters' ? { other_meter: other.trim() } : {}) }),
    onSuccess: (done) => {
      say(t('case.opened'));
      onClose();
      navigate(`/cases/${done.case}`);
    },
  });
  return (
    <Dialog title={t('case.open')} onClose={onClose}>
      <Form onSubmit={() => open.mutate()} failure={open.error} busy={open.isPending} submit={t('case.open')} onCancel={onClose}>
        {named && <p className="quiet-text">{account ? `${t('field.account')} ${account}` : `${t('field.meter')} ${meter}`}</p>}
        <SelectField label={t('field.kind')} value={kind} onChange={setKind} options={caseKinds.map((one): [string, string] => [one, word('case_kind', one)])} />
        {!named && <TextField label={t('field.meter')} value={serial} onChange={setSerial} first required />}
        {kind === 'crossed_meters' && <TextField label={t('case.other_meter')} value={other} onChange={setOther} required />}
        <TextField label={t('case.suspected')} value={why} onChange={setWhy} first={named} required />
      </Form>
    </Dialog>
  );
}
