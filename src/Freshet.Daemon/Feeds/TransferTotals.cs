using Freshet.Core.Torrents;

namespace Freshet.Daemon.Feeds;

/// <summary>What was transferred since the start, in bytes of payload.</summary>
/// <param name="Downloaded">Received.</param>
/// <param name="Uploaded">Sent.</param>
/// <param name="Wasted">Received for nothing.</param>
internal readonly record struct TransferTotals(long Downloaded, long Uploaded, long Wasted)
{
    public TransferTotals With(TorrentStatus status) =>
        new(Downloaded + status.Downloaded.Bytes, Uploaded + status.Uploaded.Bytes, Wasted + status.Wasted.Bytes);
}
