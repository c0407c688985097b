namespace Freshet.Cli.State;

/// <summary>Finds torrents of a state folder by what a user types.</summary>
internal static class SavedNames
{
    private const int ShortestPrefix = 8;

    /// <summary>Explains what to do if a running session is using the torrent.</summary>
    /// <exception cref="CliException">A running session is using it.</exception>
    public static async Task ExplainLockAsync(Task change)
    {
        try
        {
            await change.ConfigureAwait(false);
        }
        catch (FreshetException e) when (e.Error == FreshetError.Locked)
        {
            throw new CliException(e.Message, "A torrent that runs can only be changed by the program that runs it: stop that first.", e);
        }
    }

    /// <summary>The torrent with that info-hash or unambiguous prefix of one.</summary>
    /// <exception cref="CliException">There is none, or there are several.</exception>
    public static SavedTorrent Find(IReadOnlyList<SavedTorrent> torrents, string name, string folder)
    {
        SavedTorrent[] found = name.Length < ShortestPrefix
            ? []
            : [.. torrents.Where(torrent => torrent.InfoHash.ToString().StartsWith(name, StringComparison.OrdinalIgnoreCase))];
        return found.Length switch
        {
            1 => found[0],
            0 => throw new CliException($"The state folder {folder} remembers no torrent {name}.", "'freshet list' shows the info-hashes."),
            _ => throw new CliException($"{name} is the beginning of several info-hashes.", "Give more digits."),
        };
    }
}
