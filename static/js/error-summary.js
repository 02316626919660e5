// What went wrong is read first: the summary takes the focus when the page opens, and each of its links moves to the
// field itself. In a form of screens the wizard opens the right one before.

export default function errorSummary(summary) {
  summary.tabIndex = -1;
  summary.focus();
  summary.addEventListener('click', (event) => {
    const link = event.target.closest('a[href^="#"]');
    const field = link && !event.defaultPrevented && document.getElementById(link.hash.slice(1));
    if (!field) return;
    event.preventDefault();
    field.focus();
    field.scrollIntoView({ block: 'center' });
  });
}
