// Keys for a table of records, heard only while the focus is in the table: J and K go down and up, X ticks, Enter opens.

const NEXT = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 };

const rowsOf = (table) => [...table.tBodies[0].rows];
const stopOf = (row) => row.querySelector('input[type=checkbox]') ?? row.querySelector('a');

function go(table, row, step) {
  const rows = rowsOf(table);
  stopOf(rows[rows.indexOf(row) + step] ?? row).focus();
}

export default function rowKeys(table) {
  table.addEventListener('keydown', (event) => {
    const row = event.target.closest('tbody tr');
    if (!row || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key in NEXT) {
      event.preventDefault();
      go(table, row, NEXT[event.key]);
    } else if (event.key === 'x') {
      row.querySelector('input[type=checkbox]')?.click();
    } else if (event.key === 'Enter' && event.target.matches('input[type=checkbox]')) {
      event.preventDefault();
      row.querySelector('a').click();
    }
  });
}
