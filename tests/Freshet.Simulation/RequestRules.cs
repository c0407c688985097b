using Freshet.Core.Peers;
using Freshet.Core.Pieces;
using Freshet.Core.Rates;

using Freshet.Core.Wire;

namespace Freshet.Simulation;

/// <summary>
/// Watches from outside what one peer requests, and checks the rules: it requests only whole blocks that the other has, never one twice
/// while another is free, and never too many.
/// </summary>
/// <remarks>
/// The engine is not asked for its view. A request counts as outstanding for ten seconds, the shortest time-out, and not if its peer has
/// sent nothing for long enough to be snubbed, since giving up on a block is not visible on the wire.
/// </remarks>
internal sealed class RequestRules(SimClock clock, PieceLayout layout, Func<PieceIndex, bool> isMissing)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan NearlySnubbed = TimeSpan.FromSeconds(29);

    private readonly Dictionary<BlockRef, List<(PeerKey Peer, Timestamp At)>> _asked = [];
    private readonly Dictionary<PeerKey, Bitfield> _has = [];
    private readonly Dictionary<PeerKey, Timestamp> _quietSince = [];
    private readonly HashSet<BlockRef> _touched = [];

    /// <summary>The maximum number of requests that were outstanding with one peer.</summary>
    public int MostOutstanding { get; private set; }

    /// <summary>Requests for blocks that were also requested from others.</summary>
    public int EndgameRequests { get; private set; }

    /// <summary>Blocks of a piece exist from an earlier run.</summary>
    public void OnRestored(PartialPiece partial)
    {
        Bitfield.TryParse(partial.Blocks.Span, layout.BlockCountOf(partial.Piece), out Bitfield blocks);
        for (PieceIndex? block = blocks.FirstAtOrAfter(default); block is { } there; block = blocks.FirstAtOrAfter(new(there.Value + 1)))
            _touched.Add(new BlockRef(partial.Piece, there.Value));
    }

    /// <summary>The blocks of a piece are wanted again, except for those that are on their way.</summary>
    public void OnDiscarded(PieceIndex piece)
    {
        for (int i = 0; i < layout.BlockCountOf(piece); i++)
        {
            BlockRef block = new(piece, i);
            if (!_asked.TryGetValue(block, out List<(PeerKey Peer, Timestamp At)>? requests) || requests.Count == 0)
                _touched.Remove(block);
        }
    }

    public void OnConnected(PeerKey peer)
    {
        _has[peer] = new Bitfield(layout.PieceCount);
        _quietSince[peer] = clock.Now;
    }

    public void OnGone(PeerKey peer)
    {
        _has.Remove(peer);
        _quietSince.Remove(peer);
        Forget(peer);
    }

    public void OnSent(PeerKey peer, in PeerMessage message)
    {
        if (message.Id == MessageId.Request)
            OnRequest(peer, message.Range);
        else if (message.Id == MessageId.Cancel)
            Forget(peer, message.Range);
    }

    public void OnReceived(PeerKey peer, in PeerMessage message, bool isFast)
    {
        if (!_has.TryGetValue(peer, out Bitfield? has))
            return;
        switch (message.Id)
        {
            case MessageId.Bitfield when Bitfield.TryParseLoosely(message.Payload.Span, layout.PieceCount, out Bitfield sent):
                _has[peer] = sent;
                break;
            case MessageId.HaveAll:
                has.AddAll();
                break;
            case MessageId.Have when layout.Contains(message.Piece):
                has.Add(message.Piece);
                break;
            case MessageId.Choke when !isFast:
                Forget(peer);
                break;
            case MessageId.RejectRequest:
                Forget(peer, message.Range);
                break;
            case MessageId.Piece:
                Forget(peer, message.Range);
                _quietSince[peer] = clock.Now;

                // Even a block whose request was given up may be accepted.
                if (layout.TryGetBlock(message.Range, out BlockRef block))
                    _touched.Add(block);
                break;
        }
    }

    private void OnRequest(PeerKey peer, BlockRange range)
    {
        if (!layout.TryGetBlock(range, out BlockRef block))
            throw new SimFailureException($"{range} was requested, which is no block");
        if (!_has[peer][block.Piece])
            throw new SimFailureException($"{block} was requested of a peer that does not have it");
        if (!isMissing(block.Piece))
            throw new SimFailureException($"{block} was requested, though its piece is there or not wanted");
        if (!_asked.TryGetValue(block, out List<(PeerKey Peer, Timestamp At)>? requests))
            _asked[block] = requests = [];
        requests.RemoveAll(request => !IsOutstanding(request));
        if (requests.Exists(request => request.Peer == peer))
            throw new SimFailureException($"{block} was requested twice of the same peer");
        if (requests.Count >= PieceLimits.MaxRequestersPerBlock)
            throw new SimFailureException($"{block} was requested of {requests.Count + 1} peers");
        if (requests.Count > 0)
        {
            EndgameRequests++;
            if (FindFree(peer) is { } free)
                throw new SimFailureException($"{block} was requested twice, though {free} is free");
        }

        requests.Add((peer, clock.Now));
        _touched.Add(block);
        int outstanding = _asked.Values.Sum(asked => asked.Count(request => request.Peer == peer && IsOutstanding(request)));
        MostOutstanding = Math.Max(MostOutstanding, outstanding);
        if (outstanding > PeerLimits.MaxOutstandingRequests)
            throw new SimFailureException($"{outstanding} blocks are requested of one peer");
    }

    private bool IsOutstanding((PeerKey Peer, Timestamp At) request) =>
        clock.Now - request.At < Patience && clock.Now - _quietSince[request.Peer] < NearlySnubbed;

    // A block that was never requested from anyone and that the peer has.
    private BlockRef? FindFree(PeerKey peer)
    {
        for (int i = 0; i < layout.PieceCount; i++)
        {
            PieceIndex piece = new(i);
            for (int j = 0; j < layout.BlockCountOf(piece); j++)
            {
                BlockRef block = new(piece, j);
                if (_has[peer][piece] && isMissing(piece) && !_touched.Contains(block))
                    return block;
            }
        }

        return null;
    }

    private void Forget(PeerKey peer, BlockRange range)
    {
        if (layout.TryGetBlock(range, out BlockRef block) && _asked.TryGetValue(block, out List<(PeerKey Peer, Timestamp At)>? requests))
            Forget(peer, block, requests);
    }

    private void Forget(PeerKey peer)
    {
        // Dictionary.Remove is allowed during enumeration.
        foreach ((BlockRef block, List<(PeerKey Peer, Timestamp At)> requests) in _asked)
            Forget(peer, block, requests);
    }

    private void Forget(PeerKey peer, BlockRef block, List<(PeerKey Peer, Timestamp At)> requests)
    {
        requests.RemoveAll(request => request.Peer == peer);
        if (requests.Count == 0)
            _asked.Remove(block);
    }
}
