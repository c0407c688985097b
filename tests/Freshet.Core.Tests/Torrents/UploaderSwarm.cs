using System.Collections.Immutable;
using System.Net;
using Freshet.Core.Peers;
using Freshet.Core.Pieces;
using Freshet.Core.Rates;
using Freshet.Core.Torrents;
using Freshet.Core.Trackers;
using Freshet.Core.WebSeeds;
using Freshet.Core.Wire;

namespace Freshet.Core.Tests.Torrents;

/// <summary>
/// A machine that downloads from many seeds, with its own clock and without bytes. Each seed sends what is requested in order, at a rate
/// that changes, from behind a socket buffer: what is in there can no longer be cancelled.
/// </summary>
internal sealed class UploaderSwarm : ITorrentEffects
{
    private const int MostInBuffer = 16;
    private const int DeepBuffer = 256;
    private const double SecondsInBuffer = 0.05;
    private const int BlocksPerRate = 32;
    private static readonly TimeSpan TickInterval = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan HashTime = TimeSpan.FromMilliseconds(2);

    private readonly PriorityQueue<Action, (Timestamp At, long Order)> _events = new();
    private readonly List<Seed> _seeds = [];
    private readonly Dictionary<PieceIndex, int> _written = [];
    private readonly TorrentRig _rig;
    private readonly Random _random;
    private readonly double _downlink;
    private Timestamp _now;
    private Timestamp _downlinkFreeAt;
    private long _order;

    /// <param name="seed">The seed of everything that is random.</param>
    /// <param name="layout">The torrent's layout.</param>
    /// <param name="downlink">The bytes per second that all seeds share.</param>
    public UploaderSwarm(int seed, PieceLayout layout, double downlink)
    {
        _downlink = downlink;
        _random = new Random(seed);
        _rig = new TorrentRig(layout, this);
        _now = _rig.Now;
        _rig.Machine.ApplySettings(new TorrentSettings { MaxPeers = 1_000 }, _now);
    }

    /// <summary>Whether the buffers to a seed are as deep as those of the loopback, so that hardly anything can be cancelled.</summary>
    public bool HasDeepBuffers { get; init; }

    /// <summary>How long a seed sends nothing, one in 32 times that its rate changes, as on a busy machine.</summary>
    public TimeSpan Pause { get; init; }

    public TimeSpan Elapsed => _now - _rig.Now;

    /// <summary>Blocks that were received in vain, as a fraction of the torrent.</summary>
    public double Wasted => (double)_rig.Machine.Snapshot(_now).Wasted.Bytes / _rig.Layout.TotalLength;

    /// <summary>Requests that were cancelled before they were served.</summary>
    public int TakenOver { get; private set; }

    /// <summary>
    /// Adds a seed that sends this many bytes per second on average; if a number of blocks is given, it stops for ever after them.
    /// </summary>
    public void AddSeed(double bytesPerSecond, TimeSpan latency, int stopsAfter = int.MaxValue)
    {
        PeerKey key = new(_seeds.Count + 1);
        _seeds.Add(new Seed(key, bytesPerSecond, latency) { BlocksLeft = stopsAfter });
        Assert.Equal(key, _rig.Connect(key.Value));
        _rig.Receive(key, PeerMessage.HaveAll, PeerMessage.Unchoke);
    }

    /// <summary>Runs until everything is there, which must happen within a time.</summary>
    public void RunToTheEnd(TimeSpan within)
    {
        Tick();
        while (_rig.Machine.Phase is not TorrentPhase.Seeding)
        {
            Assert.True(
                _events.TryDequeue(out Action? action, out (Timestamp At, long Order) due) && due.At - _rig.Now < within,
                "it takes too long");
            _now = due.At;
            action();
        }
    }

    public void Send(PeerKey peer, in PeerMessage message)
    {
        Seed seed = _seeds[peer.Value - 1];
        BlockRange range = message.Range;
        if (message.Id == MessageId.Request)
            At(_now + seed.Latency, () => OnRequest(seed, range));
        else if (message.Id == MessageId.Cancel)
            At(_now + seed.Latency, () => OnCancel(seed, range));
    }

    public void ReportResponse(PeerTransport transport, TimeSpan time)
    {
    }

    public void WriteBlock(BlockRef block, BlockLease lease)
    {
        int written = _written[block.Piece] = _written.GetValueOrDefault(block.Piece) + 1;
        if (written == _rig.Layout.BlockCountOf(block.Piece))
            At(_now + HashTime, () => _rig.Machine.OnPieceHashed(new PieceVerdict(block.Piece, true), _now));
    }

    public void ClaimData() => Assert.Fail("The run begins with the right to write.");

    public void Connect(IPEndPoint peer, DialHint hint)
    {
    }

    public void Disconnect(PeerKey peer, DisconnectReason reason)
    {
    }

    public void SendBlock(PeerKey peer, BlockRange block)
    {
    }

    public bool CancelBlock(PeerKey peer, BlockRange block) => false;

    public void CancelBlocks(PeerKey peer, List<BlockRange> cancelled)
    {
    }

    public void Fetch(FetchOrder order) => throw new NotSupportedException("No torrent here names web seeds.");

    public void AbortFetch(PeerKey seed, FetchKey fetch) => throw new NotSupportedException("No torrent here names web seeds.");

    public TimeSpan HeldUp(PeerKey peer, Timestamp now) => default;

    public HeldByLimit ReceivingHeld(PeerKey peer, Timestamp now) => default;

    public HeldByLimit SendingHeld(PeerKey peer, Timestamp now) => default;

    public TimeSpan? RoundTrip(PeerKey peer) => null;

    public void DiscardPiece(PieceIndex piece)
    {
    }

    public void Release(BlockLease lease)
    {
    }

    public void CheckPieces(Bitfield pieces)
    {
    }

    public void ProbeDisk()
    {
    }

    public void NoRoomMade()
    {
    }

    public void Demand(TorrentDemand demand)
    {
    }

    public void Announce(string tracker, AnnounceRequest request)
    {
    }

    public void MetadataFetched(ReadOnlyMemory<byte> info)
    {
    }

    public void ReadMetadata()
    {
    }

    public void Report(TorrentFact fact)
    {
    }

    private void Tick()
    {
        _rig.Machine.Tick(_now);
        At(_now + TickInterval, Tick);
    }

    private void OnRequest(Seed seed, BlockRange range)
    {
        seed.Queue.AddLast(range);
        Pump(seed);
    }

    private void OnCancel(Seed seed, BlockRange range)
    {
        if (!seed.Queue.Remove(range))
            return;
        TakenOver++;
        At(_now + seed.Latency, () => Deliver(seed, PeerMessage.RejectRequest(range)));
    }

    private void Pump(Seed seed)
    {
        int buffer = HasDeepBuffers
            ? DeepBuffer
            : (int)Math.Clamp(seed.BytesPerSecond * SecondsInBuffer / Limits.BlockLength, 1, MostInBuffer);
        while (seed.InBuffer < buffer && seed.BlocksLeft > 0 && seed.Queue.First is { } first)
        {
            seed.Queue.RemoveFirst();
            BlockRange range = first.Value;
            if (--seed.BlocksLeft % BlocksPerRate == 0)
            {
                seed.Factor = 0.5 + _random.NextDouble();
                if (Pause > default(TimeSpan) && _random.Next(32) == 0)
                    seed.FreeAt = Max(seed.FreeAt, _now) + Pause;
            }

            seed.InBuffer++;
            Timestamp begins = Max(seed.FreeAt, _now);
            seed.FreeAt = begins + TimeSpan.FromSeconds(range.Length / (seed.BytesPerSecond * seed.Factor));
            At(seed.FreeAt, () => OnLeft(seed, range));
        }
    }

    // What the line does not take yet stays in the buffer.
    private void OnLeft(Seed seed, BlockRange range)
    {
        _downlinkFreeAt = Max(_downlinkFreeAt, _now) + TimeSpan.FromSeconds(range.Length / _downlink);
        At(_downlinkFreeAt, () =>
        {
            seed.InBuffer--;
            At(_now + seed.Latency, () => Deliver(seed, PeerMessage.Block(range, new BlockLease(0))));
            Pump(seed);
        });
    }

    private void Deliver(Seed seed, PeerMessage message) => _rig.Machine.OnMessages(seed.Key, [message], _now);

    private static Timestamp Max(Timestamp left, Timestamp right) => left > right ? left : right;

    private void At(Timestamp at, Action action) => _events.Enqueue(action, (at, _order++));

    private sealed class Seed(PeerKey key, double bytesPerSecond, TimeSpan latency)
    {
        public PeerKey Key => key;

        public double BytesPerSecond => bytesPerSecond;

        public TimeSpan Latency => latency;

        public LinkedList<BlockRange> Queue { get; } = new();

        public double Factor { get; set; } = 1;

        public int InBuffer { get; set; }

        public int BlocksLeft { get; set; }

        public Timestamp FreeAt { get; set; }
    }
}
