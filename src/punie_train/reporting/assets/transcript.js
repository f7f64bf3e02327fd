"use strict";
(() => {
  const STEP = 100;
  const HIDDEN = /[^\P{C}\n\t]|[\p{Zl}\p{Zp}]/gu;
  const data = JSON.parse(document.getElementById("data").textContent);
  const at = (id) => document.getElementById(id);
  const KEYS = ["left", "right", "outcome", "category", "tag", "text"];
  const texts = new Map();
  let matches = [];
  let drawn = 0;

  function node(tag, name, ...children) {
    const made = document.createElement(tag);
    if (name) made.className = name;
    made.append(...children);
    return made;
  }

  function escapeOf(char) {
    const code = char.codePointAt(0);
    if (code <= 0xff) return "\\x" + code.toString(16).padStart(2, "0");
    if (code <= 0xffff) return "\\u" + code.toString(16).padStart(4, "0");
    return "\\U" + code.toString(16).padStart(8, "0");
  }

  function shown(text) {
    const parts = document.createDocumentFragment();
    let end = 0;
    for (const found of text.matchAll(HIDDEN)) {
      parts.append(text.slice(end, found.index), node("span", "hidden-char", escapeOf(found[0])));
      end = found.index + found[0].length;
    }
    parts.append(text.slice(end));
    return parts;
  }

  const line = (text) => shown(text.replace(/\s+/g, (gap) => (/^[\n\t ]+$/.test(gap) ? " " : gap)));

  function fill(select, values, first) {
    if (first !== null) select.append(new Option(first, ""));
    for (const value of values) select.append(new Option(value, value));
  }

  function distinct(pick) {
    return [...new Set(data.cases.flatMap(pick))].sort();
  }

  function sides() {
    const names = [at("left").value, at("right").value];
    return [...new Set(names.filter(Boolean))].map((name) => data.adapters.indexOf(name));
  }

  function textOf(entry, side) {
    const key = side + " " + entry.number;
    if (!texts.has(key)) {
      const result = entry.results[side];
      const parts = [entry.label, entry.prompt];
      if (result) parts.push(result.reply, result.reason, ...result.scores.map((part) => part[2]));
      texts.set(key, parts.join("\n").toLowerCase());
    }
    return texts.get(key);
  }

  function matching() {
    const chosen = sides();
    const outcome = at("outcome").value;
    const category = at("category").value;
    const tag = at("tag").value;
    const text = at("text").value.trim().toLowerCase();
    const differ = at("differ").checked;
    return data.cases.filter((entry) => {
      const results = chosen.map((side) => entry.results[side]);
      return (
        (!category || entry.category === category) &&
        (!tag || entry.tags.includes(tag)) &&
        (!outcome || results.some((result) => result && result.outcome === outcome)) &&
        (!differ || new Set(results.map((result) => result && result.outcome)).size > 1) &&
        (!text || chosen.some((side) => textOf(entry, side).includes(text)))
      );
    });
  }

  function badge(result, name) {
    if (!result) return node("span", "badge", name ? name + " not run" : "not run");
    const end = result.outcome + (result.outcome === "unavailable" ? "" : " " + result.score);
    const made = node("span", "badge " + result.outcome, end);
    made.title = name;
    return made;
  }

  function block(title, ...content) {
    const parts = document.createDocumentFragment();
    if (content.length) parts.append(node("h4", "", title), ...content);
    return parts;
  }

  function pairs(name, entries, wrap) {
    const list = node("dl", name);
    for (const [key, value] of entries) {
      list.append(node("dt", "", shown(key)), node("dd", "", wrap(value)));
    }
    return list;
  }

  const pre = (text) => node("pre", "", shown(text));

  function scoreTable(scores) {
    const rows = scores.map((part) =>
      node("tr", "", ...part.map((text) => node("td", "", shown(text)))));
    return rows.length ? [node("table", "parts", node("tbody", "", ...rows))] : [];
  }

  function side(number, result) {
    const name = data.adapters[number];
    const made = node("section", "", node("h3", "", shown(name), badge(result, "")));
    if (!result) return made;
    if (result.reason) made.append(node("p", "", shown(result.reason)));
    const calls = result.calls.map(([tool, values]) =>
      node("div", "call", node("code", "", shown(tool)), pairs("", values, pre)));
    made.append(
      block("Reply as the model wrote it", result.reply ? pre(result.reply) : "none"),
      block("Calls", ...calls),
      block("Malformed", ...result.malformed.map(pre)),
      block("Scores", ...scoreTable(result.scores)),
      block("Measured", pairs("facts", result.facts, shown)),
    );
    return made;
  }

  function body(entry) {
    const about = [...new Set([entry.suite, entry.category, ...entry.tags])].join(", ");
    const replies = sides().map((number) => side(number, entry.results[number]));
    return node("div", "body", node("p", "quiet", shown(about)),
      block("Prompt", pre(entry.prompt)), node("div", "sides", ...replies));
  }

  function row(entry) {
    const ends = sides().map((number) => badge(entry.results[number], data.adapters[number]));
    const summary = node("summary", "", node("span", "id", shown(entry.label)),
      node("span", "quiet", shown(entry.category)),
      node("span", "excerpt", line(entry.prompt.slice(0, 300))), node("span", "ends", ...ends));
    const made = node("details", "", summary);
    made.addEventListener("toggle", () => {
      if (made.open && made.children.length === 1) made.append(body(entry));
    });
    return made;
  }

  function more() {
    const next = matches.slice(drawn, drawn + STEP);
    at("list").append(...next.map(row));
    drawn += next.length;
    at("more").hidden = drawn >= matches.length;
  }

  function draw() {
    matches = matching();
    drawn = 0;
    at("list").replaceChildren();
    if (!matches.length) at("list").append(node("p", "quiet", "No case fits these filters."));
    at("count").value = matches.length + " of " + data.cases.length + " cases";
    more();
  }

  function remember() {
    const state = new URLSearchParams();
    for (const key of KEYS) if (at(key).value) state.set(key, at(key).value);
    if (!at("right").value) state.set("right", "");
    if (at("differ").checked) state.set("differ", "yes");
    history.replaceState(null, "", "#" + state);
  }

  function recall() {
    const state = new URLSearchParams(location.hash.slice(1));
    const last = data.adapters.length - 1;
    const usual = { left: data.adapters[0] || "", right: last > 0 ? data.adapters[last] : "" };
    for (const key of KEYS) {
      at(key).value = state.get(key) ?? usual[key] ?? "";
      if (at(key).selectedIndex === -1) at(key).value = usual[key] ?? "";
    }
    at("differ").checked = state.get("differ") === "yes";
    draw();
    const open = Number(state.get("open") ?? 0);
    for (const made of [...at("list").children].slice(0, open)) made.open = true;
  }

  function changed() {
    remember();
    draw();
  }

  function start() {
    data.cases.forEach((entry, number) => { entry.number = number; });
    fill(at("left"), data.adapters, null);
    fill(at("right"), data.adapters, "none");
    fill(at("outcome"), data.outcomes, "all");
    fill(at("category"), distinct((entry) => [entry.category]), "all");
    fill(at("tag"), distinct((entry) => entry.tags), "all");
    for (const key of ["left", "right", "outcome", "category", "tag", "differ"]) {
      at(key).addEventListener("change", changed);
    }
    let wait = 0;
    at("text").addEventListener("input", () => {
      clearTimeout(wait);
      wait = setTimeout(changed, 150);
    });
    at("filters").addEventListener("submit", (event) => event.preventDefault());
    at("reset").addEventListener("click", () => {
      history.replaceState(null, "", "#");
      recall();
    });
    at("more").addEventListener("click", more);
    new IntersectionObserver((seen) => {
      if (seen.some((entry) => entry.isIntersecting) && !at("more").hidden) more();
    }, { rootMargin: "600px" }).observe(at("more"));
    addEventListener("hashchange", recall);
    for (const cell of document.querySelectorAll(".scores .category th")) {
      const button = node("button", "", cell.textContent);
      button.type = "button";
      button.title = "Show only these cases";
      button.addEventListener("click", () => {
        at("category").value = cell.textContent;
        changed();
        at("cases").scrollIntoView();
      });
      cell.replaceChildren(button);
    }
    at("filters").hidden = false;
    recall();
  }

  start();
})();
