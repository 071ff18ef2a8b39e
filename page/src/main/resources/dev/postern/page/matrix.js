// So many endpoints are shown one by one; of more a row stands for a namespace.
const FEW = 60;
// So many rows are drawn at once; more, as the reader comes to them.
const ROWS = 24;

const filterBar = {
  make(redraw) {
    const fields = {};
    const field = (name, label, hint) => fields[name] = make('input', {type: 'text', placeholder: hint, value: route.given(name), size: 18});
    const problem = make('p', {class: 'note bad', hidden: true, role: 'alert'});
    const progress = make('div');
    const bar = make('form', {onsubmit: async event => {
      event.preventDefault();
      const matrix = await waiting(progress, 'Narrowing', page.narrow(fields.from.value, fields.to.value, fields.port.value));
      fill(progress);
      problem.hidden = !matrix.problem;
      if (matrix.problem) {
        fill(problem, matrix.problem, matrix.hint ? ' (hint: ' + matrix.hint + ')' : '');
      } else {
        route.keep({from: fields.from.value, to: fields.to.value, port: fields.port.value});
        redraw();
      }
    }},
    make('label', {}, 'From', field('from', 'From', 'shop/frontend')),
    make('label', {}, 'To', field('to', 'To', 'namespace shop')),
    make('label', {}, 'On', field('port', 'On', '5432')),
    make('button', {type: 'submit'}, 'Narrow'),
    make('button', {type: 'button', onclick: () => {
      Object.values(fields).forEach(each => each.value = '');
      bar.requestSubmit();
    }}, 'Everything'));
    return [bar, progress, problem];
  }
};

async function pairReasons(holder, matrix, from, to) {
  await waiting(holder, 'Asking', page.readyForPairs());
  const [source, destination] = [matrix.endpoints[from], matrix.endpoints[to]];
  const answer = await engine.pair(0, from, to);
  fill(holder, make('article', {class: 'answer'}, make('h3', {tabindex: '-1'}, source.name + ' to ' + destination.name), reasons(answer.lines)));
  say('reasons for ' + source.name + ' to ' + destination.name);
  holder.scrollIntoView({block: 'nearest'});
}

const matrixView = {
  name: 'matrix',
  title: 'Matrix',
  async draw(section) {
    const holder = make('div', {class: 'scroll'});
    const below = make('div');
    const draw = async focused => {
      const matrix = await page.matrix();
      const opened = new Set(route.given('open').split(',').filter(Boolean));
      const small = matrix.endpoints.length <= FEW;
      // A row is of those that are asked about as sources, a column of those that are as destinations.
      const unitsOf = wanted => matrix.groups.map(group => ({group, members: group.members.filter(each => wanted(each.number))}))
        .flatMap(({group, members}) => small || opened.has(group.name) ? members.map(each => ({name: each.name, members: [each]}))
          : members.length ? [{name: group.name, members, group}] : []);
      const rows = unitsOf(each => matrix.isSource(each));
      const columns = unitsOf(each => matrix.isDestination(each));
      fill(holder, page.narrowed.port ? make('p', {class: 'soft'}, 'Cells are about ' + page.narrowed.port + ' alone.') : null,
        rows.length === 0 || columns.length === 0 ? make('p', {}, 'Nothing is to be shown.') : grid(matrix, rows, columns, below, opened, small, draw));
      fill(below, noteList(matrix.notes));
      if (focused) {
        const heads = [...holder.querySelectorAll('tbody th button')];
        (heads.find(each => each.dataset.group === focused) || holder.querySelector('[tabindex="0"]'))?.focus();
      }
    };
    fill(section, make('h2', {}, 'Matrix'), filterBar.make(draw),
      make('p', {class: 'soft legend'}, marks.all + ' all traffic   ' + marks.some + ' some   ' + marks.perhaps + ' perhaps   ' + marks.none + ' nothing   ▨ not judged: itself, or outside the cluster'), make('p', {class: 'soft'}, 'Rows call columns. A number counts pairs of endpoints. Press a cell for its reasons; arrow keys go from cell to cell.'),
      holder, below);
    await draw();
  }
};

function grid(matrix, rows, columns, below, opened, small, redraw) {
  const toggle = (unit, closing) => {
    const name = unit.group ? unit.group.name : matrix.endpoints[unit.members[0].number].namespace || 'outside the cluster';
    closing ? opened.delete(name) : opened.add(name);
    route.keep({open: [...opened].join(',')});
    redraw(name);
  };
  const head = unit => unit.group
    ? make('button', {type: 'button', class: 'plain', 'data-group': unit.group.name, title: 'show the ' + plural(unit.members.length, 'workload'), onclick: () => toggle(unit, false)}, '+ ' + unit.name + ' (' + unit.members.length + ')')
    : small ? make('span', {title: unit.name}, unit.name)
    : make('button', {type: 'button', class: 'plain', 'data-group': matrix.endpoints[unit.members[0].number].namespace || 'outside the cluster', title: 'fold the namespace of ' + unit.name, onclick: () => toggle(unit, true)}, unit.name);
  const cell = (row, column) => {
    const one = !row.group && !column.group;
    const summary = matrix.between(row.members, column.members);
    const [kind, sign] = mark(summary);
    if (summary.pairs === 0) {
      return make('td', {class: kind}, make('span', {class: 'unseen'}, row.name === column.name ? 'itself' : 'not judged'));
    }
    const words = one ? matrix.reach(matrix.at(row.members[0].number, column.members[0].number))[0] : matrix.words(summary);
    const label = row.name + ' to ' + column.name + ': ' + words;
    const show = () => one ? pairReasons(below, matrix, row.members[0].number, column.members[0].number)
      : fill(below, make('article', {class: 'answer'}, make('h3', {}, row.name + ' to ' + column.name), make('p', {}, words),
          make('button', {type: 'button', onclick: () => route.go('table', {source: row.name, destination: column.name})}, 'Show the pairs')));
    return make('td', {class: kind}, make('button', {type: 'button', title: label, 'aria-label': label, onclick: show},
      one || summary.passing === 0 ? sign : sign + summary.passing));
  };
  const body = make('tbody');
  const table = make('table', {class: 'matrix', role: 'grid', 'aria-rowcount': String(rows.length + 1)},
    make('caption', {class: 'unseen'}, 'What rows may send to columns'),
    make('thead', {}, make('tr', {}, make('th', {}, make('span', {}, 'from \\ to')), columns.map(unit => make('th', {scope: 'col'}, head(unit))))), body);
  const more = addGradually(body, rows, row => make('tr', {}, make('th', {scope: 'row', title: row.name}, head(row)), columns.map(column => cell(row, column))), ROWS);
  return [arrowKeys(table, more), more];
}

// All cells of a table are one stop of the Tab key; from there arrow keys go on, as the pattern of a grid has it.
function arrowKeys(table, more) {
  const stop = cell => cell.querySelector('button') || cell;
  const enter = target => {
    table.querySelectorAll('[tabindex="0"]').forEach(each => each.tabIndex = -1);
    target.tabIndex = 0;
  };
  const moves = {ArrowDown: [1, 0], ArrowUp: [-1, 0], ArrowRight: [0, 1], ArrowLeft: [0, -1], PageDown: [10, 0], PageUp: [-10, 0]};
  table.addEventListener('focusin', event => enter(event.target));
  table.addEventListener('keydown', event => {
    const cell = event.target.closest('th, td');
    let [row, column] = [cell.parentNode.rowIndex, cell.cellIndex];
    if (moves[event.key]) {
      row += moves[event.key][0];
      column += moves[event.key][1];
    } else if (event.key === 'Home' || event.key === 'End') {
      column = event.key === 'Home' ? 0 : table.rows[row].cells.length - 1;
      row = !event.ctrlKey ? row : event.key === 'Home' ? 0 : Infinity;
    } else {
      return;
    }
    event.preventDefault();
    while (row >= table.rows.length && more?.isConnected) {
      more.click();
    }
    row = Math.max(0, Math.min(table.rows.length - 1, row));
    const target = stop(table.rows[row].cells[Math.max(0, Math.min(table.rows[row].cells.length - 1, column))]);
    target.tabIndex = -1;
    target.focus();
    target.scrollIntoView({block: 'nearest', inline: 'nearest'});
  });
  const observer = new MutationObserver(changes => changes.forEach(change => change.addedNodes.forEach(quiet)));
  const quiet = row => row.querySelectorAll('button').forEach(each => each.tabIndex = -1);
  [...table.rows].forEach(quiet);
  observer.observe(table.tBodies[0], {childList: true});
  enter(stop(table.rows[1]?.cells[1] || table.rows[0].cells[0]));
  return table;
}
