using Freshet.Core.Peers;
using Freshet.Core.Pieces;
using Freshet.Core.Rates;
using Freshet.Core.Wire;

namespace Freshet.Core.Torrents;

/// <summary>
/// The Have messages that one peer is owed: of every piece that we have and it was not told of, but for those that it has itself. They go
/// round from a piece taken at random, so that not all peers hear of the same pieces first.
/// </summary>
/// <param name="peer">The peer.</param>
/// <param name="told">What it was told of before; empty if of nothing.</param>
/// <param name="first">Where to begin.</param>
internal sealed class OwedHaves(Peer peer, Bitfield told, PieceIndex first)
{
    private readonly PieceIndex _first = first;
    private PieceIndex _next = first;
    private bool _hasTurned;

    public Peer Peer { get; } = peer;

    /// <summary>Whether it is to hear, once it was told of all, that we want nothing.</summary>
    public bool TellsUploadOnly { get; init; }

    /// <summary>Sends as many as it may; returns how many that were. Fewer than the most only when none is left.</summary>
    public int Send(Bitfield have, int most, Timestamp now)
    {
        int sent = 0;
        while (sent < most && NextOf(have) is { } piece)
        {
            _next = new PieceIndex(piece.Value + 1);
            if (told.Length > 0 && told[piece])
                continue;
            Peer.Send(PeerMessage.Have(piece), now);
            sent++;
        }

        return sent;
    }

    private PieceIndex? NextOf(Bitfield have)
    {
        PieceIndex? next = have.FirstNotIn(Peer.Has, _next);
        if (next is null && !_hasTurned)
        {
            _hasTurned = true;
            _next = default;
            next = have.FirstNotIn(Peer.Has, default);
        }

        return next is { } piece && (!_hasTurned || piece < _first) ? next : null;
    }
}
