// How a question begins that stands in the address by itself.
const ASKS = /^(can|cannot|can't|who|what)\s/i;

// What is shown stands in the address: `#can shop/frontend reach shop/db on 5432`, or a view with its filters, `#matrix?from=shop/frontend`.
const route = {
  view: '',
  question: '',
  unknown: '',
  values: new Map(),
  given(name) {
    return this.values.get(name) || '';
  },
  // Remembers filters of the view without drawing it anew.
  keep(values) {
    for (const [name, value] of Object.entries(values)) {
      value ? this.values.set(name, value) : this.values.delete(name);
    }
    history.replaceState(null, '', '#' + this.view + this.query());
  },
  query() {
    const all = [...this.values].map(([name, value]) => name + '=' + encodeURIComponent(value));
    return all.length ? '?' + all.join('&') : '';
  },
  // The address of a view with these values.
  to(view, values) {
    const all = Object.entries(values).filter(each => each[1]).map(([name, value]) => name + '=' + encodeURIComponent(value));
    return '#' + view + (all.length ? '?' + all.join('&') : '');
  },
  go(view, values) {
    location.hash = this.to(view, values);
  },
  // A question is an address by itself where it begins as questions do.
  ask(question) {
    const words = encodeURIComponent(question).replace(/%20/g, ' ').replace(/%2F/g, '/');
    const hash = '#' + (ASKS.test(question) ? words : 'ask?question=' + words);
    if (this.question === question && this.view === 'ask') {
      draw();
    } else {
      location.hash = hash;
    }
  },
  read() {
    let text = '';
    try {
      text = decodeURIComponent(location.hash.slice(1));
    } catch {
      text = location.hash.slice(1);
    }
    this.values = new Map();
    this.question = '';
    this.unknown = '';
    if (ASKS.test(text)) {
      this.view = 'ask';
      this.question = text.trim();
      return;
    }
    const [view, query] = location.hash.slice(1).split('?');
    this.view = views.some(each => each.name === view) ? view : data.view;
    this.unknown = view && view !== this.view ? text : '';
    for (const each of (query || '').split('&').filter(Boolean)) {
      const at = each.indexOf('=');
      try {
        this.values.set(each.slice(0, at), decodeURIComponent(each.slice(at + 1)));
      } catch {
        // Half an escape says nothing.
      }
    }
    this.question = this.view === 'ask' ? this.given('question').trim() : '';
  }
};

const page = {
  edited: new Map(),
  narrowed: {from: data.narrowed.from, to: data.narrowed.to, port: data.narrowed.port},
  cached: {overview: data.overview, findings: data.findings, matrix: data.matrix ? new Matrix(data.matrix) : null},

  // The engine has read the manifests.
  async ready() {
    const sources = data.sources;
    await engine.read(0, sources);
    if (this.rehearsed !== sources) {
      this.rehearsed = sources;
      engine.rehearse(0, sources, 8).catch(() => {});
    }
  },
  // It means the same matrix as the page; without being told so it means the whole one.
  async readyForPairs() {
    await this.ready();
    const {from, to, port} = this.narrowed;
    if (this.inEngine !== data.sources && (from || to || port)) {
      await engine.matrix(0, from, to, port);
    }
    this.inEngine = data.sources;
  },
  async overview() {
    return this.cached.overview ??= await this.ready().then(() => engine.overview(0));
  },
  async findings() {
    return this.cached.findings ??= await this.ready().then(() => engine.findings(0));
  },
  async matrix() {
    const wanted = {from: route.given('from') || data.narrowed.from, to: route.given('to') || data.narrowed.to, port: route.given('port') || data.narrowed.port};
    const same = ['from', 'to', 'port'].every(each => wanted[each] === this.narrowed[each]);
    if (!same || !this.cached.matrix) {
      const matrix = await this.narrow(wanted.from, wanted.to, wanted.port);
      if (matrix.problem) {
        await this.narrow('', '', '');
      }
    }
    return this.cached.matrix;
  },
  // The part of the matrix that words name, or the problem with the words.
  async narrow(from, to, port) {
    await this.ready();
    const json = await engine.matrix(0, from, to, port);
    if (json.problem) {
      return json;
    }
    this.narrowed = {from, to, port};
    this.inEngine = data.sources;
    this.cached.matrix = new Matrix(json);
    return this.cached.matrix;
  },
  // Other manifests in place of these, which can be taken back with their edits.
  open(sources) {
    const {sources: before, difference, open, first, narrowed, traffic} = data;
    this.earlier = {of: {sources: before, difference, open, first, narrowed, traffic}, edited: this.edited, narrowed: this.narrowed, cached: this.cached};
    data.sources = sources;
    data.difference = null;
    data.open = null;
    data.first = null;
    if (data.traffic) {
      // It was judged by the manifests that were here.
      data.traffic = null;
      views.splice(views.indexOf(trafficView), 1);
    }
    this.edited = new Map();
    this.narrowed = data.narrowed = {from: '', to: '', port: ''};
    this.cached = {overview: null, findings: null, matrix: null};
  },
  takeBack() {
    const {of, edited, narrowed, cached} = this.earlier;
    this.earlier = null;
    // The engine reads them anew, and knows of no narrowing then.
    this.inEngine = null;
    Object.assign(data, of);
    Object.assign(this, {edited, narrowed, cached});
    if (of.traffic) {
      views.splice(views.indexOf(openView), 0, trafficView);
    }
  }
};

const openView = {
  name: 'open',
  title: 'Open',
  async draw(section) {
    fill(section, make('h2', {}, 'Manifests'), openingPlace('Choose or drop manifests.', async sources => {
      if (sources.length) {
        page.open(sources);
        route.go('overview', {});
      }
    }),
    page.earlier?.of.sources.length ? make('p', {}, make('button', {type: 'button', onclick: () => {
      page.takeBack();
      route.go('overview', {});
    }}, 'Back to the ' + plural(page.earlier.of.sources.length, 'file') + ' before')) : null,
    data.sources.length ? [make('p', {}, 'This page holds:'), make('ul', {}, sourcesInOrder().map(source => make('li', {}, sourceLink(source.name, 1, source.name))))] : null);
  }
};

const views = [overviewView, askView, mapView, matrixView, tableView, findingsView, whatIfView, compareView, ...(data.traffic ? [trafficView] : []), openView];

let turn = 0;
let current = null;

// The links stay, so that the keyboard's focus does; a view that a link leads to is where it goes on.
function showViews(view) {
  const holder = document.getElementById('views');
  if (holder.children.length !== views.length) {
    fill(holder, views.map(each => make('a', {href: '#' + each.name}, each.title)));
  }
  views.forEach((each, number) => each === view ? holder.children[number].setAttribute('aria-current', 'page') : holder.children[number].removeAttribute('aria-current'));
  if (current && current !== view) {
    document.getElementById('main').focus({preventScroll: true});
  }
  current = view;
}

// Says how long it has been there, until something else is.
function readingLine() {
  const line = make('p', {}, 'Reading …');
  let seconds = 0;
  const timer = setInterval(() => {
    line.textContent = 'Reading … ' + plural(++seconds, 'second') + ' so far; thousands of policies take a while, once';
    if (!line.isConnected) {
      clearInterval(timer);
    }
  }, 1000);
  return line;
}

async function draw() {
  route.read();
  if (data.sources.length === 0 && !data.overview && route.view !== 'open') {
    route.view = 'open';
  }
  const view = views.find(each => each.name === route.view);
  showViews(view);
  const section = make('section', {id: 'view-' + view.name, 'aria-label': view.title, 'aria-busy': 'true'}, readingLine());
  const mine = ++turn;
  fill(document.getElementById('main'), section);
  try {
    await view.draw(section);
  } catch (problem) {
    fill(section, make('h2', {}, view.title), make('p', {class: 'note bad', role: 'alert'}, 'This does not work here: ' + problem.message));
  }
  if (mine === turn) {
    if (route.unknown) {
      section.prepend(make('p', {class: 'note bad', role: 'alert'}, 'The address of this page asks for “' + route.unknown + '”, which is no view and no question. Questions are like ',
        make('a', {href: '#ask'}, 'can … reach …'), '; the views stand above.'));
    }
    section.removeAttribute('aria-busy');
    document.title = view.title + ' – ' + data.title;
  }
}

document.getElementById('about').textContent = shown(data.about);
document.getElementById('foot').textContent = shown(data.foot);
window.addEventListener('hashchange', draw);
// A file that misses the place for it would take the page's place.
for (const event of ['dragover', 'drop']) {
  window.addEventListener(event, each => {
    if (!each.defaultPrevented && [...each.dataTransfer.types].includes('Files')) {
      each.preventDefault();
      each.dataTransfer.dropEffect = 'none';
    }
  });
}
draw();
if (data.sources.length && !(route.question && firstAnswer.isKnown())) {
  // Ready for the first question, without keeping the first view waiting.
  setTimeout(() => page.ready(), 50);
}
