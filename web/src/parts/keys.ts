// SPDX-License-Identifier: Apache-2.0
import { useEffect, useRef } from 'react';
import type { Key } from '../words/words';

/** A key of the keyboard with what it does; "g i" is g and then i. */
export interface Shortcut {
  keys: string;
  label: Key;
  run: () => void;
}

interface Layer {
  shortcuts: Shortcut[];
}

const layers: Layer[] = [];
let pending = '';
let pendingUntil = 0;

/** Single letters can be switched off (WCAG 2.1.4). */
export function lettersOn(): boolean {
  return localStorage.getItem('letters') !== 'off';
}

export function setLetters(on: boolean) {
  localStorage.setItem('letters', on ? 'on' : 'off');
}

export function allShortcuts(): Shortcut[] {
  return layers.flatMap((layer) => layer.shortcuts);
}

function typing(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
}

function nameOf(event: KeyboardEvent): string {
  const key = event.key === ' ' ? 'Space' : event.key;
  const shifted = event.shiftKey && /^[A-Za-z]$/.test(key) && !event.ctrlKey && !event.metaKey ? 'Shift-' : '';
  return (event.ctrlKey || event.metaKey ? 'Ctrl-' : '') + shifted + (key.length === 1 ? key.toLowerCase() : key);
}

function onKey(event: KeyboardEvent) {
  if (event.defaultPrevented || event.isComposing || event.altKey) return;
  const name = nameOf(event);
  const plain = !name.startsWith('Ctrl-');
  // Enter on a button or a link is that button's.
  const own = event.target instanceof Element && event.target.closest('button, a, summary, [role=tab]') !== null;
  if (own && (name === 'Enter' || name === 'Space')) return;
  if (plain && (typing(event.target) || document.querySelector('dialog[open]'))) return;
  if (plain && name.replace('Shift-', '').length === 1 && name !== '/' && name !== '?' && !lettersOn()) return;
  const wanted = pending && Date.now() < pendingUntil ? `${pending} ${name}` : name;
  pending = '';
  for (let i = layers.length - 1; i >= 0; --i) {
    const found = layers[i]!.shortcuts.find((one) => one.keys === wanted);
    if (found) {
      event.preventDefault();
      found.run();
      return;
    }
  }
  if (layers.some((layer) => layer.shortcuts.some((one) => one.keys.startsWith(`${name} `)))) {
    pending = name;
    pendingUntil = Date.now() + 1500;
    event.preventDefault();
  }
}

/** Keys that hold while a part is shown; a later part takes them from an earlier one. */
export function useKeys(shortcuts: Shortcut[]) {
  const layer = useRef<Layer>({ shortcuts });
  layer.current.shortcuts = shortcuts;
  useEffect(() => {
    const mine = layer.current;
    if (layers.length === 0) document.addEventListener('keydown', onKey);
    layers.push(mine);
    return () => {
      layers.splice(layers.indexOf(mine), 1);
      if (layers.length === 0) document.removeEventListener('keydown', onKey);
    };
  }, []);
}
