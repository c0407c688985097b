using Freshet.Cli.Output;
using Freshet.Core.Rates;
using Freshet.Core.Torrents;

namespace Freshet.Cli.Transfers;

/// <summary>Describes the status of a torrent in a line.</summary>
internal static class StatusWords
{
    /// <summary>The state for people; programs get <see cref="Codes"/>.</summary>
    public static string Of(TorrentState state) => state switch
    {
        TorrentState.WaitingForDisk => "waiting for the disk",
        TorrentState.FetchingMetadata => "fetching metadata",
        _ => Codes.Of(state),
    };

    /// <summary>Why a torrent stops seeding.</summary>
    public static string Of(SeedLimit limit) => limit switch
    {
        SeedLimit.Ratio => "has reached its ratio, and ends seeding",
        SeedLimit.SeedTime => "has seeded for its time, and ends",
        _ => "has had nothing to send for long, and ends seeding",
    };

    /// <summary>What was found of a torrent under other names.</summary>
    public static string Of(IReadOnlyList<PlacedFile> files)
    {
        ByteSize size = new(files.Sum(file => file.File.Length));
        int linked = files.Count(file => file.Way == PlacedAs.Link);
        string way = linked == files.Count ? "linked" : linked == 0 ? "copied" : $"{linked} linked, the others copied";
        return $"Found {Words.Count(files.Count, "file")} under other names, {size}: {way}";
    }

    // A verified piece may be lost along with its file.
    private const double MostWithTrouble = 0.999;

    /// <summary>The numbers and the reason behind them.</summary>
    public static string Of(TorrentStatus status) => status.State switch
    {
        TorrentState.FetchingMetadata => $"fetching metadata, {Words.Count(status.Peers, "peer")}; {status.Why}",
        TorrentState.Checking when status.QueuedBehind is not null => status.Why,
        TorrentState.Queued => $"{Percent(status)}, {status.Why}",
        TorrentState.Checking => $"checking what exists, {Words.Percent(status.Progress)}",
        TorrentState.WaitingForDisk or TorrentState.Failed => $"{Percent(status)}, {status.Reason ?? status.Why}",
        _ => $"{Percent(status)}, {Numbers(status)}; {status.Why}",
    };

    /// <summary>The progress. A torrent that is not complete, although no piece is missing, is not shown as complete.</summary>
    public static string Percent(TorrentStatus status) => Words.Percent(Done(status));

    /// <summary>The progress, 0 to 1; 1 only while checking and when complete.</summary>
    public static double Done(TorrentStatus status) =>
        status.State is TorrentState.WaitingForDisk or TorrentState.Failed ? Math.Min(status.Progress, MostWithTrouble) : status.Progress;

    /// <summary>Rates, the time left and peers, the most important first.</summary>
    public static string Numbers(TorrentStatus status)
    {
        string down = status.State == TorrentState.Seeding ? "" : $"down {status.DownloadRate}, ";
        string peers = $"{Words.Count(status.Peers, "peer")}, {Words.Count(status.Seeds, "seed")}";
        string eta = status.Eta is { } left ? $", {Words.Of(left)} left" : "";
        return $"{down}up {status.UploadRate}{eta}, {peers}";
    }
}
