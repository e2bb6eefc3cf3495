// SPDX-License-Identifier: Apache-2.0
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { get, post, type Schemas } from '../api/client';
import { useMay } from '../me';
import { t, word } from '../words/words';
import { say } from './toasts';
import { problemText } from './parts';

/** A job as it goes on: told by the server, read once more when it ends. */
export function useJob(job: string): Schemas['JobWithResult'] | undefined {
  const client = useQueryClient();
  const read = useQuery({
    queryKey: ['job', job],
    queryFn: () => get('/v1/jobs/{job}', { path: { job } }),
    enabled: job !== '',
    // Where events do not come through, asking does.
    refetchInterval: (query) => (query.state.data && query.state.data.state !== 'open' ? false : 4_000),
  });
  useEffect(() => {
    if (!job) return;
    const events = new EventSource(`/v1/jobs/${job}/events`);
    const end = () => {
      events.close();
      void client.invalidateQueries({ queryKey: ['job', job] });
    };
    events.addEventListener('end', end);
    events.addEventListener('progress', (event) => {
      const now = JSON.parse((event as MessageEvent<string>).data) as Schemas['Job'];
      client.setQueryData<Schemas['JobWithResult']>(['job', job], (before) => (before ? { ...before, ...now } : before));
    });
    return () => events.close();
  }, [job, client]);
  return read.data;
}

export function Progress({ job: id }: { job: string }) {
  const job = useJob(id);
  const may = useMay('job.manage');
  const client = useQueryClient();
  const [busy, setBusy] = useState(false);
  if (!job) return null;
  const act = async (what: 'stop' | 'resume' | 'retry') => {
    setBusy(true);
    try {
      await post(`/v1/jobs/{job}/${what}` as '/v1/jobs/{job}/stop', undefined, { path: { job: id } });
    } catch (failure) {
      say(problemText(failure).what, { bad: true });
    }
    setBusy(false);
    void client.invalidateQueries({ queryKey: ['job', id] });
  };
  return (
    <span className="progress">
      <progress max={Math.max(1, job.units)} value={job.done} aria-label={t('job.progress')} />
      <span role="status">
        {word('job_state', job.state)} {job.done}/{job.units}
        {job.parked > 0 && ` · ${t('job.parked', { n: job.parked })}`}
        {job.waits_for.map((one) => ` · ${t(one.stuck ? 'job.waits_stuck' : 'job.waits', { kind: word('cause', `job.${one.kind}`), problem: one.problem })}`)}
        {job.seconds_left ? ` · ${t('job.left', { n: job.seconds_left })}` : ''}
      </span>
      {may && job.state === 'open' && (
        <button type="button" disabled={busy} onClick={() => void act('stop')}>
          {t('job.stop')}
        </button>
      )}
      {may && job.state === 'stopped' && (
        <button type="button" disabled={busy} onClick={() => void act('resume')}>
          {t('job.resume')}
        </button>
      )}
      {may && job.parked > 0 && (
        <button type="button" disabled={busy} onClick={() => void act('retry')}>
          {t('job.retry')}
        </button>
      )}
    </span>
  );
}
