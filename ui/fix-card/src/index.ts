/** A fix as a diff with its buttons, for any page that shows code. */

export type { Applicability, Candidate, Decision, Edit, Outcome, Ranked, Verdict } from './wire.js';
