
using Freshet.Core.Pieces;

namespace Freshet.Core.Peers;

/// <summary>
/// Finds out who sent bad data when a piece fails its hash check. A peer that sent a failed piece alone is proven bad. If several peers
/// sent it, the hash and the sender of each block are kept as evidence until the piece is verified: then every peer whose block hash
/// differs from the good one is proven bad, and the others are cleared. This type never sees the data itself.
/// </summary>
/// <remarks>
/// Until then, all contributors are suspects and are assigned whole pieces of their own, so that the next bad piece has a single sender;
/// honest suspects soon supply a good copy of the failed piece, which exposes the bad sender. Suspicion and evidence belong to the origin,
/// so reconnecting does not clear them. (libtorrent's smart_ban compares block hashes the same way.)
/// </remarks>
internal sealed class Blame
{
    private readonly Dictionary<PeerKey, BlockSender> _senders = [];
    private readonly Queue<PeerKey> _gone = new();
    private readonly HashSet<Origin> _suspects = [];
    private readonly Dictionary<PieceIndex, Dictionary<SentBlock, Evidence>> _evidence = [];
    private readonly List<PieceIndex> _oldestFirst = [];

    /// <summary>The number of blocks in evidence; never more than <see cref="PeerLimits.MaxBlocksInEvidence"/>.</summary>
    public int BlocksInEvidence { get; private set; }

    /// <summary>Whether a verified piece may settle anything.</summary>
    public bool IsUndecided => _suspects.Count > 0 || _evidence.Count > 0;

    /// <summary>The number of suspected origins.</summary>
    public int SuspectCount => _suspects.Count;

    /// <summary>Whether an origin contributed to a failed piece and has not been cleared since; it is assigned pieces of its own.</summary>
    public bool IsSuspect(Origin origin) => _suspects.Count > 0 && _suspects.Contains(origin);

    public void OnConnected(PeerKey key, BlockSender sender) => _senders[key] = sender;

    /// <summary>A connection has ended. What the peer sent may be hashed only later, so its origin is kept for a while.</summary>
    public void OnGone(PeerKey peer)
    {
        _gone.Enqueue(peer);
        if (_gone.Count > PeerLimits.MaxSuspects)
            _senders.Remove(_gone.Dequeue());
    }

    /// <summary>A piece passed its hash check. Returns the senders that it proves bad.</summary>
    /// <param name="verdict">The verdict, with the hashes of the good blocks if there is evidence to compare them with.</param>
    /// <param name="senders">The sender of each block.</param>
    public IReadOnlyCollection<BlockSender> OnVerified(in PieceVerdict verdict, ReadOnlySpan<PeerKey> senders)
    {
        if (_suspects.Count > 0 && SoleSenderOf(senders) is { } alone)
            _suspects.Remove(alone.Origin);
        if (!_evidence.TryGetValue(verdict.Piece, out Dictionary<SentBlock, Evidence>? sent))
            return [];
        Forget(verdict.Piece);
        if (verdict.Blocks.IsDefault)
            return [];

        HashSet<BlockSender> guilty = [];
        foreach ((SentBlock block, Evidence evidence) in sent)
        {
            _suspects.Remove(block.Origin);
            if (evidence.Hash != verdict.Blocks[block.Index])
                guilty.Add(evidence.Sender);
        }

        return guilty;
    }

    /// <summary>A piece failed its hash check. Returns the senders that this alone proves bad.</summary>
    /// <param name="verdict">The verdict, with the hashes of the received blocks if available.</param>
    /// <param name="senders">The sender of each block; an unknown key for blocks from an earlier run, which prove nothing.</param>
    public IReadOnlyCollection<BlockSender> OnFailed(in PieceVerdict verdict, ReadOnlySpan<PeerKey> senders)
    {
        if (SoleSenderOf(senders) is { } alone)
            return [alone];
        HashSet<BlockSender> guilty = [];
        for (int i = 0; i < senders.Length; i++)
        {
            if (!_senders.TryGetValue(senders[i], out BlockSender sender))
                continue;
            if (_suspects.Count < PeerLimits.MaxSuspects)
                _suspects.Add(sender.Origin);

            // A peer that sends two different versions of a block has sent at least one bad one.
            if (!verdict.Blocks.IsDefault
                && !TryKeep(verdict.Piece, new SentBlock(i, sender.Origin), new Evidence(verdict.Blocks[i], sender)))
                guilty.Add(sender);
        }

        return guilty;
    }

    // False if the same peer has sent a different version of the block before.
    private bool TryKeep(PieceIndex piece, SentBlock sent, Evidence evidence)
    {
        if (!_evidence.TryGetValue(piece, out Dictionary<SentBlock, Evidence>? blocks))
        {
            _evidence[piece] = blocks = [];
            _oldestFirst.Add(piece);
        }

        if (!blocks.TryAdd(sent, evidence))
            return blocks[sent].Hash == evidence.Hash;
        BlocksInEvidence++;
        while (BlocksInEvidence > PeerLimits.MaxBlocksInEvidence)
            Forget(_oldestFirst[0]);
        return true;
    }

    private void Forget(PieceIndex piece)
    {
        if (!_evidence.Remove(piece, out Dictionary<SentBlock, Evidence>? blocks))
            return;
        BlocksInEvidence -= blocks.Count;
        _oldestFirst.Remove(piece);
    }

    private BlockSender? SoleSenderOf(ReadOnlySpan<PeerKey> senders) =>
        senders.Length > 0 && !senders.ContainsAnyExcept(senders[0]) && _senders.TryGetValue(senders[0], out BlockSender sender)
            ? sender
            : null;

    /// <summary>A block of a failed piece, and the origin that sent it.</summary>
    private readonly record struct SentBlock(int Index, Origin Origin);

    /// <summary>The hash of what was sent, and the sender.</summary>
    private readonly record struct Evidence(Bytes20 Hash, BlockSender Sender);
}
