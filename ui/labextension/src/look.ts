/** How code looks in a card: as in the cells around it. */

import type { Extension } from '@codemirror/state';
import type { IEditorLanguageRegistry, IEditorThemeRegistry } from '@jupyterlab/codemirror';

const SQL_MAGIC = /^\s*%%(sql|bigquery|duckdb)\b/;

/** Highlighting and theme from the registries of the page. */
export class Look {
  /** Each is `null` where the page has no such registry. */
  constructor(
    private readonly languages: IEditorLanguageRegistry | null,
    private readonly themes: IEditorThemeRegistry | null,
  ) {
    for (const name of ['ipython', 'sql']) void languages?.getLanguage(name);
  }

  /** Return the extensions for a source: for SQL where its first line is a magic that takes SQL. */
  of(text: string): Extension {
    const language = this.languages?.findByName(SQL_MAGIC.test(text) ? 'sql' : 'ipython');
    return [this.themes?.getTheme('jupyter') ?? [], language?.support ?? []];
  }
}
