const ROW = 28;

const tableView = {
  name: 'table',
  title: 'Table',
  async draw(section) {
    const input = (name, hint) => make('input', {type: 'search', placeholder: hint, value: route.given(name), size: 18});
    const fields = {source: input('source', 'source'), destination: input('destination', 'destination'), traffic: input('traffic', 'tcp/5432')};
    let order = (route.given('sort') || 'source').split('-');
    let found = [];
    let matrix = null;
    const count = make('p', {class: 'soft', role: 'status'});
    const below = make('div');
    const space = make('div', {class: 'space'});
    const list = make('div', {class: 'list', role: 'table', 'aria-label': 'Who reaches whom', tabindex: '0'}, space);
    const heads = make('div', {class: 'listhead'});

    const collect = () => {
      const wanted = name => fields[name].value.trim().toLowerCase();
      const matches = (endpoint, text) => !text || endpoint.name.toLowerCase().includes(text) || (endpoint.namespace || 'outside the cluster').toLowerCase() === text;
      const destinations = matrix.endpoints.filter(each => matches(each, wanted('destination')));
      const traffic = wanted('traffic');
      const fitting = [false, ...matrix.reaches.map(([words]) => !traffic || words.toLowerCase().includes(traffic))];
      found = [];
      for (const source of matrix.endpoints.filter(each => matches(each, wanted('source')))) {
        const row = matrix.row(source.number);
        for (const destination of destinations) {
          if (source !== destination && fitting[row[destination.number]]) {
            found.push([source.number, destination.number, row[destination.number]]);
          }
        }
      }
      sort();
    };
    const sort = () => {
      const ranks = names => {
        const sorted = names.map((name, number) => number).sort((one, other) => natural(names[one], names[other]));
        const rank = [];
        sorted.forEach((number, place) => rank[number] = place);
        return rank;
      };
      const ends = ranks(matrix.endpoints.map(each => each.name));
      const words = ranks(['', ...matrix.reaches.map(each => each[0])]);
      const sign = order[1] === 'down' ? -1 : 1;
      const keys = {
        source: (one, other) => ends[one[0]] - ends[other[0]] || ends[one[1]] - ends[other[1]],
        destination: (one, other) => ends[one[1]] - ends[other[1]] || ends[one[0]] - ends[other[0]],
        traffic: (one, other) => words[one[2]] - words[other[2]] || ends[one[0]] - ends[other[0]] || ends[one[1]] - ends[other[1]]
      };
      found.sort((one, other) => sign * keys[order[0]](one, other));
      show();
    };
    const rowOf = (each, top) => {
      const [source, destination, reach] = each;
      const label = matrix.endpoints[source].name + ' to ' + matrix.endpoints[destination].name;
      const row = make('div', {class: 'row', role: 'row'},
        make('span', {role: 'cell', title: matrix.endpoints[source].name}, matrix.endpoints[source].name),
        make('span', {role: 'cell', title: matrix.endpoints[destination].name}, matrix.endpoints[destination].name),
        make('span', {role: 'cell'}, make('button', {type: 'button', class: 'plain', 'aria-label': 'why ' + label, onclick: () => pairReasons(below, matrix, source, destination)}, matrix.reach(reach)[0])));
      if (top !== undefined) {
        row.style.top = top + 'px';
      }
      return row;
    };
    const window_ = () => {
      const from = Math.max(0, Math.floor(list.scrollTop / ROW) - 10);
      const to = Math.min(found.length, from + Math.ceil(list.clientHeight / ROW) + 20);
      const rows = [];
      for (let i = from; i < to; i++) {
        rows.push(rowOf(found[i], i * ROW));
      }
      space.replaceChildren(...rows);
    };
    const show = () => {
      space.style.height = found.length * ROW + 'px';
      count.textContent = plural(found.length, 'pair') + ' of ' + plural(matrix.endpoints.length, 'endpoint');
      list.setAttribute('aria-rowcount', found.length);
      fill(heads, ['source', 'destination', 'traffic'].map(name => make('button', {type: 'button', 'aria-pressed': String(order[0] === name), onclick: () => {
        order = [name, order[0] === name && order[1] !== 'down' ? 'down' : 'up'];
        route.keep({sort: order.join('-')});
        sort();
      }}, name + (order[0] === name ? order[1] === 'down' ? ' ↓' : ' ↑' : ''))));
      list.scrollTop = 0;
      window_();
    };
    list.addEventListener('scroll', window_);
    printing.add(() => document.body.contains(list) && space.replaceChildren(...found.map(each => rowOf(each))), () => document.body.contains(list) && window_());
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
      make('div', {class: 'bar'}, Object.entries(fields).map(([name, field]) => make('label', {}, 'Shown ' + name, field)),
        make('button', {type: 'button', onclick: () => save('connectivity.csv', ['src,dst,traffic', ...found.map(([source, destination, reach]) =>
          [matrix.endpoints[source].name, matrix.endpoints[destination].name, matrix.reach(reach)[0]].map(csvCell).join(','))].join('\r\n') + '\r\n', 'text/csv')}, 'Download what is shown')),
      count, heads, list, below);
    await draw();
  }
};

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
