using Freshet.Cli.Output;
using Freshet.Core.Metainfo;
using Freshet.Core.Rates;
using Freshet.Core.Torrents;
using Spectre.Console.Rendering;

namespace Freshet.Cli.Transfers;

/// <summary>What all torrents of a run make together.</summary>
internal static class TotalsLine
{
    public static Segment[] Of(IReadOnlyList<TorrentStatus> statuses, IReadOnlySet<InfoHash> seeding)
    {
        DataRate down = new(statuses.Sum(status => status.DownloadRate.BytesPerSecond));
        DataRate up = new(statuses.Sum(status => status.UploadRate.BytesPerSecond));
        ByteSize left = new(statuses.Where(status => status.State != TorrentState.Checking).Sum(status => status.Left.Bytes));
        string missing = left.Bytes > 0 ? $", {left} missing" : "";
        return
        [
            new Segment(Words.Count(statuses.Count, "torrent"), ScreenStyles.Name),
            new Segment($": down {down}, up {up}{missing}; {Counts(statuses, status => WordOf(status, seeding))}"),
        ];
    }

    /// <summary>Those for which there is no room.</summary>
    public static string OfMore(IReadOnlyList<TorrentStatus> statuses) =>
        $"and {Words.Number(statuses.Count)} more: {Counts(statuses, static status => Codes.Of(status.State))}";

    /// <summary>How many torrents are in which state, what matters most first.</summary>
    private static string Counts(IEnumerable<TorrentStatus> statuses, Func<TorrentStatus, string> wordOf) => string.Join(
        ", ",
        statuses.GroupBy(wordOf)
            .OrderBy(group => group.Min(status => RankOf(status.State)))
            .Select(group => $"{Words.Number(group.Count())} {group.Key}"));

    /// <summary>One that is complete and only waits for the others does not seed in the user's eyes.</summary>
    private static string WordOf(TorrentStatus status, IReadOnlySet<InfoHash> seeding) =>
        status.State == TorrentState.Seeding && !seeding.Contains(status.InfoHash) ? "complete" : Codes.Of(status.State);

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
