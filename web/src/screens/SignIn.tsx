// SPDX-License-Identifier: Apache-2.0
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { ApiError, post } from '../api/client';
import { Dialog, Form, TextField } from '../parts/parts';
import { setLanguage, t, useLanguage } from '../words/words';

export function SignIn({ onEntered, over, user: known = '' }: { onEntered: () => void; over?: boolean; user?: string }) {
  const language = useLanguage();
  const [user, setUser] = useState(known);
  const [password, setPassword] = useState('');
  const [code, setCode] = useState('');
  const enter = useMutation({
    mutationFn: () => post('/v1/sessions', { user: user.trim(), password, ...(code ? { code } : {}) }),
    onSuccess: onEntered,
  });
  const title = enter.error instanceof ApiError ? enter.error.problem.title : '';
  const codeAsked = title === 'access.code_needed' || title === 'access.code_wrong' || code !== '';
  const form = (
    <Form onSubmit={() => enter.mutate()} failure={title === 'access.code_needed' ? undefined : enter.error} busy={enter.isPending} submit={t('signin.enter')}>
      {over && <p>{t('signin.again')}</p>}
      <TextField label={t('signin.user')} value={user} onChange={setUser} autoComplete="username" first={known === ''} required />
      <TextField label={t('signin.password')} value={password} onChange={setPassword} type="password" autoComplete="current-password" first={known !== ''} required />
      {codeAsked && <TextField label={t('signin.code')} value={code} onChange={setCode} inputMode="numeric" autoComplete="one-time-code" first />}
    </Form>
  );
  if (over) {
    return (
      <Dialog title={t('signin.title')} onClose={() => undefined}>
        {form}
      </Dialog>
    );
  }
  return (
    <main className="door">
      <h1>Watthour</h1>
      {form}
      <button type="button" className="quiet" lang={language === 'en' ? 'es' : 'en'} onClick={() => setLanguage(language === 'en' ? 'es' : 'en')}>
        {language === 'en' ? 'Español' : 'English'}
      </button>
    </main>
  );
}
