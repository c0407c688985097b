using Freshet.Cli.Output;
using Freshet.Core.Metainfo;

namespace Freshet.Cli.Transfers;

/// <summary>
/// Warnings that peers can cause as often as they like: for each torrent the first few are reported, then only their number, at powers of
/// ten.
/// </summary>
internal sealed class SwarmWarnings(ITransferReporter reporter)
{
    private const int Reported = 5;

    private readonly Dictionary<(InfoHash InfoHash, string Kind), int> _counts = [];

    public void OnPieceFailed(SessionEvent.PieceFailed failed) =>
        Warn(failed.Torrent, $"piece {failed.Piece} failed its hash and is fetched again", "pieces have failed their hash");

    public void OnPeerBanned(SessionEvent.PeerBanned banned) =>
        Warn(banned.Torrent, $"{banned.Peer} is banned: {banned.Reason}", "peers have been banned");

    private void Warn(Torrent torrent, string message, string kind)
    {
        int count = _counts[(torrent.InfoHash, kind)] = _counts.GetValueOrDefault((torrent.InfoHash, kind)) + 1;
        if (count < Reported)
            reporter.Warning($"{torrent.Name}: {message}", torrent.InfoHash);
        else if (count == Reported)
            reporter.Warning($"{torrent.Name}: {message}; more like this are only counted", torrent.InfoHash);
        else if (IsPowerOfTen(count))
            reporter.Warning($"{torrent.Name}: {Words.Number(count)} {kind} so far", torrent.InfoHash);
    }

    private static bool IsPowerOfTen(int count)
    {
        while (count % 10 == 0)
            count /= 10;
        return count == 1;
    }
}
