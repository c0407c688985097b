using Freshet.Core.Peers;
using Freshet.Core.Pieces;

namespace Freshet.Core.Torrents;

/// <summary>
/// A peer's claim to an upload slot for the next ten seconds: higher is better, and with 0 the peer waits for its turn. While we download,
/// it is the payload received from the peer in the last ten seconds (BEP 3), so a peer that stops sending although we request has no claim.
/// When we have everything that we want, <see cref="SeedChoking"/> decides.
/// </summary>
internal static class UnchokeRank
{
    // With round-robin, a peer keeps its slot until it has received this much: a few pieces, which it can pass on.
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
