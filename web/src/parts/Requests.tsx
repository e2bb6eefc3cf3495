// SPDX-License-Identifier: Apache-2.0
// What meters are asked over their network: asked here, and watched until it has ended.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { Link } from 'wouter';
import { get, post, type Schemas } from '../api/client';
import { count, moment, t, word } from '../words/words';
import { Answer, Badge, Dialog, Form, TextField } from './parts';
import { say } from './toasts';

export type RequestKind = 'ping' | 'read' | 'connect' | 'disconnect';
type Request = Schemas['HeadEndRequest'];

const isOpen = (one: Request) => one.state === 'sent' || one.state === 'acknowledged';
const seconds = (instant: string) => Math.floor(Date.parse(instant) / 1000);

export function badgeOfRequest(state: string): 'good' | 'warn' | 'bad' | undefined {
  if (state === 'done') return 'good';
  return state === 'failed' || state === 'timed_out' ? 'bad' : 'warn';
}

/** Seconds since it was asked, or that it took; counted on while it is under way. */
function Elapsed({ request }: { request: Request }) {
  const [now, setNow] = useState(() => Math.floor(Date.now() / 1000));
  const open = isOpen(request);
  useEffect(() => {
    if (!open) return;
    const timer = setInterval(() => setNow(Math.floor(Date.now() / 1000)), 1000);
    return () => clearInterval(timer);
  }, [open]);
  const end = open ? now : request.answered_at ? seconds(request.answered_at) : seconds(request.expires_at);
  return <>{t('ask.seconds', { n: Math.max(0, end - seconds(request.asked_at)) })}</>;
}

/** The requests of a meter, or of all: asked anew each second while one is under way. */
export function useRequests(meter: string, state = '', most = 20) {
  return useQuery({
    queryKey: ['requests', meter, state, most],
    queryFn: () => get('/v1/head-end/requests', { query: { meter, state, limit: most } }),
    refetchInterval: (query) => (query.state.data?.items.some(isOpen) ? 1000 : false),
    staleTime: 0,
  });
}

export function Requests({ meter = '', state = '', most = 20 }: { meter?: string; state?: string; most?: number }) {
  const requests = useRequests(meter, state, most);
  const client = useQueryClient();
  const done = requests.data?.items.filter((one) => one.state === 'done').length ?? 0;
  const before = useRef(done);
  // A read that was answered is among the reads of the meter from then on.
  useEffect(() => {
    if (done !== before.current && meter) void client.invalidateQueries({ queryKey: ['meter', meter] });
    before.current = done;
  }, [done, meter, client]);
  return (
    <Answer query={requests}>
      {(data) =>
        data.items.length === 0 ? (
          <p className="quiet-text">{t('ask.none')}</p>
        ) : (
          <div className="scroll tall" tabIndex={0} aria-live="polite">
            <table className="plain" data-part="requests">
              <thead>
                <tr>
                  <th>{t('ask.asked')}</th>
                  {!meter && <th>{t('field.meter')}</th>}
                  <th>{t('field.kind')}</th>
                  <th>{t('meter.state')}</th>
                  <th className="number">{t('ask.elapsed')}</th>
                  <th>{t('ask.result')}</th>
                  <th>{t('field.why')}</th>
                </tr>
              </thead>
              <tbody>
                {data.items.map((one) => (
                  <tr key={one.request}>
                    <td className="whole">{moment(seconds(one.asked_at))}</td>
                    {!meter && (
                      <td>
                        <Link href={`/meters/${one.meter}?tab=network`}>{one.meter}</Link>
                      </td>
                    )}
                    <td>{word('ask_kind', one.kind)}</td>
                    <td>
                      <Badge kind={badgeOfRequest(one.state)!}>{word('ask_state', one.state)}</Badge>
                      {one.attempts > 1 && <span className="quiet-text"> {t('ask.attempts', { n: one.attempts })}</span>}
                    </td>
                    <td className="number">
                      <Elapsed request={one} />
                    </td>
                    <td>{one.result || '—'}</td>
                    <td>
                      {one.why} <span className="quiet-text">{one.by}</span>
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
            {data.has_more && <p className="quiet-text">{t('ask.newest', { n: count(most) })}</p>}
          </div>
        )
      }
    </Answer>
  );
}

/** Asks for the reason and sends the request. To cut somebody off takes a second person, and the
 * dialog says so before and after. */
export function AskMeter({ meter, kind, why: begun = '', onClose, onAsked }: { meter: string; kind: RequestKind; why?: string; onClose: () => void; onAsked?: () => void }) {
  const [why, setWhy] = useState(begun);
  const client = useQueryClient();
  const ask = useMutation({
    mutationFn: () => post('/v1/meters/{meter}/commands', { kind, why }, { path: { meter } }),
    onSuccess: (asked) => {
      void client.invalidateQueries({ queryKey: ['requests'] });
      say(asked.joined ? t('ask.joined') : t('ask.sent', { kind: word('ask_kind', kind), meter }));
      onAsked?.();
      onClose();
    },
  });
  return (
    <Dialog title={`${word('ask_do', kind)}: ${meter}`} onClose={onClose}>
      <Form onSubmit={() => ask.mutate()} failure={ask.error} busy={ask.isPending} danger={kind === 'disconnect'} submit={word('ask_do', kind)} onCancel={onClose}>
        <p className="notice">{word('ask_help', kind)}</p>
        <TextField label={t('field.why')} value={why} onChange={setWhy} first required />
      </Form>
    </Dialog>
  );
}
