/** What jsdom lacks and CodeMirror measures with. */

if (typeof Range !== 'undefined') {
  Range.prototype.getClientRects = () => [] as unknown as DOMRectList;
}
