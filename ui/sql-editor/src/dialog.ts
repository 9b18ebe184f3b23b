/** Dialogs: a form, a question, a sheet. The browser's own `dialog` keeps the focus in and gives it back. */

import { button, icon, make } from './dom.js';
import { messageOf, newId } from './text.js';

/** A dialog with a title, which is removed once it is closed. */
export class Dialog {
  readonly element: HTMLDialogElement;
  readonly body = make('div', { class: 'dialog-body' });
  private readonly ended: Promise<void>;

  constructor(title: string, className = '') {
    const id = `dialog-${newId()}`;
    const close = button({ class: 'quiet', label: 'Close' }, [icon('close')], () => {
      this.close();
    });
    this.element = make(
      'dialog',
      { class: `dialog ${className}`, 'aria-labelledby': id },
      make('header', { class: 'dialog-head' }, make('h2', { id }, title), close),
      this.body,
    );
    this.element.addEventListener('mousedown', event => {
      if (event.target === this.element) this.close();
    });
    this.ended = new Promise(resolve => {
      this.element.addEventListener('close', () => {
        this.element.remove();
        resolve();
      });
    });
  }

  /** Show it, and wait until it is closed. */
  show(): Promise<void> {
    document.body.append(this.element);
    this.element.showModal();
    return this.ended;
  }

  close(): void {
    this.element.close();
  }
}

/** A field of a form. */
export interface Field {
  readonly name: string;
  readonly label: string;
  readonly value?: string;
  readonly placeholder?: string;
  readonly hint?: string;
  readonly secret?: boolean;
  readonly options?: readonly (readonly [value: string, label: string])[];
}

/** Ask for the values of some fields; null when the user closes the form. `submit` may refuse by throwing. */
export async function askForm(
  title: string,
  fields: readonly Field[],
  does: string,
  submit: (values: Readonly<Record<string, string>>) => Promise<void> = async () => Promise.resolve(),
): Promise<Readonly<Record<string, string>> | null> {
  const dialog = new Dialog(title);
  const problem = make('p', { class: 'problem', role: 'alert' });
  const act = make('button', { type: 'submit', class: 'primary' }, does);
  const form = make(
    'form',
    { class: 'form' },
    ...fields.map(input),
    problem,
    make('div', { class: 'row end' }, act),
  );
  let taken: Readonly<Record<string, string>> | null = null;
  const send = async (): Promise<void> => {
    const values = Object.fromEntries(
      [...new FormData(form)].map(([name, value]) => [name, value as string]),
    );
    act.disabled = true;
    problem.textContent = '';
    try {
      await submit(values);
      taken = values;
      dialog.close();
    } catch (error) {
      problem.textContent = messageOf(error);
    } finally {
      act.disabled = false;
    }
  };
  form.addEventListener('submit', event => {
    event.preventDefault();
    void send();
  });
  dialog.body.append(form);
  await dialog.show();
  return taken;
}

function input(field: Field): HTMLElement {
  const id = `field-${field.name}`;
  const hint = field.hint ? make('small', { id: `${id}-hint` }, field.hint) : null;
  const common = { id, name: field.name, required: true, 'aria-describedby': hint?.id };
  const control = field.options
    ? make('select', common, ...field.options.map(([value, label]) => make('option', { value }, label)))
    : make('input', {
        ...common,
        type: field.secret ? 'password' : 'text',
        value: field.value,
        placeholder: field.placeholder,
        autocomplete: 'off',
        spellcheck: 'false',
      });
  return make('div', { class: 'field' }, make('label', { for: id }, field.label), control, hint);
}

/** Ask whether to go on; the safe answer has the focus. */
export async function askConsent(
  title: string,
  content: readonly (Node | string)[],
  does: string,
): Promise<boolean> {
  const dialog = new Dialog(title);
  let agreed = false;
  const no = button({}, ['Cancel'], () => {
    dialog.close();
  });
  no.autofocus = true;
  const yes = button({ class: 'danger' }, [does], () => {
    agreed = true;
    dialog.close();
  });
  dialog.body.append(...content, make('div', { class: 'row end' }, no, yes));
  await dialog.show();
  return agreed;
}
