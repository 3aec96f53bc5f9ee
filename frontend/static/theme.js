// Sets the chosen theme before the first paint. A file of its own, so that a strict Content-Security-Policy lets it run.
try {
  const theme = localStorage.getItem('tidewatch.theme');
  if (theme === 'dark' || theme === 'light') document.documentElement.dataset.theme = theme;
} catch {
  // Storage is off: the system's theme it is.
}
