/** Connections: the choice of one, and the dialog in which they are made and forgotten. */

import { visible } from '@bestfix/fix-card';

import { askForm, Dialog } from '../dialog.js';
import type { Connection, Kind } from '../documents.js';
import { button, icon, make } from '../dom.js';
import type { Service } from '../service.js';
import { toast } from '../toast.js';
import { messageOf } from '../text.js';

const KINDS: readonly (readonly [Kind, string])[] = [
  ['duckdb', 'DuckDB'],
  ['sqlite', 'SQLite'],
  ['postgres', 'PostgreSQL'],
];
/** The connection of everybody, which stays. */
export const SAMPLE = 'sample';

/** The database of the query that is shown. */
export class ConnectionChoice {
  readonly element: HTMLElement;
  private readonly select = make('select', { 'aria-label': 'Database', class: 'database' });

  constructor(onChoose: (id: string) => void, onManage: () => void) {
    this.select.addEventListener('change', () => {
      onChoose(this.select.value);
    });
    const manage = button(
      { class: 'quiet', label: 'Connections', title: 'Connect to a database' },
      [icon('plus')],
      onManage,
    );
    this.element = make('div', { class: 'connection' }, icon('database'), this.select, manage);
  }

  show(connections: readonly Connection[], chosen: string): void {
    this.select.replaceChildren(
      ...connections.map(({ id, name, kind, target }) =>
        make('option', { value: id, title: visible(target) }, `${visible(name)} · ${labelOf(kind)}`),
      ),
    );
    this.select.value = chosen;
  }
}

/** Let the user look at, forget and make connections; return the new one, if there is one. */
export async function manageConnections(
  service: Service,
  connections: readonly Connection[],
  onForget: (id: string) => void,
): Promise<Connection | null> {
  const dialog = new Dialog('Connections', 'wide');
  const wanted = { new: false };
  const list = make('ul', { class: 'connections' });
  for (const connection of connections) list.append(line(connection, service, onForget));
  const add = button({ class: 'primary' }, ['Connect to a database…'], () => {
    wanted.new = true;
    dialog.close();
  });
  dialog.body.append(list, make('div', { class: 'row end' }, add));
  await dialog.show();
  return wanted.new ? connect(service) : null;
}

async function connect(service: Service): Promise<Connection | null> {
  let made: Connection | null = null;
  await askForm(
    'Connect to a database',
    [
      { name: 'kind', label: 'Engine', options: KINDS },
      {
        name: 'target',
        label: 'File or URL',
        placeholder: 'sales.duckdb, or postgresql://user@host:5432/name',
        hint: 'A file in a folder that the service may open, or a PostgreSQL server that it may reach. Passwords are stored sealed.',
      },
      { name: 'name', label: 'Name', placeholder: 'Sales' },
    ],
    'Connect',
    async values => {
      made = await service.connect({
        name: values.name ?? '',
        kind: (values.kind ?? 'duckdb') as Kind,
        target: values.target ?? '',
      });
    },
  );
  return made;
}

function line(connection: Connection, service: Service, onForget: (id: string) => void): HTMLLIElement {
  const { id, name, kind, target, warnings } = connection;
  const item = make(
    'li',
    {},
    icon('database'),
    make(
      'div',
      { class: 'about' },
      make('strong', {}, visible(name)),
      make('span', { class: 'quiet-text' }, `${labelOf(kind)} · ${visible(target)}`),
      ...warnings.map(warning => make('span', { class: 'warning' }, visible(warning))),
    ),
  );
  if (id !== SAMPLE) {
    const forget = button({ class: 'quiet', label: `Forget ${name}` }, [icon('trash')], () => {
      void service.forget(id).then(
        () => {
          item.remove();
          onForget(id);
        },
        (error: unknown) => {
          toast(messageOf(error), 'bad');
        },
      );
    });
    item.append(forget);
  }
  return item;
}

function labelOf(kind: Kind): string {
  return KINDS.find(([name]) => name === kind)?.[1] ?? kind;
}
