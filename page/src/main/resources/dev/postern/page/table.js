// No element may be so tall that a browser cuts it off; of more rows a list scrolls by several at a time.
const TALLEST = 8_000_000;
// So many rows are printed; more are downloaded.
const PRINTED = 5_000;

const tableView = {
  name: 'table',
  title: 'Table',
  async draw(section) {
    const input = (name, hint) => make('input', {type: 'search', placeholder: hint, value: route.given(name), size: 18});
    const fields = {source: input('source', 'source'), destination: input('destination', 'destination'), traffic: input('traffic', 'tcp/5432')};
    let order = (route.given('sort') || 'source').split('-');
    let found = [];
    let matrix = null;
    let active = 0;
    const count = make('p', {class: 'soft', role: 'status'});
    const below = make('div');
    const space = make('div', {class: 'space', role: 'rowgroup'});
    const list = make('div', {class: 'list', role: 'grid', 'aria-label': 'Who reaches whom', tabindex: '0'}, space);
    const heads = make('div', {class: 'listhead'});
    const cut = make('p', {class: 'onpaper'});
    const pair = row => [Math.floor(found[row] / matrix.endpoints.length), found[row] % matrix.endpoints.length];

    const collect = () => {
      const wanted = name => fields[name].value.trim().toLowerCase();
      const matches = (endpoint, text) => !text || endpoint.name.toLowerCase().includes(text) || (endpoint.namespace || 'outside the cluster').toLowerCase() === text;
      const traffic = wanted('traffic');
      const fitting = [false, ...matrix.reaches.map(([words]) => !traffic || words.toLowerCase().includes(traffic))];
      const ends = matrix.inOrder();
      found = pairsInOrder(matrix, ends.filter(each => matches(each, wanted('source'))), ends.filter(each => matches(each, wanted('destination'))), fitting, order);
      active = 0;
      show();
    };
    const rowOf = (number, top) => {
      const [source, destination] = pair(number);
      const [from, to] = [matrix.endpoints[source].name, matrix.endpoints[destination].name];
      const traffic = matrix.reach(matrix.at(source, destination))[0];
      const row = make('div', {class: 'row' + (top !== undefined && number === active ? ' active' : ''), role: 'row', id: top === undefined ? undefined : 'row-' + number, 'aria-rowindex': String(number + 1)},
        make('span', {role: 'gridcell', title: from}, from),
        make('span', {role: 'gridcell', title: to}, to),
        make('span', {role: 'gridcell'}, make('button', {type: 'button', class: 'plain', tabindex: '-1', title: traffic, 'aria-label': traffic + ', why ' + from + ' to ' + to, onclick: () => pairReasons(below, matrix, source, destination)}, traffic)));
      if (top !== undefined) {
        row.style.top = top + 'px';
      }
      return row;
    };
    const high = () => matchMedia('screen and (max-width: 50rem)').matches ? 72 : 28;
    const height = () => Math.min(found.length * high(), TALLEST);
    const rowsInSight = () => Math.max(1, Math.floor(list.clientHeight / high()));
    // How many rows lie above what is in sight, and how far one scrolls for that.
    const above = () => found.length * high() <= TALLEST ? list.scrollTop / high()
      : list.scrollTop / (height() - list.clientHeight) * (found.length - list.clientHeight / high());
    const scrollFor = rows => found.length * high() <= TALLEST ? rows * high()
      : rows / (found.length - list.clientHeight / high()) * (height() - list.clientHeight);
    const drawRows = () => {
      const first = above();
      const from = Math.max(0, Math.floor(first) - 10);
      const to = Math.min(found.length, Math.ceil(first) + rowsInSight() + 11);
      const rows = [];
      for (let i = from; i < to; i++) {
        rows.push(rowOf(i, list.scrollTop + (i - first) * high()));
      }
      space.replaceChildren(...rows);
      active >= from && active < to ? list.setAttribute('aria-activedescendant', 'row-' + active) : list.removeAttribute('aria-activedescendant');
    };
    const activate = number => {
      active = Math.max(0, Math.min(found.length - 1, number));
      if (active < above()) {
        list.scrollTop = scrollFor(active);
      } else if (active + 1 > above() + list.clientHeight / high()) {
        list.scrollTop = Math.ceil(scrollFor(active + 1 - list.clientHeight / high()));
      }
      drawRows();
    };
    const show = () => {
      space.style.height = height() + 'px';
      count.textContent = plural(found.length, 'pair') + ' of ' + plural(matrix.endpoints.length, 'endpoint');
      cut.textContent = found.length > PRINTED ? 'Printed are the first ' + PRINTED + ' of ' + found.length + ' pairs; filters choose others.' : '';
      list.setAttribute('aria-rowcount', found.length);
      const pressed = [...heads.children].indexOf(document.activeElement);
      fill(heads, ['source', 'destination', 'traffic'].map(name => make('button', {type: 'button', 'aria-pressed': String(order[0] === name), onclick: () => {
        order = [name, order[0] === name && order[1] !== 'down' ? 'down' : 'up'];
        route.keep({sort: order.join('-')});
        collect();
        say('sorted by ' + name + (order[1] === 'down' ? ', descending' : ', ascending'));
      }}, name + (order[0] === name ? order[1] === 'down' ? ' ↓' : ' ↑' : ''))));
      if (pressed >= 0) {
        heads.children[pressed].focus();
      }
      list.scrollTop = 0;
      drawRows();
    };
    list.addEventListener('scroll', drawRows);
    list.addEventListener('keydown', event => {
      const to = {ArrowDown: active + 1, ArrowUp: active - 1, PageDown: active + rowsInSight(), PageUp: active - rowsInSight(), Home: 0, End: found.length - 1}[event.key];
      if (event.target !== list || found.length === 0) {
        return;
      }
      if (to !== undefined) {
        event.preventDefault();
        activate(to);
      } else if (event.key === 'Enter' || event.key === ' ') {
        event.preventDefault();
        pairReasons(below, matrix, ...pair(active));
      }
    });
    new ResizeObserver(() => matrix && drawRows()).observe(list);
    printing.add(() => document.body.contains(list) && space.replaceChildren(...Array.from({length: Math.min(found.length, PRINTED)}, (unused, row) => rowOf(row))), () => document.body.contains(list) && drawRows());
    const change = later(150, () => {
      route.keep(Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, field.value])));
      collect();
    });
    Object.values(fields).forEach(field => field.addEventListener('input', change));
    const draw = async () => {
      matrix = await page.matrix();
      collect();
    };
    fill(section, make('h2', {}, 'Table'), filterBar.make(draw),
      make('div', {class: 'bar'}, Object.entries(fields).map(([name, field]) => make('label', {}, name[0].toUpperCase() + name.slice(1) + ' contains', field)),
        make('button', {type: 'button', onclick: () => save('connectivity.csv', csvOf(matrix, found.map((unused, row) => pair(row))), 'text/csv')}, 'Download what is shown')),
      count, make('p', {class: 'soft noprint'}, 'Arrow keys go from row to row, Enter asks why.'), heads, list, cut, below);
    await draw();
  }
};

// The pairs between endpoints, each as source * size + destination, in an order; endpoints are given in theirs.
function pairsInOrder(matrix, sources, destinations, fitting, [key, way]) {
  const size = matrix.endpoints.length;
  const down = way === 'down';
  const numbers = endpoints => Uint32Array.from(down ? [...endpoints].reverse() : endpoints, each => each.number);
  const [from, to] = [numbers(sources), numbers(destinations)];
  const rows = Array.from(from, source => matrix.row(source));
  const wanted = Uint8Array.from(fitting);
  // By traffic, a list for each reach; else all in one.
  const byReach = fitting.map(() => []);
  const take = (source, destination, reach) => {
    if (wanted[reach] && source !== destination) {
      byReach[key === 'traffic' ? reach : 0].push(source * size + destination);
    }
  };
  if (key === 'destination') {
    for (const destination of to) {
      for (let i = 0; i < from.length; i++) {
        take(from[i], destination, rows[i][destination]);
      }
    }
  } else {
    for (let i = 0; i < from.length; i++) {
      for (let j = 0, row = rows[i]; j < to.length; j++) {
        take(from[i], to[j], row[to[j]]);
      }
    }
  }
  if (key !== 'traffic') {
    return byReach[0];
  }
  const order = fitting.map((unused, number) => number).sort((one, other) => natural(matrix.reach(one)[0], matrix.reach(other)[0]));
  return (down ? order.reverse() : order).map(reach => byReach[reach]).flat();
}

function csvOf(matrix, pairs) {
  return ['src,dst,traffic', ...pairs.map(([source, destination]) =>
    [matrix.endpoints[source].name, matrix.endpoints[destination].name, matrix.reach(matrix.at(source, destination))[0]].map(csvCell).join(','))].join('\r\n') + '\r\n';
}

// What printing needs that the screen does not show at once.
const printing = {
  before: [],
  after: [],
  add(before, after) {
    this.before.push(before);
    this.after.push(after);
  }
};
window.addEventListener('beforeprint', () => printing.before.forEach(each => each()));
window.addEventListener('afterprint', () => printing.after.forEach(each => each()));
