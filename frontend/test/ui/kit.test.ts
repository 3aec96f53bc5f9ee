import { createRawSnippet } from 'svelte';
import { expect, it, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { render } from 'vitest-browser-svelte';
import Button from '#lib/ui/button.svelte';
import Checkbox from '#lib/ui/checkbox.svelte';
import Combobox from '#lib/ui/combobox.svelte';
import Segmented from '#lib/ui/segmented.svelte';
import TextInput from '#lib/ui/text-input.svelte';
import '../../src/app.css';

const text = (words: string) => createRawSnippet(() => ({ render: () => `<span>${words}</span>` }));

it('a button that cannot be used can be reached, says why, and does nothing', async () => {
  const onclick = vi.fn();
  await render(Button, { whyNot: 'Tick the box first', onclick, children: text('Close') });
  const button = page.getByRole('button', { name: 'Close' });
  await expect.element(button).toHaveAttribute('aria-disabled', 'true');
  await expect.element(button).toHaveAttribute('title', 'Tick the box first');
  await userEvent.keyboard('{Tab}');
  await expect.element(button).toHaveFocus();
  await userEvent.keyboard('{Enter}');
  expect(onclick).not.toHaveBeenCalled();
});

it('a field ties its fault and its hint to the input', async () => {
  await render(TextInput, { label: 'Name', error: 'A name is missing', hint: 'Lower case' });
  const input = page.getByLabelText('Name');
  await expect.element(input).toHaveAttribute('aria-invalid', 'true');
  await expect.element(input).toHaveAccessibleDescription('A name is missing Lower case');
});

it('a choice of a few is moved with the arrow keys', async () => {
  const onchange = vi.fn();
  const options = [
    { value: '8h', label: '8 h' },
    { value: '24h', label: '24 h' },
  ];
  await render(Segmented, { label: 'Until', options, value: '8h', onchange });
  await userEvent.keyboard('{Tab}{ArrowRight}');
  expect(onchange).toHaveBeenCalledWith('24h');
});

it('a tick that comes with another cannot be taken away', async () => {
  const onchange = vi.fn();
  await render(Checkbox, { label: 'Subscribe', checked: true, disabled: true, hint: 'comes with Manage', onchange });
  const box = page.getByRole('checkbox', { name: 'Subscribe' });
  await expect.element(box).toBeDisabled();
  await expect.element(box).toBeChecked();
});

const people = [
  { value: 'a', label: 'Alice Moreau', note: 'Ops' },
  { value: 'b', label: 'Bilal Tahir', note: 'Data' },
];

it('one of many is found by typing and taken with Enter', async () => {
  const onchange = vi.fn();
  await render(Combobox, { label: 'Who', options: people, values: [], isMultiple: true, onchange });
  await page.getByRole('combobox', { name: 'Who' }).fill('data');
  await expect.element(page.getByRole('option')).toHaveTextContent('Bilal Tahir Data');
  await userEvent.keyboard('{ArrowDown}{Enter}');
  expect(onchange).toHaveBeenLastCalledWith(['b']);
  await expect.element(page.getByRole('combobox', { name: 'Who' })).toHaveValue('');
});

it('the last of several goes with Backspace in the empty box', async () => {
  const onchange = vi.fn();
  await render(Combobox, { label: 'Who', options: people, values: ['a', 'b'], isMultiple: true, onchange });
  await userEvent.keyboard('{Tab}{Tab}{Tab}{Backspace}');
  expect(onchange).toHaveBeenCalledWith(['a']);
});
