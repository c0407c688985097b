using Freshet.Core.Pieces;

using Freshet.Core.Rates;

namespace Freshet.Core.Tests.Pieces;

/// <summary>A ledger, its availability and a picker over pieces of a few blocks.</summary>
internal sealed class Picking
{
    private readonly List<PeerKey> _alsoAsked = [];

    public Picking(int pieces, int blocksPerPiece = 4, int seed = 1)
    {
        Random random = new(seed);
        int pieceLength = blocksPerPiece * Limits.BlockLength;
        Layout = new PieceLayout(pieceLength, [(long)pieces * pieceLength]);
        Availability = new Availability(pieces, random);
        Ledger = new PieceLedger(Layout, Availability);
        Picker = new PiecePicker(Ledger, Availability);
        Ledger.BeginDownload([]);
    }

    public PieceLayout Layout { get; }

    public Availability Availability { get; }

    public PieceLedger Ledger { get; }

    public PiecePicker Picker { get; }

    /// <summary>A set of the given pieces.</summary>
    public Bitfield Pieces(params int[] pieces)
    {
        Bitfield set = new(Layout.PieceCount);
        foreach (int piece in pieces)
            set.Add(new PieceIndex(piece));
        return set;
    }

    /// <summary>A set of every piece.</summary>
    public Bitfield All()
    {
        Bitfield set = new(Layout.PieceCount);
        set.AddAll();
        return set;
    }

    /// <summary>What a connected peer may be asked for.</summary>
    public PickContext Peer(int peer, Bitfield has, PeerPace pace = PeerPace.Medium) =>
        new() { Peer = new PeerKey(peer), Has = has, Pace = pace, IsAnswering = true, Now = new Timestamp(0) };

    /// <summary>Picks at most this many blocks.</summary>
    public BlockRef[] Pick(PickContext peer, int most)
    {
        BlockRef[] into = new BlockRef[most];
        return into[..Picker.Pick(peer, into)];
    }

    /// <summary>Receives a block, and tells the others that are asked for it.</summary>
    public BlockOutcome Receive(BlockRef block, int peer, out PeerKey[] alsoAsked)
    {
        BlockOutcome outcome = Ledger.Receive(block, new PeerKey(peer), _alsoAsked);
        alsoAsked = [.. _alsoAsked];
        return outcome;
    }

    /// <inheritdoc cref="Receive(BlockRef, int, out PeerKey[])"/>
    public BlockOutcome Receive(BlockRef block, int peer = 1) => Receive(block, peer, out _);

    /// <summary>The sender of a block that is there and not verified.</summary>
    public int? ContributorOf(BlockRef block) =>
        Ledger.Started.TryGet(block.Piece, out StartedPiece? started) && started.StateOf(block.Index) == BlockState.Received
            ? started.ContributorOf(block.Index).Value
            : null;

    /// <summary>The blocks of a piece from one up to, but not including, another.</summary>
    public static BlockRef[] Blocks(int piece, int begin, int end) =>
        [.. Enumerable.Range(begin, end - begin).Select(block => new BlockRef(new PieceIndex(piece), block))];
}
