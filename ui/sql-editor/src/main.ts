import '@bestfix/fix-card/style.css';
import '../style/page.css';
import '../style/parts.css';
import '../style/results.css';

import { App } from './app.js';
import { messageOf } from './text.js';
import { toast } from './toast.js';

addEventListener('unhandledrejection', event => {
  toast(messageOf(event.reason), 'bad');
});

const app = new App();
document.getElementById('app')?.replaceWith(app.element);
void app.start();
