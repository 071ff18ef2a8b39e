// An engine runs beside the page, so that the page stays quick; where a browser forbids that, it runs in it. Number 0 of it holds the manifests
// of the page, 1 those before a change, 2 what is edited, 3 those that are read first: all engines that run in the page are one.
function engineBeside() {
  const calls = "onmessage = e => { const {id, name, values} = e.data; try { postMessage({id, value: self[name](...values)}); }"
    + " catch (problem) { postMessage({id, problem: String(problem)}); } };";
  const waiting = new Map();
  let last = 0;
  let worker = null;
  let inside = false;
  let held = {};

  function start() {
    if (worker || inside) {
      return;
    }
    const code = document.getElementById('engine').textContent;
    try {
      worker = new Worker(URL.createObjectURL(new Blob([code, '\n', calls], {type: 'text/javascript'})));
      worker.onmessage = event => settle(event.data);
      worker.onerror = () => fallBack();
    } catch (problem) {
      fallBack();
    }
  }

  function fallBack() {
    if (inside) {
      return;
    }
    inside = true;
    worker = null;
    const script = document.createElement('script');
    script.textContent = document.getElementById('engine').textContent;
    document.head.append(script);
    for (const [id, call] of waiting) {
      run(id, call);
    }
  }

  function run(id, call) {
    setTimeout(() => {
      try {
        settle({id, value: window[call.name](...call.values)});
      } catch (problem) {
        settle({id, problem: String(problem)});
      }
    });
  }

  function settle({id, value, problem}) {
    const call = waiting.get(id);
    if (call) {
      waiting.delete(id);
      problem === undefined ? call.done(value) : call.failed(new Error(problem));
    }
  }

  function call(name, ...values) {
    start();
    return new Promise((done, failed) => {
      const id = ++last;
      const asked = {name, values, done, failed};
      waiting.set(id, asked);
      inside ? run(id, asked) : worker.postMessage({id, name, values});
    });
  }

  // Reads manifests once; later calls about the same wait for that.
  function read(number, sources) {
    if (!held[number] || held[number].sources !== sources) {
      held[number] = {sources, ready: call('read', number, sources, data.reading)};
    }
    return held[number].ready;
  }

  // Other manifests beside those of engine 0, which are compared with them.
  function readBeside(number, sources) {
    held[number] = null;
    return call('readBeside', number, 0, sources);
  }

  // The manifests of engine 0 where some have another text.
  function edit(number, names, texts) {
    held[number] = null;
    return call('edit', number, 0, names, texts);
  }

  // Between calls, a step at a time, edits are made that nobody asked for, so that the reader's first is as quick as later ones.
  async function rehearse(number, sources, turns) {
    for (let turn = 0; turn < turns && held[number]?.sources === sources && !inside;) {
      await new Promise(done => setTimeout(done, 100));
      if (waiting.size === 0) {
        const {name, text} = sources[turn % sources.length];
        await call('rehearse', number, name, text, turn++);
      }
    }
  }

  const json = async (name, ...values) => JSON.parse(await call(name, ...values));
  return {
    start,
    read,
    readBeside,
    rehearse,
    edit,
    diagnostics: async number => json('diagnostics', number),
    overview: async number => json('overview', number),
    matrix: async (number, from, to, port) => json('matrix', number, from, to, port),
    findings: async number => json('findings', number),
    ask: async (number, question) => json('ask', number, question),
    decided: async (number, question) => json('decided', number, question),
    sentence: async question => json('sentence', question),
    pair: async (number, from, to) => json('pair', number, from, to),
    difference: async (before, after, old, now) => json('difference', before, after, old, now)
  };
}

const engine = engineBeside();

// Where there are many manifests, another engine reads only those that decide between the two workloads of a question, and so answers while the
// first is still reading.
const firstAnswer = (() => {
  let beside = null;
  let last = '';

  // The text of a source with nothing but blank lines where a document is about somebody else, up to the last that is not.
  function cut({name, text, found}, stretches, needed) {
    let at = 0;
    let lines = 0;
    const kept = [];
    for (const [length, count, what] of stretches) {
      if (needed.has(what)) {
        kept.push('\n'.repeat(lines), text.slice(at, at + length));
        lines = 0;
      } else {
        lines += count;
      }
      at += length;
    }
    return kept.length ? {name, text: kept.join(''), found} : null;
  }

  return {
    // Whether the page knows which manifests these are.
    isKnown: () => Boolean(data.first),
    start() {
      beside ??= engineBeside();
      beside.start();
    },
    async of(question, endpoints) {
      this.start();
      const wanted = endpoints.map(each => each.name).sort().join(' ');
      if (last !== wanted) {
        last = wanted;
        const needed = new Set(['', ...endpoints.flatMap(each => [each.namespace, ...data.first.ends[each.name]])]);
        beside.read(3, data.sources.map((source, number) => cut(source, data.first.sources[number], needed)).filter(Boolean));
      }
      return beside.decided(3, question);
    },
    // What is wrong with a question as a sentence, which no manifests are read for.
    async sentence(question) {
      if (!this.isKnown()) {
        return engine.sentence(question);
      }
      this.start();
      return beside.sentence(question);
    }
  };
})();
