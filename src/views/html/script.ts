/**
 * The only script of the page; everything is readable without it. It copies filters, tells about the point under the pointer
 * (or the one that the arrow keys have reached), and opens what is folded before printing or jumping there.
 */
export const SCRIPT = `'use strict';
(() => {
  document.documentElement.classList.add('scripted');
  const tip = document.getElementById('tip');
  const NAMES = ['client to server', 'server to client'];

  const say = (lines, x, y) => {
    tip.replaceChildren(...lines.map((line, i) => {
      const row = document.createElement(i === 0 ? 'strong' : 'span');
      row.textContent = line;
      return row;
    }));
    tip.hidden = false;
    const box = tip.getBoundingClientRect();
    tip.style.left = Math.max(8, Math.min(x + 14, innerWidth - box.width - 8)) + 'px';
    tip.style.top = (y + 18 + box.height > innerHeight ? y - box.height - 12 : y + 18) + 'px';
  };
  const quiet = () => { tip.hidden = true; };

  const copy = (text, x, y) => {
    const done = () => say(['Copied', text], x, y);
    const byHand = () => {
      const field = document.createElement('textarea');
      field.value = text;
      field.className = 'aside';
      document.body.append(field);
      field.select();
      document.execCommand('copy');
      field.remove();
      done();
    };
    if (navigator.clipboard) navigator.clipboard.writeText(text).then(done, byHand);
    else byHand();
  };

  document.addEventListener('click', (event) => {
    const target = event.target.closest('[data-copy]');
    if (target && !event.target.closest('a')) copy(target.dataset.copy, event.clientX, event.clientY);
  });

  const tables = new Map();
  const tableOf = (id) => {
    if (tables.has(id)) return tables.get(id);
    const source = document.getElementById('points-' + id);
    const table = source && JSON.parse(source.textContent);
    for (const name of table ? ['at', 'frame', 'seq', 'ack'] : []) {
      let sum = 0;
      table[name] = table[name].map((difference) => (sum += difference));
    }
    tables.set(id, table);
    return table;
  };

  const bytes = (count) => count < 1e4 ? count + ' B' : count < 1e7 ? (count / 1e3).toFixed(1) + ' kB' : (count / 1e6).toFixed(1) + ' MB';
  const milliseconds = (micro) => (micro / 1e3).toPrecision(3) + ' ms';

  const chartOf = (svg) => {
    const [x0, x1, left, right] = svg.dataset.x.split(' ').map(Number);
    const [y0, y1, bottom, top] = svg.dataset.y.split(' ').map(Number);
    const side = ['client', 'server'].indexOf(svg.dataset.side);
    const table = tableOf(svg.dataset.points);
    const kind = svg.dataset.kind;
    const shown = (i) => {
      if (kind === 'round-trip') return table.roundTrip[i] >= 0;
      return side < 0 || table.side[i] === side ? kind !== 'sequence' || table.length[i] > 0 || table.side[i] !== side : true;
    };
    const value = (i) => {
      if (kind === 'round-trip') return table.roundTrip[i] / 1e6;
      if (kind === 'flight') return table.flight[i];
      return table.side[i] === side ? table.seq[i] + table.length[i] / 2 : table.ack[i];
    };
    const place = (i) => [left + (table.at[i] / 1e6 - x0) / (x1 - x0) * (right - left), bottom + (value(i) - y0) / (y1 - y0) * (top - bottom)];
    return { table, shown, place };
  };

  const lines = (table, i) => {
    const [flags, words] = table.words[table.word[i]].split('|');
    const about = [
      'Frame ' + table.frame[i] + ', ' + (table.at[i] / 1e6).toFixed(6) + ' s',
      NAMES[table.side[i]] + ', ' + flags + ' ' + table.seq[i] + ':' + (table.seq[i] + table.length[i]) + ' (' + table.length[i] + ') ack ' + table.ack[i],
      bytes(table.flight[i]) + ' under way' + (table.room[i] < 0 ? '' : ', ' + bytes(table.room[i]) + ' allowed'),
    ];
    if (table.roundTrip[i] >= 0) about.push('acknowledged after ' + milliseconds(table.roundTrip[i]));
    if (words) about.push(words);
    return [...about, 'Filter: frame.number eq ' + table.frame[i] + ' (click or Enter copies it)'];
  };

  for (const svg of document.querySelectorAll('svg[data-points]')) {
    let at = -1;
    const cursor = document.createElementNS('http://www.w3.org/2000/svg', 'circle');
    cursor.setAttribute('class', 'cursor');
    cursor.setAttribute('r', '6');
    const show = (chart, i, client) => {
      at = i;
      const [x, y] = chart.place(i);
      cursor.setAttribute('cx', x);
      cursor.setAttribute('cy', y);
      if (!cursor.parentNode) svg.append(cursor);
      const spot = client || new DOMPoint(x, y).matrixTransform(svg.getScreenCTM());
      say(lines(chart.table, i), spot.x, spot.y);
    };
    const hide = () => { cursor.remove(); quiet(); };
    svg.addEventListener('pointermove', (event) => {
      const chart = chartOf(svg);
      if (!chart.table) return;
      const here = new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());
      let best = -1;
      let nearest = 30 * 30;
      for (let i = 0; i < chart.table.at.length; i++) {
        if (!chart.shown(i)) continue;
        const [x, y] = chart.place(i);
        const distance = (x - here.x) ** 2 + ((y - here.y) / 2) ** 2;
        if (distance < nearest) [best, nearest] = [i, distance];
      }
      if (best < 0) hide();
      else show(chart, best, { x: event.clientX, y: event.clientY });
    });
    svg.addEventListener('pointerleave', hide);
    svg.addEventListener('blur', hide);
    svg.addEventListener('click', (event) => {
      if (at >= 0 && !tip.hidden && !event.target.closest('a')) copy('frame.number eq ' + chartOf(svg).table.frame[at], event.clientX, event.clientY);
    });
    svg.addEventListener('keydown', (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (event.key === 'Escape') hide();
      if (event.key === 'Enter' && at >= 0) {
        const box = svg.getBoundingClientRect();
        copy('frame.number eq ' + chartOf(svg).table.frame[at], box.x + box.width / 2, box.y + box.height / 2);
      }
      if (!step) return;
      const chart = chartOf(svg);
      if (!chart.table) return;
      event.preventDefault();
      let i = at + step;
      while (i >= 0 && i < chart.table.at.length && !chart.shown(i)) i += step;
      if (i >= 0 && i < chart.table.at.length) show(chart, i);
    });
  }

  const open = () => {
    const target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    for (let inside = target; inside; inside = inside.parentElement) if (inside.tagName === 'DETAILS') inside.open = true;
  };
  addEventListener('hashchange', open);
  open();
  addEventListener('beforeprint', () => { for (const folded of document.querySelectorAll('details.more, details.mechanism')) folded.open = true; });
})();
`;
