/** bestfix in JupyterLab and Jupyter Notebook. */

import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette, ISessionContextDialogs, IThemeManager, Notification } from '@jupyterlab/apputils';
import { IEditorLanguageRegistry, IEditorThemeRegistry } from '@jupyterlab/codemirror';
import { INotebookTracker, type NotebookPanel } from '@jupyterlab/notebook';
import { ISettingRegistry } from '@jupyterlab/settingregistry';
import { IStateDB } from '@jupyterlab/statedb';
import { IStatusBar } from '@jupyterlab/statusbar';

import { addCommands } from './commands';
import { Fixes, type Shared } from './fixes';
import { Look } from './look';
import { Notices } from './notices';
import { Preferences } from './preferences';
import { Events, serverInfo } from './server';
import { standing } from './standing';
import { StatusItem } from './status';

const ID = '@bestfix/labextension:plugin';

const plugin: JupyterFrontEndPlugin<void> = {
  id: ID,
  description: 'Shows the right fix for a failing cell, as a diff between the cell and its output.',
  autoStart: true,
  requires: [INotebookTracker],
  optional: [
    ICommandPalette,
    ISettingRegistry,
    IStatusBar,
    IThemeManager,
    IEditorLanguageRegistry,
    IEditorThemeRegistry,
    ISessionContextDialogs,
    IStateDB,
  ],
  activate: (
    app,
    tracker: INotebookTracker,
    palette: ICommandPalette | null,
    registry: ISettingRegistry | null,
    statusBar: IStatusBar | null,
    themes: IThemeManager | null,
    languages: IEditorLanguageRegistry | null,
    editorThemes: IEditorThemeRegistry | null,
    dialogs: ISessionContextDialogs | null,
    db: IStateDB | null,
  ) => {
    followTheme(themes);
    const look = new Look(languages, editorThemes);
    void start(app, tracker, { palette, registry, statusBar, look, dialogs, notices: new Notices(db) });
  },
};

/** What the page has for us, as far as it has it. */
interface Services {
  readonly palette: ICommandPalette | null;
  readonly registry: ISettingRegistry | null;
  readonly statusBar: IStatusBar | null;
  readonly look: Look;
  readonly dialogs: ISessionContextDialogs | null;
  readonly notices: Notices;
}

async function start(app: JupyterFrontEnd, tracker: INotebookTracker, services: Services): Promise<void> {
  const connection = app.serviceManager.serverSettings;
  const info = await serverInfo(connection);
  const preferences = await Preferences.load(services.registry, ID, info);
  const shared: Shared = {
    preferences,
    look: services.look,
    events: new Events(connection, info.version !== ''),
    version: info.version,
    dialogs: services.dialogs ?? undefined,
    tell: line => Notification.info(line, { autoClose: 6000 }),
  };
  const all = new WeakMap<NotebookPanel, Fixes>();
  const current = (): Fixes | null => (tracker.currentWidget && all.get(tracker.currentWidget)) ?? null;
  const isAutomatic = (): boolean => current()?.hello?.settings.automatic !== false;
  const mayToggle = (): boolean => preferences.mayTurnOff && Boolean(current()?.hello);
  const toggle = (): void => void preferences.setAutomatic(!isAutomatic());

  const item = new StatusItem(toggle);
  services.statusBar?.registerStatusItem(ID, {
    item,
    align: 'right',
    rank: 100,
    isActive: () => item.isActive,
    activeStateChanged: item.activeChanged,
  });
  const notify = addCommands(app, services.palette, { fixes: current, isAutomatic, mayToggle, toggle });
  const refresh = (): void => {
    const found = standing(current(), info.version);
    item.tell(found, !preferences.mayTurnOff);
    services.notices.once(found.problems[0]);
    notify();
  };
  const add = (panel: NotebookPanel): void => {
    const fixes = new Fixes(panel, shared);
    all.set(panel, fixes);
    fixes.changed.connect(refresh);
  };
  tracker.forEach(add);
  tracker.widgetAdded.connect((_, panel) => {
    add(panel);
  });
  tracker.currentChanged.connect(refresh);
  tracker.activeCellChanged.connect(notify);
  refresh();
}

function followTheme(themes: IThemeManager | null): void {
  const update = (): void => {
    const isDark = Boolean(themes?.theme && !themes.isLight(themes.theme));
    document.body.classList.toggle('bf-dark', isDark);
  };
  themes?.themeChanged.connect(update);
  update();
}

export default plugin;
