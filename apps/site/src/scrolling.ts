/** Lets the keyboard scroll what is wider than the page: tables, code and formulas, as their sizes are now. */
const sizes = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    if (target.scrollWidth > target.clientWidth) target.setAttribute("tabindex", "0");
    else target.removeAttribute("tabindex");
  }
});
for (const wide of document.querySelectorAll(".sl-markdown-content :is(table, pre, .formula)"))
  sizes.observe(wide);
