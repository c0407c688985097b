using System.Globalization;
using Freshet.Core.Peers;
using Freshet.Core.Rates;
using Freshet.Persistence;

namespace Freshet.Running;

/// <summary>
/// Keeps the blocked addresses in step with the user's file: it is read when the session starts, and again when it changes. Errors are
/// reported, and the valid lines apply; if the file can no longer be read, the last list stays in force.
/// </summary>
/// <param name="filter">The filter that all network code consults.</param>
/// <param name="warn">Warns the user.</param>
/// <param name="onChanged">Called on any thread when the blocked addresses have changed.</param>
internal sealed class BlocklistWatch(AddressFilter filter, Action<string> warn, Action onChanged)
{
    private static readonly TimeSpan BetweenChecks = TimeSpan.FromSeconds(2);

    private string? _path;
    private (DateTime WrittenAt, long Length) _stamp;
    private Timestamp _nextCheck;
    private Task _reloading = Task.CompletedTask;
    private string? _untold;

    /// <summary>Reads the file when a session starts. Blocks.</summary>
    /// <exception cref="FreshetException">The file cannot be read.</exception>
    public void Load(string? path)
    {
        if (path is null)
            return;
        _stamp = BlocklistFile.StampOf(path);
        _path = path;
        Blocklist list = BlocklistFile.Load(path);
        filter.Blocked = list.Ranges;
        _untold = ErrorsOf(path, list);
    }

    /// <summary>Checks from time to time whether the file, or its path in the options, has changed.</summary>
    public void Tick(Timestamp now, string? path)
    {
        // No one receives warnings yet while the session starts.
        if (_nextCheck == default)
            _nextCheck = now + BetweenChecks;
        if ((now < _nextCheck && path == _path) || !_reloading.IsCompleted)
            return;
        _nextCheck = now + BetweenChecks;
        _reloading = Task.Run(() => Reload(path));
    }

    private void Reload(string? path)
    {
        if (_untold is { } untold)
            warn(untold);
        _untold = null;
        bool isOther = path != _path;
        _path = path;
        if (path is null)
        {
            if (isOther)
                Take(AddressRanges.None);
            return;
        }

        try
        {
            (DateTime, long) stamp = BlocklistFile.StampOf(path);
            if (!isOther && stamp == _stamp)
                return;
            _stamp = stamp;
            Blocklist list = BlocklistFile.Load(path);
            Take(list.Ranges);
            if (ErrorsOf(path, list) is { } errors)
                warn(errors);
        }
        catch (Exception e) when (e is FreshetException or IOException or UnauthorizedAccessException)
        {
            warn(e.Message + " The addresses that were blocked before are blocked still.");
        }
    }

    private void Take(AddressRanges ranges)
    {
        filter.Blocked = ranges;
        onChanged();
    }

    private static string? ErrorsOf(string path, Blocklist list)
    {
        if (list.Errors.IsEmpty)
            return null;
        int more = list.BadLines - list.Errors.Length;
        string rest = more > 0 ? string.Create(CultureInfo.InvariantCulture, $"; and {more:N0} more") : "";
        return $"{path}: {string.Join("; ", list.Errors)}{rest}. "
            + string.Create(CultureInfo.InvariantCulture, $"The other lines hold: {list.Ranges.Count:N0} ranges are blocked.");
    }
}
