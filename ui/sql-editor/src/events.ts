/** Server-sent events of an answer to a request of one's own (`EventSource` can only GET). */

export interface ServerEvent {
  readonly name: string;
  readonly data: string;
}

/** Yield the events of a stream; comments and unknown fields are left out. */
export async function* eventsOf(body: ReadableStream<Uint8Array>): AsyncGenerator<ServerEvent> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = '';
  try {
    for (;;) {
      const { value, done } = await reader.read();
      rest += decoder.decode(value, { stream: !done });
      const blocks = rest.split(/\r\n\r\n|\n\n|\r\r/);
      rest = done ? '' : (blocks.pop() ?? '');
      for (const block of blocks) if (block.trim()) yield parsed(block);
      if (done) return;
    }
  } finally {
    reader.cancel().catch(() => undefined);
  }
}

function parsed(block: string): ServerEvent {
  const data: string[] = [];
  let name = 'message';
  for (const line of block.split(/\r\n|\n|\r/)) {
    const [, field, value] = /^(\w+): ?(.*)$/s.exec(line) ?? [];
    if (field === 'event') name = value ?? '';
    if (field === 'data') data.push(value ?? '');
  }
  return { name, data: data.join('\n') };
}
