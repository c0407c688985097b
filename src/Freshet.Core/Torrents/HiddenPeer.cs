using Freshet.Core.Peers;
using Freshet.Core.Pieces;
using Freshet.Core.Rates;

namespace Freshet.Core.Torrents;

/// <summary>
/// A peer that does not know that we have everything: <see cref="Told"/> are all the pieces that it was told of, <see cref="Open"/> those
/// of them that it does not have yet and <see cref="Sent"/> those that left for it whole.
/// </summary>
internal sealed class HiddenPeer(Peer peer, int pieceCount)
{
    // A peer that asks for nothing of what it was told is not waited for any longer than this. One that never asked for anything may be
    // there only to be in the way: it is on trial for less, and told of another piece long after.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Trial = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(30);

    // After so long others are told of a piece that does not get on.
    private static readonly TimeSpan LastPatience = TimeSpan.FromSeconds(6);

    // What a peer takes within this time is counted as on its way to it.
    private static readonly TimeSpan Ahead = TimeSpan.FromSeconds(1);

    public Peer Peer { get; } = peer;

    public Bitfield Told { get; } = new(pieceCount);

    public List<Grant> Open { get; } = [];

    /// <summary>Pieces that left for it whole. Most peers do not say that they have what we have as well.</summary>
    public Bitfield Sent { get; } = new(pieceCount);

    /// <summary>When it was last told of a piece; long ago if it never was.</summary>
    public Timestamp LastGrant { get; private set; } = new(long.MinValue / 2);

    /// <summary>Pieces that it has of us and nobody else has yet.</summary>
    public int Kept { get; set; }

    /// <summary>Whether it takes anything of us, or did.</summary>
    public bool IsProven => Peer.Uploads.HasSent || Peer.Uploads.Queued > 0;

    /// <summary>Tells it of a piece. It may request it from now on.</summary>
    public void Grant(PieceIndex piece, int length, Timestamp now)
    {
        Told.Add(piece);
        Open.Add(new Grant(piece, length, now));
        LastGrant = now;
    }

    /// <summary>A block left for it.</summary>
    public void OnSent(BlockRange block, Timestamp now)
    {
        for (int i = 0; i < Open.Count; i++)
        {
            Grant grant = Open[i];
            if (grant.Piece != block.Piece)
                continue;
            grant.OnSent(block.Length, now);
            if (grant.Left == 0)
                Sent.Add(block.Piece);
            return;
        }
    }

    /// <summary>Takes out of the open pieces those that left whole.</summary>
    public void ForgetSent() => Open.RemoveAll(static grant => grant.Left == 0);

    /// <summary>Takes out of the open pieces those that it has.</summary>
    public void Update() => Open.RemoveAll(grant => Peer.Has[grant.Piece]);

    /// <summary>Adds the open pieces that it does not keep us waiting with.</summary>
    public void AddMoving(Bitfield told, Timestamp now)
    {
        foreach (Grant grant in Open)
        {
            if (now - grant.LastMoved < (IsProven ? LastPatience : Patience))
                told.Add(grant.Piece);
        }
    }

    /// <summary>Whether it never took anything, and may still ask for the piece that it was told of.</summary>
    public bool IsOnTrial(Timestamp now) => !IsProven && now - LastGrant < Trial;

    /// <summary>Whether it has pieces to ask for.</summary>
    public bool IsBusy(Timestamp now) => IsProven && Open.Exists(grant => now - grant.LastMoved < LastPatience);

    /// <summary>Bytes that it may be expected to take of us soon: none, if it never took any.</summary>
    public long BytesAhead(Timestamp now)
    {
        if (!IsProven)
            return 0;
        long bytes = 0;
        foreach (Grant grant in Open)
            bytes += now - grant.LastMoved < Patience ? grant.Left : 0;
        bytes = Math.Max(bytes, (long)Peer.Uploads.Queued * Limits.BlockLength);
        return now - LastGrant < Ahead ? bytes : Math.Min(bytes, BytesWithin(Ahead, now));
    }

    /// <summary>Whether it may be told of another piece: what is open does not keep it busy.</summary>
    public bool HasRoom(int pieceLength, Timestamp now)
    {
        if (!IsProven)
            return now - LastGrant >= Rest;
        long left = 0;
        foreach (Grant grant in Open)
            left += now - grant.LastMoved < LastPatience ? grant.Left : 0;
        return left < Math.Max(pieceLength, BytesWithin(Ahead, now));
    }

    private long BytesWithin(TimeSpan time, Timestamp now) =>
        Math.Max((long)(Peer.Uploads.Sent.RateAt(now).BytesPerSecond * time.TotalSeconds), 2L * Limits.BlockLength);
}
