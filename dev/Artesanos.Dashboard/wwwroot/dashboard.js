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
  show();
  return { isDark, setDark };
})();
