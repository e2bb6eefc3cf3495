// SPDX-License-Identifier: Apache-2.0
// The public API and nothing else, typed by its contract.
import { currentLanguage } from '../words/words';
import type { components, paths } from './contract';

export type Schemas = components['schemas'];
type Method = 'get' | 'post' | 'put' | 'delete';
type Operation<P extends keyof paths, M extends Method> = paths[P][M];
type Content<T> = T extends { content: { 'application/json': infer J } } ? J : never;
type Good<O> = O extends { responses: infer R }
  ? Content<R[keyof R & (200 | 201 | 202)]>
  : never;
type Body<O> = O extends { requestBody: { content: { 'application/json': infer B } } } ? B : undefined;
type Has<M extends Method> = {
  [P in keyof paths]: paths[P][M] extends { responses: unknown } ? P : never;
}[keyof paths];

export interface Problem {
  title: string;
  status: number;
  detail: string;
  next: string;
  request_id?: string;
}

export class ApiError extends Error {
  constructor(readonly problem: Problem) {
    super(problem.detail);
  }
}

interface Options {
  path?: Record<string, string>;
  query?: Record<string, string | number | boolean | undefined>;
  headers?: Record<string, string>;
  signal?: AbortSignal;
}

const signedOut = new Set<() => void>();
/** Told when the session has ended: somebody asks for the password and nothing typed is lost. */
export function onSignedOut(listener: () => void) {
  signedOut.add(listener);
  return () => void signedOut.delete(listener);
}

export function address(pattern: string, options: Options = {}): string {
  let url = pattern.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(options.path?.[name] ?? ''));
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(options.query ?? {})) {
    if (value !== undefined && value !== '') query.set(name, String(value));
  }
  const text = query.toString();
  if (text) url += `?${text}`;
  return url;
}

async function ask(method: Method, pattern: string, options: Options, body?: BodyInit | null): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(address(pattern, options), {
      method: method.toUpperCase(),
      // Evidence is told in the language of the screen.
      headers: { 'Accept-Language': currentLanguage(), ...options.headers },
      body: body ?? null,
      signal: options.signal ?? null,
    });
  } catch (failure) {
    if (options.signal?.aborted) throw failure;
    throw new ApiError({ title: 'network', status: 0, detail: '', next: '' });
  }
  // A refusal is one whatever its status.
  const refused = response.headers.get('Content-Type')?.startsWith('application/problem+json') ?? false;
  if (response.ok && !refused) return response;
  const problem = (await response.json().catch(() => ({
    title: `http.${response.status}`,
    status: response.status,
    detail: response.statusText,
    next: '',
  }))) as Problem;
  const at_the_door = problem.title === 'access.not_signed_in' || problem.title === 'access.session_over';
  if (response.status === 401 && at_the_door) for (const listener of signedOut) listener();
  throw new ApiError(problem);
}

const json = { 'Content-Type': 'application/json' };

export async function get<P extends Has<'get'>>(pattern: P, options: Options = {}): Promise<Good<Operation<P, 'get'>>> {
  return (await ask('get', pattern, options)).json();
}

export async function post<P extends Has<'post'>>(
  pattern: P,
  body: Body<Operation<P, 'post'>>,
  options: Options = {},
): Promise<Good<Operation<P, 'post'>>> {
  const headers = { ...(body === undefined ? {} : json), ...options.headers };
  return (await ask('post', pattern, { ...options, headers }, body === undefined ? null : JSON.stringify(body))).json();
}

/** A record of any kind, for what names its own type. */
export async function getRecord<Row>(pattern: string, options: Options = {}): Promise<Row> {
  return (await ask('get', pattern, options)).json();
}

/** A page of any list, for what shows all of them. */
export async function getPage<Row>(pattern: string, options: Options): Promise<{ items: Row[]; has_more: boolean; cursor: string | null }> {
  return (await ask('get', pattern, options)).json();
}

/** A record with its version, and back again. */
export async function getVersioned<P extends Has<'get'>>(pattern: P, options: Options = {}) {
  const response = await ask('get', pattern, options);
  return { record: (await response.json()) as Good<Operation<P, 'get'>>, version: response.headers.get('ETag') ?? '' };
}

export async function put<P extends Has<'put'>>(
  pattern: P,
  body: Body<Operation<P, 'put'>>,
  version: string,
  options: Options = {},
): Promise<Good<Operation<P, 'put'>>> {
  const headers = { ...json, 'If-Match': version, ...options.headers };
  return (await ask('put', pattern, { ...options, headers }, JSON.stringify(body))).json();
}

export async function remove<P extends Has<'delete'>>(pattern: P, options: Options = {}): Promise<Good<Operation<P, 'delete'>>> {
  return (await ask('delete', pattern, options)).json();
}

export async function sendFile(file: File, query: Record<string, string | boolean>): Promise<Schemas['TakenFile']> {
  return (await ask('post', '/v1/files', { query, headers: { 'Content-Type': 'application/octet-stream' } }, file)).json();
}

/** What a file is, from its beginning. */
export async function lookAtFile(file: File): Promise<Schemas['FileLook']> {
  return (await ask('post', '/v1/files/look', { query: { name: file.name }, headers: { 'Content-Type': 'application/octet-stream' } }, file.slice(0, 262_144))).json();
}

/** A key of one request of a person: pressed twice, it has one effect. */
export function newKey(): string {
  return crypto.randomUUID ? crypto.randomUUID() : Array.from(crypto.getRandomValues(new Uint8Array(16)), (b) => b.toString(16).padStart(2, '0')).join('');
}
