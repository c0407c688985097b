// Runs before the first paint, so that a chosen theme never flashes the other one.
try {
    const theme = localStorage.getItem('freshet.theme');
    if (theme === '"light"' || theme === '"dark"') document.documentElement.dataset.theme = JSON.parse(theme);
} catch {
    // Storage can be forbidden; the page then follows the system.
}
