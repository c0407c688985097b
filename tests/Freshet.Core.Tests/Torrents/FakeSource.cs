using Freshet.Core.Peers;
using Freshet.Core.Pieces;
using Freshet.Core.Rates;

namespace Freshet.Core.Tests.Torrents;

/// <summary>
/// A source that has every piece but neither a connection nor a protocol, like a web seed. It answers when it is told to.
/// </summary>
internal sealed class FakeSource : BlockSource
{
    private readonly TorrentRig _rig;

    public FakeSource(TorrentRig rig, int key, string host = "seed.test")
        : base(new PeerKey(key), new BlockSender(Origin.OfHost(host), EndPoint: null), rig.Layout.PieceCount, rig.Now)
    {
        _rig = rig;
        Has.AddAll();
        rig.Parts.Sourcing.Join(this);
        rig.Parts.Requesting.Refill(this, rig.Now);
    }

    /// <summary>Requests that it has not answered yet.</summary>
    public List<BlockRange> Asked { get; } = [];

    /// <summary>The number of requests that were cancelled.</summary>
    public int Cancelled { get; private set; }

    /// <summary>The blocks that it has sent.</summary>
    public int Sent { get; private set; }

    public DisconnectReason? Closed { get; private set; }

    public override void Request(BlockRange block, Timestamp time) => Asked.Add(block);

    public override void Cancel(BlockRange block, Timestamp time)
    {
        Assert.True(Asked.Remove(block));
        Cancelled++;
    }

    public override void Close(DisconnectReason reason) => Closed = reason;

    /// <summary>Goes away on its own.</summary>
    public void Leave() => _rig.Parts.Sourcing.Leave(this);

    /// <summary>Sends everything that is requested from it, and receives more requests.</summary>
    public void Serve(bool hashOk = true)
    {
        List<BlockRange> blocks = [.. Asked];
        Asked.Clear();
        _rig.Pass(TimeSpan.FromMilliseconds(10));
        foreach (BlockRange block in blocks)
            Assert.True(_rig.Parts.Downloading.OnBlock(this, block, _rig.Block(block).Lease, _rig.Now));
        Sent += blocks.Count;
        _rig.Hash(hashOk);
        if (Closed is null)
            _rig.Parts.Requesting.Refill(this, _rig.Now);
    }
}
