using Freshet.Cli.Output;
using Freshet.Core.Metainfo;
using Freshet.Core.Rates;
using Freshet.Core.Torrents;
using Spectre.Console.Rendering;

namespace Freshet.Cli.Transfers;

/// <summary>The totals of all torrents of a run. A narrow window shows less: torrents in trouble and the rates are kept longest.</summary>
internal static class TotalsLine
{
    public static Segment[] Of(IReadOnlyList<TorrentStatus> statuses, IReadOnlySet<InfoHash> seeding, int width)
    {
        string down = "down " + new DataRate(statuses.Sum(status => status.DownloadRate.BytesPerSecond));
        string up = "up " + new DataRate(statuses.Sum(status => status.UploadRate.BytesPerSecond));
        ByteSize left = new(statuses.Where(status => status.State != TorrentState.Checking).Sum(status => status.Left.Bytes));
        string[] counts = Counts(statuses, status => WordOf(status, seeding));
        string title = Words.Count(statuses.Count, "torrent");
        string[][] rates = left.Bytes > 0 ? [[down, up, $"{left} missing"], [down, $"{left} missing"], [down]] : [[down, up], [down]];
        string rest = FirstThatFits(
            rates.Select(some => Join(some, counts)).Concat(Shorter(counts).Select(some => Join([down], some))),
            width - 1 - title.Length);
        return [new Segment(title, ScreenStyles.Name), new Segment(rest)];
    }

    /// <summary>Sums up the torrents for which there is no room.</summary>
    public static string OfMore(IReadOnlyList<TorrentStatus> statuses, int width)
    {
        string title = $"and {Words.Number(statuses.Count)} more";
        string[] counts = Counts(statuses, static status => StatusWords.Of(status.State));
        return title + FirstThatFits(
            Shorter(counts).Prepend(counts).Select(some => some.Length > 0 ? ": " + string.Join(", ", some) : ""),
            width - 1 - title.Length);
    }

    private static string Join(string[] rates, string[] counts) =>
        $": {string.Join(", ", rates)}{(counts.Length > 0 ? "; " : "")}{string.Join(", ", counts)}";

    private static IEnumerable<string[]> Shorter(string[] parts) =>
        Enumerable.Range(1, parts.Length).Select(without => parts[..^without]);

    private static string FirstThatFits(IEnumerable<string> candidates, int room) =>
        candidates.FirstOrDefault(candidate => candidate.Length <= room, "");

    /// <summary>The number of torrents in each state, the most important first.</summary>
    private static string[] Counts(IEnumerable<TorrentStatus> statuses, Func<TorrentStatus, string> wordOf) =>
        [.. statuses.GroupBy(wordOf)
            .OrderBy(group => group.Min(status => RankOf(status.State)))
            .Select(group => $"{Words.Number(group.Count())} {group.Key}")];

    /// <summary>A torrent that is complete and only waits for the others does not count as seeding for the user.</summary>
    private static string WordOf(TorrentStatus status, IReadOnlySet<InfoHash> seeding) =>
        status.State == TorrentState.Seeding && !seeding.Contains(status.InfoHash) ? "complete" : StatusWords.Of(status.State);

    private static int RankOf(TorrentState state) => state switch
    {
        TorrentState.Failed => 0,
        TorrentState.WaitingForDisk => 1,
        TorrentState.Checking => 2,
        TorrentState.Downloading or TorrentState.FetchingMetadata => 3,
        TorrentState.Seeding => 4,
        _ => 5,
    };
}
