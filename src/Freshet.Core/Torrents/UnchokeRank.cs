using Freshet.Core.Peers;
using Freshet.Core.Pieces;

namespace Freshet.Core.Torrents;

/// <summary>
/// What entitles a peer to a slot of ours for the next ten seconds: the more, the better; with nothing it waits for its turn. While we
/// download that is what it gave us in the last ten (BEP 3), so whoever stopped giving, though we ask it, is entitled to nothing. When we
/// have all that we want, it is as <see cref="SeedChoking"/> says.
/// </summary>
internal static class UnchokeRank
{
    // In turns, a peer has its slot until it got so much: enough for some pieces, which it can pass on.
    private const long LeastTurn = 4L * 1024 * 1024;
    private const int PiecesPerTurn = 4;

    public static double Of(Peer peer, TorrentContext torrent)
    {
        if (!torrent.Ledger.IsFinished)
            return peer.Requests.IsSnubbed ? 0 : peer.Received.Total - peer.Uploads.ReceivedBeforeRound;
        return torrent.Settings.SeedChoking switch
        {
            SeedChoking.RoundRobin => HasTurn(peer, torrent.Layout) ? 1 : 0,
            SeedChoking.AntiLeech => 1 + Math.Abs(2 * ProgressOf(peer.Has) - 1),
            _ => peer.Uploads.Sent.Total - peer.Uploads.SentBeforeRound,
        };
    }

    private static bool HasTurn(Peer peer, PieceLayout layout) =>
        !peer.Uploads.IsChoked
        && peer.Uploads.Sent.Total - peer.Uploads.SentBeforeChange < Math.Max(LeastTurn, (long)PiecesPerTurn * layout.PieceLength);

    private static double ProgressOf(Bitfield has) => has.Length == 0 ? 0 : (double)has.Count / has.Length;
}
