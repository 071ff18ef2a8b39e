// What the views share. Every text from manifests goes into the page as a text node, and through shown().
const data = JSON.parse(document.getElementById('data').textContent);
const natural = new Intl.Collator('en', {numeric: true}).compare;

// Control and directional characters are shown as what they are: nothing to read.
function shown(text) {
  return String(text).replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g, '\ufffd');
}

function make(tag, attributes, ...children) {
  const svg = ['svg', 'g', 'rect', 'path', 'text', 'title', 'defs', 'marker'].includes(tag);
  const element = svg ? document.createElementNS('http://www.w3.org/2000/svg', tag) : document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (name.startsWith('on')) {
      element.addEventListener(name.slice(2), value);
    } else if (value === true) {
      element.setAttribute(name, '');
    } else if (value !== false && value !== undefined) {
      element.setAttribute(name, shown(value));
    }
  }
  add(element, children);
  return element;
}

function add(element, children) {
  for (const child of children.flat(Infinity)) {
    if (child !== null && child !== undefined && child !== false) {
      element.append(child instanceof Node ? child : shown(child));
    }
  }
}

function fill(element, ...children) {
  element.replaceChildren();
  add(element, children);
}

function say(text) {
  document.getElementById('live').textContent = shown(text);
}

function save(name, text, type) {
  const address = URL.createObjectURL(new Blob([text], {type: type || 'text/plain'}));
  const link = make('a', {href: address, download: name});
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 1000);
}

function later(wait, action) {
  let timer = 0;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(action, wait);
  };
}

// What takes long where it waits for the engine to have read all.
const READ_ONCE = 'the manifests are read once, ';

// Says below what it is waited for, and for how long, until it is there; nothing of what is there at once.
async function waiting(holder, word, promise, why = READ_ONCE) {
  const line = make('p', {class: 'soft'}, word + ' …');
  const soon = setTimeout(() => fill(holder, line), 100);
  let seconds = 0;
  const timer = setInterval(() => line.textContent = word + ' … ' + why + plural(++seconds, 'second') + ' so far', 1000);
  try {
    return await promise;
  } finally {
    clearTimeout(soon);
    clearInterval(timer);
  }
}

// So many characters of a list stand in a cell; the rest is shown on demand, and on paper.
const LIST = 240;

// A long list in words, cut at a separator.
function folded(words) {
  const cut = words.length > LIST + LIST / 2 ? Math.max(words.lastIndexOf(', ', LIST), words.lastIndexOf('; ', LIST)) : -1;
  if (cut < 0) {
    return words;
  }
  const rest = words.slice(cut);
  const hidden = make('span', {class: 'onpaper'}, rest);
  const more = rest.split(/[,;] /).length - 1;
  return [words.slice(0, cut), hidden, ' ', make('button', {type: 'button', class: 'plain noprint', onclick: event => {
    hidden.classList.remove('onpaper');
    hidden.tabIndex = -1;
    hidden.focus();
    event.currentTarget.remove();
  }}, 'and ' + more + ' more')];
}

function sourcesInOrder() {
  return [...data.sources].sort((one, other) => natural(one.name, other.name));
}

function plural(count, what) {
  return count + ' ' + what + (count === 1 ? '' : 's');
}

function csvCell(text) {
  let cell = shown(text);
  if (/^[=+\-@\t]/.test(cell)) {
    cell = "'" + cell;
  }
  return /[",\n]/.test(cell) ? '"' + cell.replace(/"/g, '""') + '"' : cell;
}

// So many rows of a list are printed: thousands of workloads, each with who reaches it, would be as many pages.
const PAPER = 500;

// Adds rows as the reader comes to them; printing adds what fits on paper.
function addGradually(holder, items, makeOne, step) {
  let next = 0;
  const more = make('button', {type: 'button', class: 'noprint', onclick: () => extend(step)}, 'Show more');
  const watcher = new IntersectionObserver(entries => entries.some(each => each.isIntersecting) && extend(step));
  function extend(count) {
    const end = Math.min(items.length, next + count);
    while (next < end) {
      holder.append(makeOne(items[next++]));
    }
    if (next >= items.length) {
      watcher.disconnect();
      more.remove();
      window.removeEventListener('beforeprint', all);
    }
  }
  function all() {
    if (!holder.isConnected) {
      return;
    }
    extend(Math.max(0, Math.min(items.length, PAPER) - next));
    if (next < items.length) {
      more.after(make('p', {class: 'onpaper'}, 'Printed are the first ' + next + ' of ' + items.length + '; filters choose others.'));
      window.addEventListener('afterprint', () => more.nextSibling?.remove(), {once: true});
    }
  }
  window.addEventListener('beforeprint', all);
  extend(step);
  if (next < items.length) {
    watcher.observe(more);
    return more;
  }
  return null;
}

// Before what decided in the manifests that others are compared with.
const BEFORE = '; before: ';

// Lines of reasons, in which places of the manifests are links that open them. Places of older manifests that are not in the page are none,
// whatever their files are called.
function reasons(lines, older = false) {
  const names = new Set(data.sources.map(source => source.name));
  return make('div', {class: 'lines'}, lines.map(line => {
    const parts = [];
    const now = older ? line.split(BEFORE)[0] : line;
    const then = line.slice(now.length);
    let rest = now;
    for (;;) {
      const found = /\(([^()]+):(\d+):(\d+)\)/.exec(rest);
      if (!found) {
        break;
      }
      parts.push(rest.slice(0, found.index));
      parts.push(names.has(found[1])
        ? ['(', sourceLink(found[1], found[2], found[1] + ':' + found[2] + ':' + found[3]), ')']
        : found[0]);
      rest = rest.slice(found.index + found[0].length);
    }
    return make('div', {}, parts, rest, then);
  }));
}
