// So many groups are drawn with all their edges; of more, those of the chosen one.
const CALM = 12;
// Around a chosen one so many have lines to it; of more, each says in words what it has to do with it.
const NEIGHBOURS = 40;

const mapView = {
  name: 'map',
  title: 'Map',
  async draw(section) {
    const holder = make('div', {class: 'map'});
    const below = make('div');
    const draw = async focused => {
      const matrix = await page.matrix();
      const opened = new Set(route.given('open').split(',').filter(Boolean));
      fill(holder, drawMap(matrix, opened, route.given('at'), below, () => draw(true)));
      if (focused) {
        holder.querySelector('.node[tabindex="0"]')?.focus();
      }
    };
    fill(section, make('h2', {}, 'Map'), filterBar.make(() => draw()),
      make('p', {class: 'soft'}, 'A box is a namespace, or what lies outside. Choose one to see its traffic and what passes inside it; the list below says the same. Thick lines: all traffic; dashes: perhaps; ↻ counts the pairs that pass inside a box. Arrow keys go from box to box.'),
      holder, below);
    await draw();
  }
};

function drawMap(matrix, opened, chosen, below, redraw) {
  const units = matrix.groups.flatMap(group => opened.has(group.name)
    ? group.members.map(each => ({id: each.name, label: each.short, under: group.outside ? '' : group.name, members: [each], outside: group.outside, group}))
    : [{id: group.name, label: group.name, under: plural(group.members.length, group.outside ? 'range' : 'workload'), members: group.members, outside: group.outside, group, folded: true}]);
  const edges = [];
  for (const from of units) {
    for (const to of units) {
      if (from !== to || from.members.length > 1) {
        const summary = matrix.between(from.members, to.members);
        if (summary.passing) {
          edges.push({from, to, summary});
        }
      }
    }
  }
  const [width, height] = [150, 46];
  const at = units.find(unit => unit.id === chosen);
  const drawn = edges.filter(edge => edge.from !== edge.to && (units.length <= CALM && !at || edge.from === at || edge.to === at));
  const most = Math.max(1, ...drawn.map(edge => edge.summary.passing));
  const isCrowded = at && new Set(drawn.flatMap(edge => [edge.from, edge.to])).size > NEIGHBOURS;
  const extent = at && !isCrowded ? around(units, at, drawn) : units.length <= CALM ? circle(units) : squares(units, 60);
  const choose = unit => {
    route.keep({at: at === unit ? '' : unit.id});
    redraw();
  };
  // Where no lines are drawn, a box says how many others it has to do with.
  const calls = units.length > CALM && !at ? new Map(units.map(unit => [unit, [0, 0]])) : null;
  if (calls) {
    edges.filter(edge => edge.from !== edge.to).forEach(edge => {
      calls.get(edge.from)[0]++;
      calls.get(edge.to)[1]++;
    });
  }
  // Where lines to a chosen one would be too many, what they would say.
  const pairsWith = isCrowded ? new Map(units.map(unit => [unit, {in: 0, out: 0}])) : null;
  if (isCrowded) {
    drawn.forEach(edge => edge.to === at ? pairsWith.get(edge.from).in += edge.summary.passing : pairsWith.get(edge.to).out += edge.summary.passing);
  }
  const othersOf = unit => {
    if (calls) {
      return 'calls ' + calls.get(unit)[0] + ' · called by ' + calls.get(unit)[1];
    }
    const pairs = pairsWith && unit !== at ? pairsWith.get(unit) : {in: 0, out: 0};
    return [pairs.in && 'in ' + pairs.in, pairs.out && 'out ' + pairs.out].filter(Boolean).join(' · ');
  };
  // All boxes are one stop of the Tab key.
  const step = event => {
    const by = {ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1}[event.key];
    const boxes = [...event.currentTarget.parentNode.querySelectorAll('.node')];
    const next = by && boxes[boxes.indexOf(event.currentTarget) + by];
    if (by) {
      event.preventDefault();
    }
    if (next) {
      event.currentTarget.setAttribute('tabindex', '-1');
      next.setAttribute('tabindex', '0');
      next.focus();
    }
  };
  const svg = make('svg', {viewBox: '0 0 ' + extent.w + ' ' + extent.h, role: 'group', 'aria-label': 'Map of ' + plural(units.length, 'group')},
    make('defs', {}, ['', 'in', 'out'].map(side => make('marker', {id: 'tip' + side, viewBox: '0 0 8 8', refX: 7, refY: 4, markerWidth: 8, markerHeight: 8, markerUnits: 'userSpaceOnUse', orient: 'auto'},
      make('path', {d: 'M0 0L8 4L0 8z', class: 'tip ' + side})))),
    isCrowded ? [] : drawn.map(edge => curve(edge, at, most, width, height)),
    units.map((unit, number) => {
      const inside = edges.find(edge => edge.from === unit && edge.to === unit);
      const others = othersOf(unit);
      const label = unit.id + (unit.under ? ', ' + unit.under : '') + (inside ? ', inside: ' + matrix.words(inside.summary) : '') + (others ? ', ' + others : '');
      return make('g', {class: 'node' + (unit === at ? ' chosen' : '') + (unit.outside ? ' outside' : ''), tabindex: unit === at || !at && number === 0 ? '0' : '-1', role: 'button', 'aria-pressed': String(unit === at), 'aria-label': label,
        onclick: () => choose(unit), onkeydown: event => { if (event.key === 'Enter' || event.key === ' ') { event.preventDefault(); choose(unit); } else { step(event); } }},
        make('title', {}, label),
        make('rect', {x: unit.x - width / 2, y: unit.y - height / 2, width, height, rx: 7}),
        make('text', {x: unit.x, y: unit.y - (others ? 13 : 8)}, clip(unit.label, 21)),
        make('text', {class: 'small', x: unit.x, y: unit.y + (others ? 2 : 10)}, clip(unit.under + (inside ? ' · ↻ ' + inside.summary.passing : ''), 26)),
        others ? make('text', {class: 'small', x: unit.x, y: unit.y + 15}, clip(others, 26)) : null);
    }));
  // Not so large that few boxes fill the screen, nor so small that nobody can read them: then it scrolls.
  svg.style.maxWidth = Math.round(extent.w * 1.3) + 'px';
  svg.style.minWidth = Math.round(extent.w * .7) + 'px';
  if (units.length > CALM) {
    svg.style.maxHeight = 'none';
  }
  const about = at ? edges.filter(edge => edge.from === at || edge.to === at) : edges;
  about.sort((one, other) => natural(one.from.id, other.from.id) || natural(one.to.id, other.to.id));
  const body = make('tbody');
  const after = make('div');
  fill(after, addGradually(body, about, edge => make('tr', {},
    make('td', {'data-head': 'From'}, edge.from.id), make('td', {'data-head': 'To'}, edge.from === edge.to ? edge.to.id + ' (inside)' : edge.to.id),
    make('td', {'data-head': 'Passes'}, make('button', {type: 'button', class: 'plain', onclick: () => edge.from.members.length === 1 && edge.to.members.length === 1
      ? pairReasons(below, matrix, edge.from.members[0].number, edge.to.members[0].number)
      : route.go('table', {source: edge.from.id, destination: edge.to.id})}, matrix.words(edge.summary)))), 100));
  fill(below, noteList(matrix.notes));
  const group = at ? at.group : null;
  return [make('div', {class: 'scroll sight'}, svg),
    make('div', {class: 'bar'},
      group ? make('button', {type: 'button', onclick: () => {
        opened.has(group.name) ? opened.delete(group.name) : opened.add(group.name);
        route.keep({open: [...opened].join(','), at: opened.has(group.name) ? '' : group.name});
        redraw();
      }}, (opened.has(group.name) ? 'Fold ' : 'Open ') + group.name) : null,
      at ? make('button', {type: 'button', onclick: () => { route.keep({at: ''}); redraw(); }}, 'Choose nothing') : null,
      isCrowded ? make('p', {class: 'soft'}, 'Too many boxes for lines: “in” counts the pairs of a box that call into ' + at.id + ', “out” those that ' + at.id + ' calls there.') : null,
      units.length > CALM && !at ? make('p', {class: 'soft'}, 'With ' + units.length + ' boxes, lines are drawn for the one that you choose.') : null),
    make('h3', {}, at ? 'Traffic of ' + at.id : 'All traffic between boxes'),
    make('div', {class: 'scroll'}, make('table', {class: 'full cards', 'aria-label': at ? 'Traffic of ' + at.id : 'All traffic between boxes'}, make('thead', {}, make('tr', {}, ['From', 'To', 'Passes'].map(head => make('th', {scope: 'col'}, head)))), body)), after];
}

// Each place is the middle of a box; these give back how wide and high all of it is.
function squares(units, top) {
  const columns = Math.max(1, Math.min(8, Math.floor(window.innerWidth / 160), Math.ceil(Math.sqrt(units.length * 1.4))));
  units.forEach((unit, number) => {
    unit.x = 95 + (number % columns) * 170;
    unit.y = top + Math.floor(number / columns) * 66;
  });
  return {w: 20 + columns * 170, h: top + Math.ceil(units.length / columns) * 66};
}

function circle(units) {
  const [a, b] = [Math.max(190, units.length * 52), Math.max(80, units.length * 26)];
  units.forEach((unit, number) => {
    const angle = 2 * Math.PI * number / units.length - Math.PI / 2;
    unit.x = a + 95 + a * Math.cos(angle);
    unit.y = b + 45 + b * Math.sin(angle);
  });
  return {w: 2 * a + 190, h: 2 * b + 90};
}

// Who calls the chosen one stands left of it, whom it calls right, and who has nothing to do with it below.
function around(units, at, drawn) {
  const callers = units.filter(unit => drawn.some(edge => edge.from === unit && edge.to === at));
  const called = units.filter(unit => !callers.includes(unit) && drawn.some(edge => edge.from === at && edge.to === unit));
  const rest = units.filter(unit => unit !== at && !callers.includes(unit) && !called.includes(unit));
  const tall = Math.max(1, callers.length, called.length);
  const column = (some, x) => some.forEach((unit, number) => {
    unit.x = x;
    unit.y = 50 + (number + (tall - some.length) / 2) * 66;
  });
  column(callers, 95);
  column([at], 455);
  column(called, 815);
  if (rest.length === 0) {
    return {w: 910, h: 34 + tall * 66};
  }
  const below = squares(rest, 90 + tall * 66);
  return {w: Math.max(910, below.w), h: below.h};
}

function clip(text, length) {
  return text.length > length ? text.slice(0, length - 1) + '…' : text;
}

function curve({from, to, summary}, at, most, width, height) {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const length = Math.hypot(dx, dy) || 1;
  const leave = box => Math.min(dx ? (width / 2 + 3) / Math.abs(dx) : 9, dy ? (height / 2 + 3) / Math.abs(dy) : 9) * box;
  const [x1, y1, x2, y2] = [from.x + dx * leave(1), from.y + dy * leave(1), to.x - dx * leave(1), to.y - dy * leave(1)];
  // Bent to its right, so that the way back is another line.
  const bend = Math.min(60, 14 + length * .12);
  const [mx, my] = [(x1 + x2) / 2 - dy / length * bend, (y1 + y2) / 2 + dx / length * bend];
  const side = at ? (to === at ? 'in' : 'out') : '';
  return make('path', {class: 'edge ' + side + (summary.perhaps ? ' perhaps' : ''), 'marker-end': 'url(#tip' + side + ')',
    d: 'M' + x1.toFixed(1) + ' ' + y1.toFixed(1) + 'Q' + mx.toFixed(1) + ' ' + my.toFixed(1) + ' ' + x2.toFixed(1) + ' ' + y2.toFixed(1),
    'stroke-width': ((summary.all ? 2.2 : 1) + 2 * summary.passing / most).toFixed(1)},
    make('title', {}, from.id + ' to ' + to.id + ': ' + plural(summary.passing, 'pair')));
}
