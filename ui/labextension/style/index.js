import '@bestfix/fix-card/style.css';
import './index.css';
