"use strict";
// The table of transfers: rows are made as they come near, reasons when they are opened. Text only ever goes in as text.
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const table = document.getElementById("table");
  document.documentElement.classList.add("js");
  if (!table) return;
  const words = data.words;
  const total = data.plain.Transfer.length;
  const CHUNK = 50, PRINTED = 500, NEAR = "1500px";
  const $ = (id) => document.getElementById(id);
  const make = (tag, text, name) => {
    const element = document.createElement(tag);
    if (text !== undefined) element.textContent = text;
    if (name) element.className = name;
    return element;
  };

  // --- what the coded data says ---
  const place = {};
  data.groups.forEach((group) => group.labels.forEach((label, at) => { place[label] = [group, at]; }));
  const value = (row, label) => {
    if (label in data.plain) return data.plain[label][row];
    const [group, at] = place[label];
    return words[group.entries[group.rows[row]][at]];
  };
  const text = (shown) => shown === null ? "" : Array.isArray(shown) ? shown.join(", ") : String(shown);
  const count = (row) => {
    const number = value(row, "Count"), unit = value(row, "Counted");
    return number === null ? "" : number.toLocaleString("en-US") + " " + (number === 1 ? data.units[unit] : unit);
  };
  const known = (row, label, all) => {
    const shown = text(value(row, label)), how = label + data.known;
    if (!shown || !(how in place)) return shown;
    return all || value(row, how) !== "logged" ? shown + " (" + value(row, how) + ")" : shown;
  };
  const why = (row) => data.why.entries[data.why.rows[row]].map((one) => data.why.reasons[one].map((word) => words[word]));

  // --- which rows, in which order ---
  const filters = {
    now: "Now", then: "Then", state: "States", recipient: "To", basis: "Rests on", file: "File",
  };
  let order = [], sorted = null, down = false;

  // Each text is looked at once, however many rows say it.
  const having = (term) => {
    const hit = words.map((word) => word !== null && text(word).toLowerCase().includes(term));
    const some = (entry) => entry.some((word) => hit[word]);
    const groups = data.groups.map((group) => [group.entries.map(some), group.rows]);
    const reason = data.why.reasons.map(some);
    groups.push([data.why.entries.map((entry) => entry.some((one) => reason[one])), data.why.rows]);
    const plain = ["Transfer", "Time in UTC", "Place", "Noted"].map((label) => data.plain[label]);
    return (row) => groups.some(([entries, rows]) => entries[rows[row]])
      || plain.some((column) => column[row] !== null && column[row].toLowerCase().includes(term));
  };
  const wanted = () => {
    const tests = $("search").value.toLowerCase().split(/\s+/).filter(Boolean).map(having);
    for (const [id, label] of Object.entries(filters)) {
      const chosen = $(id).selectedIndex > 0 ? $(id).value : null;
      if (chosen === null) continue;
      const [group, at] = place[label];
      const fits = group.entries.map((entry) => {
        const word = words[entry[at]];
        return Array.isArray(word) ? word.includes(chosen) : word === chosen;
      });
      tests.push((row) => fits[group.rows[row]]);
    }
    const rows = [];
    for (let row = 0; row < total; row++) if (tests.every((test) => test(row))) rows.push(row);
    return rows;
  };
  const RANK = ["enjoined", "review", "permitted", "outside"];
  const keys = {
    Count: (row) => value(row, "Count"),
    Day: (row) => value(row, "When") && value(row, "When") + value(row, "Day in UTC") + value(row, "Time in UTC"),
    Now: (row) => RANK.indexOf(value(row, "Now")),
    Then: (row) => RANK.indexOf(value(row, "Then")),
    File: (row) => value(row, "File") + " " + value(row, "Place").padStart(40),
  };
  const sort = (rows) => {
    if (!sorted) return rows;
    const key = keys[sorted] || ((row) => text(value(row, sorted)));
    const pairs = rows.map((row) => [key(row), row]);
    const sign = down ? -1 : 1;
    // What is not known comes last either way.
    const empty = (one) => one === null || one === "";
    pairs.sort(([a, first], [b, second]) => empty(a) - empty(b) || sign * (a < b ? -1 : a > b ? 1 : 0) || first - second);
    return pairs.map(([, row]) => row);
  };

  // --- rows ---
  const open = new Set();
  const verdict = (word) => make("span", word.replaceAll("_", " "), "verdict " + word);
  const more = (row) => {
    const line = make("tr", undefined, "more"), cell = make("td"), list = make("ul"), facts = make("dl");
    line.id = "more" + row;
    cell.colSpan = data.cells.length;
    for (const [rule, grade, evidence, citation, sure] of why(row)) {
      const item = make("li", undefined, grade);
      item.append(make("b", rule), " (" + grade + "): " + evidence);
      if (sure) item.append(" ", make("cite", citation + " [" + sure + "]"));
      list.append(item);
    }
    for (const label of data.more) {
      const shown = known(row, label, true);
      if (!shown) continue;
      const pair = make("div");
      pair.append(make("dt", label), make("dd", shown));
      facts.append(pair);
    }
    cell.append(list, facts);
    line.append(cell);
    return line;
  };
  const line = (row, at) => {
    const made = make("tr");
    made.setAttribute("aria-rowindex", at + 2);
    for (const label of data.cells) {
      const cell = make("td", undefined, label === "Count" ? "number" : "");
      cell.dataset.label = label;
      if (label === "Transfer") {
        const button = make("button", value(row, label), "open");
        button.type = "button";
        button.dataset.row = row;
        button.setAttribute("aria-expanded", open.has(row));
        button.setAttribute("aria-controls", "more" + row);
        cell.append(button);
      } else if (label === "Now" || label === "Then") cell.append(verdict(value(row, label)));
      else if (label === "Count") cell.textContent = count(row);
      else if (label === "File") cell.textContent = value(row, label) + ", " + value(row, "Place");
      else cell.textContent = known(row, label, false);
      made.append(cell);
    }
    return made;
  };
  table.addEventListener("click", (event) => {
    const button = event.target.closest(".open");
    if (!button) return;
    const row = Number(button.dataset.row), shut = open.delete(row);
    if (shut) $("more" + row).remove();
    else { open.add(row); button.closest("tr").after(more(row)); }
    button.setAttribute("aria-expanded", !shut);
  });

  // --- chunks: filled when they come near, emptied when they are far ---
  let tall = 48;
  const fill = (chunk, last = CHUNK) => {
    const begin = Number(chunk.dataset.begin), rows = [];
    for (let at = begin; at < Math.min(begin + last, order.length); at++) {
      rows.push(line(order[at], at));
      if (open.has(order[at])) rows.push(more(order[at]));
    }
    chunk.replaceChildren(...rows);
    chunk.dataset.full = "yes";
  };
  const clear = (chunk, height) => {
    const cell = make("td"), row = make("tr");
    cell.colSpan = data.cells.length;
    cell.style.height = height + "px";
    row.setAttribute("aria-hidden", "true");
    row.append(cell);
    chunk.replaceChildren(row);
    delete chunk.dataset.full;
  };
  const watch = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      const chunk = entry.target, full = "full" in chunk.dataset;
      if (entry.isIntersecting && !full) fill(chunk);
      // What holds the focus stays, or a reader by keyboard would be thrown back to the top.
      else if (!entry.isIntersecting && full && !chunk.contains(document.activeElement)) {
        clear(chunk, entry.boundingClientRect.height);
      }
    }
  }, { rootMargin: NEAR });
  const show = () => {
    order = sort(wanted());
    watch.disconnect();
    for (const body of [...table.tBodies]) body.remove();
    for (let begin = 0; begin < order.length; begin += CHUNK) {
      const chunk = make("tbody");
      chunk.dataset.begin = begin;
      table.append(chunk);
      if (begin) clear(chunk, tall * Math.min(CHUNK, order.length - begin));
      else {
        fill(chunk);
        tall = chunk.offsetHeight / chunk.rows.length;
      }
      watch.observe(chunk);
    }
    table.setAttribute("aria-rowcount", order.length + 1);
    const chosen = [...Object.keys(filters)].filter((id) => $(id).selectedIndex > 0)
      .map((id) => filters[id] + " " + $(id).value);
    if ($("search").value.trim()) chosen.unshift("“" + $("search").value.trim() + "”");
    say(order.length.toLocaleString("en-US") + " of " + total.toLocaleString("en-US") + " transfers"
      + (chosen.length ? ": " + chosen.join("; ") : ""));
    for (const tile of document.querySelectorAll("button.tile")) {
      tile.setAttribute("aria-pressed", $("state").value === tile.dataset.state);
    }
  };
  const say = (said) => { $("count").textContent = said; };

  // --- controls ---
  for (const [id, label] of Object.entries(filters)) {
    const [group, at] = place[label], found = new Set();
    for (const entry of group.entries) for (const word of [words[entry[at]]].flat()) if (word !== null) found.add(word);
    $(id).append(new Option("any", ""), ...[...found].sort().map((word) => new Option(word, word)));
    $(id).addEventListener("change", show);
  }
  let later;
  $("search").addEventListener("input", () => { clearTimeout(later); later = setTimeout(show, 60); });
  const form = $("search").form;
  form.addEventListener("submit", (event) => { event.preventDefault(); show(); });
  form.addEventListener("reset", () => setTimeout(show));
  for (const tile of document.querySelectorAll("button.tile")) {
    const at = [...$("state").options].findIndex((option) => option.value === tile.dataset.state);
    tile.disabled = at < 1;
    tile.addEventListener("click", () => {
      $("state").selectedIndex = $("state").value === tile.dataset.state ? 0 : at;
      show();
    });
  }
  for (const head of table.tHead.rows[0].cells) {
    const label = head.textContent, button = make("button", label);
    button.type = "button";
    head.replaceChildren(button);
    button.addEventListener("click", () => {
      // Up, down, and back to the worst first.
      [sorted, down] = sorted !== label ? [label, false] : down ? [null, false] : [label, true];
      for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
      if (sorted) head.setAttribute("aria-sort", down ? "descending" : "ascending");
      show();
    });
  }

  // --- the rows that are shown, as CSV ---
  const columns = [...Object.keys(data.plain), ...data.groups.flatMap((group) => group.labels)]
    .filter((label) => label !== "When");
  const csv = () => {
    let changed = 0;
    const cell = (said) => {
      let shown = said;
      if (/^[=+\-@\t\r\n]/.test(shown)) { shown = "'" + shown; changed += 1; }
      return /[",\r\n]/.test(shown) ? '"' + shown.replaceAll('"', '""') + '"' : shown;
    };
    const lines = [[...columns, "Reasons"].map(cell).join(",")];
    for (const row of order) {
      const said = columns.map((label) => text(value(row, label)));
      said.push(why(row).map(([rule, grade, evidence]) => rule + " (" + grade + "): " + evidence).join("; "));
      lines.push(said.map(cell).join(","));
    }
    const many = (number, noun) => number.toLocaleString("en-US") + " " + noun + (number === 1 ? "" : "s");
    return [lines.join("\r\n") + "\r\n", many(order.length, "transfer") + " ",
      changed ? "; an apostrophe was put in front of " + many(changed, "cell") : ""];
  };
  $("save").addEventListener("click", () => {
    const [content, many, changed] = csv();
    const link = make("a");
    link.href = URL.createObjectURL(new Blob(["\ufeff", content], { type: "text/csv;charset=utf-8" }));
    link.download = "transfers.csv";
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
    say(many + "saved as CSV" + changed);
  });
  $("copy").addEventListener("click", async () => {
    const [content, many, changed] = csv();
    try {
      await navigator.clipboard.writeText(content);
      say(many + "copied as CSV" + changed);
    } catch {
      say("The browser does not let this page copy; save the rows instead.");
    }
  });

  // --- on paper: what is filtered, and no more than somebody would leaf through ---
  let before;
  addEventListener("beforeprint", () => {
    before = $("count").textContent;
    watch.disconnect();
    for (const chunk of [...table.tBodies]) {
      const left = PRINTED - Number(chunk.dataset.begin);
      if (left <= 0) chunk.hidden = true;
      else if (!("full" in chunk.dataset)) fill(chunk);
    }
    if (order.length > PRINTED) say(before + "; printed are the first " + PRINTED);
  });
  addEventListener("afterprint", () => {
    say(before);
    for (const chunk of table.tBodies) { chunk.hidden = false; watch.observe(chunk); }
  });

  show();
})();
