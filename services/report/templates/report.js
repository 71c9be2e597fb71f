"use strict";
// The page is complete without this: it adds details on hover and focus, and switches for classes.
(() => {
  const line = document.getElementById("time-detail");
  const usual = line ? line.textContent : "";
  for (const link of document.querySelectorAll(".timeline a[data-detail]")) {
    const show = () => { line.textContent = link.dataset.detail; };
    const rest = () => { line.textContent = usual; };
    link.addEventListener("mouseenter", show);
    link.addEventListener("focus", show);
    link.addEventListener("mouseleave", rest);
    link.addEventListener("blur", rest);
    link.addEventListener("click", () => {
      const target = document.getElementById(link.getAttribute("href").slice(1));
      if (target) { target.focus({ preventScroll: true }); }
    });
  }
  for (const box of document.querySelectorAll("input[data-toggle]")) {
    box.addEventListener("change", () => {
      for (const group of document.querySelectorAll(".plan .path." + box.dataset.toggle)) {
        group.classList.toggle("off", !box.checked);
      }
    });
  }
})();
