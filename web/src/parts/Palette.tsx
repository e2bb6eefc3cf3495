// SPDX-License-Identifier: Apache-2.0
import { useId, useState } from 'react';
import { t } from '../words/words';
import { allShortcuts, lettersOn, setLetters } from './keys';
import { Dialog } from './parts';

export interface Place {
  href: string;
  label: string;
  keys: string;
}

export interface Command {
  label: string;
  hint: string;
  run: () => void;
}

/** Every screen and action by its name. */
export function Palette({ commands, onClose }: { commands: Command[]; onClose: () => void }) {
  const [text, setText] = useState('');
  const [active, setActive] = useState(0);
  const list = useId();
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const shown = commands.filter((one) => words.every((word) => one.label.toLowerCase().includes(word)));
  const run = (command: Command | undefined) => {
    if (!command) return;
    onClose();
    command.run();
  };
  return (
    <Dialog title={t('palette.title')} onClose={onClose}>
      <input
        data-first=""
        role="combobox"
        aria-expanded="true"
        aria-controls={list}
        aria-activedescendant={shown[active] ? `${list}-${active}` : undefined}
        aria-label={t('palette.title')}
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          setActive(0);
        }}
        onKeyDown={(event) => {
          if (event.key === 'ArrowDown') setActive(Math.min(shown.length - 1, active + 1));
          else if (event.key === 'ArrowUp') setActive(Math.max(0, active - 1));
          else if (event.key === 'Enter') run(shown[active]);
          else return;
          event.preventDefault();
        }}
      />
      <ul role="listbox" id={list} className="choices" aria-label={t('palette.title')}>
        {shown.map((command, i) => (
          <li key={command.label} id={`${list}-${i}`} role="option" aria-selected={i === active} onClick={() => run(command)}>
            <span>{command.label}</span>
            <kbd>{command.hint}</kbd>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}

export function HelpKeys({ onClose }: { onClose: () => void }) {
  const [letters, setOn] = useState(lettersOn());
  const seen = new Set<string>();
  const rows = allShortcuts().filter((one) => !seen.has(one.keys) && seen.add(one.keys));
  return (
    <Dialog title={t('keys.title')} onClose={onClose}>
      <table className="plain">
        <tbody>
          {rows.map((row) => (
            <tr key={row.keys}>
              <td>
                <kbd>{row.keys}</kbd>
              </td>
              <td>{t(row.label)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <label>
        <input
          type="checkbox"
          checked={letters}
          onChange={(event) => {
            setLetters(event.target.checked);
            setOn(event.target.checked);
          }}
        />{' '}
        {t('keys.letters')}
      </label>
    </Dialog>
  );
}
