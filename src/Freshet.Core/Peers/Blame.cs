
using Freshet.Core.Pieces;

namespace Freshet.Core.Peers;

/// <summary>
/// What follows when a piece fails its hash. A peer that alone sent a failed piece is proven bad. Of a piece that several sent, the
/// hash and the sender of each block are kept as evidence until the piece is good: then whoever's block has not the good one's hash is
/// proven bad, and the others are cleared. Bytes are never looked at here.
/// </summary>
/// <remarks>
/// Until then all who shared it are suspects and are given whole pieces of their own, so that the next bad one has one sender, and a
/// peer that is honest alone soon makes the failed piece good, which tells on who was not. Suspicion and evidence stick to the origin:
/// reconnecting does not wipe them off. (libtorrent's smart_ban compares block hashes so, too.)
/// </remarks>
internal sealed class Blame
{
    private readonly Dictionary<PeerKey, BlockSender> _senders = [];
    private readonly Queue<PeerKey> _gone = new();
    private readonly HashSet<Origin> _suspects = [];
    private readonly Dictionary<PieceIndex, Dictionary<SentBlock, Evidence>> _evidence = [];
    private readonly List<PieceIndex> _oldestFirst = [];

    /// <summary>Blocks in evidence; never more than <see cref="PeerLimits.MaxBlocksInEvidence"/>.</summary>
    public int BlocksInEvidence { get; private set; }

    /// <summary>Whether a good piece may tell anything.</summary>
    public bool IsUndecided => _suspects.Count > 0 || _evidence.Count > 0;

    /// <summary>How many origins are suspects.</summary>
    public int SuspectCount => _suspects.Count;

    /// <summary>Whether a peer shared a failed piece and has not been cleared since; it is given pieces of its own.</summary>
    public bool IsSuspect(Origin origin) => _suspects.Count > 0 && _suspects.Contains(origin);

    public void OnConnected(PeerKey key, BlockSender sender) => _senders[key] = sender;

    /// <summary>A connection ended. What the peer sent may be hashed only now, so its origin is kept for a while.</summary>
    public void OnGone(PeerKey peer)
    {
        _gone.Enqueue(peer);
        if (_gone.Count > PeerLimits.MaxSuspects)
            _senders.Remove(_gone.Dequeue());
    }

    /// <summary>A piece has its hash. Tells those who are proven bad by it.</summary>
    /// <param name="verdict">With the hashes of the good blocks, if there is evidence to compare them with.</param>
    /// <param name="senders">Who sent each block.</param>
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

    /// <summary>A piece failed its hash. Tells those who are proven bad by that alone.</summary>
    /// <param name="verdict">With the hashes of the blocks as they were sent, if they could be had.</param>
    /// <param name="senders">Who sent each block; an unknown key for what was there from an earlier run, which proves nothing.</param>
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

            // One who sends the same block twice, and not alike, has sent a bad one at least once.
            if (!verdict.Blocks.IsDefault
                && !TryKeep(verdict.Piece, new SentBlock(i, sender.Origin), new Evidence(verdict.Blocks[i], sender)))
                guilty.Add(sender);
        }

        return guilty;
    }

    // False if the same peer has sent another block in its place before.
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

    /// <summary>A block of a piece that failed, and who sent it, as bans know them.</summary>
    private readonly record struct SentBlock(int Index, Origin Origin);

    /// <summary>What was sent, and by whom.</summary>
    private readonly record struct Evidence(Bytes20 Hash, BlockSender Sender);
}
