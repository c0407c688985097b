using Freshet.Cli.Output;
using Freshet.Core.Torrents;

namespace Freshet.Cli.Transfers;

/// <summary>Where a torrent stands, in a line.</summary>
internal static class StatusWords
{
    /// <summary>What a torrent is about, for people; programs get <see cref="Codes"/>.</summary>
    public static string Of(TorrentState state) => state switch
    {
        TorrentState.WaitingForDisk => "waiting for the disk",
        TorrentState.FetchingMetadata => "fetching metadata",
        _ => Codes.Of(state),
    };

    /// <summary>Why a torrent does not seed any longer.</summary>
    public static string Of(SeedLimit limit) => limit switch
    {
        SeedLimit.Ratio => "has reached its ratio, and ends seeding",
        SeedLimit.SeedTime => "has seeded for its time, and ends",
        _ => "has had nothing to send for long, and ends seeding",
    };

    // A piece that was verified may be gone with its file.
    private const double MostWithTrouble = 0.999;

    /// <summary>Numbers and the reason behind them.</summary>
    public static string Of(TorrentStatus status) => status.State switch
    {
        TorrentState.FetchingMetadata => $"fetching metadata, {Words.Count(status.Peers, "peer")}; {status.Why}",
        TorrentState.Checking when status.QueuedBehind is not null => status.Why,
        TorrentState.Queued => $"{Percent(status)}, {status.Why}",
        TorrentState.Checking => $"checking what exists, {Words.Percent(status.Progress)}",
        TorrentState.WaitingForDisk or TorrentState.Failed => $"{Percent(status)}, {status.Reason ?? status.Why}",
        _ => $"{Percent(status)}, {Numbers(status)}; {status.Why}",
    };

    /// <summary>How much is done. What is not complete, though no piece is missing, is not shown as if it were.</summary>
    public static string Percent(TorrentStatus status) => Words.Percent(Done(status));

    /// <summary>How much is done, 0 to 1; 1 only while checking and when it is complete.</summary>
    public static double Done(TorrentStatus status) =>
        status.State is TorrentState.WaitingForDisk or TorrentState.Failed ? Math.Min(status.Progress, MostWithTrouble) : status.Progress;

    /// <summary>Rates, the time left and peers. What matters most comes first.</summary>
    public static string Numbers(TorrentStatus status)
    {
        string down = status.State == TorrentState.Seeding ? "" : $"down {status.DownloadRate}, ";
        string peers = $"{Words.Count(status.Peers, "peer")}, {Words.Count(status.Seeds, "seed")}";
        string eta = status.Eta is { } left ? $", {Words.Of(left)} left" : "";
        return $"{down}up {status.UploadRate}{eta}, {peers}";
    }
}
