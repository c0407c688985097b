using Freshet.Core.Peers;
using Freshet.Core.Pieces;
using Freshet.Core.Rates;
using Freshet.Core.Wire;

namespace Freshet.Core.Torrents;

/// <summary>
/// The Have messages still to be sent to one peer: for every piece that we have and it has not been told of, except those that it has
/// itself. They start at a random piece, so that not all peers learn of the same pieces first.
/// </summary>
/// <param name="peer">The peer.</param>
/// <param name="told">The pieces it was told of before; empty if none.</param>
/// <param name="first">The piece to start at.</param>
internal sealed class OwedHaves(Peer peer, Bitfield told, PieceIndex first)
{
    private readonly PieceIndex _first = first;
    private PieceIndex _next = first;
    private bool _hasTurned;

    public Peer Peer { get; } = peer;

    /// <summary>Whether to send upload-only once all Have messages are sent.</summary>
    public bool TellsUploadOnly { get; init; }

    /// <summary>Sends at most <paramref name="most"/> messages and returns how many; fewer only when none is left.</summary>
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
