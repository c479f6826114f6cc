// Loaded before the first paint: the theme is right from the start.
window.dashboard = (() => {
  const key = 'theme';
  const wish = window.matchMedia('(prefers-color-scheme: dark)');
  const isDark = () => {
    const chosen = localStorage.getItem(key);
    return chosen ? chosen === 'dark' : wish.matches;
  };
  const show = () => document.documentElement.dataset.theme = isDark() ? 'dark' : 'light';
  const setDark = dark => {
    localStorage.setItem(key, dark ? 'dark' : 'light');
    show();
  };
  // Stays at the end while the reader is there, and lets be who has scrolled up.
  const follow = element => {
    const wasAtEnd = element.dataset.end !== 'false';
    if (!element.dataset.end) {
      element.dataset.end = 'true';
      element.addEventListener('scroll', () => element.dataset.end =
        element.scrollHeight - element.scrollTop - element.clientHeight < 40);
    }
    if (wasAtEnd) element.scrollTop = element.scrollHeight;
  };
  show();
  return { isDark, setDark, follow };
})();
