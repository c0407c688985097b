using Freshet.Api;

namespace Freshet.Cli.Daemons;

/// <summary>Finds torrents of a daemon by what a user writes: the beginning of an info-hash, or "all".</summary>
internal static class TorrentNames
{
    private const int ShortestPrefix = 4;

    /// <exception cref="CliException">One is not there, or means several.</exception>
    public static async Task<IReadOnlyList<TorrentItem>> FindAsync(
        DaemonClient daemon, IReadOnlyList<string> names, CancellationToken cancellationToken)
    {
        IReadOnlyList<TorrentItem> torrents = await daemon.ListAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
        return names is ["all"] ? torrents : [.. names.Select(name => Find(torrents, name)).DistinctBy(torrent => torrent.Hash)];
    }

    /// <exception cref="CliException">It is not there, or means several.</exception>
    public static async Task<TorrentItem> FindOneAsync(DaemonClient daemon, string name, CancellationToken cancellationToken) =>
        Find(await daemon.ListAsync(cancellationToken: cancellationToken).ConfigureAwait(false), name);

    private static TorrentItem Find(IReadOnlyList<TorrentItem> torrents, string name)
    {
        TorrentItem[] found = name.Length < ShortestPrefix
            ? []
            : [.. torrents.Where(torrent => torrent.Hash.StartsWith(name, StringComparison.OrdinalIgnoreCase))];
        return found.Length switch
        {
            1 => found[0],
            0 => throw new CliException($"The daemon has no torrent {name}.",
                "'freshet list' shows the info-hashes; four digits are enough."),
            _ => throw new CliException($"{name} is the beginning of several info-hashes.", "Give more digits."),
        };
    }
}
