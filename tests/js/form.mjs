// A form without a browser, for the parts that only read and write controls.

/** Controls are `[name, type, value, checked]`; `elements` can be asked by name as in a browser. */
export function form(kind, controls) {
  const elements = controls.map(([name, type, value, checked = false]) => ({
    name, type, value, checked, defaultValue: '', defaultChecked: false,
  }));
  elements.forEach((control) => (elements[control.name] ??= control));
  return { elements, dataset: { kind } };
}
