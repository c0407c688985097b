using Freshet.Cli.Output;
using Freshet.Core.Torrents;

namespace Freshet.Cli.Transfers;

/// <summary>Where a torrent stands, in a line.</summary>
internal static class StatusWords
{
    private const int RateWidth = 10;
    private const int TimeWidth = 12;

    /// <summary>Numbers and the reason behind them.</summary>
    public static string Of(TorrentStatus status) => status.State switch
    {
        TorrentState.FetchingMetadata => $"fetching metadata, {Words.Count(status.Peers, "peer")}; {status.Why}",
        TorrentState.Checking => $"checking what exists, {Words.Percent(status.Progress)}",
        TorrentState.WaitingForDisk or TorrentState.Failed => $"{Words.Percent(status.Progress)}, {status.Reason ?? status.Why}",
        _ => $"{Words.Percent(status.Progress)}, {Numbers(status)}; {status.Why}",
    };

    /// <summary>Rates, the time left and peers. What matters most comes first, because a narrow window cuts the end.</summary>
    public static string Numbers(TorrentStatus status)
    {
        string down = status.State == TorrentState.Seeding ? "" : $"down {status.DownloadRate}, ";
        string peers = $"{Words.Count(status.Peers, "peer")}, {Words.Count(status.Seeds, "seed")}";
        string eta = status.Eta is { } left ? $", {Words.Of(left)} left" : "";
        return $"{down}up {status.UploadRate}{eta}, {peers}";
    }

    /// <summary>The same in columns, which stay where they are while the numbers change.</summary>
    public static string PaddedNumbers(TorrentStatus status)
    {
        string down = status.State == TorrentState.Seeding ? "" : $"down {status.DownloadRate,-RateWidth}  ";
        string eta = status.Eta is { } left ? $"{Words.Of(left)} left" : "";
        return $"{down}up {status.UploadRate,-RateWidth}  {eta,-TimeWidth}  "
            + $"{Words.Count(status.Peers, "peer")}, {Words.Count(status.Seeds, "seed")}";
    }
}
