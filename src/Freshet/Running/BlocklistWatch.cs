using System.Globalization;
using Freshet.Core.Peers;
using Freshet.Core.Rates;
using Freshet.Persistence;

namespace Freshet.Running;

/// <summary>
/// Keeps the addresses that are blocked as the user's file has them: reads it when the session starts, and again when it has changed. What
/// is wrong with it is reported, and what can be read of it holds; a file that cannot be read any more leaves the last list in force.
/// </summary>
/// <param name="filter">What everything asks that exchanges something.</param>
/// <param name="warn">Tells the user something.</param>
/// <param name="onChanged">Called when other addresses are blocked, on some thread.</param>
internal sealed class BlocklistWatch(AddressFilter filter, Action<string> warn, Action onChanged)
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(2);

    private string? _path;
    private (DateTime WrittenAt, long Length) _stamp;
    private Timestamp _nextLook;
    private Task _looking = Task.CompletedTask;
    private string? _untold;

    /// <summary>Reads the file of a session that starts. Blocks.</summary>
    /// <exception cref="FreshetException">It cannot be read.</exception>
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

    /// <summary>Looks from time to time whether the file has changed, or is another.</summary>
    public void Tick(Timestamp now, string? path)
    {
        // Nobody listens yet when the session is started.
        if (_nextLook == default)
            _nextLook = now + BetweenLooks;
        if ((now < _nextLook && path == _path) || !_looking.IsCompleted)
            return;
        _nextLook = now + BetweenLooks;
        _looking = Task.Run(() => Look(path));
    }

    private void Look(string? path)
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
