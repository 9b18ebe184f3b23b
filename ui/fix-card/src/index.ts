/**
 * A fix as a diff with its buttons, for any page that shows code.
 *
 * ```ts
 * import '@bestfix/fix-card/style.css';
 * import { FixCard } from '@bestfix/fix-card';
 *
 * const card = new FixCard({
 *   decision, // a decision document of the wire format (docs/wire.md)
 *   failing: '<cell 3>', // the name, in the document, of what failed
 *   extensions: source => [python(), theme], // CodeMirror extensions for the text of a source
 *   onAccept: ({ ranked, text }, run) => …, // put `text` into `ranked.candidate.patch.source`; run it
 *   onReject: () => card.destroy(),
 * });
 * parent.append(card.element);
 * card.update(later); // a better decision of the stream
 * ```
 *
 * The card knows neither where the decision comes from nor what is done with it: `onAccept` decides whether to ask
 * first (`ranked.added_effects`) and destroys the card. Colours and fonts are the CSS variables of style.css; a page
 * in the dark sets the class `bf-dark` on the card or on any element around it.
 */

export { FixCard, type CardOptions, type Choice } from './card.js';
export { button, element, fill } from './dom.js';
export type { Action } from './keys.js';
export { duration, listed, place, visible } from './words.js';
export type { Applicability, Candidate, Decision, Edit, Outcome, Ranked, Verdict } from './wire.js';
