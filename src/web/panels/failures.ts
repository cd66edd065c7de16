import type { Failures } from '../data/api.js';
import { byId, element } from '../element.js';

const fileName = (path: string) => path.slice(path.lastIndexOf('/') + 1);

export function showFailures({ total, items }: Failures): void {
  byId('failures-list').replaceChildren(
    element(
      'table',
      {},
      element(
        'thead',
        {},
        element(
          'tr',
          {},
          ...['File', 'Code', 'Why', 'Failed at'].map((text) => element('th', { scope: 'col' }, text)),
        ),
      ),
      element(
        'tbody',
        {},
        ...items.map(({ path, code, meaning, message, recorded_at }) =>
          element(
            'tr',
            {},
            element('td', { title: path, class: 'path' }, fileName(path)),
            element('td', { title: meaning }, element('code', {}, code)),
            element('td', {}, message),
            element('td', { class: 'time' }, recorded_at.slice(0, 19).replace('T', ' ')),
          ),
        ),
      ),
    ),
    element(
      'p',
      { class: 'muted' },
      total > items.length ? `Latest ${items.length} of ${total}. ` : '',
      'Failed files are read again when they change, or after “pointing-monitor retry”.',
    ),
  );
}

/** Opens and closes the drawer. */
export function startFailures(): void {
  const dialog = byId<HTMLDialogElement>('failures');
  const button = byId('failures-button');
  button.addEventListener('click', () => {
    dialog.showModal();
    button.setAttribute('aria-expanded', 'true');
  });
  byId('failures-close').addEventListener('click', () => dialog.close());
  dialog.addEventListener('close', () => button.setAttribute('aria-expanded', 'false'));
}
