/** Lets the keyboard scroll what is wider than the page: tables and code, as their sizes are now. */
const sizes = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    if (target.scrollWidth > target.clientWidth) target.setAttribute("tabindex", "0");
    else target.removeAttribute("tabindex");
  }
});
for (const wide of document.querySelectorAll(".sl-markdown-content :is(table, pre)")) sizes.observe(wide);
