// The walks that can be gone on with: those on this phone, and those that were planned for anybody. Without a connection
// it is what this phone was told last.
import { fragment } from './dom.js';
import { packOf } from './packs.js';
import { isTheirs } from './person.js';
import { capturesOfKind } from './shared-captures.js';

const answer = (capture, name) => [(capture.payload ?? capture.content?.answers ?? {})[name] ?? []].flat()[0] ?? '';

// As every page writes a day: without the comma that browsers put after the weekday.
const dayWords = (year, month, day) => {
  const at = new Date(Number(year), Number(month) - 1, Number(day));
  return Number.isNaN(at.getTime()) || !year ? '' : at.toLocaleDateString('en-GB', { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' }).replace(',', '');
};

function entry(id, title, words) {
  const item = fragment('<li class="wb-walk__entry"><a class="govuk-link wb-cell-link"></a><span class="wb-quiet"></span></li>');
  item.firstElementChild.href = `/eva/walk?id=${id}`;
  item.firstElementChild.textContent = title;
  item.lastElementChild.textContent = words;
  return item;
}

function stands(capture) {
  if (capture.state === 'parked') return 'Needs you';
  if (answer(capture, 'ended_at')) return 'Walked';
  return answer(capture, 'began_at') ? 'Being walked' : 'Planned';
}

export async function walkStart(page, owner) {
  const wardOf = (code) => (code && page.querySelector(`select[name="ward_code"] option[value="${code}"]`)?.textContent) || '';
  const dayOf = (capture) => dayWords(...['year', 'month', 'day'].map((part) => answer(capture, `held_on-${part}`)));
  const own = (await capturesOfKind('eva')).filter((one) => isTheirs(one, owner) && !one.is_light);
  const held = (await packOf('eva'))?.walks ?? [];
  const ids = new Set(own.map((one) => one.id));
  const list = page.querySelector('[data-walk="entries"]');
  const newest = own.sort((one, other) => other.changed_at.localeCompare(one.changed_at));
  list.replaceChildren(
    ...newest.map((one) => entry(one.id, answer(one, 'title') || wardOf(answer(one, 'ward_code')) || 'A walk', [stands(one), dayOf(one), 'on this phone'].filter(Boolean).join(', '))),
    ...held.filter((one) => !ids.has(one.id)).map((one) => entry(one.id, one.title || wardOf(one.ward_code), [one.reference, dayWords(...one.held_on.split('-'))].filter(Boolean).join(', '))),
  );
  page.querySelector('[data-walk="no-entries"]').hidden = list.children.length > 0;
}
