using System.Numerics;
using Freshet.Core.Torrents;

namespace Freshet.Cli.Transfers;

/// <summary>The order of torrents on the screen: those in trouble first, then the most active ones, then the rest.</summary>
internal static class ScreenOrder
{
    private const int Failed = 0;
    private const int WaitingForDisk = 1;
    private const int Active = 2;
    private const int Checking = Active + 64;
    private const int Waiting = Checking + 1;
    private const int Idle = Waiting + 1;

    /// <summary>The lowest rank comes first. Rates count by powers of two, so that rows do not change places all the time.</summary>
    public static int RankOf(TorrentStatus status)
    {
        ulong rate = (ulong)Math.Max(0, status.DownloadRate.BytesPerSecond + status.UploadRate.BytesPerSecond);
        return status.State switch
        {
            TorrentState.Failed => Failed,
            TorrentState.WaitingForDisk => WaitingForDisk,
            _ when rate > 0 => Active + BitOperations.LeadingZeroCount(rate),
            TorrentState.Checking => Checking,
            TorrentState.Downloading or TorrentState.FetchingMetadata => Waiting,
            _ => Idle,
        };
    }
}
