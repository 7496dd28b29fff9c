// What the series of the picture were at the time beside which the pointer is.
"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const svg = document.querySelector("#picture svg");
  const cursor = document.getElementById("cursor");
  const pointed = document.createElement("div");
  pointed.id = "pointed";
  pointed.hidden = true;
  document.body.append(pointed);

  /** The index of the last time that is not behind `time`, -1 if there is none. */
  const last = (times, time) => {
    let low = 0;
    let high = times.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (times[middle] <= time) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  };
  const short = (value) =>
    value === null || value === undefined ? "-" : String(Number(value.toPrecision(4)));

  const leave = () => {
    pointed.hidden = true;
    cursor.classList.remove("there");
  };
  svg.addEventListener("pointermove", (event) => {
    const box = svg.getBoundingClientRect();
    const x = ((event.clientX - box.left) / box.width) * data.whole;
    if (x < data.left || x > data.left + data.width) {
      leave();
      return;
    }
    const time = data.from + ((x - data.left) / data.width) * (data.to - data.from);
    cursor.setAttribute("x1", x);
    cursor.setAttribute("x2", x);
    cursor.classList.add("there");
    const lines = data.series.map((each) => {
      const at = last(each.t, time);
      return `${each.name}: ${at < 0 ? "-" : short(each.v[at]) + each.unit}`;
    });
    pointed.textContent = [`${time.toFixed(1)} s`, ...lines].join("\n");
    pointed.hidden = false;
    const right = event.clientX + 16 + pointed.offsetWidth > innerWidth;
    pointed.style.left = `${right ? event.clientX - 16 - pointed.offsetWidth : event.clientX + 16}px`;
    pointed.style.top = `${Math.max(0, Math.min(event.clientY + 12, innerHeight - pointed.offsetHeight))}px`;
  });
  svg.addEventListener("pointerleave", leave);
})();
