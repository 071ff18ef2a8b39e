// The engine runs beside the page, so that the page stays quick; where a browser forbids that, it runs in it. Engine 0 holds the manifests
// of the page, 1 those before a change, 2 what is edited.
const engine = (() => {
  const calls = "onmessage = e => { const {id, name, values} = e.data; try { postMessage({id, value: self[name](...values)}); }"
    + " catch (problem) { postMessage({id, problem: String(problem)}); } };";
  const waiting = new Map();
  let last = 0;
  let worker = null;
  let inside = false;
  let held = {};

  function start() {
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
    if (!worker && !inside) {
      start();
    }
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

  // The manifests of engine 0 where some have another text.
  function edit(number, names, texts) {
    held[number] = null;
    return call('edit', number, 0, names, texts);
  }

  const json = async (name, ...values) => JSON.parse(await call(name, ...values));
  return {
    read,
    edit,
    diagnostics: async number => json('diagnostics', number),
    overview: async number => json('overview', number),
    matrix: async (number, from, to, port) => json('matrix', number, from, to, port),
    findings: async number => json('findings', number),
    ask: async (number, question) => json('ask', number, question),
    pair: async (number, from, to) => json('pair', number, from, to),
    difference: async (before, after, old, now) => json('difference', before, after, old, now)
  };
})();
