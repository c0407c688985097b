using System.CommandLine;
using Freshet.Api;
using Freshet.Cli.Output;

namespace Freshet.Cli.Daemons;

/// <summary>Finds torrents of a daemon by what a user types: an info-hash or a name, an unambiguous prefix of either, or "all".</summary>
internal static class TorrentNames
{
    private const int ShortestHash = 4;
    private const int MostShown = 5;
    private const string Meaning = "Its name or info-hash, or as much of the beginning as no other torrent has";

    public static Argument<string> Argument() => new("TORRENT") { Description = Meaning + "." };

    public static Argument<string[]> Arguments() => new("TORRENT")
    {
        Description = Meaning + "; or all.",
        Arity = ArgumentArity.OneOrMore,
    };

    public static Argument<string?> OptionalArgument(string purpose) => new("TORRENT")
    {
        Description = $"{purpose} {Meaning}.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    /// <exception cref="CliException">A torrent does not exist, or a name is ambiguous.</exception>
    public static async Task<IReadOnlyList<TorrentItem>> FindAsync(
        DaemonClient daemon, IReadOnlyList<string> names, CancellationToken cancellationToken)
    {
        IReadOnlyList<TorrentItem> torrents = await daemon.ListAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
        return names is ["all"] ? torrents : [.. names.Select(name => Find(torrents, name)).DistinctBy(torrent => torrent.Hash)];
    }

    /// <exception cref="CliException">The torrent does not exist, or the name is ambiguous.</exception>
    public static async Task<TorrentItem> FindOneAsync(DaemonClient daemon, string name, CancellationToken cancellationToken) =>
        Find(await daemon.ListAsync(cancellationToken: cancellationToken).ConfigureAwait(false), name);

    /// <exception cref="CliException">The torrent does not exist, or the name is ambiguous.</exception>
    public static TorrentItem Find(IReadOnlyList<TorrentItem> torrents, string name)
    {
        TorrentItem[] found = [.. Matches(torrents, name)];
        return found.Length switch
        {
            1 => found[0],
            0 => throw new CliException(
                $"The daemon has no torrent \"{name}\".", "'freshet list' shows the names and info-hashes; the beginning is enough."),
            _ => throw new CliException(
                $"\"{name}\" may be any of {Words.Count(found.Length, "torrent")}:", "Give more of the name, or the info-hash.")
            {
                Details = LinesOf(found),
            },
        };
    }

    // Exact matches come before prefixes: a torrent's name may be a prefix of another's.
    private static IEnumerable<TorrentItem> Matches(IReadOnlyList<TorrentItem> torrents, string name)
    {
        if (name.Length == 0)
            return [];
        TorrentItem[] whole = [.. torrents.Where(torrent => Is(torrent.Hash, name) || Is(torrent.Name, name))];
        return whole.Length > 0 ? whole : torrents.Where(torrent =>
            (name.Length >= ShortestHash && Begins(torrent.Hash, name)) || Begins(torrent.Name, name));
    }

    private static bool Is(string text, string name) => text.Equals(name, StringComparison.OrdinalIgnoreCase);

    private static bool Begins(string text, string name) => text.StartsWith(name, StringComparison.OrdinalIgnoreCase);

    private static string[] LinesOf(TorrentItem[] found)
    {
        IEnumerable<string> lines = found.Take(MostShown).Select(torrent => $"{torrent.Hash[..8]}  {torrent.Name}");
        return [.. found.Length > MostShown ? lines.Append($"and {found.Length - MostShown} more") : lines];
    }
}
