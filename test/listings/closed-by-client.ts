/** Connections that the client closes first, one every `gap` seconds; their ports count up. */
export function closedByClient(count: number, gap: number): string {
  return Array.from({ length: count }, (_, i) => {
    const at = (offset: number): string => (i * gap + offset).toFixed(3);
    return `
      ${at(0)} ${i}> S  1000:1000(0)          win 64240 <mss 1460>
      ${at(0.001)} ${i}< S. 5000:5000(0) ack 1001 win 65160 <mss 1460>
      ${at(0.001)} ${i}> .  1001:1001(0) ack 5001 win 502
      ${at(0.002)} ${i}> F. 1001:1001(0) ack 5001 win 502
      ${at(0.003)} ${i}< F. 5001:5001(0) ack 1002 win 509
      ${at(0.003)} ${i}> .  1002:1002(0) ack 5002 win 502`;
  }).join('\n');
}
