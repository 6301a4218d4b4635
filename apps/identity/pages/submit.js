/* global document */
const button = document.querySelector('button[data-submit]');
button?.form?.requestSubmit(button);
