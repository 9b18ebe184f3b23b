import '@bestfix/fix-card/style.css';
import '../style/page.css';
import '../style/parts.css';
import '../style/results.css';

import { App } from './app.js';

const app = new App();
document.getElementById('app')?.replaceWith(app.element);
void app.start();
